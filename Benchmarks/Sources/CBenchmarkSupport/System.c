// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CBenchmarkSupport.h"

#include <time.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

uint64_t benchmark_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

bool benchmark_random(void *buffer, size_t count) { return getentropy(buffer, count) == 0; }
