// SPDX-License-Identifier: Apache-2.0
//
// Reading, writing and positions. WASI 0.2 has no position in an open file: the adapter keeps it, and names the offset at each
// read and write.

#include "adapter.h"

Errno position_of(Descriptor *file, uint64_t *position) {
    if (file->position == AT_END) {
        StatResult result;
        descriptor_stat(file->handle, &result);
        if (result.is_error) {
            return errno_of(result.code);
        }
        file->position = result.value.size;
    }
    *position = file->position;
    return ERRNO_SUCCESS;
}

/// Reads until `size` bytes or the end.
static Errno read_file(Handle file, uint64_t offset, uint8_t *bytes, uint32_t size, uint32_t *count) {
    ReadResult result;
    *count = 0;
    while (*count < size) {
        lend_buffer(bytes + *count, size - *count);
        descriptor_read(file, size - *count, offset + *count, &result);
        take_back_buffer();
        if (result.is_error) {
            return errno_of(result.code);
        }
        *count += result.value.list.count;
        if (result.value.is_at_end || result.value.list.count == 0) {
            break;
        }
    }
    return ERRNO_SUCCESS;
}

static Errno write_file(Handle file, uint64_t offset, const uint8_t *bytes, uint32_t size, uint32_t *count) {
    SizeResult result;
    *count = 0;
    while (*count < size) {
        descriptor_write(file, bytes + *count, size - *count, offset + *count, &result);
        if (result.is_error) {
            return errno_of(result.code);
        }
        if (result.value == 0) {
            break;
        }
        *count += result.value;
    }
    return ERRNO_SUCCESS;
}

static Errno append_to_file(Descriptor *file, const uint8_t *bytes, uint32_t size, uint32_t *count) {
    *count = 0;
    if (file->stream == NO_HANDLE) {
        HandleResult result;
        descriptor_append_via_stream(file->handle, &result);
        if (result.is_error) {
            return errno_of(result.code);
        }
        file->stream = result.value;
    }
    return write_stream(file->stream, 0, bytes, size, count);
}

typedef Errno Transfer(Descriptor *, uint64_t offset, uint8_t *, uint32_t, uint32_t *);

/// The bytes of all vectors, one after the other, until one is not filled or emptied to its end. What was done before an error
/// counts, and the error comes again at the next call.
#define FOR_VECTORS(vectors, vector_count, done, error, transfer)                                                             \
    for (; (vector_count) > 0; (vectors)++, (vector_count)--) {                                                               \
        uint8_t *bytes = (vectors)->bytes;                                                                                    \
        uint32_t size = (vectors)->size, count = 0;                                                                           \
        if (size > UINT32_MAX - (done)) {                                                                                     \
            error = (done) == 0 ? ERRNO_INVAL : ERRNO_SUCCESS;                                                                \
            break;                                                                                                            \
        }                                                                                                                     \
        if (size > 0) {                                                                                                       \
            error = transfer;                                                                                                 \
            (done) += count;                                                                                                  \
            if (error != ERRNO_SUCCESS || count < size) {                                                                     \
                break;                                                                                                        \
            }                                                                                                                 \
        }                                                                                                                     \
    }                                                                                                                         \
    if ((done) > 0) {                                                                                                         \
        error = ERRNO_SUCCESS;                                                                                                \
    }

Errno EXPORT(fd_read)(uint32_t fd, const Vector *vectors, uint32_t vector_count, uint32_t *result) {
    check_alignment(vectors, 4);
    check_alignment(result, 4);
    Descriptor *descriptor = find(enter(), fd);
    if (descriptor == NULL) {
        return ERRNO_BADF;
    }
    uint32_t done = 0;
    Errno error = ERRNO_SUCCESS;
    if (descriptor->kind == STANDARD_INPUT) {
        Handle stream = standard_stream(descriptor);
        // What comes next may be far away: the first bytes are enough.
        while (vector_count > 0 && vectors->size == 0) {
            vectors++, vector_count--;
        }
        if (vector_count > 0) {
            error = read_stream(stream, descriptor->flags, vectors->bytes, vectors->size, &done);
        }
    } else if (descriptor->kind == REGULAR) {
        uint64_t position;
        error = position_of(descriptor, &position);
        if (error != ERRNO_SUCCESS) {
            return error;
        }
        FOR_VECTORS(
            vectors, vector_count, done, error, read_file(descriptor->handle, position + done, bytes, size, &count))
        descriptor->position = position + done;
    } else {
        return descriptor->kind == DIRECTORY ? ERRNO_ISDIR : ERRNO_BADF;
    }
    if (error == ERRNO_SUCCESS) {
        *result = done;
    }
    return error;
}

Errno EXPORT(fd_pread)(uint32_t fd, const Vector *vectors, uint32_t vector_count, uint64_t offset, uint32_t *result) {
    check_alignment(vectors, 4);
    check_alignment(result, 4);
    Descriptor *descriptor = find(enter(), fd);
    if (descriptor == NULL) {
        return ERRNO_BADF;
    }
    if (descriptor->kind != REGULAR) {
        return descriptor->kind == DIRECTORY ? ERRNO_ISDIR : ERRNO_SPIPE;
    }
    uint32_t done = 0;
    Errno error = ERRNO_SUCCESS;
    FOR_VECTORS(vectors, vector_count, done, error, read_file(descriptor->handle, offset + done, bytes, size, &count))
    if (error == ERRNO_SUCCESS) {
        *result = done;
    }
    return error;
}

Errno EXPORT(fd_write)(uint32_t fd, const Vector *vectors, uint32_t vector_count, uint32_t *result) {
    check_alignment(vectors, 4);
    check_alignment(result, 4);
    Descriptor *descriptor = find(enter(), fd);
    if (descriptor == NULL) {
        return ERRNO_BADF;
    }
    uint32_t done = 0;
    Errno error = ERRNO_SUCCESS;
    if (descriptor->kind == STANDARD_OUTPUT || descriptor->kind == STANDARD_ERROR) {
        Handle stream = standard_stream(descriptor);
        FOR_VECTORS(
            vectors, vector_count, done, error, write_stream(stream, descriptor->flags, bytes, size, &count))
    } else if (descriptor->kind == REGULAR && (descriptor->flags & FDFLAGS_APPEND) != 0) {
        FOR_VECTORS(vectors, vector_count, done, error, append_to_file(descriptor, bytes, size, &count))
        descriptor->position = AT_END;
    } else if (descriptor->kind == REGULAR) {
        uint64_t position;
        error = position_of(descriptor, &position);
        if (error != ERRNO_SUCCESS) {
            return error;
        }
        FOR_VECTORS(
            vectors, vector_count, done, error, write_file(descriptor->handle, position + done, bytes, size, &count))
        descriptor->position = position + done;
    } else {
        return descriptor->kind == DIRECTORY ? ERRNO_ISDIR : ERRNO_BADF;
    }
    if (error == ERRNO_SUCCESS) {
        *result = done;
    }
    return error;
}

Errno EXPORT(fd_pwrite)(uint32_t fd, const Vector *vectors, uint32_t vector_count, uint64_t offset, uint32_t *result) {
    check_alignment(vectors, 4);
    check_alignment(result, 4);
    Descriptor *descriptor = find(enter(), fd);
    if (descriptor == NULL) {
        return ERRNO_BADF;
    }
    if (descriptor->kind != REGULAR) {
        return descriptor->kind == DIRECTORY ? ERRNO_ISDIR : ERRNO_SPIPE;
    }
    uint32_t done = 0;
    Errno error = ERRNO_SUCCESS;
    FOR_VECTORS(vectors, vector_count, done, error, write_file(descriptor->handle, offset + done, bytes, size, &count))
    if (error == ERRNO_SUCCESS) {
        *result = done;
    }
    return error;
}

/// A file that has a position; an error for everything else.
static Errno find_seekable(uint32_t fd, Descriptor **result) {
    Descriptor *descriptor = find(enter(), fd);
    *result = descriptor;
    if (descriptor == NULL || descriptor->kind == DIRECTORY) {
        return ERRNO_BADF;
    }
    return descriptor->kind == REGULAR ? ERRNO_SUCCESS : ERRNO_SPIPE;
}

Errno EXPORT(fd_seek)(uint32_t fd, int64_t offset, uint32_t whence, uint64_t *result) {
    check_alignment(result, 8);
    Descriptor *file;
    Errno error = find_seekable(fd, &file);
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    uint64_t old = file->position;
    uint64_t base = 0;
    if (whence > WHENCE_END) {
        return ERRNO_INVAL;
    }
    if (whence != WHENCE_SET) {
        if (whence == WHENCE_END) {
            file->position = AT_END;
        }
        error = position_of(file, &base);
        file->position = old;
        if (error != ERRNO_SUCCESS) {
            return error;
        }
    }
    int64_t sum;
    if (__builtin_add_overflow((int64_t)base, offset, &sum) || sum < 0) {
        return ERRNO_INVAL;
    }
    *result = file->position = sum;
    return ERRNO_SUCCESS;
}

Errno EXPORT(fd_tell)(uint32_t fd, uint64_t *result) {
    check_alignment(result, 8);
    Descriptor *file;
    Errno error = find_seekable(fd, &file);
    return error == ERRNO_SUCCESS ? position_of(file, result) : error;
}

Errno EXPORT(fd_advise)(uint32_t fd, uint64_t offset, uint64_t length, uint32_t advice) {
    Descriptor *file;
    Errno error = find_seekable(fd, &file);
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    // Both have the same six, in another order: normal, sequential, random, will-need, dont-need, no-reuse.
    if (advice > 5) {
        return ERRNO_INVAL;
    }
    ByteResult result;
    descriptor_advise(file->handle, offset, length, advice, &result);
    return result.is_error ? errno_of(result.code) : ERRNO_SUCCESS;
}

/// WASI 0.2 cannot reserve space.
Errno EXPORT(fd_allocate)(uint32_t fd, uint64_t offset, uint64_t length) {
    return find_file(enter(), fd) == NULL ? ERRNO_BADF : ERRNO_NOTSUP;
}

Errno EXPORT(fd_datasync)(uint32_t fd) {
    Descriptor *descriptor = find(enter(), fd);
    if (descriptor == NULL || descriptor->kind < REGULAR) {
        return ERRNO_BADF;
    }
    ByteResult result;
    descriptor_sync_data(descriptor->handle, &result);
    return result.is_error ? errno_of(result.code) : ERRNO_SUCCESS;
}

Errno EXPORT(fd_sync)(uint32_t fd) {
    Descriptor *descriptor = find(enter(), fd);
    if (descriptor == NULL || descriptor->kind < REGULAR) {
        return ERRNO_BADF;
    }
    ByteResult result;
    descriptor_sync(descriptor->handle, &result);
    return result.is_error ? errno_of(result.code) : ERRNO_SUCCESS;
}
