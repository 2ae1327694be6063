// SPDX-License-Identifier: Apache-2.0
//
// The table of the program's descriptors, and the functions that concern an entry as a whole.

#include "adapter.h"

/// A directory that is open from the start: `tuple<descriptor, string>`.
typedef struct {
    Handle handle;
    String name;
} Preopen;

static Descriptor *slot(State *state, uint32_t fd) {
    if (fd < FIRST_DESCRIPTORS) {
        return &state->first[fd];
    }
    fd -= FIRST_DESCRIPTORS;
    uint32_t chunk = fd / CHUNK_DESCRIPTORS;
    return chunk < state->chunk_count ? &state->chunks[chunk][fd % CHUNK_DESCRIPTORS] : NULL;
}

Descriptor *take_free(State *state, uint32_t *fd) {
    for (uint32_t number = state->lowest_free;; number++) {
        Descriptor *result = slot(state, number);
        if (result == NULL) {
            if (state->chunk_count == CHUNK_LIMIT) {
                return NULL;
            }
            result = allocate_page();
            __builtin_memset(result, 0, PAGE_SIZE);
            state->chunks[state->chunk_count++] = result;
        }
        if (result->kind == CLOSED) {
            state->lowest_free = number + 1;
            result->flags = 0;
            result->stream = NO_HANDLE;
            result->name.bytes = NULL;
            result->position = 0;
            *fd = number;
            return result;
        }
    }
}

/// Opens the standard streams and the preopened directories.
static void open_descriptors(State *state) {
    state->has_descriptors = true;
    uint32_t fd;
    for (Kind kind = STANDARD_INPUT; kind <= STANDARD_ERROR; kind++) {
        Descriptor *descriptor = take_free(state, &fd);
        descriptor->kind = kind;
        descriptor->filetype = FILETYPE_NOT_ASKED;
    }
    List list;
    preopens_get_directories(&list);
    // Their names.
    keep_allocations();
    for (const Preopen *preopen = list.items; list.count > 0; preopen++, list.count--) {
        Descriptor *descriptor = take_free(state, &fd);
        if (descriptor == NULL) {
            __builtin_trap();
        }
        descriptor->kind = DIRECTORY;
        descriptor->filetype = FILETYPE_DIRECTORY;
        descriptor->handle = preopen->handle;
        descriptor->name = preopen->name;
    }
}

/// An entry that is not free.
static Descriptor *find_taken(State *state, uint32_t fd) {
    if (!state->has_descriptors) {
        open_descriptors(state);
    }
    Descriptor *result = slot(state, fd);
    return result != NULL && result->kind != CLOSED ? result : NULL;
}

Descriptor *find(State *state, uint32_t fd) {
    Descriptor *result = find_taken(state, fd);
    return result != NULL && result->kind != BAD ? result : NULL;
}

Descriptor *find_file(State *state, uint32_t fd) {
    Descriptor *result = find(state, fd);
    return result != NULL && result->kind == REGULAR ? result : NULL;
}

void drop_stream(State *state, Descriptor *descriptor) {
    Handle stream = descriptor->stream;
    if (stream == NO_HANDLE) {
        return;
    }
    descriptor->stream = NO_HANDLE;
    if (descriptor->kind == DIRECTORY) {
        state->held[stream % HELD_ENTRIES].cookie = 0;
        directory_entry_stream_drop(stream);
    } else if (descriptor->kind == STANDARD_INPUT) {
        input_stream_drop(stream);
    } else {
        output_stream_drop(stream);
    }
}

void close_descriptor(State *state, Descriptor *descriptor) {
    drop_stream(state, descriptor);
    if (descriptor->kind >= REGULAR) {
        descriptor_drop(descriptor->handle);
    }
    descriptor->kind = CLOSED;
}

/// Looks for free entries from here on.
static void give_free(State *state, uint32_t fd) {
    if (fd < state->lowest_free) {
        state->lowest_free = fd;
    }
}

Errno EXPORT(fd_close)(uint32_t fd) {
    State *state = enter();
    Descriptor *descriptor = find(state, fd);
    if (descriptor == NULL) {
        return ERRNO_BADF;
    }
    close_descriptor(state, descriptor);
    give_free(state, fd);
    return ERRNO_SUCCESS;
}

Errno EXPORT(fd_renumber)(uint32_t fd, uint32_t to) {
    State *state = enter();
    Descriptor *from = find(state, fd);
    Descriptor *target = find(state, to);
    if (from == NULL || target == NULL) {
        return ERRNO_BADF;
    }
    if (from != target) {
        close_descriptor(state, target);
        *target = *from;
        from->kind = CLOSED;
        give_free(state, fd);
    }
    return ERRNO_SUCCESS;
}

/// A preopened directory, or null.
static Descriptor *find_preopen(uint32_t fd) {
    Descriptor *result = find(enter(), fd);
    return result != NULL && result->kind == DIRECTORY && result->name.bytes != NULL ? result : NULL;
}

Errno EXPORT(fd_prestat_get)(uint32_t fd, PreopenStat *result) {
    check_alignment(result, 4);
    Descriptor *descriptor = find_preopen(fd);
    if (descriptor == NULL) {
        return ERRNO_BADF;
    }
    result->tag = PREOPENTYPE_DIR;
    result->name_length = descriptor->name.length;
    return ERRNO_SUCCESS;
}

Errno EXPORT(fd_prestat_dir_name)(uint32_t fd, uint8_t *bytes, uint32_t size) {
    Descriptor *descriptor = find_preopen(fd);
    if (descriptor == NULL) {
        return ERRNO_BADF;
    }
    if (size < descriptor->name.length) {
        return ERRNO_NAMETOOLONG;
    }
    __builtin_memcpy(bytes, descriptor->name.bytes, descriptor->name.length);
    return ERRNO_SUCCESS;
}

static Errno shut_down(uint32_t fd) { return find(enter(), fd) == NULL ? ERRNO_BADF : ERRNO_NOTSOCK; }

// No descriptor is a socket: WASI 0.2 hands none to a program, and preview 1 cannot open any.

Errno EXPORT(sock_accept)(uint32_t fd, uint32_t flags, uint32_t *result) { return shut_down(fd); }

Errno EXPORT(sock_recv)(
    uint32_t fd, const Vector *vectors, uint32_t count, uint32_t flags, uint32_t *size, uint16_t *result_flags) {
    return shut_down(fd);
}

Errno EXPORT(sock_send)(uint32_t fd, const Vector *vectors, uint32_t count, uint32_t flags, uint32_t *size) {
    return shut_down(fd);
}

Errno EXPORT(sock_shutdown)(uint32_t fd, uint32_t how) { return shut_down(fd); }

// Not of preview 1: what wasi-libc and tools that run a program before it is deployed ask an adapter for.

/// Takes a number that no function accepts.
Errno EXPORT(adapter_open_badfd)(uint32_t *fd) {
    check_alignment(fd, 4);
    State *state = enter();
    // The standard streams and preopens come first.
    find(state, 0);
    Descriptor *descriptor = take_free(state, fd);
    if (descriptor == NULL) {
        return ERRNO_NFILE;
    }
    descriptor->kind = BAD;
    return ERRNO_SUCCESS;
}

Errno EXPORT(adapter_close_badfd)(uint32_t fd) {
    State *state = enter();
    Descriptor *descriptor = find_taken(state, fd);
    if (descriptor == NULL || descriptor->kind != BAD) {
        return ERRNO_BADF;
    }
    descriptor->kind = CLOSED;
    give_free(state, fd);
    return ERRNO_SUCCESS;
}

/// Forgets all descriptors: a snapshot of the memory goes on in an instance where their handles mean nothing.
void EXPORT(reset_adapter_state)(void) {
    State *state = enter();
    state->has_descriptors = false;
    state->lowest_free = 0;
    for (uint32_t fd = 0;; fd++) {
        Descriptor *descriptor = slot(state, fd);
        if (descriptor == NULL) {
            break;
        }
        descriptor->kind = CLOSED;
    }
    for (uint32_t index = 0; index < HELD_ENTRIES; index++) {
        state->held[index].cookie = 0;
    }
}
