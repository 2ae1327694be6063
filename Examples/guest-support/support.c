// SPDX-License-Identifier: Apache-2.0
//
// The few C library functions that generated bindings need, for guests without a C library. Blocks have sizes of powers of
// two; a freed block goes to the list of its size and is reused from there.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { smallest_class = 4, class_count = 31, page_size = 65536 };

/// What lies before each block. Sixteen bytes, so that blocks keep an alignment of sixteen.
typedef struct Header {
    struct Header *next;
    uint32_t class;
    uint64_t unused;
} Header;

extern unsigned char __heap_base;
static Header *free_lists[class_count];
static uintptr_t heap_end;

void abort(void) { __builtin_trap(); }

/// Memory never handed out before, or null when there is no more.
static void *fresh(size_t size) {
    if (heap_end == 0) {
        heap_end = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
    }
    uint64_t needed = (uint64_t)heap_end + size;
    uint64_t available = (uint64_t)__builtin_wasm_memory_size(0) * page_size;
    if (needed > available) {
        uint64_t pages = (needed - available + page_size - 1) / page_size;
        if (pages > 65536 || __builtin_wasm_memory_grow(0, (size_t)pages) == SIZE_MAX) {
            return NULL;
        }
    }
    void *block = (void *)heap_end;
    heap_end = (uintptr_t)needed;
    return block;
}

void *malloc(size_t size) {
    uint32_t class = smallest_class;
    while (class < class_count && ((size_t)1 << class) < size) {
        class++;
    }
    if (class == class_count) {
        return NULL;
    }
    Header *header = free_lists[class];
    if (header != NULL) {
        free_lists[class] = header->next;
    } else {
        header = fresh(sizeof(Header) + ((size_t)1 << class));
        if (header == NULL) {
            return NULL;
        }
        header->class = class;
    }
    header->next = NULL;
    return header + 1;
}

void free(void *pointer) {
    if (pointer == NULL) {
        return;
    }
    Header *header = (Header *)pointer - 1;
    header->next = free_lists[header->class];
    free_lists[header->class] = header;
}

void *realloc(void *pointer, size_t size) {
    if (pointer == NULL) {
        return malloc(size);
    }
    size_t capacity = (size_t)1 << ((Header *)pointer - 1)->class;
    if (size <= capacity) {
        return pointer;
    }
    void *larger = malloc(size);
    if (larger != NULL) {
        memcpy(larger, pointer, capacity);
        free(pointer);
    }
    return larger;
}

void *memcpy(void *restrict target, const void *restrict source, size_t count) {
    unsigned char *to = target;
    const unsigned char *from = source;
    while (count-- > 0) {
        *to++ = *from++;
    }
    return target;
}

void *memset(void *target, int value, size_t count) {
    unsigned char *to = target;
    while (count-- > 0) {
        *to++ = (unsigned char)value;
    }
    return target;
}

size_t strlen(const char *string) {
    size_t length = 0;
    while (string[length] != 0) {
        length++;
    }
    return length;
}
