// SPDX-License-Identifier: Apache-2.0
// The description of a world that the library of the world carries: words of 32 bits, then the text of all names. Nothing else in
// the runtime knows a world. `PythonTypeTable.swift` writes it.
#pragma once
#include "cpython.h"

enum { TABLE_MAGIC = 0x54505644, TABLE_FORMAT = 3, NONE = 0xffffffff };

typedef enum {
    BOOL, S8, U8, S16, U16, S32, U32, S64, U64, F32, F64, CHAR, STRING, LIST, ARRAY, MAP, RECORD, TUPLE, VARIANT, ENUM, FLAGS,
    OPTION, NESTED_OPTION, RESULT, OWN, BORROW, STREAM, FUTURE, ERROR_CONTEXT,
} Kind;

// A field, a case or an element: its type, where it lies, what it is called.
typedef struct {
    uint32_t type, offset, name;
} Part;

// For `OWN` and `BORROW`, `module` is the index of the resource; for `ARRAY`, `module` is the number of elements; for `STREAM` and
// `FUTURE`, `module` is the index of the transfer.
typedef struct {
    uint32_t kind, size, alignment, flat, module, name, count;
    Part parts[];
} Type;

// How the result of a function is seen from Python.
typedef enum { STYLE_NOTHING, STYLE_VALUE, STYLE_RESULT, STYLE_HANDLE, STYLE_HANDLE_RESULT } Style;

// An export is a method of the object that `holder` makes, of a resource's object or of its class, or the class itself.
typedef enum { EXPORT_FUNCTION, EXPORT_CONSTRUCTOR, EXPORT_METHOD, EXPORT_STATIC } ExportKind;

// Of an async export, `RESULT_INDIRECT` says how `task.return` takes the result.
enum { PARAMETERS_INDIRECT = 1, RESULT_INDIRECT = 2, IS_ASYNC = 4 };

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

// A type of streams or futures; `element` is `NONE` where they carry nothing. One whose elements hold handles is written one by one,
// so that what is not taken need not be taken back.
typedef struct {
    uint32_t is_future, element, holds_handles;
} Transfer;

// Whether the world has something that waits; only then are there the functions for it.
enum { FEATURE_ASYNC = 1 };

typedef struct {
    uint32_t magic, format, types, imports, exports, resources, transfers, features, pool, app, package, offsets;
} Header;

// What the library of the world gives.
const Header *dovetail_world_table(void);
// Calls an import: `slots` holds its core parameters, eight bytes each, and takes its core result.
void dovetail_world_import(uint32_t index, uint64_t *slots);
typedef enum { RESOURCE_DROP, RESOURCE_NEW, RESOURCE_REP } ResourceOperation;
uint32_t dovetail_world_resource(uint32_t operation, uint32_t resource, uint32_t value);

// Hands the result of an async export over: `slots` holds the core parameters of `task.return`.
void dovetail_world_return(uint32_t index, uint64_t *slots);
// Built-ins of tasks. (`dovetail_async` has the same numbers.)
typedef enum {
    TASK_SET_NEW, TASK_SET_DROP, TASK_SET_POLL, TASK_JOIN, TASK_SUBTASK_DROP, TASK_SUBTASK_CANCEL, TASK_CANCEL, TASK_CONTEXT_GET,
    TASK_CONTEXT_SET,
} TaskOperation;
uint64_t dovetail_world_task(uint32_t operation, uint32_t a, uint32_t b);
// Built-ins of streams and futures. The transfer behind the last one is a stream of nothing, by which calls wake one another.
typedef enum {
    TRANSFER_NEW, TRANSFER_READ, TRANSFER_WRITE, TRANSFER_CANCEL_READ, TRANSFER_CANCEL_WRITE, TRANSFER_DROP_READABLE,
    TRANSFER_DROP_WRITABLE,
} TransferOperation;
uint64_t dovetail_world_transfer(uint32_t operation, uint32_t transfer, uint32_t a, uint32_t b, uint32_t c);

// Built-ins of error contexts, where the world has any: `CONTEXT_NEW` takes the bytes of a message, `CONTEXT_MESSAGE` a handle and where
// the pointer and the length of its message go.
typedef enum { CONTEXT_NEW, CONTEXT_MESSAGE, CONTEXT_DROP } ContextOperation;
uint32_t dovetail_world_context(uint32_t operation, uint32_t a, uint32_t b);

extern const Header *table;
const Type *type_at(uint32_t index);
const Function *import_at(uint32_t index);
const Function *export_at(uint32_t index);
const Resource *resource_at(uint32_t index);
const Transfer *transfer_at(uint32_t index);
const char *text_at(uint32_t offset);
