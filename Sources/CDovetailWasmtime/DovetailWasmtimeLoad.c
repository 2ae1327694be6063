// SPDX-License-Identifier: Apache-2.0

#include "CDovetailWasmtime.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const dovetail_wasmtime_version = "50.0.1";

// MARK: Layouts

_Static_assert(sizeof(void *) == 8, "libwasmtime exists for 64-bit systems only");
_Static_assert(sizeof(wasmtime_val_raw_t) == 16 && _Alignof(wasmtime_val_raw_t) == 8, "wasmtime_val_raw_t");
_Static_assert(sizeof(wasmtime_valunion_t) == 24 && _Alignof(wasmtime_valunion_t) == 8, "wasmtime_valunion_t");
_Static_assert(sizeof(wasmtime_val_t) == 32 && offsetof(wasmtime_val_t, of) == 8, "wasmtime_val_t");
_Static_assert(sizeof(wasmtime_func_t) == 16, "wasmtime_func_t");
_Static_assert(sizeof(wasmtime_instance_t) == 16, "wasmtime_instance_t");
_Static_assert(sizeof(wasmtime_memory_t) == 24 && offsetof(wasmtime_memory_t, __private2) == 16, "wasmtime_memory_t");
_Static_assert(sizeof(wasmtime_table_t) == 24 && offsetof(wasmtime_table_t, __private2) == 16, "wasmtime_table_t");
_Static_assert(sizeof(wasmtime_tag_t) == 24 && offsetof(wasmtime_tag_t, __private2) == 16, "wasmtime_tag_t");
_Static_assert(sizeof(wasmtime_global_t) == 24, "wasmtime_global_t");
_Static_assert(sizeof(wasmtime_extern_t) == 32 && offsetof(wasmtime_extern_t, of) == 8, "wasmtime_extern_t");
_Static_assert(sizeof(wasmtime_anyref_t) == 24, "wasmtime_anyref_t");
_Static_assert(sizeof(wasmtime_externref_t) == 24, "wasmtime_externref_t");
_Static_assert(sizeof(wasmtime_exnref_t) == 24, "wasmtime_exnref_t");
_Static_assert(sizeof(wasmtime_valtype_t) == 32 && offsetof(wasmtime_valtype_t, reftype) == 8, "wasmtime_valtype_t");
_Static_assert(sizeof(wasmtime_async_continuation_t) == 24, "wasmtime_async_continuation_t");
_Static_assert(sizeof(wasm_byte_vec_t) == 16, "wasm_byte_vec_t");

// MARK: Symbols

/// A function whose name carries the version that the declarations describe: libwasmtime has no call that says its version.
static const char *const versioned_symbol = "resolve_vmctx_memory_ptr_50_0_0";

typedef struct {
    const char *name;
    size_t offset;
} Symbol;

static const Symbol symbols[] = {
#define DOVETAIL_FN(result, name, ...) {#name, offsetof(DovetailWasmtimeTable, name)},
#include "DovetailWasmtimeFunctions.h"
#undef DOVETAIL_FN
};

static const size_t symbol_count = sizeof(symbols) / sizeof(symbols[0]);

size_t dovetail_wasmtime_function_count(void) { return symbol_count; }

const char *dovetail_wasmtime_function_name(size_t index) {
    return index < symbol_count ? symbols[index].name : NULL;
}

void *dovetail_wasmtime_function_address(const DovetailWasmtimeTable *table, size_t index) {
    void *address = NULL;
    if (index < symbol_count) {
        memcpy(&address, (const char *)table + symbols[index].offset, sizeof(address));
    }
    return address;
}

// MARK: Loading

static void report(char *error, size_t capacity, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void report(char *error, size_t capacity, const char *format, ...) {
    if (error == NULL || capacity == 0) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, capacity, format, arguments);
    va_end(arguments);
}

/// Lets the library fill structures that lie between guard bytes. Needs no engine, so it costs a microsecond.
///
/// - Returns: the name of the type that the library sees differently, or null.
static const char *layout_mismatch(const DovetailWasmtimeTable *table) {
    struct {
        uint64_t before;
        wasmtime_val_t value;
        uint64_t after;
    } guarded = {.before = 0x5a5a5a5a5a5a5a5a, .after = 0xa5a5a5a5a5a5a5a5};
    wasmtime_val_t source = dovetail_val_i64(0x0123456789abcdef);
    table->wasmtime_val_clone(&source, &guarded.value);
    if (guarded.before != 0x5a5a5a5a5a5a5a5a || guarded.after != 0xa5a5a5a5a5a5a5a5
        || guarded.value.kind != WASMTIME_I64 || guarded.value.of.i64 != source.of.i64) {
        return "wasmtime_val_t";
    }

    struct {
        uint64_t before;
        wasmtime_valtype_t type;
        uint64_t after;
    } described = {.before = 0x5a5a5a5a5a5a5a5a, .after = 0xa5a5a5a5a5a5a5a5};
    wasm_valtype_t *reference = table->wasm_valtype_new(WASM_FUNCREF);
    table->wasmtime_valtype_new(reference, &described.type);
    table->wasm_valtype_delete(reference);
    bool same = described.before == 0x5a5a5a5a5a5a5a5a && described.after == 0xa5a5a5a5a5a5a5a5
                && described.type.kind == WASMTIME_VALTYPE_KIND_REF && described.type.reftype.nullable
                && described.type.reftype.heaptype.kind == WASMTIME_HEAPTYPE_KIND_FUNC;
    if (!same) {
        return "wasmtime_valtype_t";
    }

    wasm_trap_t *trap = table->wasmtime_trap_new_code(WASMTIME_TRAP_CODE_UNREACHABLE_CODE_REACHED);
    wasmtime_trap_code_t codes[2] = {0xff, 0xff};
    bool has_code = table->wasmtime_trap_code(trap, codes);
    table->wasm_trap_delete(trap);
    if (!has_code || codes[0] != WASMTIME_TRAP_CODE_UNREACHABLE_CODE_REACHED || codes[1] != 0xff) {
        return "wasmtime_trap_code_t";
    }

    wasm_byte_vec_t bytes[2] = {{0, NULL}, {1, NULL}};
    table->wasm_byte_vec_new(&bytes[0], 3, (const uint8_t *)"abc");
    same = bytes[0].size == 3 && bytes[0].data != NULL && memcmp(bytes[0].data, "abc", 3) == 0 && bytes[1].size == 1;
    if (!same) {
        return "wasm_byte_vec_t";
    }
    table->wasm_byte_vec_delete(&bytes[0]);
    return NULL;
}

static bool fill(DovetailWasmtimeTable *table, void *library, const char *path, char *error, size_t capacity) {
    for (size_t index = 0; index < symbol_count; index++) {
        void *address = dlsym(library, symbols[index].name);
        if (address == NULL) {
            report(error, capacity, "the engine library `%s` has no function `%s`; it is not libwasmtime %s", path,
                   symbols[index].name, dovetail_wasmtime_version);
            return false;
        }
        memcpy((char *)table + symbols[index].offset, &address, sizeof(address));
    }
    if (dlsym(library, versioned_symbol) == NULL) {
        report(error, capacity, "the engine library `%s` is another version of libwasmtime, expected %s", path,
               dovetail_wasmtime_version);
        return false;
    }
    const char *mismatch = layout_mismatch(table);
    if (mismatch != NULL) {
        report(error, capacity, "the engine library `%s` lays out `%s` differently; it is not libwasmtime %s", path,
               mismatch, dovetail_wasmtime_version);
        return false;
    }
    return true;
}

bool dovetail_wasmtime_load_into(DovetailWasmtimeTable *table, const char *path, char *error, size_t capacity) {
    // RTLD_LOCAL: another libwasmtime in the process keeps its own symbols. Never closed: its signal handlers stay.
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        const char *reason = dlerror();
        report(error, capacity, "the engine library cannot be loaded: %s", reason != NULL ? reason : path);
        return false;
    }
    return fill(table, library, path, error, capacity);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static DovetailWasmtimeTable loaded_table;
static bool is_loaded = false;

const DovetailWasmtimeTable *dovetail_wasmtime_load(const char *path, char *error, size_t capacity) {
    pthread_mutex_lock(&lock);
    if (!is_loaded) {
        is_loaded = dovetail_wasmtime_load_into(&loaded_table, path, error, capacity);
    }
    const DovetailWasmtimeTable *table = is_loaded ? &loaded_table : NULL;
    pthread_mutex_unlock(&lock);
    return table;
}
