// SPDX-License-Identifier: Apache-2.0
//
// What the parts of the adapter share. There is no static data: the adapter lives in the memory of the program, at addresses
// that only its `State`, allocated at the first call, knows. What has to be found without it is in WebAssembly globals.

#pragma once

#include "preview1.h"
#include "wasi02.h"

#define EXPORT(name) __attribute__((export_name(#name))) name
#define WASM_GLOBAL static uint32_t __attribute__((address_space(1)))

// Memory (memory.c)

enum { PAGE_SIZE = 65536 };

/// What a descriptor of the program is.
typedef enum {
    CLOSED,
    STANDARD_INPUT,
    STANDARD_OUTPUT,
    STANDARD_ERROR,
    REGULAR,
    DIRECTORY,
    /// Taken, so that nothing gets its number, but no function accepts it.
    BAD,
} Kind;

typedef struct {
    uint8_t kind;
    /// A file type; of the standard streams only once asked for.
    uint8_t filetype;
    /// `fdflags`.
    uint16_t flags;
    /// The `descriptor` of a file or directory.
    Handle handle;
    /// An input or output stream; of a file the one that appends; of a directory the stream of its entries.
    Handle stream;
    /// The name of a preopened directory; without one, the bytes are null.
    String name;
    /// Of a file where it is read and written next, or `AT_END`; of a directory the cookie of the next entry.
    uint64_t position;
} Descriptor;

/// The position of a file to which something was appended: its size, once somebody asks.
#define AT_END UINT64_MAX
/// The type of a standard stream that was not asked for yet.
#define FILETYPE_NOT_ASKED 0xff

enum { NAME_CAPACITY = 256, HELD_ENTRIES = 8, CHUNK_LIMIT = 32 };

/// An entry that was read from a directory but did not fit the program's buffer: the next call asks for it.
typedef struct {
    /// The stream it came from.
    Handle stream;
    uint64_t cookie;
    uint8_t type;
    uint32_t name_length;
    uint8_t name[NAME_CAPACITY];
} HeldEntry;

enum { FIRST_DESCRIPTORS = 1024, CHUNK_DESCRIPTORS = PAGE_SIZE / sizeof(Descriptor) };

typedef struct {
    bool has_descriptors;
    /// No descriptor below is free.
    uint32_t lowest_free;
    uint32_t chunk_count;
    Descriptor *chunks[CHUNK_LIMIT];
    HeldEntry held[HELD_ENTRIES];
    Descriptor first[FIRST_DESCRIPTORS];
} State;

_Static_assert(sizeof(Descriptor) == 32 && sizeof(State) < PAGE_SIZE - 16384, "the state and an arena share a page");

/// The state; allocated at the first call. Forgets what `allocate` gave before.
State *enter(void);
/// Memory until the next `enter`.
void *allocate(uint32_t size, uint32_t alignment);
/// Keeps what was allocated since `enter`.
void keep_allocations(void);
/// A page for ever.
void *allocate_page(void);
/// The next list of bytes that an import returns is written to these.
void lend_buffer(uint8_t *bytes, uint32_t size);
/// No more.
void take_back_buffer(void);

/// Traps when a pointer of the program is not aligned, as preview 1 asks for.
static inline void check_alignment(const void *pointer, uint32_t alignment) {
    if (((uintptr_t)pointer & (alignment - 1)) != 0) {
        __builtin_trap();
    }
}

// Errors (errors.c)

Errno errno_of(uint8_t code);
/// Drops the error.
Errno errno_of_stream(StreamError error);

// Descriptors (descriptors.c)

/// An open descriptor, or null.
Descriptor *find(State *state, uint32_t fd);
/// An open file, or null.
Descriptor *find_file(State *state, uint32_t fd);
/// A free descriptor and its number, or null when there are too many.
Descriptor *take_free(State *state, uint32_t *fd);
/// Drops all handles of a descriptor, which becomes free.
void close_descriptor(State *state, Descriptor *descriptor);
/// Drops the stream of a descriptor.
void drop_stream(State *state, Descriptor *descriptor);
uint8_t filetype_of(uint8_t descriptor_type);

// Streams (streams.c)

/// The stream of standard input, output or error.
Handle standard_stream(Descriptor *descriptor);
/// Whether it is a terminal, as a file type.
uint8_t standard_filetype(Descriptor *descriptor);
/// Reads at most `size` bytes, waiting for the first unless `flags` say otherwise.
Errno read_stream(Handle stream, uint16_t flags, uint8_t *bytes, uint32_t size, uint32_t *count);
/// Writes all of it, unless `flags` say not to wait.
Errno write_stream(Handle stream, uint16_t flags, const uint8_t *bytes, uint32_t size, uint32_t *count);

// Files (files.c)

/// Where a file is read and written next.
Errno position_of(Descriptor *file, uint64_t *position);
void store_stat(const DescriptorStat *stat, uint64_t inode, FileStat *result);
/// `fstflags` with a time, as `new-timestamp`; an error when both ways to set it are asked for.
Errno timestamp_of(uint32_t set, uint32_t now, uint64_t *time, uint32_t *tag, uint32_t *nanoseconds);
