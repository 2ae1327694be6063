// SPDX-License-Identifier: Apache-2.0
//
// What components in Swift are made of, inside the executable: a single file has to be enough to compile them.

#pragma once

#include <stddef.h>

/// A file, and bytes that stay where they are.
typedef struct {
    const char *path;
    const unsigned char *bytes;
    size_t count;
} DovetailGuestFile;

/// The runtime's sources, as `C/allocator.c`, and the WIT of WASI, as `WIT/cli.wit`.
const DovetailGuestFile *dovetail_guest_files(void);
size_t dovetail_guest_file_count(void);
