// SPDX-License-Identifier: Apache-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "CDovetailSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
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

int dovetail_sys_openat(int directory, const char *path, int flags, uint32_t mode) {
    int descriptor = openat(directory, path, open_flags(flags), (mode_t)mode);
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
    result->permissions = (uint32_t)(from->st_mode & 07777);
    result->owner = (uint32_t)from->st_uid;
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

int dovetail_sys_fstatat(int directory, const char *name, int follow, dovetail_sys_stat *result) {
    struct stat found;
    if (fstatat(directory, name, &found, follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0) return -errno;
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

int dovetail_sys_access_mode(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return -errno;
    switch (flags & O_ACCMODE) {
    case O_RDONLY: return DOVETAIL_OPEN_READ;
    case O_WRONLY: return DOVETAIL_OPEN_WRITE;
    default: return DOVETAIL_OPEN_READ | DOVETAIL_OPEN_WRITE;
    }
}

int dovetail_sys_set_permissions(int descriptor, uint32_t mode) { return RESULT(fchmod(descriptor, (mode_t)mode)); }

int dovetail_sys_map(int descriptor, size_t size, void **base) {
    void *mapped = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (mapped == MAP_FAILED) return -errno;
    *base = mapped;
    return 0;
}

void dovetail_sys_read_ahead(void *base, size_t size) {
#if defined(__linux__)
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif
    // One call instead of a fault for every few pages. Older kernels refuse, which is no error.
    (void)madvise(base, size, MADV_POPULATE_READ);
#else
    (void)base, (void)size;
#endif
}

int64_t dovetail_sys_position(int descriptor) {
    off_t position = lseek(descriptor, 0, SEEK_CUR);
    return position < 0 ? -errno : position;
}

void dovetail_sys_skip_to_end(int descriptor) { (void)lseek(descriptor, 0, SEEK_END); }

void dovetail_sys_unmap(void *base, size_t size) { munmap(base, size); }
