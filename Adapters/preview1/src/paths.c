// SPDX-License-Identifier: Apache-2.0
//
// Functions that take paths. The host resolves them below the directory; here they are only handed on.

#include "adapter.h"

/// Whether bytes are UTF-8: the host would trap where preview 1 has an error.
static bool is_utf8(const uint8_t *bytes, uint32_t length) {
    const uint8_t *end = bytes + length;
    while (bytes < end) {
        uint8_t first = *bytes++;
        if (first < 0x80) {
            continue;
        }
        uint32_t following = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        if (first < 0xc2 || first > 0xf4 || (uint32_t)(end - bytes) < following) {
            return false;
        }
        // The second byte excludes longer forms than needed, surrogates, and what is past the last code point.
        uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        for (; following > 0; following--, low = 0x80, high = 0xbf) {
            uint8_t next = *bytes++;
            if (next < low || next > high) {
                return false;
            }
        }
    }
    return true;
}

/// The directory of a path, and whether the path is text.
static Errno find_directory(State *state, uint32_t fd, const uint8_t *path, uint32_t length, Handle *result) {
    Descriptor *descriptor = find(state, fd);
    if (descriptor == NULL) {
        return ERRNO_BADF;
    }
    if (descriptor->kind != DIRECTORY) {
        return ERRNO_NOTDIR;
    }
    *result = descriptor->handle;
    return is_utf8(path, length) ? ERRNO_SUCCESS : ERRNO_ILSEQ;
}

static Errno answer(const ByteResult *result) { return result->is_error ? errno_of(result->code) : ERRNO_SUCCESS; }

Errno EXPORT(path_create_directory)(uint32_t fd, const uint8_t *path, uint32_t length) {
    Handle directory;
    Errno error = find_directory(enter(), fd, path, length, &directory);
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    ByteResult result;
    descriptor_create_directory_at(directory, path, length, &result);
    return answer(&result);
}

Errno EXPORT(path_filestat_get)(uint32_t fd, uint32_t flags, const uint8_t *path, uint32_t length, FileStat *result) {
    check_alignment(result, 8);
    Handle directory;
    Errno error = find_directory(enter(), fd, path, length, &directory);
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    StatResult stat;
    descriptor_stat_at(directory, flags & LOOKUPFLAGS_SYMLINK_FOLLOW, path, length, &stat);
    if (stat.is_error) {
        return errno_of(stat.code);
    }
    HashResult hash;
    descriptor_metadata_hash_at(directory, flags & LOOKUPFLAGS_SYMLINK_FOLLOW, path, length, &hash);
    if (hash.is_error) {
        return errno_of(hash.code);
    }
    store_stat(&stat.value, hash.value.lower, result);
    return ERRNO_SUCCESS;
}

Errno EXPORT(path_filestat_set_times)(
    uint32_t fd, uint32_t lookup, const uint8_t *path, uint32_t length, uint64_t accessed, uint64_t modified,
    uint32_t flags) {
    Handle directory;
    Errno error = find_directory(enter(), fd, path, length, &directory);
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    uint32_t access_tag, access_nanoseconds, modification_tag, modification_nanoseconds;
    if (timestamp_of(flags & FSTFLAGS_ATIM, flags & FSTFLAGS_ATIM_NOW, &accessed, &access_tag, &access_nanoseconds)
        || timestamp_of(
            flags & FSTFLAGS_MTIM, flags & FSTFLAGS_MTIM_NOW, &modified, &modification_tag, &modification_nanoseconds)) {
        return ERRNO_INVAL;
    }
    ByteResult result;
    descriptor_set_times_at(
        directory, lookup & LOOKUPFLAGS_SYMLINK_FOLLOW, path, length, access_tag, accessed, access_nanoseconds,
        modification_tag, modified, modification_nanoseconds, &result);
    return answer(&result);
}

Errno EXPORT(path_link)(
    uint32_t old_fd, uint32_t old_flags, const uint8_t *old_path, uint32_t old_length, uint32_t fd, const uint8_t *path,
    uint32_t length) {
    State *state = enter();
    Handle old_directory, directory;
    Errno error = find_directory(state, old_fd, old_path, old_length, &old_directory);
    if (error == ERRNO_SUCCESS) {
        error = find_directory(state, fd, path, length, &directory);
    }
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    ByteResult result;
    descriptor_link_at(
        old_directory, old_flags & LOOKUPFLAGS_SYMLINK_FOLLOW, old_path, old_length, directory, path, length, &result);
    return answer(&result);
}

Errno EXPORT(path_open)(
    uint32_t fd, uint32_t lookup, const uint8_t *path, uint32_t length, uint32_t open_flags, uint64_t rights,
    uint64_t inheriting_rights, uint32_t flags, uint32_t *opened_fd) {
    check_alignment(opened_fd, 4);
    State *state = enter();
    Handle directory;
    Errno error = find_directory(state, fd, path, length, &directory);
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    uint32_t access = (rights & (RIGHTS_FD_READ | RIGHTS_FD_READDIR) ? DESCRIPTOR_FLAGS_READ : 0)
                      | (rights & (RIGHTS_FD_WRITE | RIGHTS_FD_ALLOCATE) ? DESCRIPTOR_FLAGS_WRITE : 0)
                      | (flags & FDFLAGS_SYNC ? DESCRIPTOR_FLAGS_FILE_INTEGRITY_SYNC : 0)
                      | (flags & FDFLAGS_DSYNC ? DESCRIPTOR_FLAGS_DATA_INTEGRITY_SYNC : 0)
                      | (flags & FDFLAGS_RSYNC ? DESCRIPTOR_FLAGS_REQUESTED_WRITE_SYNC : 0);
    // A number first: without one, nothing must have been created.
    uint32_t number;
    Descriptor *opened = take_free(state, &number);
    if (opened == NULL) {
        return ERRNO_NFILE;
    }
    HandleResult result;
    // `oflags` and `open-flags` have the same bits.
    descriptor_open_at(
        directory, lookup & LOOKUPFLAGS_SYMLINK_FOLLOW, path, length, open_flags & 15, access, &result);
    if (result.is_error) {
        error = errno_of(result.code);
    } else {
        ByteResult type;
        descriptor_get_type(result.value, &type);
        error = answer(&type);
        if (error == ERRNO_SUCCESS) {
            opened->kind = type.value == DESCRIPTOR_TYPE_DIRECTORY ? DIRECTORY : REGULAR;
            opened->filetype = filetype_of(type.value);
            opened->flags = flags & (FDFLAGS_APPEND | FDFLAGS_NONBLOCK);
            opened->handle = result.value;
            *opened_fd = number;
            return ERRNO_SUCCESS;
        }
        descriptor_drop(result.value);
    }
    state->lowest_free = number;
    return error;
}

Errno EXPORT(path_readlink)(
    uint32_t fd, const uint8_t *path, uint32_t length, uint8_t *bytes, uint32_t size, uint32_t *used) {
    check_alignment(used, 4);
    Handle directory;
    Errno error = find_directory(enter(), fd, path, length, &directory);
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    StringResult result;
    descriptor_readlink_at(directory, path, length, &result);
    if (result.is_error) {
        return errno_of(result.code);
    }
    // As `readlink`: what does not fit is cut off.
    uint32_t count = result.value.length < size ? result.value.length : size;
    __builtin_memcpy(bytes, result.value.bytes, count);
    *used = count;
    return ERRNO_SUCCESS;
}

Errno EXPORT(path_remove_directory)(uint32_t fd, const uint8_t *path, uint32_t length) {
    Handle directory;
    Errno error = find_directory(enter(), fd, path, length, &directory);
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    ByteResult result;
    descriptor_remove_directory_at(directory, path, length, &result);
    return answer(&result);
}

Errno EXPORT(path_rename)(
    uint32_t old_fd, const uint8_t *old_path, uint32_t old_length, uint32_t fd, const uint8_t *path, uint32_t length) {
    State *state = enter();
    Handle old_directory, directory;
    Errno error = find_directory(state, old_fd, old_path, old_length, &old_directory);
    if (error == ERRNO_SUCCESS) {
        error = find_directory(state, fd, path, length, &directory);
    }
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    ByteResult result;
    descriptor_rename_at(old_directory, old_path, old_length, directory, path, length, &result);
    return answer(&result);
}

Errno EXPORT(path_symlink)(
    const uint8_t *target, uint32_t target_length, uint32_t fd, const uint8_t *path, uint32_t length) {
    Handle directory;
    Errno error = find_directory(enter(), fd, path, length, &directory);
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    if (!is_utf8(target, target_length)) {
        return ERRNO_ILSEQ;
    }
    ByteResult result;
    descriptor_symlink_at(directory, target, target_length, path, length, &result);
    return answer(&result);
}

Errno EXPORT(path_unlink_file)(uint32_t fd, const uint8_t *path, uint32_t length) {
    Handle directory;
    Errno error = find_directory(enter(), fd, path, length, &directory);
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    ByteResult result;
    descriptor_unlink_file_at(directory, path, length, &result);
    return answer(&result);
}
