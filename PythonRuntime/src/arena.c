// SPDX-License-Identifier: Apache-2.0
// Memory for what is lowered: chunks that are filled one after the other, given back down to a mark.
#include "runtime.h"

enum { CHUNK_SIZE = 65536, SMALL_CHUNK_SIZE = 1024 };

struct Chunk {
    Chunk *previous;
    size_t used, capacity;
    _Alignas(16) uint8_t bytes[];
};

static Chunk *newest;
// How large chunks are: those of a call that waits are kept for long, and it may be one of many.
static size_t chunk_size = CHUNK_SIZE;

Mark arena_mark(void) { return (Mark){newest, newest ? newest->used : 0}; }

void arena_release(Mark mark) {
    while (newest != mark.chunk) {
        Chunk *previous = newest->previous;
        // The first chunk is kept for the next call.
        if (!previous && !mark.chunk && newest->capacity <= chunk_size) break;
        free(newest);
        newest = previous;
    }
    if (newest) newest->used = mark.chunk ? mark.used : 0;
}

void *arena_allocate(size_t size, size_t alignment) {
    if (newest) {
        size_t start = (newest->used + alignment - 1) & ~(alignment - 1);
        if (start <= newest->capacity && size <= newest->capacity - start) {
            newest->used = start + size;
            return newest->bytes + start;
        }
    }
    size_t capacity = chunk_size - sizeof(Chunk);
    if (size > capacity) capacity = size;
    Chunk *chunk = malloc(sizeof(Chunk) + capacity);
    if (!chunk) {
        PyErr_NoMemory();
        return NULL;
    }
    *chunk = (Chunk){.previous = newest, .used = size, .capacity = capacity};
    newest = chunk;
    return chunk->bytes;
}

Chunk *arena_open(void) {
    Chunk *before = newest;
    newest = NULL;
    chunk_size = SMALL_CHUNK_SIZE;
    return before;
}

Chunk *arena_close(Chunk *before) {
    Chunk *own = newest;
    newest = before;
    chunk_size = CHUNK_SIZE;
    return own;
}

void arena_free(Chunk *chunk) {
    for (Chunk *previous; chunk; chunk = previous) {
        previous = chunk->previous;
        free(chunk);
    }
}
