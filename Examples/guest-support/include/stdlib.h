// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stddef.h>

void *malloc(size_t size);
void *realloc(void *pointer, size_t size);
void free(void *pointer);
__attribute__((noreturn)) void abort(void);
