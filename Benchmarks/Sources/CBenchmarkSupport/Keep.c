// SPDX-License-Identifier: Apache-2.0

#include "CBenchmarkSupport.h"

void benchmark_keep(const void *pointer) { __asm__ volatile("" : : "r"(pointer) : "memory"); }

void benchmark_keep_number(uint64_t number) { __asm__ volatile("" : : "r"(number)); }
