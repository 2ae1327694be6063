// SPDX-License-Identifier: Apache-2.0
//
// What is known of an open descriptor, and what can be set.

#include "adapter.h"

enum {
    FILE_RIGHTS = RIGHTS_FD_DATASYNC | RIGHTS_FD_SEEK | RIGHTS_FD_FDSTAT_SET_FLAGS | RIGHTS_FD_SYNC | RIGHTS_FD_TELL
                  | RIGHTS_FD_ADVISE | RIGHTS_FD_FILESTAT_GET | RIGHTS_FD_FILESTAT_SET_TIMES | RIGHTS_POLL_FD_READWRITE,
    READ_RIGHTS = RIGHTS_FD_READ,
    WRITE_RIGHTS = RIGHTS_FD_WRITE | RIGHTS_FD_ALLOCATE | RIGHTS_FD_FILESTAT_SET_SIZE,
    DIRECTORY_RIGHTS = RIGHTS_PATH_CREATE_DIRECTORY | RIGHTS_PATH_CREATE_FILE | RIGHTS_PATH_LINK_SOURCE
                       | RIGHTS_PATH_LINK_TARGET | RIGHTS_PATH_OPEN | RIGHTS_FD_READDIR | RIGHTS_PATH_READLINK
                       | RIGHTS_PATH_RENAME_SOURCE | RIGHTS_PATH_RENAME_TARGET | RIGHTS_PATH_FILESTAT_GET
                       | RIGHTS_PATH_FILESTAT_SET_SIZE | RIGHTS_PATH_FILESTAT_SET_TIMES | RIGHTS_FD_FILESTAT_GET
                       | RIGHTS_FD_FILESTAT_SET_TIMES | RIGHTS_PATH_SYMLINK | RIGHTS_PATH_REMOVE_DIRECTORY
                       | RIGHTS_PATH_UNLINK_FILE,
};

/// Preview 1 once had rights on each descriptor. They are not kept; what is told is what the descriptor can do.
Errno EXPORT(fd_fdstat_get)(uint32_t fd, FDStat *result) {
    check_alignment(result, 8);
    Descriptor *descriptor = find(enter(), fd);
    if (descriptor == NULL) {
        return ERRNO_BADF;
    }
    uint32_t rights, inheriting = 0, flags = descriptor->flags;
    uint8_t filetype = descriptor->filetype;
    if (descriptor->kind == REGULAR) {
        ByteResult opened;
        descriptor_get_flags(descriptor->handle, &opened);
        if (opened.is_error) {
            return errno_of(opened.code);
        }
        rights = FILE_RIGHTS | (opened.value & DESCRIPTOR_FLAGS_READ ? READ_RIGHTS : 0)
                 | (opened.value & DESCRIPTOR_FLAGS_WRITE ? WRITE_RIGHTS : 0);
        flags |= (opened.value & DESCRIPTOR_FLAGS_FILE_INTEGRITY_SYNC ? FDFLAGS_SYNC : 0)
                 | (opened.value & DESCRIPTOR_FLAGS_DATA_INTEGRITY_SYNC ? FDFLAGS_DSYNC : 0)
                 | (opened.value & DESCRIPTOR_FLAGS_REQUESTED_WRITE_SYNC ? FDFLAGS_RSYNC : 0);
    } else if (descriptor->kind == DIRECTORY) {
        rights = DIRECTORY_RIGHTS;
        inheriting = DIRECTORY_RIGHTS | FILE_RIGHTS | READ_RIGHTS | WRITE_RIGHTS;
    } else {
        filetype = standard_filetype(descriptor);
        rights = RIGHTS_POLL_FD_READWRITE | (descriptor->kind == STANDARD_INPUT ? RIGHTS_FD_READ : RIGHTS_FD_WRITE);
    }
    result->filetype = filetype;
    result->flags = flags;
    result->rights = rights;
    result->inheriting_rights = inheriting;
    return ERRNO_SUCCESS;
}

Errno EXPORT(fd_fdstat_set_flags)(uint32_t fd, uint32_t flags) {
    State *state = enter();
    Descriptor *descriptor = find(state, fd);
    if (descriptor == NULL || descriptor->kind == DIRECTORY) {
        return ERRNO_BADF;
    }
    // How writes are synchronized is settled when the file is opened.
    if ((flags & ~(FDFLAGS_APPEND | FDFLAGS_NONBLOCK)) != 0) {
        return ERRNO_INVAL;
    }
    descriptor->flags = flags;
    return ERRNO_SUCCESS;
}

Errno EXPORT(fd_fdstat_set_rights)(uint32_t fd, uint64_t rights, uint64_t inheriting_rights) {
    return find(enter(), fd) == NULL ? ERRNO_BADF : ERRNO_NOTSUP;
}

static uint64_t nanoseconds_of(const OptionalDateTime *time) {
    return time->is_some ? time->value.seconds * 1000000000 + time->value.nanoseconds : 0;
}

void store_stat(const DescriptorStat *stat, uint64_t inode, FileStat *result) {
    // All files seem to be on one device: a hash tells them apart.
    result->device = 1;
    result->inode = inode;
    result->filetype = filetype_of(stat->type);
    result->links = stat->links;
    result->size = stat->size;
    result->accessed = nanoseconds_of(&stat->accessed);
    result->modified = nanoseconds_of(&stat->modified);
    result->changed = nanoseconds_of(&stat->changed);
}

Errno EXPORT(fd_filestat_get)(uint32_t fd, FileStat *result) {
    check_alignment(result, 8);
    Descriptor *descriptor = find(enter(), fd);
    if (descriptor == NULL) {
        return ERRNO_BADF;
    }
    if (descriptor->kind < REGULAR) {
        __builtin_memset(result, 0, sizeof(*result));
        result->filetype = standard_filetype(descriptor);
        return ERRNO_SUCCESS;
    }
    StatResult stat;
    descriptor_stat(descriptor->handle, &stat);
    if (stat.is_error) {
        return errno_of(stat.code);
    }
    HashResult hash;
    descriptor_metadata_hash(descriptor->handle, &hash);
    if (hash.is_error) {
        return errno_of(hash.code);
    }
    store_stat(&stat.value, hash.value.lower, result);
    return ERRNO_SUCCESS;
}

Errno EXPORT(fd_filestat_set_size)(uint32_t fd, uint64_t size) {
    Descriptor *file = find_file(enter(), fd);
    if (file == NULL) {
        return ERRNO_BADF;
    }
    ByteResult result;
    descriptor_set_size(file->handle, size, &result);
    return result.is_error ? errno_of(result.code) : ERRNO_SUCCESS;
}

Errno timestamp_of(uint32_t set, uint32_t now, uint64_t *time, uint32_t *tag, uint32_t *nanoseconds) {
    if (set && now) {
        return ERRNO_INVAL;
    }
    *tag = set ? TIMESTAMP_VALUE : now ? TIMESTAMP_NOW : TIMESTAMP_NO_CHANGE;
    *nanoseconds = *time % 1000000000;
    *time /= 1000000000;
    return ERRNO_SUCCESS;
}

Errno EXPORT(fd_filestat_set_times)(uint32_t fd, uint64_t accessed, uint64_t modified, uint32_t flags) {
    Descriptor *descriptor = find(enter(), fd);
    if (descriptor == NULL || descriptor->kind < REGULAR) {
        return ERRNO_BADF;
    }
    uint32_t access_tag, access_nanoseconds, modification_tag, modification_nanoseconds;
    if (timestamp_of(flags & FSTFLAGS_ATIM, flags & FSTFLAGS_ATIM_NOW, &accessed, &access_tag, &access_nanoseconds)
        || timestamp_of(
            flags & FSTFLAGS_MTIM, flags & FSTFLAGS_MTIM_NOW, &modified, &modification_tag, &modification_nanoseconds)) {
        return ERRNO_INVAL;
    }
    ByteResult result;
    descriptor_set_times(
        descriptor->handle, access_tag, accessed, access_nanoseconds, modification_tag, modified, modification_nanoseconds,
        &result);
    return result.is_error ? errno_of(result.code) : ERRNO_SUCCESS;
}
