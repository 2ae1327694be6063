// SPDX-License-Identifier: Apache-2.0
//
// What a component in C needs where nothing is generated: the canonical ABI's strings and lists, and names for imports and exports.
// A function has the core signature that the ABI gives it: a string or list is an address and a number, a result that does not
// fit one core value is a pointer to it. Parameters with memory belong to the function, which frees them. The memory of a result
// is freed by the export of the same name behind `cabi_post_`.

#pragma once

#include <stddef.h>
#include <stdint.h>

#define COMPONENT_EXPORT(name) __attribute__((export_name(name)))
#define COMPONENT_IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

/// An index in the component's table of handles.
typedef uint32_t Handle;

/// UTF-8.
typedef struct {
    char *bytes;
    size_t length;
} String;

typedef struct {
    void *items;
    size_t count;
} List;
