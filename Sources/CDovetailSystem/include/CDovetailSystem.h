// SPDX-License-Identifier: Apache-2.0
// System calls as Swift can use them: no variadics, no per-thread errno. Every function that can fail returns
// a negative errno; constants that Swift does not import, or that differ between systems, are enumerated here.
#ifndef CDOVETAILSYSTEM_H
#define CDOVETAILSYSTEM_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The error numbers that Dovetail tells apart.
enum {
    DOVETAIL_EACCES = EACCES,
    DOVETAIL_EAGAIN = EAGAIN,
    DOVETAIL_EALREADY = EALREADY,
    DOVETAIL_EBADF = EBADF,
    DOVETAIL_EBUSY = EBUSY,
    DOVETAIL_EDEADLK = EDEADLK,
    DOVETAIL_EDQUOT = EDQUOT,
    DOVETAIL_EEXIST = EEXIST,
    DOVETAIL_EFBIG = EFBIG,
    DOVETAIL_EILSEQ = EILSEQ,
    DOVETAIL_EINPROGRESS = EINPROGRESS,
    DOVETAIL_EINTR = EINTR,
    DOVETAIL_EINVAL = EINVAL,
    DOVETAIL_EIO = EIO,
    DOVETAIL_EISDIR = EISDIR,
    DOVETAIL_ELOOP = ELOOP,
    DOVETAIL_EMFILE = EMFILE,
    DOVETAIL_EMLINK = EMLINK,
    DOVETAIL_EMSGSIZE = EMSGSIZE,
    DOVETAIL_ENAMETOOLONG = ENAMETOOLONG,
    DOVETAIL_ENFILE = ENFILE,
    DOVETAIL_ENODEV = ENODEV,
    DOVETAIL_ENOENT = ENOENT,
    DOVETAIL_ENOLCK = ENOLCK,
    DOVETAIL_ENOMEM = ENOMEM,
    DOVETAIL_ENOSPC = ENOSPC,
    DOVETAIL_ENOSYS = ENOSYS,
    DOVETAIL_ENOTDIR = ENOTDIR,
    DOVETAIL_ENOTEMPTY = ENOTEMPTY,
    DOVETAIL_ENOTRECOVERABLE = ENOTRECOVERABLE,
    DOVETAIL_ENOTSUP = ENOTSUP,
    DOVETAIL_ENOTTY = ENOTTY,
    DOVETAIL_ENXIO = ENXIO,
    DOVETAIL_EOPNOTSUPP = EOPNOTSUPP,
    DOVETAIL_EOVERFLOW = EOVERFLOW,
    DOVETAIL_EPERM = EPERM,
    DOVETAIL_EPIPE = EPIPE,
    DOVETAIL_EROFS = EROFS,
    DOVETAIL_ESPIPE = ESPIPE,
    DOVETAIL_ETXTBSY = ETXTBSY,
    DOVETAIL_EWOULDBLOCK = EWOULDBLOCK,
    DOVETAIL_EXDEV = EXDEV,
    // Of sockets.
    DOVETAIL_EADDRINUSE = EADDRINUSE,
    DOVETAIL_EADDRNOTAVAIL = EADDRNOTAVAIL,
    DOVETAIL_EAFNOSUPPORT = EAFNOSUPPORT,
    DOVETAIL_ECONNABORTED = ECONNABORTED,
    DOVETAIL_ECONNREFUSED = ECONNREFUSED,
    DOVETAIL_ECONNRESET = ECONNRESET,
    DOVETAIL_EDESTADDRREQ = EDESTADDRREQ,
    DOVETAIL_EHOSTUNREACH = EHOSTUNREACH,
    DOVETAIL_EISCONN = EISCONN,
    DOVETAIL_ENETDOWN = ENETDOWN,
    DOVETAIL_ENETRESET = ENETRESET,
    DOVETAIL_ENETUNREACH = ENETUNREACH,
    DOVETAIL_ENOBUFS = ENOBUFS,
    DOVETAIL_ENOPROTOOPT = ENOPROTOOPT,
    DOVETAIL_ENOTCONN = ENOTCONN,
    DOVETAIL_EPROTO = EPROTO,
    DOVETAIL_EPROTONOSUPPORT = EPROTONOSUPPORT,
    DOVETAIL_ETIMEDOUT = ETIMEDOUT,
};

// In place of a directory's descriptor: paths are relative to the working directory, or absolute.
enum { DOVETAIL_WORKING_DIRECTORY = AT_FDCWD };

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
    DOVETAIL_POLL_ENDED = 4,
    // Of a poller alone: the other end sends nothing more.
    DOVETAIL_POLL_READ_ENDED = 8,
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
    uint32_t permissions;
    uint32_t owner;
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

// `mode`: the permissions of a file that is created, less those of the process's mask.
int dovetail_sys_openat(int directory, const char *path, int flags, uint32_t mode);
// Resolution that the kernel confines below `directory`; -ENOSYS where the system cannot.
int dovetail_sys_openat_beneath(int directory, const char *path, int flags);
int dovetail_sys_close(int descriptor);
int dovetail_sys_duplicate(int descriptor);

int dovetail_sys_fstat(int descriptor, dovetail_sys_stat *result);
// Of the entry itself unless `follow`: a symbolic link is not followed then.
int dovetail_sys_fstatat(int directory, const char *name, int follow, dovetail_sys_stat *result);
int dovetail_sys_set_permissions(int descriptor, uint32_t mode);
// The absolute path without symbolic links; its length, without the NUL.
int64_t dovetail_sys_real_path(const char *path, char *buffer, size_t count);

// Maps a file's first `size` bytes for reading.
int dovetail_sys_map(int descriptor, size_t size, void **base);
// Brings all pages of a mapping in at once, where the system can.
void dovetail_sys_read_ahead(void *base, size_t size);
// Where the next byte is read from.
int64_t dovetail_sys_position(int descriptor);
void dovetail_sys_skip_to_end(int descriptor);
void dovetail_sys_unmap(void *base, size_t size);

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
// Whether the descriptor was opened for reading, for writing: DOVETAIL_OPEN_READ, DOVETAIL_OPEN_WRITE or both.
int dovetail_sys_access_mode(int descriptor);

int dovetail_sys_set_times(int descriptor, dovetail_sys_time accessed, dovetail_sys_time modified);
// Of the entry itself: a symbolic link is not followed.
int dovetail_sys_set_times_at(
    int directory, const char *name, dovetail_sys_time accessed, dovetail_sys_time modified);

int dovetail_sys_mkdirat(int directory, const char *name, uint32_t mode);
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
// What waits for many descriptors at once, and can be woken by other threads.
typedef struct dovetail_sys_poller {
    int queue;
    int waker;
} dovetail_sys_poller;

// The token of a wake-up; the most events of one wait.
#define DOVETAIL_POLLER_WAKE UINT64_MAX
enum { DOVETAIL_POLLER_BATCH = 128 };

typedef struct dovetail_sys_poller_event {
    uint64_t token;
    // DOVETAIL_POLL_READABLE, DOVETAIL_POLL_WRITABLE; DOVETAIL_POLL_READ_ENDED with the first; DOVETAIL_POLL_ENDED with all
    // when there is an error or the end.
    int32_t ready;
} dovetail_sys_poller_event;

int dovetail_sys_poller_create(dovetail_sys_poller *poller);
void dovetail_sys_poller_close(dovetail_sys_poller poller);
void dovetail_sys_poller_wake(dovetail_sys_poller poller);
// Adds a descriptor or changes what is waited for; `edge`: an event only when something has changed. -EPERM for a file
// that is always ready.
int dovetail_sys_poller_set(dovetail_sys_poller poller, int descriptor, uint64_t token, int interest, int edge);
void dovetail_sys_poller_remove(dovetail_sys_poller poller, int descriptor);
// Waits at most `nanoseconds` (negative: without end) for up to `limit` events, DOVETAIL_POLLER_BATCH at most, and returns their
// number.
int dovetail_sys_poller_wait(
    dovetail_sys_poller poller, dovetail_sys_poller_event *events, int limit, int64_t nanoseconds);

// The event loop that this thread drives.
extern _Thread_local const void *dovetail_sys_loop;
static inline const void *dovetail_sys_current_loop(void) { return dovetail_sys_loop; }
static inline void dovetail_sys_set_current_loop(const void *loop) { dovetail_sys_loop = loop; }

// A descriptor pair with which one thread wakes another that polls; equal where one descriptor does both.
int dovetail_sys_wake_create(int *reader, int *writer);
void dovetail_sys_wake_raise(int writer);
void dovetail_sys_wake_drain(int reader);

// An IP address and port; of IPv4 the first four bytes count.
typedef struct dovetail_sys_address {
    // 4 or 6.
    int32_t family;
    uint16_t port;
    uint8_t bytes[16];
    uint32_t flow;
    uint32_t scope;
} dovetail_sys_address;

// Options of sockets; sizes and times in bytes and seconds.
enum {
    // Read and cleared: what an operation in the background has failed with.
    DOVETAIL_OPTION_ERROR,
    DOVETAIL_OPTION_REUSE_ADDRESS,
    DOVETAIL_OPTION_REUSE_PORT,
    DOVETAIL_OPTION_KEEP_ALIVE,
    DOVETAIL_OPTION_RECEIVE_BUFFER,
    DOVETAIL_OPTION_SEND_BUFFER,
    DOVETAIL_OPTION_NO_DELAY,
    DOVETAIL_OPTION_KEEP_ALIVE_IDLE,
    DOVETAIL_OPTION_KEEP_ALIVE_INTERVAL,
    DOVETAIL_OPTION_KEEP_ALIVE_COUNT,
    DOVETAIL_OPTION_HOPS_V4,
    DOVETAIL_OPTION_HOPS_V6,
};

// Sockets never wait, are never inherited and never raise SIGPIPE.
int dovetail_sys_socket(int family, int is_datagram);
int dovetail_sys_bind(int descriptor, const dovetail_sys_address *address);
// NULL: a datagram socket is for all senders and receivers again.
int dovetail_sys_connect(int descriptor, const dovetail_sys_address *address);
int dovetail_sys_listen(int descriptor, int backlog);
// `peer` may be NULL.
int dovetail_sys_accept(int descriptor, dovetail_sys_address *peer);
int dovetail_sys_local_address(int descriptor, dovetail_sys_address *address);
int dovetail_sys_remote_address(int descriptor, dovetail_sys_address *address);
int dovetail_sys_shutdown(int descriptor, int reading, int writing);
int64_t dovetail_sys_receive(int descriptor, void *buffer, size_t count);
int64_t dovetail_sys_send(int descriptor, const void *buffer, size_t count);
int64_t dovetail_sys_receive_from(int descriptor, void *buffer, size_t count, dovetail_sys_address *sender);
// `receiver` is NULL for the one that the socket is connected to.
int64_t dovetail_sys_send_to(
    int descriptor, const void *buffer, size_t count, const dovetail_sys_address *receiver);
int dovetail_sys_get_option(int descriptor, int option, int *value);
int dovetail_sys_set_option(int descriptor, int option, int value);
// Closing the connection then resets it: the other end sees an error rather than the end.
int dovetail_sys_reset_on_close(int descriptor);

int dovetail_sys_parse_ip(const char *text, dovetail_sys_address *address);
void dovetail_sys_print_ip(const dovetail_sys_address *address, char *buffer, size_t count);

// Why a name was not resolved.
enum {
    DOVETAIL_RESOLVE_UNKNOWN_NAME = 1,
    DOVETAIL_RESOLVE_TEMPORARY = 2,
    DOVETAIL_RESOLVE_PERMANENT = 3,
    DOVETAIL_RESOLVE_MEMORY = 4,
};
// The addresses of a name, at most `capacity`; waits for the answers of others.
int dovetail_sys_resolve(const char *name, dovetail_sys_address *addresses, size_t capacity, size_t *count);

uint64_t dovetail_sys_monotonic_now(void);
uint64_t dovetail_sys_monotonic_resolution(void);
dovetail_sys_time dovetail_sys_wall_now(void);
uint64_t dovetail_sys_wall_resolution(void);

int dovetail_sys_is_terminal(int descriptor);
// 0 where the descriptor is no terminal.
int dovetail_sys_terminal_columns(int descriptor);
int dovetail_sys_random(void *buffer, size_t count);

// Gives descriptors 0, 1 and 2 that are closed an open file that is at its end and cannot be written, so that no other
// file gets their number.
int dovetail_sys_fill_standard_descriptors(void);

size_t dovetail_sys_page_size(void);
// Address space of whole pages in which nothing is accessible yet; NULL when there is none left.
void *dovetail_sys_reserve(size_t count);
void dovetail_sys_unreserve(void *start, size_t count);
// Makes whole pages accessible, or not any more.
int dovetail_sys_set_accessible(void *start, size_t count, bool accessible);
// Fills whole pages, all of them accessible and private, with zeroes. Those that were touched stay in memory, at most `kept` of them.
int dovetail_sys_clear(void *start, size_t count, size_t kept);
struct dovetail_sys_range {
    size_t start, end;
};
enum { DOVETAIL_SYS_RANGE_COUNT = 64 };
// Which pages have content of their own, in bytes behind `start`: not that of a file, and not zeroes that nobody wrote. The number of
// ranges, and how far the search went: not to the end where there are more of them. -errno where the system cannot tell.
int64_t dovetail_sys_written_pages(
    const void *start, size_t count, struct dovetail_sys_range ranges[DOVETAIL_SYS_RANGE_COUNT], size_t *walked);
// Has the process own pages at once that it is going to write, which else happens at the first write to each. 0 or -errno.
int dovetail_sys_populate(void *start, size_t count);

// The system's sentence for an error number; empty where it has none.
void dovetail_sys_error_text(int number, char *buffer, size_t count);

const char *dovetail_sys_variable(const char *name);
// The `index`th variable of the environment as NAME=VALUE, NULL behind the last.
const char *dovetail_sys_variable_at(size_t index);
// The length of the path of the running executable.
int64_t dovetail_sys_executable_path(char *buffer, size_t count);
uint32_t dovetail_sys_process_id(void);
/// Starts a program with an empty standard input, looked up in PATH; standard output and standard error go to a pipe whose
/// reading end is put into `*output`. `arguments` ends with NULL. 0 or -errno.
int dovetail_sys_spawn(const char *const *arguments, int *output, int64_t *process);
/// Waits for the end of a program: its exit code, or 128 and the signal that ended it; -errno.
int dovetail_sys_wait_for(int64_t process);
/// Asks a program that was started and not waited for to end, or ends it at once.
void dovetail_sys_interrupt(int64_t process, int at_once);
uint32_t dovetail_sys_user_id(void);
_Noreturn void dovetail_sys_exit(int code);
// Has SIGTERM, SIGINT and SIGHUP written, each as its number, to a pipe whose other end is returned.
int dovetail_sys_signal_pipe(void);
// Lets the calling thread have them: whoever started the process may have blocked them for all its threads.
void dovetail_sys_unblock_signals(void);
// The memory of the process; negative where the system does not tell.
int64_t dovetail_sys_resident_bytes(void);
// How many threads run side by side on this machine.
int dovetail_sys_processors(void);
// Lets a write past the limit on the size of files fail, instead of ending the process.
void dovetail_sys_report_file_size_limit(void);

// Starts a thread that nobody waits for and that takes no signals.
int dovetail_sys_thread_start(const char *name, void (*body)(void *context), void *context);
void dovetail_sys_sleep(uint64_t nanoseconds);

#endif
