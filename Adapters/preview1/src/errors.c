// SPDX-License-Identifier: Apache-2.0
//
// Errors of WASI 0.2 as those of preview 1.

#include "adapter.h"

/// Eight small numbers in one constant: a table would be data, and the adapter has none.
#define PACK(a, b, c, d, e, f, g, h)                                                                                          \
    ((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16 | (uint64_t)(d) << 24 | (uint64_t)(e) << 32                     \
     | (uint64_t)(f) << 40 | (uint64_t)(g) << 48 | (uint64_t)(h) << 56)

Errno errno_of(uint8_t code) {
    uint64_t eight;
    switch (code / 8) {
    // access, would-block, already, bad-descriptor, busy, deadlock, quota, exist
    case 0:
        eight = PACK(ERRNO_ACCES, ERRNO_AGAIN, ERRNO_ALREADY, ERRNO_BADF, ERRNO_BUSY, ERRNO_DEADLK, ERRNO_DQUOT, ERRNO_EXIST);
        break;
    // file-too-large, illegal-byte-sequence, in-progress, interrupted, invalid, io, is-directory, loop
    case 1:
        eight = PACK(
            ERRNO_FBIG, ERRNO_ILSEQ, ERRNO_INPROGRESS, ERRNO_INTR, ERRNO_INVAL, ERRNO_IO, ERRNO_ISDIR, ERRNO_LOOP);
        break;
    // too-many-links, message-size, name-too-long, no-device, no-entry, no-lock, insufficient-memory, insufficient-space
    case 2:
        eight = PACK(
            ERRNO_MLINK, ERRNO_MSGSIZE, ERRNO_NAMETOOLONG, ERRNO_NODEV, ERRNO_NOENT, ERRNO_NOLCK, ERRNO_NOMEM, ERRNO_NOSPC);
        break;
    // not-directory, not-empty, not-recoverable, unsupported, no-tty, no-such-device, overflow, not-permitted
    case 3:
        eight = PACK(
            ERRNO_NOTDIR, ERRNO_NOTEMPTY, ERRNO_NOTRECOVERABLE, ERRNO_NOTSUP, ERRNO_NOTTY, ERRNO_NXIO, ERRNO_OVERFLOW,
            ERRNO_PERM);
        break;
    // pipe, read-only, invalid-seek, text-file-busy, cross-device
    default:
        eight = PACK(ERRNO_PIPE, ERRNO_ROFS, ERRNO_SPIPE, ERRNO_TXTBSY, ERRNO_XDEV, ERRNO_IO, ERRNO_IO, ERRNO_IO);
        break;
    }
    return eight >> (code % 8 * 8) & 0xff;
}

Errno errno_of_stream(StreamError error) {
    if (error.tag == STREAM_ERROR_CLOSED) {
        return ERRNO_PIPE;
    }
    OptionalCode code;
    filesystem_error_code(error.error, &code);
    error_drop(error.error);
    return code.is_some ? errno_of(code.code) : ERRNO_IO;
}

uint8_t filetype_of(uint8_t descriptor_type) {
    // unknown, block-device, character-device, directory, fifo, symbolic-link, regular-file, socket
    uint64_t types = PACK(
        FILETYPE_UNKNOWN, FILETYPE_BLOCK_DEVICE, FILETYPE_CHARACTER_DEVICE, FILETYPE_DIRECTORY, FILETYPE_UNKNOWN,
        FILETYPE_SYMBOLIC_LINK, FILETYPE_REGULAR_FILE, FILETYPE_SOCKET_STREAM);
    return types >> (descriptor_type % 8 * 8) & 0xff;
}
