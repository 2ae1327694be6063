// SPDX-License-Identifier: Apache-2.0
//
// libwasmtime's core C API as a table of function pointers, filled at run time: `swift build` needs no engine installed, and
// a missing one is a sentence instead of a linker's or loader's failure.
#pragma once

#include "DovetailStack.h"
#include "DovetailWasmtimeTypes.h"

/// The functions of the engine, under their own names.
typedef struct DovetailWasmtimeTable {
#define DOVETAIL_FN(result, name, ...) result (*_Nonnull name)(__VA_ARGS__);
#include "DovetailWasmtimeFunctions.h"
#undef DOVETAIL_FN
} DovetailWasmtimeTable;

#pragma clang assume_nonnull begin

/// The version of libwasmtime that the declarations describe.
extern const char *const _Nonnull dovetail_wasmtime_version;

/// Loads the engine's library and fills the table.
///
/// The first load that succeeds decides: the library is never unloaded, and every later call, whatever its path, answers
/// with the same table. Safe to call from any thread. Before the table is given out, the library has to be of the version
/// described here, to have every function, and to agree on the layout of what it fills in.
///
/// - Parameters:
///   - path: the library's file.
///   - error: where the reason is written, with a final zero byte, when the load fails; may be null.
///   - capacity: the size of `error` in bytes.
/// - Returns: the table, or null when the load failed.
const DovetailWasmtimeTable *_Nullable dovetail_wasmtime_load(
    const char *path, char *_Nullable error, size_t capacity);

/// Loads a library and fills a table of the caller's with it, whatever was loaded before. Checks and parameters are those of
/// `dovetail_wasmtime_load`.
///
/// - Returns: whether the table is complete; when it is not, some of it may have been written.
bool dovetail_wasmtime_load_into(
    DovetailWasmtimeTable *table, const char *path, char *_Nullable error, size_t capacity);

/// The number of functions in the table.
size_t dovetail_wasmtime_function_count(void);

/// The name of a function of the table, in order; null past the end.
const char *_Nullable dovetail_wasmtime_function_name(size_t index);

/// The address in a table of the function with that index; null past the end.
void *_Nullable dovetail_wasmtime_function_address(const DovetailWasmtimeTable *table, size_t index);

// MARK: Helpers for what Swift finds awkward

/// A function type of the given kinds (`WASM_I32` and so on, and `WASMTIME_V128` for vectors). The caller deletes it.
///
/// - Returns: null when a kind is not one of them.
wasm_functype_t *_Nullable dovetail_wasmtime_functype_new(
    const DovetailWasmtimeTable *table, const uint8_t *_Nullable params, size_t params_count,
    const uint8_t *_Nullable results, size_t results_count);

static inline wasmtime_val_raw_t dovetail_val_raw_i32(int32_t value) {
    wasmtime_val_raw_t raw = {.v128 = {0}};
    raw.i32 = value;
    return raw;
}

static inline wasmtime_val_raw_t dovetail_val_raw_i64(int64_t value) {
    wasmtime_val_raw_t raw = {.v128 = {0}};
    raw.i64 = value;
    return raw;
}

static inline wasmtime_val_raw_t dovetail_val_raw_f32(float value) {
    wasmtime_val_raw_t raw = {.v128 = {0}};
    raw.f32 = value;
    return raw;
}

static inline wasmtime_val_raw_t dovetail_val_raw_f64(double value) {
    wasmtime_val_raw_t raw = {.v128 = {0}};
    raw.f64 = value;
    return raw;
}

static inline wasmtime_extern_t dovetail_extern_func(wasmtime_func_t func) {
    wasmtime_extern_t item = {.kind = 0, .of = {.func = func}};
    return item;
}

static inline wasmtime_extern_t dovetail_extern_global(wasmtime_global_t global) {
    wasmtime_extern_t item = {.kind = 1, .of = {.global = global}};
    return item;
}

static inline wasmtime_extern_t dovetail_extern_table(wasmtime_table_t value) {
    wasmtime_extern_t item = {.kind = 2, .of = {.table = value}};
    return item;
}

static inline wasmtime_extern_t dovetail_extern_memory(wasmtime_memory_t memory) {
    wasmtime_extern_t item = {.kind = 3, .of = {.memory = memory}};
    return item;
}

static inline wasmtime_val_t dovetail_val_i32(int32_t value) {
    wasmtime_val_t result = {.kind = 0, .of = {.i32 = value}};
    return result;
}

static inline wasmtime_val_t dovetail_val_i64(int64_t value) {
    wasmtime_val_t result = {.kind = 1, .of = {.i64 = value}};
    return result;
}

static inline wasmtime_val_t dovetail_val_funcref(wasmtime_func_t func) {
    wasmtime_val_t result = {.kind = 5, .of = {.funcref = func}};
    return result;
}

#pragma clang assume_nonnull end
