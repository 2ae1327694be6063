// SPDX-License-Identifier: Apache-2.0

#include "CDovetailPython.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// The compiler reads the files (`#embed`, C23).

static const unsigned char blas[] = {
#embed "../../PythonRuntime/wheel/blas.c"
};
static const unsigned char compiler[] = {
#embed "../../PythonRuntime/wheel/compiler.sh"
};
static const unsigned char config_site[] = {
#embed "../../PythonRuntime/wheel/config_site.h"
};
static const unsigned char exceptions[] = {
#embed "../../PythonRuntime/wheel/exceptions.c"
};
static const unsigned char fenv[] = {
#embed "../../PythonRuntime/wheel/fenv.h"
};
static const unsigned char helper[] = {
#embed "../../PythonRuntime/wheel/helper.py"
};
static const unsigned char hook[] = {
#embed "../../PythonRuntime/wheel/hook.py"
};
static const unsigned char loops[] = {
#embed "../../PythonRuntime/wheel/loops.c"
};
static const unsigned char meson[] = {
#embed "../../PythonRuntime/wheel/meson.cross"
};
static const unsigned char cmake[] = {
#embed "../../PythonRuntime/wheel/toolchain.cmake"
};

static const DovetailPythonFile files[] = {
    {"blas.c", blas, sizeof(blas)},
    {"compiler.sh", compiler, sizeof(compiler)},
    {"config_site.h", config_site, sizeof(config_site)},
    {"exceptions.c", exceptions, sizeof(exceptions)},
    {"fenv.h", fenv, sizeof(fenv)},
    {"helper.py", helper, sizeof(helper)},
    {"hook.py", hook, sizeof(hook)},
    {"loops.c", loops, sizeof(loops)},
    {"meson.cross", meson, sizeof(meson)},
    {"toolchain.cmake", cmake, sizeof(cmake)},
};

const DovetailPythonFile *dovetail_python_wheel_files(void) { return files; }
size_t dovetail_python_wheel_file_count(void) { return sizeof(files) / sizeof(*files); }
