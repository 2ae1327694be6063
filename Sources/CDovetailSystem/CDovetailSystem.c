// SPDX-License-Identifier: Apache-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "CDovetailSystem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/syscall.h>
#endif

#define RESULT(call) ((call) < 0 ? -errno : 0)

static int open_flags(int flags) {
    int result = O_CLOEXEC;
    int both = DOVETAIL_OPEN_READ | DOVETAIL_OPEN_WRITE;
    if ((flags & both) == both) {
        result |= O_RDWR;
    } else if (flags & DOVETAIL_OPEN_WRITE) {
        result |= O_WRONLY;
    }
    if (flags & DOVETAIL_OPEN_CREATE) result |= O_CREAT;
    if (flags & DOVETAIL_OPEN_EXCLUSIVE) result |= O_EXCL;
    if (flags & DOVETAIL_OPEN_TRUNCATE) result |= O_TRUNC;
    if (flags & DOVETAIL_OPEN_DIRECTORY) result |= O_DIRECTORY;
    if (flags & DOVETAIL_OPEN_NOFOLLOW) result |= O_NOFOLLOW;
    if (flags & DOVETAIL_OPEN_NONBLOCK) result |= O_NONBLOCK | O_NOCTTY;
#if defined(O_PATH)
    if (flags & DOVETAIL_OPEN_PATH) result |= O_PATH;
#endif
    return result;
}

int dovetail_sys_open_directory(const char *path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

int dovetail_sys_openat(int directory, const char *path, int flags) {
    int descriptor = openat(directory, path, open_flags(flags), 0666);
    return descriptor < 0 ? -errno : descriptor;
}

int dovetail_sys_openat_beneath(int directory, const char *path, int flags) {
#if defined(__linux__)
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
    // Declared here since the kernel's header for it is not always installed.
    struct {
        uint64_t flags;
        uint64_t mode;
        uint64_t resolve;
    } how = {
        .flags = (uint64_t)open_flags(flags),
        .mode = (flags & DOVETAIL_OPEN_CREATE) ? 0666 : 0,
        .resolve = 0x08 /* beneath */ | 0x02 /* no magic links */,
    };
    // The kernel asks for a retry when a rename elsewhere raced with the resolution.
    for (int attempt = 0; attempt < 8; attempt++) {
        long descriptor = syscall(SYS_openat2, directory, path, &how, sizeof how);
        if (descriptor >= 0) return (int)descriptor;
        if (errno != EAGAIN) return -errno;
    }
    return -EAGAIN;
#else
    (void)directory;
    (void)path;
    (void)flags;
    return -ENOSYS;
#endif
}

int dovetail_sys_close(int descriptor) { return RESULT(close(descriptor)); }

int dovetail_sys_duplicate(int descriptor) {
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    return copy < 0 ? -errno : copy;
}

static int32_t file_type(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFBLK: return DOVETAIL_FILE_BLOCK_DEVICE;
    case S_IFCHR: return DOVETAIL_FILE_CHARACTER_DEVICE;
    case S_IFDIR: return DOVETAIL_FILE_DIRECTORY;
    case S_IFIFO: return DOVETAIL_FILE_FIFO;
    case S_IFLNK: return DOVETAIL_FILE_SYMBOLIC_LINK;
    case S_IFREG: return DOVETAIL_FILE_REGULAR;
    case S_IFSOCK: return DOVETAIL_FILE_SOCKET;
    default: return DOVETAIL_FILE_UNKNOWN;
    }
}

static dovetail_sys_time time_from(struct timespec value) {
    return (dovetail_sys_time){.seconds = value.tv_sec, .nanoseconds = value.tv_nsec};
}

static void stat_from(const struct stat *from, dovetail_sys_stat *result) {
    result->device = (uint64_t)from->st_dev;
    result->inode = (uint64_t)from->st_ino;
    result->links = (uint64_t)from->st_nlink;
    result->size = from->st_size;
    result->type = file_type(from->st_mode);
#if defined(__APPLE__)
    result->accessed = time_from(from->st_atimespec);
    result->modified = time_from(from->st_mtimespec);
    result->changed = time_from(from->st_ctimespec);
#else
    result->accessed = time_from(from->st_atim);
    result->modified = time_from(from->st_mtim);
    result->changed = time_from(from->st_ctim);
#endif
}

int dovetail_sys_fstat(int descriptor, dovetail_sys_stat *result) {
    struct stat found;
    if (fstat(descriptor, &found) < 0) return -errno;
    stat_from(&found, result);
    return 0;
}

int dovetail_sys_fstatat(int directory, const char *name, dovetail_sys_stat *result) {
    struct stat found;
    if (fstatat(directory, name, &found, AT_SYMLINK_NOFOLLOW) < 0) return -errno;
    stat_from(&found, result);
    return 0;
}

int64_t dovetail_sys_read(int descriptor, void *buffer, size_t count) {
    ssize_t done;
    do {
        done = read(descriptor, buffer, count);
    } while (done < 0 && errno == EINTR);
    return done < 0 ? -errno : done;
}

int64_t dovetail_sys_write(int descriptor, const void *buffer, size_t count) {
    // A library must not change the process's disposition of SIGPIPE: block it on this thread for the
    // duration of the write and take the one that the write raised, unless one was pending before.
    sigset_t pipe_signal, pending, previous;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    sigpending(&pending);
    int was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &previous);
    ssize_t done;
    do {
        done = write(descriptor, buffer, count);
    } while (done < 0 && errno == EINTR);
    int error = errno;
    if (done < 0 && error == EPIPE && !was_pending) {
#if defined(__linux__)
        struct timespec none = {0, 0};
        while (sigtimedwait(&pipe_signal, NULL, &none) < 0 && errno == EINTR) {
        }
#else
        sigpending(&pending);
        int taken;
        if (sigismember(&pending, SIGPIPE) == 1) sigwait(&pipe_signal, &taken);
#endif
    }
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    return done < 0 ? -error : done;
}

int64_t dovetail_sys_pread(int descriptor, void *buffer, size_t count, int64_t offset) {
    ssize_t done;
    do {
        done = pread(descriptor, buffer, count, offset);
    } while (done < 0 && errno == EINTR);
    return done < 0 ? -errno : done;
}

int64_t dovetail_sys_pwrite(int descriptor, const void *buffer, size_t count, int64_t offset) {
    ssize_t done;
    do {
        done = pwrite(descriptor, buffer, count, offset);
    } while (done < 0 && errno == EINTR);
    return done < 0 ? -errno : done;
}

int64_t dovetail_sys_append(int descriptor, const void *buffer, size_t count) {
#if defined(__linux__) && defined(RWF_APPEND)
    struct iovec part = {.iov_base = (void *)buffer, .iov_len = count};
    ssize_t done;
    do {
        done = pwritev2(descriptor, &part, 1, 0, RWF_APPEND);
    } while (done < 0 && errno == EINTR);
    if (done >= 0) return done;
    if (errno != EOPNOTSUPP && errno != ENOSYS) return -errno;
#endif
    struct stat found;
    if (fstat(descriptor, &found) < 0) return -errno;
    return dovetail_sys_pwrite(descriptor, buffer, count, found.st_size);
}

int dovetail_sys_truncate(int descriptor, int64_t size) { return RESULT(ftruncate(descriptor, size)); }

int dovetail_sys_sync(int descriptor) { return RESULT(fsync(descriptor)); }

int dovetail_sys_sync_data(int descriptor) {
#if defined(__APPLE__)
    return RESULT(fsync(descriptor));
#else
    return RESULT(fdatasync(descriptor));
#endif
}

int dovetail_sys_advise(int descriptor, int64_t offset, int64_t length, int advice) {
#if defined(__linux__)
    static const int advices[] = {
        POSIX_FADV_NORMAL,   POSIX_FADV_SEQUENTIAL, POSIX_FADV_RANDOM,
        POSIX_FADV_WILLNEED, POSIX_FADV_DONTNEED,   POSIX_FADV_NOREUSE,
    };
    if (advice < 0 || advice > 5) return -EINVAL;
    return -posix_fadvise(descriptor, offset, length, advices[advice]);
#else
    (void)descriptor;
    if (offset < 0 || length < 0 || advice < 0 || advice > 5) return -EINVAL;
    return 0;
#endif
}

int dovetail_sys_sync_flags(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return -errno;
    if ((flags & O_SYNC) == O_SYNC) return 1;
#if defined(O_DSYNC)
    if ((flags & O_DSYNC) == O_DSYNC) return 2;
#endif
    return 0;
}

static struct timespec timespec_from(dovetail_sys_time value) {
    struct timespec result = {.tv_sec = (time_t)value.seconds, .tv_nsec = (long)value.nanoseconds};
    if (value.nanoseconds == DOVETAIL_TIME_NOW) result.tv_nsec = UTIME_NOW;
    if (value.nanoseconds == DOVETAIL_TIME_OMIT) result.tv_nsec = UTIME_OMIT;
    return result;
}

int dovetail_sys_set_times(int descriptor, dovetail_sys_time accessed, dovetail_sys_time modified) {
    struct timespec times[2] = {timespec_from(accessed), timespec_from(modified)};
    return RESULT(futimens(descriptor, times));
}

int dovetail_sys_set_times_at(
    int directory, const char *name, dovetail_sys_time accessed, dovetail_sys_time modified) {
    struct timespec times[2] = {timespec_from(accessed), timespec_from(modified)};
    return RESULT(utimensat(directory, name, times, AT_SYMLINK_NOFOLLOW));
}

int dovetail_sys_mkdirat(int directory, const char *name) { return RESULT(mkdirat(directory, name, 0777)); }

int dovetail_sys_rmdirat(int directory, const char *name) { return RESULT(unlinkat(directory, name, AT_REMOVEDIR)); }

int dovetail_sys_unlinkat(int directory, const char *name) { return RESULT(unlinkat(directory, name, 0)); }

int dovetail_sys_linkat(int old_directory, const char *old_name, int new_directory, const char *new_name) {
    return RESULT(linkat(old_directory, old_name, new_directory, new_name, 0));
}

int dovetail_sys_renameat(int old_directory, const char *old_name, int new_directory, const char *new_name) {
    return RESULT(renameat(old_directory, old_name, new_directory, new_name));
}

int dovetail_sys_symlinkat(const char *target, int directory, const char *name) {
    return RESULT(symlinkat(target, directory, name));
}

int64_t dovetail_sys_readlinkat(int directory, const char *name, char *buffer, size_t count) {
    ssize_t length = readlinkat(directory, name, buffer, count);
    return length < 0 ? -errno : length;
}

int dovetail_sys_list_open(int descriptor, void **listing) {
    DIR *opened = fdopendir(descriptor);
    if (opened == NULL) return -errno;
    *listing = opened;
    return 0;
}

int dovetail_sys_list_next(void *listing, const char **name, int32_t *type) {
    errno = 0;
    struct dirent *entry = readdir((DIR *)listing);
    if (entry == NULL) return errno == 0 ? 0 : -errno;
    *name = entry->d_name;
    switch (entry->d_type) {
    case DT_BLK: *type = DOVETAIL_FILE_BLOCK_DEVICE; break;
    case DT_CHR: *type = DOVETAIL_FILE_CHARACTER_DEVICE; break;
    case DT_DIR: *type = DOVETAIL_FILE_DIRECTORY; break;
    case DT_FIFO: *type = DOVETAIL_FILE_FIFO; break;
    case DT_LNK: *type = DOVETAIL_FILE_SYMBOLIC_LINK; break;
    case DT_REG: *type = DOVETAIL_FILE_REGULAR; break;
    case DT_SOCK: *type = DOVETAIL_FILE_SOCKET; break;
    default: *type = DOVETAIL_FILE_UNKNOWN; break;
    }
    return 1;
}

void dovetail_sys_list_close(void *listing) { closedir((DIR *)listing); }

int dovetail_sys_poll(dovetail_sys_poll_entry *entries, size_t count, int64_t nanoseconds) {
    struct pollfd few[16];
    struct pollfd *set = few;
    if (count > 16) {
        set = calloc(count, sizeof *set);
        if (set == NULL) return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        set[i].fd = entries[i].descriptor;
        set[i].events = (short)(((entries[i].interest & DOVETAIL_POLL_READABLE) ? POLLIN : 0) |
                                ((entries[i].interest & DOVETAIL_POLL_WRITABLE) ? POLLOUT : 0));
        set[i].revents = 0;
    }
#if defined(__linux__)
    struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    int ready = ppoll(set, count, nanoseconds < 0 ? NULL : &limit, NULL);
#else
    // Rounded up, so that a wait never ends early and turns into a spin.
    int64_t milliseconds = nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);
    if (milliseconds > INT32_MAX) milliseconds = INT32_MAX;
    int ready = poll(set, (nfds_t)count, nanoseconds < 0 ? -1 : (int)milliseconds);
#endif
    int result = ready < 0 ? (errno == EINTR ? 0 : -errno) : ready;
    for (size_t i = 0; i < count; i++) entries[i].ready = ready > 0 && set[i].revents != 0;
    if (set != few) free(set);
    return result;
}

int dovetail_sys_wake_create(int *reader, int *writer) {
#if defined(__linux__)
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (descriptor < 0) return -errno;
    *reader = descriptor;
    *writer = descriptor;
    return 0;
#else
    int ends[2];
    if (pipe(ends) < 0) return -errno;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    *reader = ends[0];
    *writer = ends[1];
    return 0;
#endif
}

void dovetail_sys_wake_raise(int writer) {
    uint64_t one = 1;
    ssize_t done;
    do {
        done = write(writer, &one, sizeof one);
    } while (done < 0 && errno == EINTR);
}

void dovetail_sys_wake_drain(int reader) {
    char buffer[256];
    ssize_t done;
    do {
        done = read(reader, buffer, sizeof buffer);
    } while (done == (ssize_t)sizeof buffer || (done < 0 && errno == EINTR));
}

static uint64_t nanoseconds_of(struct timespec value) {
    return (uint64_t)value.tv_sec * 1000000000u + (uint64_t)value.tv_nsec;
}

uint64_t dovetail_sys_monotonic_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return nanoseconds_of(now);
}

uint64_t dovetail_sys_monotonic_resolution(void) {
    struct timespec resolution;
    clock_getres(CLOCK_MONOTONIC, &resolution);
    return nanoseconds_of(resolution);
}

dovetail_sys_time dovetail_sys_wall_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return time_from(now);
}

uint64_t dovetail_sys_wall_resolution(void) {
    struct timespec resolution;
    clock_getres(CLOCK_REALTIME, &resolution);
    return nanoseconds_of(resolution);
}

int dovetail_sys_is_terminal(int descriptor) { return isatty(descriptor) == 1; }

int dovetail_sys_random(void *buffer, size_t count) {
#if defined(__linux__)
    char *at = buffer;
    while (count > 0) {
        ssize_t done = getrandom(at, count, 0);
        if (done < 0) {
            if (errno == EINTR) continue;
            return -errno;
        }
        at += done;
        count -= (size_t)done;
    }
    return 0;
#else
    arc4random_buf(buffer, count);
    return 0;
#endif
}
