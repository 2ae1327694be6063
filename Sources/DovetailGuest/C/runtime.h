// SPDX-License-Identifier: Apache-2.0
// What the files of the freestanding runtime share.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef __SIZE_TYPE__ size_t;

#define WEAK __attribute__((weak))
#define NOINLINE __attribute__((noinline))
#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

void *malloc(size_t size);
void *realloc(void *body, size_t size);
void free(void *body);
int posix_memalign(void **body, size_t alignment, size_t size);

/// Writes to the stream that print and panics go to, if one of output.c's kind is linked.
void dovetail_write(const u8 *bytes, size_t count);
/// Writes what print has collected.
void dovetail_flush(void);
/// Says why and traps.
_Noreturn void dovetail_panic(const char *why);
