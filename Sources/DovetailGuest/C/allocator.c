// SPDX-License-Identifier: Apache-2.0
// The heap. Small bodies come from lists of one size each; larger ones from bins of similar sizes, and are joined with their
// neighbours when they are freed.
//
// Blocks lie end to end, each a head of four bytes and a body whose address is a multiple of eight. The head holds the block's
// size, a multiple of eight, and flags. A free large block holds its size once more in its last word, for the block behind it.
#include "runtime.h"

enum {
  FREE = 1,     // this block is free
  BEFORE = 2,   // the block before this one is free, and its size lies right before this head
  SHIFTED = 4,  // no block: the head of an aligned body, whose size is the distance back to the true head
  FLAGS = 7,
  SMALL = 256,  // the largest body that has a list of its own size
  LARGEST = 0x7fff0000,
  BINS = 88,    // four for each power of two from 256
  PAGE = 65536,
};

typedef struct block {
  u32 head;
  struct block *next, *previous;  // in a list or bin; part of the body while the block is in use
} block;

extern u8 __heap_base, __heap_end;  // what the linker left of the first pages
static block *lists[SMALL / 8 + 2];
static block *bins[BINS];
static u32 occupied[(BINS + 31) / 32];
// What was never used, from the head at `top` to `end`; the BEFORE flag at `top` is kept up like any other.
static u32 top, end;

static inline u32 size_of(const block *b) { return b->head & ~(u32)FLAGS; }
static inline block *at(block *b, u32 distance) { return (block *)((u8 *)b + distance); }
static inline u32 address(const void *p) { return (u32)(size_t)p; }
static inline void *body(block *b) { return (u8 *)b + 4; }
static inline block *head(void *body) { return (block *)((u8 *)body - 4); }

static inline u32 bin_of(u32 size) {
  u32 power = 31 - (u32)__builtin_clz(size);
  return power < 8 ? 0 : (power - 8) * 4 + ((size >> (power - 2)) & 3);
}

static void unlink_block(block *b) {
  u32 bin = bin_of(size_of(b));
  if (b->previous) b->previous->next = b->next;
  else if (!(bins[bin] = b->next)) occupied[bin / 32] &= ~(1u << (bin % 32));
  if (b->next) b->next->previous = b->previous;
}

// Makes `size` bytes at `b` a free block.
static void link_block(block *b, u32 size) {
  u32 bin = bin_of(size);
  b->head = size | FREE | (b->head & BEFORE);
  *(u32 *)((u8 *)b + size - 4) = size;
  at(b, size)->head |= BEFORE;
  b->previous = 0;
  if ((b->next = bins[bin])) b->next->previous = b;
  bins[bin] = b;
  occupied[bin / 32] |= 1u << (bin % 32);
}

static void begin(u32 start, u32 stop) {
  top = ((start + 7) & ~7u) + 4;
  end = stop;
  ((block *)(size_t)top)->head = 0;
}

// Makes room for `size` bytes at `top`, and for the head behind them.
static int reserve(u32 size) {
  if (!end) begin(address(&__heap_base), address(&__heap_end));
  if (end - top >= size + 16) return 1;
  u32 pages = (size + 32 + PAGE - 1) / PAGE;
  u32 eighth = (u32)__builtin_wasm_memory_size(0) / 8;
  u32 more = eighth > pages ? eighth : pages;
  u32 old = (u32)__builtin_wasm_memory_grow(0, more);
  if (old == ~0u) old = (u32)__builtin_wasm_memory_grow(0, more = pages);
  if (old == ~0u) return 0;
  u32 now = old + more == 65536 ? 0xffff0000u : (old + more) * PAGE;
  if (old * PAGE == end) end = now;
  // Somebody else has grown memory: what is left before theirs stays unused, its head a fence.
  else begin(old * PAGE, now);
  return end - top >= size + 16;
}

static block *find(u32 size) {
  u32 bin = bin_of(size);
  for (block *b = bins[bin]; b; b = b->next)
    if (size_of(b) >= size) return b;
  bin++;
  for (u32 word = bin / 32; word < sizeof occupied / 4; word++) {
    u32 candidates = occupied[word] & (word == bin / 32 ? ~0u << (bin % 32) : ~0u);
    if (candidates) return bins[word * 32 + (u32)__builtin_ctz(candidates)];
  }
  return 0;
}

static NOINLINE void *allocate(u32 size) {
  block *b = size > SMALL + 8 ? find(size) : 0;
  if (b) {
    unlink_block(b);
    u32 rest = size_of(b) - size;
    if (rest > SMALL + 8) {
      b->head = size | (b->head & BEFORE);
      at(b, size)->head = 0;
      link_block(at(b, size), rest);
    } else {
      b->head &= ~(u32)FREE;
      at(b, size_of(b))->head &= ~(u32)BEFORE;
    }
    return body(b);
  }
  if (!reserve(size)) return 0;
  b = (block *)(size_t)top;
  b->head = size | (b->head & BEFORE);
  top += size;
  ((block *)(size_t)top)->head = 0;
  return body(b);
}

void *malloc(size_t count) {
  if (count > LARGEST) return 0;
  u32 size = count < 12 ? 16 : ((u32)count + 4 + 7) & ~7u;
  if (count <= SMALL) {
    block *b = lists[size / 8 - 1];
    if (b) {
      lists[size / 8 - 1] = b->next;
      return body(b);
    }
  }
  return allocate(size);
}

static NOINLINE void release(block *b) {
  u32 size = size_of(b);
  block *after = at(b, size);
  if (address(after) != top && after->head & FREE) {
    unlink_block(after);
    size += size_of(after);
  }
  if (b->head & BEFORE) {
    u32 before = *(u32 *)((u8 *)b - 4);
    b = (block *)((u8 *)b - before);
    unlink_block(b);
    size += before;
  }
  if (address(b) + size == top) {
    top = address(b);
    b->head &= BEFORE;
  } else {
    link_block(b, size);
  }
}

void free(void *p) {
  if (!p) return;
  block *b = head(p);
  if (b->head & SHIFTED) b = (block *)((u8 *)b - size_of(b));
  u32 size = size_of(b);
  if (size <= SMALL + 8) {
    b->next = lists[size / 8 - 1];
    lists[size / 8 - 1] = b;
  } else {
    release(b);
  }
}

int posix_memalign(void **result, size_t alignment, size_t count) {
  if (alignment <= 8) return (*result = malloc(count)) ? 0 : 12;
  if (count > LARGEST - alignment) return 12;
  u8 *p = malloc(count + alignment);
  if (!p) return 12;
  u8 *aligned = (u8 *)(((size_t)p + alignment - 1) & ~(alignment - 1));
  if (aligned != p) *(u32 *)(aligned - 4) = (u32)(aligned - p) | SHIFTED;
  *result = aligned;
  return 0;
}

void *aligned_alloc(size_t alignment, size_t count) {
  void *p = 0;
  return posix_memalign(&p, alignment, count) ? 0 : p;
}

void *calloc(size_t number, size_t size) {
  size_t count;
  if (__builtin_mul_overflow(number, size, &count)) return 0;
  void *p = malloc(count);
  if (p) __builtin_memset(p, 0, count);
  return p;
}

// Makes a large block longer where it lies: into what was never used, or a free block behind it.
static int extend(block *b, u32 size) {
  u32 old = size_of(b);
  block *after = at(b, old);
  if (address(after) == top) {
    if (!reserve(size - old) || address(after) != top) return 0;
    b->head = size | (b->head & FLAGS);
    top += size - old;
    ((block *)(size_t)top)->head = 0;
    return 1;
  }
  if (!(after->head & FREE) || old + size_of(after) < size) return 0;
  unlink_block(after);
  b->head += size_of(after);
  at(b, size_of(b))->head &= ~(u32)BEFORE;
  return 1;
}

void *realloc(void *p, size_t count) {
  if (!p) return malloc(count);
  if (count > LARGEST) return 0;
  block *b = head(p);
  u32 shift = b->head & SHIFTED ? size_of(b) : 0;
  u32 room = size_of((block *)((u8 *)b - shift)) - 4 - shift;
  if (count <= room) return p;
  if (!shift && room > SMALL + 4 && extend(b, ((u32)count + 11) & ~7u)) return p;
  void *moved = malloc(count);
  if (!moved) return 0;
  __builtin_memcpy(moved, p, room);
  free(p);
  return moved;
}

// Swift code cannot name malloc and free: these it can.

void *dovetail_allocate(size_t count) {
  void *p = malloc(count);
  if (!p) dovetail_panic("out of memory");
  return p;
}

WEAK void dovetail_release(void *p) { free(p); }
