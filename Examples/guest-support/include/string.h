// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stddef.h>

void *memcpy(void *restrict target, const void *restrict source, size_t count);
void *memset(void *target, int value, size_t count);
size_t strlen(const char *string);
