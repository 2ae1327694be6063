// SPDX-License-Identifier: Apache-2.0
// The description of a world that the library of the world carries: words of 32 bits, then the text of all names. Nothing else in
// the runtime knows a world. `PythonTypeTable.swift` writes it.
#pragma once
#include "cpython.h"

enum { TABLE_MAGIC = 0x54505644, TABLE_FORMAT = 1, NONE = 0xffffffff };

typedef enum {
    BOOL, S8, U8, S16, U16, S32, U32, S64, U64, F32, F64, CHAR, STRING, LIST, ARRAY, MAP, RECORD, TUPLE, VARIANT, ENUM, FLAGS,
    OPTION, NESTED_OPTION, RESULT, OWN, BORROW,
} Kind;

// A field, a case or an element: its type, where it lies, what it is called.
typedef struct {
    uint32_t type, offset, name;
} Part;

// For `OWN` and `BORROW`, `module` is the index of the resource; for `ARRAY`, `module` is the number of elements.
typedef struct {
    uint32_t kind, size, alignment, flat, module, name, count;
    Part parts[];
} Type;

// How the result of a function is seen from Python.
typedef enum { STYLE_NOTHING, STYLE_VALUE, STYLE_RESULT, STYLE_HANDLE, STYLE_HANDLE_RESULT } Style;

// An export is a method of the object that `holder` makes, of a resource's object or of its class, or the class itself.
typedef enum { EXPORT_FUNCTION, EXPORT_CONSTRUCTOR, EXPORT_METHOD, EXPORT_STATIC } ExportKind;

enum { PARAMETERS_INDIRECT = 1, RESULT_INDIRECT = 2 };

// `interface` and `name` are WIT's, `interface` is empty for the world itself.
typedef struct {
    uint32_t interface, name, style, flags, result, kind, module, holder, method, protocol, arity, count;
    struct {
        uint32_t type, offset, name;
    } parameters[];
} Function;

typedef struct {
    uint32_t interface, name, exported, module, class;
} Resource;

typedef struct {
    uint32_t magic, format, types, imports, exports, resources, pool, app, package, offsets;
} Header;

// What the library of the world gives.
const Header *dovetail_world_table(void);
// Calls an import: `slots` holds its core parameters, eight bytes each, and takes its core result.
void dovetail_world_import(uint32_t index, uint64_t *slots);
typedef enum { RESOURCE_DROP, RESOURCE_NEW, RESOURCE_REP } ResourceOperation;
uint32_t dovetail_world_resource(uint32_t operation, uint32_t resource, uint32_t value);

extern const Header *table;
const Type *type_at(uint32_t index);
const Function *import_at(uint32_t index);
const Function *export_at(uint32_t index);
const Resource *resource_at(uint32_t index);
const char *text_at(uint32_t offset);
