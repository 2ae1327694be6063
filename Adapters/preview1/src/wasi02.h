// SPDX-License-Identifier: Apache-2.0
//
// The functions of WASI 0.2 that the adapter imports, with the signatures that the canonical ABI gives them. A result that does
// not fit one core value is written to the last parameter.

#pragma once

#include <stdbool.h>
#include <stdint.h>

#define IMPORT(interface, name) __attribute__((import_module("wasi:" interface "@" WASI_VERSION), import_name(name)))

typedef uint32_t Handle;

/// No handle: an index that no table reaches.
#define NO_HANDLE 0xffffffffu

typedef struct {
    const uint8_t *bytes;
    uint32_t length;
} String;

typedef struct {
    uint64_t seconds;
    uint32_t nanoseconds;
} DateTime;

typedef struct {
    bool is_some;
    DateTime value;
} OptionalDateTime;

typedef struct {
    bool is_some;
    Handle value;
} OptionalHandle;

typedef struct {
    void *items;
    uint32_t count;
} List;

enum { DESCRIPTOR_TYPE_DIRECTORY = 3 };

enum {
    DESCRIPTOR_FLAGS_READ = 1 << 0,
    DESCRIPTOR_FLAGS_WRITE = 1 << 1,
    DESCRIPTOR_FLAGS_FILE_INTEGRITY_SYNC = 1 << 2,
    DESCRIPTOR_FLAGS_DATA_INTEGRITY_SYNC = 1 << 3,
    DESCRIPTOR_FLAGS_REQUESTED_WRITE_SYNC = 1 << 4,
};

typedef struct {
    uint8_t type;
    uint64_t links;
    uint64_t size;
    OptionalDateTime accessed;
    OptionalDateTime modified;
    OptionalDateTime changed;
} DescriptorStat;

typedef struct {
    uint8_t type;
    String name;
} DirectoryEntry;

/// What to set a time to: `new-timestamp`, as three core values.
enum { TIMESTAMP_NO_CHANGE, TIMESTAMP_NOW, TIMESTAMP_VALUE };

enum { STREAM_ERROR_LAST_OPERATION_FAILED, STREAM_ERROR_CLOSED };

typedef struct {
    uint8_t tag;
    Handle error;
} StreamError;

// Results whose error is an `error-code`. The payload stands where the stricter alignment of both cases puts it.

#define RESULT(name, type)                                                                                                    \
    typedef struct {                                                                                                          \
        bool is_error;                                                                                                        \
        union {                                                                                                               \
            type value;                                                                                                       \
            uint8_t code;                                                                                                     \
        };                                                                                                                    \
    } name

RESULT(ByteResult, uint8_t);
RESULT(SizeResult, uint64_t);
RESULT(HandleResult, Handle);
RESULT(StringResult, String);
RESULT(StatResult, DescriptorStat);
typedef struct {
    List list;
    bool is_at_end;
} ReadBytes;
RESULT(ReadResult, ReadBytes);
typedef struct {
    uint64_t lower;
    uint64_t upper;
} MetadataHash;
RESULT(HashResult, MetadataHash);
typedef struct {
    bool is_some;
    DirectoryEntry value;
} OptionalEntry;
RESULT(EntryResult, OptionalEntry);

// Results whose error is a `stream-error`.

typedef struct {
    bool is_error;
    StreamError error;
} StreamResult;

typedef struct {
    bool is_error;
    union {
        List list;
        StreamError error;
    };
} StreamBytesResult;

typedef struct {
    bool is_error;
    union {
        uint64_t value;
        StreamError error;
    };
} StreamSizeResult;

typedef struct {
    bool is_some;
    uint8_t code;
} OptionalCode;

_Static_assert(sizeof(DescriptorStat) == 96 && sizeof(StatResult) == 104, "descriptor-stat");
_Static_assert(sizeof(EntryResult) == 20 && sizeof(ReadResult) == 16 && sizeof(ByteResult) == 2, "results");

// wasi:cli

IMPORT("cli/environment", "get-environment") void environment_get_environment(List *);
IMPORT("cli/environment", "get-arguments") void environment_get_arguments(List *);
IMPORT("cli/exit", "exit") void cli_exit(uint32_t is_error);
IMPORT("cli/exit", "exit-with-code") void cli_exit_with_code(uint32_t code);
IMPORT("cli/stdin", "get-stdin") Handle stdin_get(void);
IMPORT("cli/stdout", "get-stdout") Handle stdout_get(void);
IMPORT("cli/stderr", "get-stderr") Handle stderr_get(void);
IMPORT("cli/terminal-stdin", "get-terminal-stdin") void terminal_stdin_get(OptionalHandle *);
IMPORT("cli/terminal-stdout", "get-terminal-stdout") void terminal_stdout_get(OptionalHandle *);
IMPORT("cli/terminal-stderr", "get-terminal-stderr") void terminal_stderr_get(OptionalHandle *);
IMPORT("cli/terminal-input", "[resource-drop]terminal-input") void terminal_input_drop(Handle);
IMPORT("cli/terminal-output", "[resource-drop]terminal-output") void terminal_output_drop(Handle);

// wasi:clocks

IMPORT("clocks/monotonic-clock", "now") uint64_t monotonic_clock_now(void);
IMPORT("clocks/monotonic-clock", "resolution") uint64_t monotonic_clock_resolution(void);
IMPORT("clocks/monotonic-clock", "subscribe-instant") Handle monotonic_clock_subscribe_instant(uint64_t);
IMPORT("clocks/monotonic-clock", "subscribe-duration") Handle monotonic_clock_subscribe_duration(uint64_t);
IMPORT("clocks/wall-clock", "now") void wall_clock_now(DateTime *);
IMPORT("clocks/wall-clock", "resolution") void wall_clock_resolution(DateTime *);

// wasi:random

IMPORT("random/random", "get-random-bytes") void random_get_random_bytes(uint64_t length, List *);

// wasi:io

IMPORT("io/error", "[resource-drop]error") void error_drop(Handle);
IMPORT("io/poll", "[method]pollable.ready") bool pollable_ready(Handle);
IMPORT("io/poll", "[resource-drop]pollable") void pollable_drop(Handle);
IMPORT("io/poll", "poll") void poll_poll(const Handle *, uint32_t count, List *);
IMPORT("io/streams", "[method]input-stream.read") void input_stream_read(Handle, uint64_t, StreamBytesResult *);
IMPORT("io/streams", "[method]input-stream.blocking-read")
void input_stream_blocking_read(Handle, uint64_t, StreamBytesResult *);
IMPORT("io/streams", "[method]input-stream.subscribe") Handle input_stream_subscribe(Handle);
IMPORT("io/streams", "[resource-drop]input-stream") void input_stream_drop(Handle);
IMPORT("io/streams", "[method]output-stream.check-write") void output_stream_check_write(Handle, StreamSizeResult *);
IMPORT("io/streams", "[method]output-stream.write")
void output_stream_write(Handle, const uint8_t *, uint32_t, StreamResult *);
IMPORT("io/streams", "[method]output-stream.flush") void output_stream_flush(Handle, StreamResult *);
IMPORT("io/streams", "[method]output-stream.blocking-write-and-flush")
void output_stream_blocking_write_and_flush(Handle, const uint8_t *, uint32_t, StreamResult *);
IMPORT("io/streams", "[method]output-stream.subscribe") Handle output_stream_subscribe(Handle);
IMPORT("io/streams", "[resource-drop]output-stream") void output_stream_drop(Handle);

// wasi:filesystem

#define FILESYSTEM(name) IMPORT("filesystem/types", name)
#define DESCRIPTOR(name) FILESYSTEM("[method]descriptor." name)

IMPORT("filesystem/preopens", "get-directories") void preopens_get_directories(List *);
FILESYSTEM("filesystem-error-code") void filesystem_error_code(Handle error, OptionalCode *);
FILESYSTEM("[resource-drop]descriptor") void descriptor_drop(Handle);
FILESYSTEM("[resource-drop]directory-entry-stream") void directory_entry_stream_drop(Handle);
FILESYSTEM("[method]directory-entry-stream.read-directory-entry")
void directory_entry_stream_read(Handle, EntryResult *);
DESCRIPTOR("append-via-stream") void descriptor_append_via_stream(Handle, HandleResult *);
DESCRIPTOR("advise") void descriptor_advise(Handle, uint64_t offset, uint64_t length, uint32_t advice, ByteResult *);
DESCRIPTOR("sync-data") void descriptor_sync_data(Handle, ByteResult *);
DESCRIPTOR("sync") void descriptor_sync(Handle, ByteResult *);
DESCRIPTOR("get-flags") void descriptor_get_flags(Handle, ByteResult *);
DESCRIPTOR("get-type") void descriptor_get_type(Handle, ByteResult *);
DESCRIPTOR("set-size") void descriptor_set_size(Handle, uint64_t, ByteResult *);
DESCRIPTOR("set-times")
void descriptor_set_times(
    Handle, uint32_t accessed, uint64_t, uint32_t, uint32_t modified, uint64_t, uint32_t, ByteResult *);
DESCRIPTOR("read") void descriptor_read(Handle, uint64_t length, uint64_t offset, ReadResult *);
DESCRIPTOR("write") void descriptor_write(Handle, const uint8_t *, uint32_t, uint64_t offset, SizeResult *);
DESCRIPTOR("read-directory") void descriptor_read_directory(Handle, HandleResult *);
DESCRIPTOR("stat") void descriptor_stat(Handle, StatResult *);
DESCRIPTOR("metadata-hash") void descriptor_metadata_hash(Handle, HashResult *);
DESCRIPTOR("create-directory-at") void descriptor_create_directory_at(Handle, const uint8_t *, uint32_t, ByteResult *);
DESCRIPTOR("stat-at") void descriptor_stat_at(Handle, uint32_t flags, const uint8_t *, uint32_t, StatResult *);
DESCRIPTOR("metadata-hash-at")
void descriptor_metadata_hash_at(Handle, uint32_t flags, const uint8_t *, uint32_t, HashResult *);
DESCRIPTOR("set-times-at")
void descriptor_set_times_at(
    Handle, uint32_t flags, const uint8_t *, uint32_t, uint32_t accessed, uint64_t, uint32_t, uint32_t modified, uint64_t,
    uint32_t, ByteResult *);
DESCRIPTOR("link-at")
void descriptor_link_at(
    Handle, uint32_t flags, const uint8_t *, uint32_t, Handle, const uint8_t *, uint32_t, ByteResult *);
DESCRIPTOR("open-at")
void descriptor_open_at(
    Handle, uint32_t path_flags, const uint8_t *, uint32_t, uint32_t open_flags, uint32_t flags, HandleResult *);
DESCRIPTOR("readlink-at") void descriptor_readlink_at(Handle, const uint8_t *, uint32_t, StringResult *);
DESCRIPTOR("remove-directory-at") void descriptor_remove_directory_at(Handle, const uint8_t *, uint32_t, ByteResult *);
DESCRIPTOR("rename-at")
void descriptor_rename_at(Handle, const uint8_t *, uint32_t, Handle, const uint8_t *, uint32_t, ByteResult *);
DESCRIPTOR("symlink-at")
void descriptor_symlink_at(Handle, const uint8_t *, uint32_t, const uint8_t *, uint32_t, ByteResult *);
DESCRIPTOR("unlink-file-at") void descriptor_unlink_file_at(Handle, const uint8_t *, uint32_t, ByteResult *);
