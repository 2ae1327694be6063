// SPDX-License-Identifier: Apache-2.0
//
// The types of WASI preview 1, as programs see them in memory.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t Errno;

enum {
    ERRNO_SUCCESS = 0,
    ERRNO_ACCES = 2,
    ERRNO_AGAIN = 6,
    ERRNO_ALREADY = 7,
    ERRNO_BADF = 8,
    ERRNO_BUSY = 10,
    ERRNO_DEADLK = 16,
    ERRNO_DQUOT = 19,
    ERRNO_EXIST = 20,
    ERRNO_FBIG = 22,
    ERRNO_ILSEQ = 25,
    ERRNO_INPROGRESS = 26,
    ERRNO_INTR = 27,
    ERRNO_INVAL = 28,
    ERRNO_IO = 29,
    ERRNO_ISDIR = 31,
    ERRNO_LOOP = 32,
    ERRNO_MLINK = 34,
    ERRNO_MSGSIZE = 35,
    ERRNO_NAMETOOLONG = 37,
    ERRNO_NFILE = 41,
    ERRNO_NODEV = 43,
    ERRNO_NOENT = 44,
    ERRNO_NOLCK = 46,
    ERRNO_NOMEM = 48,
    ERRNO_NOSPC = 51,
    ERRNO_NOTDIR = 54,
    ERRNO_NOTEMPTY = 55,
    ERRNO_NOTRECOVERABLE = 56,
    ERRNO_NOTSOCK = 57,
    ERRNO_NOTSUP = 58,
    ERRNO_NOTTY = 59,
    ERRNO_NXIO = 60,
    ERRNO_OVERFLOW = 61,
    ERRNO_PERM = 63,
    ERRNO_PIPE = 64,
    ERRNO_ROFS = 69,
    ERRNO_SPIPE = 70,
    ERRNO_TXTBSY = 74,
    ERRNO_XDEV = 75,
};

enum {
    FILETYPE_UNKNOWN = 0,
    FILETYPE_BLOCK_DEVICE = 1,
    FILETYPE_CHARACTER_DEVICE = 2,
    FILETYPE_DIRECTORY = 3,
    FILETYPE_REGULAR_FILE = 4,
    FILETYPE_SOCKET_STREAM = 6,
    FILETYPE_SYMBOLIC_LINK = 7,
};

enum {
    FDFLAGS_APPEND = 1 << 0,
    FDFLAGS_DSYNC = 1 << 1,
    FDFLAGS_NONBLOCK = 1 << 2,
    FDFLAGS_RSYNC = 1 << 3,
    FDFLAGS_SYNC = 1 << 4,
};

enum { OFLAGS_CREAT = 1 << 0, OFLAGS_DIRECTORY = 1 << 1, OFLAGS_EXCL = 1 << 2, OFLAGS_TRUNC = 1 << 3 };

enum { LOOKUPFLAGS_SYMLINK_FOLLOW = 1 << 0 };

enum { FSTFLAGS_ATIM = 1 << 0, FSTFLAGS_ATIM_NOW = 1 << 1, FSTFLAGS_MTIM = 1 << 2, FSTFLAGS_MTIM_NOW = 1 << 3 };

enum { WHENCE_SET, WHENCE_CUR, WHENCE_END };

enum { CLOCKID_REALTIME, CLOCKID_MONOTONIC };

enum { EVENTTYPE_CLOCK, EVENTTYPE_FD_READ, EVENTTYPE_FD_WRITE };

enum { SUBCLOCKFLAGS_ABSTIME = 1 << 0 };

enum { EVENTRWFLAGS_HANGUP = 1 << 0 };

enum { PREOPENTYPE_DIR = 0 };

enum {
    RIGHTS_FD_DATASYNC = 1 << 0,
    RIGHTS_FD_READ = 1 << 1,
    RIGHTS_FD_SEEK = 1 << 2,
    RIGHTS_FD_FDSTAT_SET_FLAGS = 1 << 3,
    RIGHTS_FD_SYNC = 1 << 4,
    RIGHTS_FD_TELL = 1 << 5,
    RIGHTS_FD_WRITE = 1 << 6,
    RIGHTS_FD_ADVISE = 1 << 7,
    RIGHTS_FD_ALLOCATE = 1 << 8,
    RIGHTS_PATH_CREATE_DIRECTORY = 1 << 9,
    RIGHTS_PATH_CREATE_FILE = 1 << 10,
    RIGHTS_PATH_LINK_SOURCE = 1 << 11,
    RIGHTS_PATH_LINK_TARGET = 1 << 12,
    RIGHTS_PATH_OPEN = 1 << 13,
    RIGHTS_FD_READDIR = 1 << 14,
    RIGHTS_PATH_READLINK = 1 << 15,
    RIGHTS_PATH_RENAME_SOURCE = 1 << 16,
    RIGHTS_PATH_RENAME_TARGET = 1 << 17,
    RIGHTS_PATH_FILESTAT_GET = 1 << 18,
    RIGHTS_PATH_FILESTAT_SET_SIZE = 1 << 19,
    RIGHTS_PATH_FILESTAT_SET_TIMES = 1 << 20,
    RIGHTS_FD_FILESTAT_GET = 1 << 21,
    RIGHTS_FD_FILESTAT_SET_SIZE = 1 << 22,
    RIGHTS_FD_FILESTAT_SET_TIMES = 1 << 23,
    RIGHTS_PATH_SYMLINK = 1 << 24,
    RIGHTS_PATH_REMOVE_DIRECTORY = 1 << 25,
    RIGHTS_PATH_UNLINK_FILE = 1 << 26,
    RIGHTS_POLL_FD_READWRITE = 1 << 27,
};

typedef struct {
    uint8_t *bytes;
    uint32_t size;
} Vector;

typedef struct {
    uint8_t filetype;
    uint16_t flags;
    uint64_t rights;
    uint64_t inheriting_rights;
} FDStat;

typedef struct {
    uint64_t device;
    uint64_t inode;
    uint8_t filetype;
    uint64_t links;
    uint64_t size;
    uint64_t accessed;
    uint64_t modified;
    uint64_t changed;
} FileStat;

typedef struct {
    uint64_t next;
    uint64_t inode;
    uint32_t name_length;
    uint8_t filetype;
} DirectoryEntryHeader;

typedef struct {
    uint8_t tag;
    uint32_t name_length;
} PreopenStat;

typedef struct {
    uint64_t user_data;
    uint8_t tag;
    union {
        struct {
            uint32_t id;
            uint64_t timeout;
            uint64_t precision;
            uint16_t flags;
        } clock;
        uint32_t fd;
    };
} Subscription;

typedef struct {
    uint64_t user_data;
    uint16_t error;
    uint8_t type;
    uint64_t bytes;
    uint16_t flags;
} Event;

_Static_assert(sizeof(FDStat) == 24 && offsetof(FDStat, rights) == 8, "fdstat");
_Static_assert(sizeof(FileStat) == 64 && offsetof(FileStat, links) == 24, "filestat");
_Static_assert(sizeof(DirectoryEntryHeader) == 24 && offsetof(DirectoryEntryHeader, filetype) == 20, "dirent");
_Static_assert(sizeof(Subscription) == 48 && offsetof(Subscription, clock.flags) == 40, "subscription");
_Static_assert(sizeof(Event) == 32 && offsetof(Event, flags) == 24, "event");
