// SPDX-License-Identifier: Apache-2.0
//
// A program for WASI preview 1 without a library: its first argument says what it tries. It checks what it sees, and ends with
// the line of the first check that fails, on standard error and as exit code 1.

#include "../../../Adapters/preview1/src/preview1.h"

#define IMPORT(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) name

Errno IMPORT(args_get)(uint8_t **, uint8_t *);
Errno IMPORT(args_sizes_get)(uint32_t *, uint32_t *);
Errno IMPORT(environ_get)(uint8_t **, uint8_t *);
Errno IMPORT(environ_sizes_get)(uint32_t *, uint32_t *);
Errno IMPORT(clock_time_get)(uint32_t, uint64_t, uint64_t *);
Errno IMPORT(fd_close)(uint32_t);
Errno IMPORT(fd_fdstat_get)(uint32_t, FDStat *);
Errno IMPORT(fd_fdstat_set_flags)(uint32_t, uint32_t);
Errno IMPORT(fd_filestat_get)(uint32_t, FileStat *);
Errno IMPORT(fd_filestat_set_times)(uint32_t, uint64_t, uint64_t, uint32_t);
Errno IMPORT(fd_read)(uint32_t, const Vector *, uint32_t, uint32_t *);
Errno IMPORT(fd_pread)(uint32_t, const Vector *, uint32_t, uint64_t, uint32_t *);
Errno IMPORT(fd_readdir)(uint32_t, uint8_t *, uint32_t, uint64_t, uint32_t *);
Errno IMPORT(fd_renumber)(uint32_t, uint32_t);
Errno IMPORT(fd_seek)(uint32_t, int64_t, uint32_t, uint64_t *);
Errno IMPORT(fd_tell)(uint32_t, uint64_t *);
Errno IMPORT(fd_write)(uint32_t, const Vector *, uint32_t, uint32_t *);
Errno IMPORT(path_filestat_get)(uint32_t, uint32_t, const char *, uint32_t, FileStat *);
Errno IMPORT(path_open)(uint32_t, uint32_t, const char *, uint32_t, uint32_t, uint64_t, uint64_t, uint32_t, uint32_t *);
Errno IMPORT(path_symlink)(const char *, uint32_t, uint32_t, const char *, uint32_t);
Errno IMPORT(poll_oneoff)(const Subscription *, Event *, uint32_t, uint32_t *);
Errno IMPORT(random_get)(void *, uint32_t);
Errno IMPORT(sched_yield)(void);
Errno IMPORT(proc_raise)(uint32_t);
Errno IMPORT(sock_accept)(uint32_t, uint32_t, uint32_t *);
Errno IMPORT(sock_shutdown)(uint32_t, uint32_t);
Errno IMPORT(adapter_open_badfd)(uint32_t *);
Errno IMPORT(adapter_close_badfd)(uint32_t);
void IMPORT(reset_adapter_state)(void);
_Noreturn void IMPORT(proc_exit)(uint32_t);

enum { ROOT = 3, READ = RIGHTS_FD_READ, WRITE = RIGHTS_FD_WRITE };

static uint8_t bytes[1 << 20];

static uint32_t length(const char *text) {
    uint32_t count = 0;
    while (text[count] != 0) {
        count++;
    }
    return count;
}

static bool equal(const void *left, const void *right, uint32_t count) {
    const uint8_t *a = left, *b = right;
    for (uint32_t index = 0; index < count; index++) {
        if (a[index] != b[index]) {
            return false;
        }
    }
    return true;
}

static Errno put(uint32_t fd, const void *data, uint32_t count, uint32_t *written) {
    Vector vector = {(uint8_t *)data, count};
    return fd_write(fd, &vector, 1, written);
}

static Errno get(uint32_t fd, void *data, uint32_t count, uint32_t *read) {
    Vector vector = {data, count};
    return fd_read(fd, &vector, 1, read);
}

_Noreturn static void fail(uint32_t line) {
    char text[] = "line 0000\n";
    for (uint32_t place = 8; place > 4; place--, line /= 10) {
        text[place] = '0' + line % 10;
    }
    uint32_t written;
    put(2, text, 10, &written);
    proc_exit(1);
}

#define CHECK(condition)                                                                                                      \
    if (!(condition)) {                                                                                                       \
        fail(__LINE__);                                                                                                       \
    }

static Errno open_at(const char *path, uint32_t how, uint64_t rights, uint32_t flags, uint32_t *fd) {
    return path_open(ROOT, LOOKUPFLAGS_SYMLINK_FOLLOW, path, length(path), how, rights, 0, flags, fd);
}

/// All entries of a directory, read with a buffer of this size: how many, and the sum of what is told of each.
static uint32_t list(uint32_t fd, uint32_t size, uint64_t *sum) {
    uint64_t cookie = 0;
    uint32_t count = 0;
    *sum = 0;
    for (;;) {
        uint32_t used, offset = 0;
        CHECK(fd_readdir(fd, bytes, size, cookie, &used) == ERRNO_SUCCESS);
        while (used - offset >= sizeof(DirectoryEntryHeader)) {
            DirectoryEntryHeader header;
            __builtin_memcpy(&header, bytes + offset, sizeof(header));
            offset += sizeof(header);
            if (used - offset < header.name_length) {
                break;
            }
            CHECK(header.next == cookie + 1);
            uint64_t hash = header.inode * 31 + header.filetype;
            for (uint32_t index = 0; index < header.name_length; index++) {
                hash = hash * 31 + bytes[offset + index];
            }
            offset += header.name_length;
            *sum += hash;
            cookie = header.next;
            count++;
        }
        if (used < size) {
            return count;
        }
    }
}

/// The folder `many` has 300 files.
static void directories(void) {
    uint32_t fd, other;
    CHECK(open_at("many", OFLAGS_DIRECTORY, RIGHTS_FD_READDIR, 0, &fd) == ERRNO_SUCCESS);
    uint64_t all, sum;
    CHECK(list(fd, sizeof(bytes), &all) == 302);
    for (uint32_t size = 240; size < 4000; size += 379) {
        CHECK(list(fd, size, &sum) == 302 && sum == all);
    }
    // No room for any: the program is told nothing, and that there is more.
    uint32_t used;
    CHECK(fd_readdir(fd, bytes, 10, 5, &used) == ERRNO_SUCCESS && used == 10);
    CHECK(fd_readdir(fd, bytes, 0, 0, &used) == ERRNO_SUCCESS && used == 0);
    CHECK(fd_readdir(fd, bytes, 100, 302, &used) == ERRNO_SUCCESS && used == 0);
    CHECK(fd_readdir(fd, bytes, 100, 100000, &used) == ERRNO_SUCCESS && used == 0);
    // Two listings at a time, from entry to entry, forwards and back.
    CHECK(open_at("many", OFLAGS_DIRECTORY, RIGHTS_FD_READDIR, 0, &other) == ERRNO_SUCCESS);
    uint8_t entry[80];
    for (uint64_t cookie = 2; cookie < 302; cookie += 7) {
        CHECK(fd_readdir(fd, bytes, 80, cookie, &used) == ERRNO_SUCCESS && used > 24);
        CHECK(fd_readdir(other, entry, 80, cookie, &used) == ERRNO_SUCCESS && equal(entry, bytes, used));
        CHECK(fd_readdir(other, entry, 80, 304 - cookie - 1, &used) == ERRNO_SUCCESS && used > 24);
        CHECK(fd_readdir(other, entry, 80, cookie, &used) == ERRNO_SUCCESS && equal(entry, bytes, used));
    }
    // An entry's inode is the file's.
    CHECK(fd_readdir(fd, bytes, 400, 2, &used) == ERRNO_SUCCESS);
    DirectoryEntryHeader header;
    __builtin_memcpy(&header, bytes, sizeof(header));
    FileStat stat;
    CHECK(path_filestat_get(fd, 0, (char *)bytes + 24, header.name_length, &stat) == ERRNO_SUCCESS);
    CHECK(stat.inode == header.inode && header.filetype == FILETYPE_REGULAR_FILE && stat.filetype == header.filetype);
    CHECK(fd_close(fd) == ERRNO_SUCCESS && fd_close(other) == ERRNO_SUCCESS);
    CHECK(fd_readdir(0, bytes, 80, 0, &used) == ERRNO_NOTDIR);
}

static void files(void) {
    uint32_t fd, count;
    uint64_t position;
    CHECK(open_at("new", OFLAGS_CREAT, READ | WRITE, 0, &fd) == ERRNO_SUCCESS);
    Vector three[] = {{(uint8_t *)"abc", 3}, {(uint8_t *)"", 0}, {(uint8_t *)"defgh", 5}};
    CHECK(fd_write(fd, three, 3, &count) == ERRNO_SUCCESS && count == 8);
    CHECK(fd_tell(fd, &position) == ERRNO_SUCCESS && position == 8);
    CHECK(fd_seek(fd, -6, WHENCE_CUR, &position) == ERRNO_SUCCESS && position == 2);
    Vector two[] = {{bytes, 2}, {bytes + 10, 100}};
    CHECK(fd_read(fd, two, 2, &count) == ERRNO_SUCCESS && count == 6 && equal(bytes, "cd", 2) && equal(bytes + 10, "efgh", 4));
    CHECK(get(fd, bytes, 10, &count) == ERRNO_SUCCESS && count == 0);
    CHECK(fd_seek(fd, -9, WHENCE_END, &position) == ERRNO_INVAL);
    CHECK(fd_seek(fd, INT64_MAX, WHENCE_END, &position) == ERRNO_INVAL);
    CHECK(fd_seek(fd, 0, 3, &position) == ERRNO_INVAL);
    CHECK(fd_seek(fd, 4, WHENCE_END, &position) == ERRNO_SUCCESS && position == 12);
    CHECK(put(fd, "z", 1, &count) == ERRNO_SUCCESS && count == 1);
    CHECK(fd_pread(fd, two, 1, 11, &count) == ERRNO_SUCCESS && count == 2 && equal(bytes, "\0z", 2));
    // Appending, and back to writing where one is.
    CHECK(fd_fdstat_set_flags(fd, FDFLAGS_APPEND) == ERRNO_SUCCESS);
    CHECK(fd_seek(fd, 0, WHENCE_SET, &position) == ERRNO_SUCCESS);
    CHECK(put(fd, "end", 3, &count) == ERRNO_SUCCESS && count == 3);
    CHECK(fd_tell(fd, &position) == ERRNO_SUCCESS && position == 16);
    FDStat status;
    CHECK(fd_fdstat_get(fd, &status) == ERRNO_SUCCESS && status.flags == FDFLAGS_APPEND);
    CHECK((status.rights & (READ | WRITE)) == (READ | WRITE) && status.filetype == FILETYPE_REGULAR_FILE);
    CHECK(fd_fdstat_set_flags(fd, FDFLAGS_SYNC) == ERRNO_INVAL);
    CHECK(fd_fdstat_set_flags(fd, 0) == ERRNO_SUCCESS);
    CHECK(fd_seek(fd, 1, WHENCE_SET, &position) == ERRNO_SUCCESS && put(fd, "B", 1, &count) == ERRNO_SUCCESS);
    FileStat stat;
    CHECK(fd_filestat_get(fd, &stat) == ERRNO_SUCCESS && stat.size == 16);
    CHECK(fd_filestat_set_times(fd, 1, 2, FSTFLAGS_ATIM | FSTFLAGS_ATIM_NOW) == ERRNO_INVAL);
    CHECK(fd_filestat_set_times(fd, 5000000001, 7000000002, FSTFLAGS_ATIM | FSTFLAGS_MTIM) == ERRNO_SUCCESS);
    CHECK(fd_filestat_get(fd, &stat) == ERRNO_SUCCESS && stat.accessed == 5000000001 && stat.modified == 7000000002);
    // More than a host reads at once, through one call.
    for (uint32_t index = 0; index < 300000; index++) {
        bytes[index] = index * 7;
    }
    CHECK(fd_seek(fd, 0, WHENCE_SET, &position) == ERRNO_SUCCESS);
    CHECK(put(fd, bytes, 300000, &count) == ERRNO_SUCCESS && count == 300000);
    CHECK(fd_seek(fd, 0, WHENCE_SET, &position) == ERRNO_SUCCESS);
    CHECK(get(fd, bytes + 400000, 400000, &count) == ERRNO_SUCCESS && count == 300000);
    CHECK(equal(bytes, bytes + 400000, 300000));
    CHECK(fd_close(fd) == ERRNO_SUCCESS && fd_close(fd) == ERRNO_BADF && get(fd, bytes, 1, &count) == ERRNO_BADF);
    // What is open for one only.
    CHECK(open_at("new", 0, READ, 0, &fd) == ERRNO_SUCCESS && put(fd, "x", 1, &count) != ERRNO_SUCCESS);
    CHECK(fd_close(fd) == ERRNO_SUCCESS);
    CHECK(put(ROOT, "x", 1, &count) == ERRNO_ISDIR && get(ROOT, bytes, 1, &count) == ERRNO_ISDIR);
    CHECK(put(0, "x", 1, &count) == ERRNO_BADF && get(1, bytes, 1, &count) == ERRNO_BADF);
    CHECK(fd_seek(1, 0, WHENCE_CUR, &position) == ERRNO_SPIPE && fd_seek(ROOT, 0, WHENCE_CUR, &position) == ERRNO_BADF);
}

/// More descriptors than the first page of the table holds, and numbers that are given again.
static void descriptors(void) {
    enum { COUNT = 3500 };
    static uint32_t opened[COUNT];
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t index = 0; index < COUNT; index++) {
            CHECK(open_at("file", 0, READ, 0, &opened[index]) == ERRNO_SUCCESS && opened[index] == index + 4);
        }
        uint32_t count;
        CHECK(get(opened[COUNT - 1], bytes, 9, &count) == ERRNO_SUCCESS && count == 5 && equal(bytes, "hello", 5));
        CHECK(get(opened[0], bytes, 3, &count) == ERRNO_SUCCESS && fd_renumber(opened[0], opened[COUNT - 1]) == ERRNO_SUCCESS);
        CHECK(get(opened[0], bytes, 1, &count) == ERRNO_BADF);
        CHECK(get(opened[COUNT - 1], bytes, 9, &count) == ERRNO_SUCCESS && count == 2 && equal(bytes, "lo", 2));
        CHECK(fd_renumber(opened[1], opened[1]) == ERRNO_SUCCESS && fd_renumber(opened[1], 100000) == ERRNO_BADF);
        for (uint32_t index = 1; index < COUNT; index++) {
            CHECK(fd_close(opened[index]) == ERRNO_SUCCESS);
        }
    }
    uint32_t fd, bad;
    CHECK(adapter_open_badfd(&bad) == ERRNO_SUCCESS && bad == 4);
    FDStat status;
    CHECK(fd_fdstat_get(bad, &status) == ERRNO_BADF && fd_close(bad) == ERRNO_BADF);
    CHECK(open_at("file", 0, READ, 0, &fd) == ERRNO_SUCCESS && fd == 5);
    CHECK(adapter_close_badfd(5) == ERRNO_BADF && adapter_close_badfd(4) == ERRNO_SUCCESS);
    CHECK(adapter_close_badfd(4) == ERRNO_BADF);
    CHECK(sock_shutdown(fd, 0) == ERRNO_NOTSOCK && sock_accept(99, 0, &bad) == ERRNO_BADF);
    CHECK(sched_yield() == ERRNO_SUCCESS && proc_raise(1) == ERRNO_NOTSUP);
    // Everything is new: the handles of before are not touched.
    reset_adapter_state();
    CHECK(fd_fdstat_get(fd, &status) == ERRNO_BADF);
    CHECK(fd_fdstat_get(ROOT, &status) == ERRNO_SUCCESS && status.filetype == FILETYPE_DIRECTORY);
    CHECK(open_at("file", 0, READ, 0, &fd) == ERRNO_SUCCESS && fd == 4);
}

static void paths(void) {
    uint32_t fd;
    const char *wrong[] = {"\xff", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "a\x80", "\xf8\x88\x80\x80\x80"};
    for (uint32_t index = 0; index < sizeof(wrong) / sizeof(*wrong); index++) {
        CHECK(open_at(wrong[index], 0, READ, 0, &fd) == ERRNO_ILSEQ);
        CHECK(path_symlink(wrong[index], length(wrong[index]), ROOT, "link", 4) == ERRNO_ILSEQ);
    }
    const char *right = "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbf\xed\x9f\xbf";
    CHECK(open_at(right, OFLAGS_CREAT, WRITE, 0, &fd) == ERRNO_SUCCESS && fd_close(fd) == ERRNO_SUCCESS);
    CHECK(open_at("missing", 0, READ, 0, &fd) == ERRNO_NOENT && open_at("../x", 0, READ, 0, &fd) == ERRNO_PERM);
    CHECK(open_at("file/x", 0, READ, 0, &fd) == ERRNO_NOTDIR && open_at("", 0, READ, 0, &fd) == ERRNO_NOENT);
    CHECK(open_at("file", OFLAGS_CREAT | OFLAGS_EXCL, READ, 0, &fd) == ERRNO_EXIST);
    CHECK(open_at("file", OFLAGS_DIRECTORY, READ, 0, &fd) == ERRNO_NOTDIR && open_at("many", 0, WRITE, 0, &fd) == ERRNO_ISDIR);
    CHECK(path_open(0, 0, "file", 4, 0, READ, 0, 0, &fd) == ERRNO_NOTDIR);
    CHECK(path_open(77, 0, "file", 4, 0, READ, 0, 0, &fd) == ERRNO_BADF);
}

static uint64_t now(void) {
    uint64_t time;
    CHECK(clock_time_get(CLOCKID_MONOTONIC, 0, &time) == ERRNO_SUCCESS);
    return time;
}

/// Standard input is `input`, and ends.
static void polling(void) {
    Subscription in[6] = {0};
    Event out[6];
    uint32_t count, fd;
    CHECK(poll_oneoff(in, out, 0, &count) == ERRNO_INVAL);
    uint64_t before = now();
    in[0] = (Subscription){.user_data = 11, .tag = EVENTTYPE_CLOCK, .clock = {CLOCKID_MONOTONIC, 30000000, 0, 0}};
    in[1] = (Subscription){.user_data = 12, .tag = EVENTTYPE_CLOCK, .clock = {CLOCKID_REALTIME, 60000000000, 0, 0}};
    CHECK(poll_oneoff(in, out, 2, &count) == ERRNO_SUCCESS && count == 1);
    CHECK(out[0].user_data == 11 && out[0].error == 0 && out[0].type == EVENTTYPE_CLOCK && now() - before >= 30000000);
    // Times of day that are past, and of the monotonic clock.
    in[0].clock.id = CLOCKID_REALTIME, in[0].clock.flags = SUBCLOCKFLAGS_ABSTIME;
    CHECK(poll_oneoff(in, out, 2, &count) == ERRNO_SUCCESS && count == 1 && out[0].user_data == 11);
    in[0].clock.id = CLOCKID_MONOTONIC, in[0].clock.timeout = now() + 1000000;
    CHECK(poll_oneoff(in, out, 2, &count) == ERRNO_SUCCESS && count == 1 && now() >= in[0].clock.timeout);
    // What is ready at once, what is wrong, and what is not ready.
    CHECK(open_at("file", 0, READ, 0, &fd) == ERRNO_SUCCESS);
    in[0] = (Subscription){.user_data = 1, .tag = EVENTTYPE_FD_READ, .fd = fd};
    in[2] = (Subscription){.user_data = 2, .tag = EVENTTYPE_FD_READ, .fd = 99};
    in[3] = (Subscription){.user_data = 3, .tag = EVENTTYPE_FD_WRITE, .fd = 1};
    in[4] = (Subscription){.user_data = 4, .tag = EVENTTYPE_CLOCK, .clock = {9, 0, 0, 0}};
    in[5] = (Subscription){.user_data = 5, .tag = EVENTTYPE_FD_READ, .fd = ROOT};
    CHECK(poll_oneoff(in, out, 6, &count) == ERRNO_SUCCESS && count >= 4);
    CHECK(out[0].user_data == 1 && out[0].error == 0 && out[0].bytes == 5);
    CHECK(out[1].user_data == 2 && out[1].error == ERRNO_BADF);
    CHECK(out[2].user_data == 4 && out[2].error == ERRNO_INVAL);
    CHECK(out[3].user_data == 5 && out[3].error == ERRNO_BADF);
    in[0] = (Subscription){.user_data = 6, .tag = EVENTTYPE_FD_READ, .fd = 0};
    CHECK(poll_oneoff(in, out, 2, &count) == ERRNO_SUCCESS && count == 1 && out[0].user_data == 6 && out[0].bytes > 0);
    uint32_t read;
    CHECK(get(0, bytes, 100, &read) == ERRNO_SUCCESS && read == 5 && equal(bytes, "input", 5));
    CHECK(get(0, bytes, 100, &read) == ERRNO_SUCCESS && read == 0);
    CHECK(poll_oneoff(&in[3], out, 1, &count) == ERRNO_SUCCESS && count == 1 && out[0].user_data == 3 && out[0].bytes > 0);
    in[0].tag = 3;
    CHECK(poll_oneoff(in, out, 2, &count) == ERRNO_INVAL);
    // Without waiting.
    CHECK(fd_fdstat_set_flags(1, FDFLAGS_NONBLOCK) == ERRNO_SUCCESS);
    for (uint32_t index = 0; index < 10000;) {
        Errno error = put(1, "0123456789", 10, &read);
        CHECK(error == ERRNO_SUCCESS || error == ERRNO_AGAIN);
        index += error == ERRNO_SUCCESS ? read : 0;
    }
}

/// Each round takes and gives back every kind of handle.
static void handles(void) {
    for (uint32_t round = 0; round < 300; round++) {
        uint32_t fd, other, count;
        uint64_t position;
        CHECK(open_at("log", OFLAGS_CREAT, WRITE, FDFLAGS_APPEND, &fd) == ERRNO_SUCCESS);
        CHECK(put(fd, "a line\n", 7, &count) == ERRNO_SUCCESS && fd_tell(fd, &position) == ERRNO_SUCCESS);
        CHECK(position == 7 * (uint64_t)(round + 1));
        CHECK(open_at("many", OFLAGS_DIRECTORY, READ, 0, &other) == ERRNO_SUCCESS);
        CHECK(fd_readdir(other, bytes, 300, 0, &count) == ERRNO_SUCCESS);
        CHECK(fd_readdir(other, bytes, 300, 100, &count) == ERRNO_SUCCESS);
        CHECK(fd_readdir(other, bytes, 300, 50, &count) == ERRNO_SUCCESS);
        CHECK(open_at("missing", 0, READ, 0, &count) == ERRNO_NOENT);
        Subscription in[] = {
            {.tag = EVENTTYPE_CLOCK, .clock = {CLOCKID_MONOTONIC, 0, 0, 0}},
            {.tag = EVENTTYPE_CLOCK, .clock = {CLOCKID_MONOTONIC, 60000000000, 0, 0}},
            {.tag = EVENTTYPE_FD_WRITE, .fd = 1},
            {.tag = EVENTTYPE_FD_READ, .fd = 98},
        };
        Event out[4];
        CHECK(poll_oneoff(in, out, 3, &count) == ERRNO_SUCCESS && poll_oneoff(in, out, 4, &count) == ERRNO_SUCCESS);
        CHECK(fd_renumber(fd, other) == ERRNO_SUCCESS && fd_close(other) == ERRNO_SUCCESS);
    }
}

/// The environment is as large as the exit code of the test wants it: what is told of it fits what is given.
static void environment(void) {
    uint32_t count, size;
    uint64_t sum = 0;
    for (uint32_t round = 0; round < 200; round++) {
        CHECK(environ_sizes_get(&count, &size) == ERRNO_SUCCESS && size <= sizeof(bytes) - 8 * count);
        uint8_t **pointers = (uint8_t **)bytes;
        bytes[4 * count + size] = 0x55;
        CHECK(environ_get(pointers, bytes + 4 * count) == ERRNO_SUCCESS && bytes[4 * count + size] == 0x55);
        for (uint32_t index = 0; index < count; index++) {
            uint32_t have = length((char *)pointers[index]);
            CHECK(index + 1 == count || pointers[index] + have + 1 == pointers[index + 1]);
            sum += have;
        }
        CHECK(sum == (uint64_t)(size - count) * (round + 1));
    }
    uint8_t *noise = bytes + 1000;
    noise[200000] = 7;
    CHECK(random_get(noise, 200000) == ERRNO_SUCCESS && noise[200000] == 7);
    uint32_t zeroes = 0;
    for (uint32_t index = 0; index < 200000; index++) {
        zeroes += noise[index] == 0;
    }
    CHECK(zeroes > 100 && zeroes < 5000);
}

static void wild(const char *what) {
    uint32_t count;
    uint64_t *unaligned = (uint64_t *)(bytes + 4);
    Vector outside = {(uint8_t *)0xfffffff0, 4};
    if (equal(what, "unaligned", 9)) {
        fd_tell(0, (uint64_t *)(((uintptr_t)unaligned & ~(uintptr_t)7) | 4));
    } else if (equal(what, "outside", 7)) {
        fd_write(1, &outside, 1, &count);
    } else if (equal(what, "beyond", 6)) {
        fd_write(1, (const Vector *)0xffff0000, 1000, &count);
    } else if (equal(what, "many-polls", 10)) {
        poll_oneoff((const Subscription *)bytes, (Event *)bytes, 0x05000000, &count);
    }
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    {"directories", directories}, {"files", files},     {"descriptors", descriptors}, {"paths", paths},
    {"polling", polling},         {"handles", handles}, {"environment", environment},
};

#ifdef ALLOCATES
// Never gives anything back: the adapter must not ask for more and more.
__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, uint32_t old_size, uint32_t alignment, uint32_t size) {
    static uint8_t heap[2 << 20] __attribute__((aligned(16)));
    static uint32_t used = 16;
    if (old != NULL || old_size != 0 || alignment > 8 || size > sizeof(heap) - used) {
        __builtin_trap();
    }
    void *result = heap + used;
    used += (size + 7) & ~7u;
    return result;
}
#endif

__attribute__((export_name("_start"))) void start(void) {
    uint32_t count, size;
    CHECK(args_sizes_get(&count, &size) == ERRNO_SUCCESS && count == 2 && size < 1000);
    uint8_t *arguments[2], text[1000];
    CHECK(args_get(arguments, text) == ERRNO_SUCCESS);
    const char *name = (char *)arguments[1];
    for (uint32_t index = 0; index < sizeof(cases) / sizeof(*cases); index++) {
        if (length(name) == length(cases[index].name) && equal(name, cases[index].name, length(name))) {
            cases[index].run();
            return;
        }
    }
    wild(name);
}
