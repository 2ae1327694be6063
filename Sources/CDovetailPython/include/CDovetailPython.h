// SPDX-License-Identifier: Apache-2.0

#ifndef C_DOVETAIL_PYTHON_H
#define C_DOVETAIL_PYTHON_H

#include <stddef.h>

/// The runtime of components in Python, a shared library (`PythonRuntime/libdovetail_python.so`).
extern const unsigned char *const dovetail_python_runtime;
/// How many bytes it has.
extern const size_t dovetail_python_runtime_size;

/// A file of the toolchain that native Python packages are built with (`PythonRuntime/wheel`).
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} DovetailPythonFile;

const DovetailPythonFile *dovetail_python_wheel_files(void);
size_t dovetail_python_wheel_file_count(void);

#endif
