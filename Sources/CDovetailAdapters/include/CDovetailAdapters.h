// SPDX-License-Identifier: Apache-2.0
//
// The adapters of Adapters/, inside the executable: a single file has to be enough to componentize.

#pragma once

#include <stddef.h>

/// Bytes that stay where they are.
typedef struct {
    const unsigned char *bytes;
    size_t count;
} DovetailAdapter;

// The adapters for WASI preview 1; what their names mean is in Adapters/preview1/README.md.
extern const DovetailAdapter dovetail_preview1_command;
extern const DovetailAdapter dovetail_preview1_reactor;
extern const DovetailAdapter dovetail_preview1_command_0_2_0;
extern const DovetailAdapter dovetail_preview1_reactor_0_2_0;

// A shared library: dlopen and its like; Adapters/libdl/README.md.
extern const DovetailAdapter dovetail_libdl;
