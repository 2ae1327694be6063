// SPDX-License-Identifier: Apache-2.0

#include "CDovetailPython.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// The compiler reads the file (`#embed`, C23): nothing to generate, nothing to keep in step.

static const unsigned char runtime[] = {
#embed "../../PythonRuntime/libdovetail_python.so"
};

const unsigned char *const dovetail_python_runtime = runtime;
const size_t dovetail_python_runtime_size = sizeof(runtime);
