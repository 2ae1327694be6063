// SPDX-License-Identifier: Apache-2.0
//
// Memory of the adapter: its state, and an arena for what imports return.

#include "adapter.h"

/// The program's allocator. Where it exports none, the componentizer puts a function here that grows the memory by one page.
__attribute__((import_module("__main_module__"), import_name("cabi_realloc"))) uint32_t
main_realloc(uint32_t old, uint32_t old_size, uint32_t alignment, uint32_t size);

/// Known to the componentizer by its name: that makes it allocate the stack at the first call, not at instantiation, when the
/// program's allocator may not be ready. 1 while it does so.
uint32_t __attribute__((address_space(1))) allocation_state;

enum { STATE_MISSING = 0, STATE_IN_ALLOCATION = 1 };
/// The address of the state, or one of these two.
WASM_GLOBAL state_address;
/// Whether `main_realloc` is the componentizer's, which gives single pages only.
WASM_GLOBAL grows_memory;

WASM_GLOBAL arena_start;
WASM_GLOBAL arena_next;
WASM_GLOBAL arena_end;

WASM_GLOBAL is_lending;
WASM_GLOBAL lent_address;
WASM_GLOBAL lent_size;

static uint32_t pages(uint32_t count) {
    if (count == 1) {
        return main_realloc(0, 0, 8, PAGE_SIZE);
    }
    if (!grows_memory) {
        return main_realloc(0, 0, 8, count * PAGE_SIZE);
    }
    size_t old_count = __builtin_wasm_memory_grow(0, count);
    if (old_count == SIZE_MAX) {
        __builtin_trap();
    }
    return old_count * PAGE_SIZE;
}

void *allocate_page(void) { return (void *)pages(1); }

State *enter(void) {
    if (state_address <= STATE_IN_ALLOCATION) {
        // The program's allocator must not call what needs the allocator.
        if (state_address == STATE_IN_ALLOCATION || allocation_state == 1) {
            __builtin_trap();
        }
        state_address = STATE_IN_ALLOCATION;
        size_t old_count = __builtin_wasm_memory_size(0);
        uint32_t page = main_realloc(0, 0, 8, PAGE_SIZE);
        grows_memory = page == old_count * PAGE_SIZE && __builtin_wasm_memory_size(0) == old_count + 1;
        __builtin_memset((void *)page, 0, sizeof(State));
        arena_start = page + sizeof(State);
        arena_end = page + PAGE_SIZE;
        state_address = page;
    }
    arena_next = arena_start;
    return (State *)state_address;
}

void keep_allocations(void) { arena_start = arena_next; }

/// Goes on in new memory of at least twice the size: what is given up stays small against what is in use.
static void enlarge_arena(uint32_t size) {
    uint32_t capacity = (arena_end - arena_start) * 2;
    uint32_t count = (capacity > size ? capacity : size) / PAGE_SIZE + 1;
    arena_start = arena_next = pages(count);
    arena_end = arena_start + count * PAGE_SIZE;
}

void *allocate(uint32_t size, uint32_t alignment) {
    // Nothing of this size can be there, and sums of smaller ones do not overflow.
    if (size > UINT32_MAX / 4) {
        __builtin_trap();
    }
    uint32_t start = (arena_next + alignment - 1) & -alignment;
    if (start > arena_end || arena_end - start < size) {
        enlarge_arena(size);
        start = arena_next;
    }
    arena_next = start + size;
    return (void *)start;
}

void lend_buffer(uint8_t *bytes, uint32_t size) {
    is_lending = 1;
    lent_address = (uint32_t)bytes;
    lent_size = size;
}

void take_back_buffer(void) { is_lending = 0; }

/// Where the canonical ABI writes what imports return.
uint32_t EXPORT(cabi_import_realloc)(uint32_t old, uint32_t old_size, uint32_t alignment, uint32_t size) {
    if (is_lending) {
        if (size > lent_size) {
            __builtin_trap();
        }
        return lent_address;
    }
    if (size <= old_size) {
        return old;
    }
    // The last one grows where it is.
    if (old_size > 0 && old + old_size == arena_next && size <= arena_end - old) {
        arena_next = old + size;
        return old;
    }
    void *result = allocate(size, alignment);
    __builtin_memcpy(result, (void *)old, old_size);
    return (uint32_t)result;
}
