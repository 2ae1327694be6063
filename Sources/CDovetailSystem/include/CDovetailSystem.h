// SPDX-License-Identifier: Apache-2.0
// System calls as Swift can use them: no variadics, no per-thread errno. Every function that can fail returns
// a negative errno; constants that Swift does not import, or that differ between systems, are enumerated here.
#ifndef CDOVETAILSYSTEM_H
#define CDOVETAILSYSTEM_H

#include <stddef.h>
#include <stdint.h>

// Flags of dovetail_sys_openat and dovetail_sys_openat_beneath.
enum {
    DOVETAIL_OPEN_READ = 1 << 0,
    DOVETAIL_OPEN_WRITE = 1 << 1,
    DOVETAIL_OPEN_CREATE = 1 << 2,
    DOVETAIL_OPEN_EXCLUSIVE = 1 << 3,
    DOVETAIL_OPEN_TRUNCATE = 1 << 4,
    DOVETAIL_OPEN_DIRECTORY = 1 << 5,
    DOVETAIL_OPEN_NOFOLLOW = 1 << 6,
    // Only a place to resolve further paths from; neither read nor write.
    DOVETAIL_OPEN_PATH = 1 << 7,
    // Never wait for the other end of a pipe, never become the controlling terminal's process.
    DOVETAIL_OPEN_NONBLOCK = 1 << 8,
};

// Kinds of file, numbered as the cases of `wasi:filesystem/types.descriptor-type` in 0.2.
enum {
    DOVETAIL_FILE_UNKNOWN = 0,
    DOVETAIL_FILE_BLOCK_DEVICE = 1,
    DOVETAIL_FILE_CHARACTER_DEVICE = 2,
    DOVETAIL_FILE_DIRECTORY = 3,
    DOVETAIL_FILE_FIFO = 4,
    DOVETAIL_FILE_SYMBOLIC_LINK = 5,
    DOVETAIL_FILE_REGULAR = 6,
    DOVETAIL_FILE_SOCKET = 7,
};

// Markers for the nanoseconds of a dovetail_sys_time given to the set-times functions.
enum {
    DOVETAIL_TIME_NOW = -1,
    DOVETAIL_TIME_OMIT = -2,
};

enum {
    DOVETAIL_POLL_READABLE = 1,
    DOVETAIL_POLL_WRITABLE = 2,
};

typedef struct dovetail_sys_time {
    int64_t seconds;
    int64_t nanoseconds;
} dovetail_sys_time;

typedef struct dovetail_sys_stat {
    uint64_t device;
    uint64_t inode;
    uint64_t links;
    int64_t size;
    int32_t type;
    dovetail_sys_time accessed;
    dovetail_sys_time modified;
    dovetail_sys_time changed;
} dovetail_sys_stat;

typedef struct dovetail_sys_poll_entry {
    int32_t descriptor;
    int16_t interest;
    // Nonzero after the call when the descriptor is ready, at its end or in error.
    int16_t ready;
} dovetail_sys_poll_entry;

int dovetail_sys_open_directory(const char *path);
int dovetail_sys_openat(int directory, const char *path, int flags);
// Resolution that the kernel confines below `directory`; -ENOSYS where the system cannot.
int dovetail_sys_openat_beneath(int directory, const char *path, int flags);
int dovetail_sys_close(int descriptor);
int dovetail_sys_duplicate(int descriptor);

int dovetail_sys_fstat(int descriptor, dovetail_sys_stat *result);
// Of the entry itself: a symbolic link is not followed.
int dovetail_sys_fstatat(int directory, const char *name, dovetail_sys_stat *result);

int64_t dovetail_sys_read(int descriptor, void *buffer, size_t count);
// Never raises SIGPIPE.
int64_t dovetail_sys_write(int descriptor, const void *buffer, size_t count);
int64_t dovetail_sys_pread(int descriptor, void *buffer, size_t count, int64_t offset);
int64_t dovetail_sys_pwrite(int descriptor, const void *buffer, size_t count, int64_t offset);
int64_t dovetail_sys_append(int descriptor, const void *buffer, size_t count);
int dovetail_sys_truncate(int descriptor, int64_t size);
int dovetail_sys_sync(int descriptor);
int dovetail_sys_sync_data(int descriptor);
// `advice`: 0 normal, 1 sequential, 2 random, 3 will need, 4 don't need, 5 no reuse.
int dovetail_sys_advise(int descriptor, int64_t offset, int64_t length, int advice);
// Bit 0: every write is synchronised with its metadata, bit 1: with its data.
int dovetail_sys_sync_flags(int descriptor);

int dovetail_sys_set_times(int descriptor, dovetail_sys_time accessed, dovetail_sys_time modified);
// Of the entry itself: a symbolic link is not followed.
int dovetail_sys_set_times_at(
    int directory, const char *name, dovetail_sys_time accessed, dovetail_sys_time modified);

int dovetail_sys_mkdirat(int directory, const char *name);
int dovetail_sys_rmdirat(int directory, const char *name);
int dovetail_sys_unlinkat(int directory, const char *name);
int dovetail_sys_linkat(int old_directory, const char *old_name, int new_directory, const char *new_name);
int dovetail_sys_renameat(int old_directory, const char *old_name, int new_directory, const char *new_name);
int dovetail_sys_symlinkat(const char *target, int directory, const char *name);
int64_t dovetail_sys_readlinkat(int directory, const char *name, char *buffer, size_t count);

// A directory being listed. Takes over `descriptor` when it succeeds.
int dovetail_sys_list_open(int descriptor, void **listing);
// 1 with a name and type (DOVETAIL_FILE_UNKNOWN when the listing does not tell), 0 at the end. The name lasts
// until the next call.
int dovetail_sys_list_next(void *listing, const char **name, int32_t *type);
void dovetail_sys_list_close(void *listing);

// Waits at most `nanoseconds` (negative: without end) and returns the number of entries that are ready.
int dovetail_sys_poll(dovetail_sys_poll_entry *entries, size_t count, int64_t nanoseconds);
// A descriptor pair with which one thread wakes another that polls; equal where one descriptor does both.
int dovetail_sys_wake_create(int *reader, int *writer);
void dovetail_sys_wake_raise(int writer);
void dovetail_sys_wake_drain(int reader);

uint64_t dovetail_sys_monotonic_now(void);
uint64_t dovetail_sys_monotonic_resolution(void);
dovetail_sys_time dovetail_sys_wall_now(void);
uint64_t dovetail_sys_wall_resolution(void);

int dovetail_sys_is_terminal(int descriptor);
int dovetail_sys_random(void *buffer, size_t count);

#endif
