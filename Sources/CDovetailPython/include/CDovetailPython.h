// SPDX-License-Identifier: Apache-2.0

#ifndef C_DOVETAIL_PYTHON_H
#define C_DOVETAIL_PYTHON_H

#include <stddef.h>

/// The runtime of components in Python, a shared library (`PythonRuntime/libdovetail_python.so`).
extern const unsigned char *const dovetail_python_runtime;
/// How many bytes it has.
extern const size_t dovetail_python_runtime_size;

#endif
