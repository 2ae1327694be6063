// SPDX-License-Identifier: Apache-2.0
//
// What a benchmark needs and Swift cannot say: an allocator that counts, a place where results go unseen.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Whether allocations are counted on this platform.
bool benchmark_counts_allocations(void);

/// The blocks that this thread has asked the allocator for so far: `malloc`, `calloc`, `realloc` and the aligned ones.
uint64_t benchmark_allocations(void);

/// Takes a result, so that the optimiser has to make it.
void benchmark_keep(const void *_Nullable pointer);

/// Takes a number, so that the optimiser has to compute it.
void benchmark_keep_number(uint64_t number);

/// Nanoseconds of the system's monotonic clock.
uint64_t benchmark_now(void);

/// Fills a buffer of at most 256 bytes from the system's source of random numbers.
bool benchmark_random(void *buffer, size_t count);

/// Starts a program, collects what it prints and waits for its end.
///
/// - Returns: the number of bytes in `output`, or -1 when the program did not start or did not end well.
ptrdiff_t benchmark_run(const char *path, char *_Nullable const *_Nonnull arguments, char *output, size_t capacity);

#pragma clang assume_nonnull end
