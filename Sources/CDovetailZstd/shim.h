// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stddef.h>
#include <string.h>
#include <zstd.h>

/// The offset of the next thing at or behind `from` that looks like the beginning of a frame; `size` when there is none.
static inline size_t dovetail_zstd_next_frame(const void *bytes, size_t size, size_t from) {
    static const unsigned char magic[4] = {0x28, 0xb5, 0x2f, 0xfd};
    const unsigned char *start = bytes;
    while (from < size && size - from >= sizeof magic) {
        const unsigned char *found = memchr(start + from, magic[0], size - from - (sizeof magic - 1));
        if (found == NULL) return size;
        if (memcmp(found, magic, sizeof magic) == 0) return (size_t)(found - start);
        from = (size_t)(found - start) + 1;
    }
    return size;
}
