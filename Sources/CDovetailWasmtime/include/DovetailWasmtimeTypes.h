// SPDX-License-Identifier: Apache-2.0
//
// The types of libwasmtime 50.0.1's core C API that Dovetail uses, as facts: names, fields, values. The layouts are held
// against the engine's own description by the tests and by the assertions of DovetailWasmtimeLoad.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// MARK: Opaque objects, used through pointers only

typedef struct wasm_config_t wasm_config_t;
typedef struct wasm_engine_t wasm_engine_t;
typedef struct wasm_valtype_t wasm_valtype_t;
typedef struct wasm_functype_t wasm_functype_t;
typedef struct wasm_globaltype_t wasm_globaltype_t;
typedef struct wasm_tabletype_t wasm_tabletype_t;
typedef struct wasm_memorytype_t wasm_memorytype_t;
typedef struct wasm_tagtype_t wasm_tagtype_t;
typedef struct wasm_externtype_t wasm_externtype_t;
typedef struct wasm_importtype_t wasm_importtype_t;
typedef struct wasm_exporttype_t wasm_exporttype_t;
typedef struct wasm_frame_t wasm_frame_t;
typedef struct wasm_trap_t wasm_trap_t;
typedef struct wasi_config_t wasi_config_t;
typedef struct wasmtime_array_type wasmtime_array_type_t;
typedef struct wasmtime_struct_type wasmtime_struct_type_t;
typedef struct wasmtime_exn_type wasmtime_exn_type_t;
typedef struct wasmtime_call_future wasmtime_call_future_t;
typedef struct wasmtime_caller wasmtime_caller_t;
typedef struct wasmtime_context wasmtime_context_t;
typedef struct wasmtime_error wasmtime_error_t;
typedef struct wasmtime_instance_pre wasmtime_instance_pre_t;
typedef struct wasmtime_linker wasmtime_linker_t;
typedef struct wasmtime_module wasmtime_module_t;
typedef struct wasmtime_pooling_allocation_config_t wasmtime_pooling_allocation_config_t;
typedef struct wasmtime_sharedmemory wasmtime_sharedmemory_t;
typedef struct wasmtime_store wasmtime_store_t;

// MARK: Numbers

typedef uint8_t wasm_mutability_t;
typedef uint8_t wasm_valkind_t;
typedef uint8_t wasm_externkind_t;
typedef uint8_t wasmtime_extern_kind_t;
typedef uint8_t wasmtime_valkind_t;
typedef uint8_t wasmtime_valtype_kind_t;
typedef uint8_t wasmtime_heaptype_kind_t;
typedef uint8_t wasmtime_strategy_t;
typedef uint8_t wasmtime_opt_level_t;
typedef uint8_t wasmtime_profiling_strategy_t;
typedef uint8_t wasmtime_regalloc_algorithm_t;
typedef uint8_t wasmtime_trap_code_t;
typedef uint8_t wasmtime_update_deadline_kind_t;

/// Values of `wasm_mutability_t`.
static const wasm_mutability_t WASM_CONST = 0;
static const wasm_mutability_t WASM_VAR = 1;

/// Values of `wasm_valkind_t`. `v128` is made by `wasmtime_wasm_valtype_v128`.
static const wasm_valkind_t WASM_I32 = 0;
static const wasm_valkind_t WASM_I64 = 1;
static const wasm_valkind_t WASM_F32 = 2;
static const wasm_valkind_t WASM_F64 = 3;
static const wasm_valkind_t WASM_EXTERNREF = 128;
static const wasm_valkind_t WASM_FUNCREF = 129;

/// Values of `wasm_externkind_t`.
static const wasm_externkind_t WASM_EXTERN_FUNC = 0;
static const wasm_externkind_t WASM_EXTERN_GLOBAL = 1;
static const wasm_externkind_t WASM_EXTERN_TABLE = 2;
static const wasm_externkind_t WASM_EXTERN_MEMORY = 3;
static const wasm_externkind_t WASM_EXTERN_TAG = 4;

/// Values of `wasmtime_extern_kind_t`; they differ from `wasm_externkind_t` after memory.
static const wasmtime_extern_kind_t WASMTIME_EXTERN_FUNC = 0;
static const wasmtime_extern_kind_t WASMTIME_EXTERN_GLOBAL = 1;
static const wasmtime_extern_kind_t WASMTIME_EXTERN_TABLE = 2;
static const wasmtime_extern_kind_t WASMTIME_EXTERN_MEMORY = 3;
static const wasmtime_extern_kind_t WASMTIME_EXTERN_SHAREDMEMORY = 4;
static const wasmtime_extern_kind_t WASMTIME_EXTERN_TAG = 5;

/// Values of `wasmtime_valkind_t`.
static const wasmtime_valkind_t WASMTIME_I32 = 0;
static const wasmtime_valkind_t WASMTIME_I64 = 1;
static const wasmtime_valkind_t WASMTIME_F32 = 2;
static const wasmtime_valkind_t WASMTIME_F64 = 3;
static const wasmtime_valkind_t WASMTIME_V128 = 4;
static const wasmtime_valkind_t WASMTIME_FUNCREF = 5;
static const wasmtime_valkind_t WASMTIME_EXTERNREF = 6;
static const wasmtime_valkind_t WASMTIME_ANYREF = 7;
static const wasmtime_valkind_t WASMTIME_EXNREF = 8;

/// Value of `wasmtime_valtype_kind_t` for a reference; the numbers before it are those of `wasmtime_valkind_t`.
static const wasmtime_valtype_kind_t WASMTIME_VALTYPE_KIND_REF = 5;

/// Values of `wasmtime_heaptype_kind_t` without a payload that Dovetail names.
static const wasmtime_heaptype_kind_t WASMTIME_HEAPTYPE_KIND_EXTERN = 0;
static const wasmtime_heaptype_kind_t WASMTIME_HEAPTYPE_KIND_FUNC = 2;
static const wasmtime_heaptype_kind_t WASMTIME_HEAPTYPE_KIND_ANY = 5;
static const wasmtime_heaptype_kind_t WASMTIME_HEAPTYPE_KIND_EXN = 13;

/// Values of `wasmtime_strategy_t`.
static const wasmtime_strategy_t WASMTIME_STRATEGY_AUTO = 0;
static const wasmtime_strategy_t WASMTIME_STRATEGY_CRANELIFT = 1;
static const wasmtime_strategy_t WASMTIME_STRATEGY_WINCH = 2;

/// Values of `wasmtime_opt_level_t`.
static const wasmtime_opt_level_t WASMTIME_OPT_LEVEL_NONE = 0;
static const wasmtime_opt_level_t WASMTIME_OPT_LEVEL_SPEED = 1;
static const wasmtime_opt_level_t WASMTIME_OPT_LEVEL_SPEED_AND_SIZE = 2;

/// Values of `wasmtime_profiling_strategy_t`.
static const wasmtime_profiling_strategy_t WASMTIME_PROFILING_STRATEGY_NONE = 0;
static const wasmtime_profiling_strategy_t WASMTIME_PROFILING_STRATEGY_JITDUMP = 1;
static const wasmtime_profiling_strategy_t WASMTIME_PROFILING_STRATEGY_VTUNE = 2;
static const wasmtime_profiling_strategy_t WASMTIME_PROFILING_STRATEGY_PERFMAP = 3;

/// Values of `wasmtime_regalloc_algorithm_t`.
static const wasmtime_regalloc_algorithm_t WASMTIME_REGALLOC_BACKTRACKING = 0;
static const wasmtime_regalloc_algorithm_t WASMTIME_REGALLOC_SINGLE_PASS = 1;

/// Values of `wasmtime_update_deadline_kind_t`.
static const wasmtime_update_deadline_kind_t WASMTIME_UPDATE_DEADLINE_CONTINUE = 0;
static const wasmtime_update_deadline_kind_t WASMTIME_UPDATE_DEADLINE_YIELD = 1;

/// Values of `wasmtime_trap_code_t` that core code raises.
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_STACK_OVERFLOW = 0;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_MEMORY_OUT_OF_BOUNDS = 1;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_HEAP_MISALIGNED = 2;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_TABLE_OUT_OF_BOUNDS = 3;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_INDIRECT_CALL_TO_NULL = 4;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_BAD_SIGNATURE = 5;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_INTEGER_OVERFLOW = 6;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_INTEGER_DIVISION_BY_ZERO = 7;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_BAD_CONVERSION_TO_INTEGER = 8;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_UNREACHABLE_CODE_REACHED = 9;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_INTERRUPT = 10;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_OUT_OF_FUEL = 11;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_ATOMIC_WAIT_NON_SHARED_MEMORY = 12;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_NULL_REFERENCE = 13;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_ARRAY_OUT_OF_BOUNDS = 14;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_ALLOCATION_TOO_LARGE = 15;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_CAST_FAILURE = 16;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_UNHANDLED_TAG = 19;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_CONTINUATION_ALREADY_CONSUMED = 20;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_DISABLED_OPCODE = 21;
static const wasmtime_trap_code_t WASMTIME_TRAP_CODE_UNCAUGHT_EXCEPTION = 49;

// MARK: Vectors

typedef struct wasm_byte_vec_t {
    size_t size;
    uint8_t *_Nullable data;
} wasm_byte_vec_t;

typedef wasm_byte_vec_t wasm_name_t;
typedef wasm_byte_vec_t wasm_message_t;

typedef struct wasm_valtype_vec_t {
    size_t size;
    wasm_valtype_t *_Nullable *_Nullable data;
} wasm_valtype_vec_t;

typedef struct wasm_importtype_vec_t {
    size_t size;
    wasm_importtype_t *_Nullable *_Nullable data;
} wasm_importtype_vec_t;

typedef struct wasm_exporttype_vec_t {
    size_t size;
    wasm_exporttype_t *_Nullable *_Nullable data;
} wasm_exporttype_vec_t;

typedef struct wasm_frame_vec_t {
    size_t size;
    wasm_frame_t *_Nullable *_Nullable data;
} wasm_frame_vec_t;

// MARK: Types

/// Limits in pages or elements; `max` 0xffffffff means none.
typedef struct wasm_limits_t {
    uint32_t min;
    uint32_t max;
} wasm_limits_t;

typedef union wasmtime_heaptype_union {
    wasm_functype_t *_Nullable concrete_func;
    wasmtime_array_type_t *_Nullable concrete_array;
    wasmtime_struct_type_t *_Nullable concrete_struct;
    wasmtime_exn_type_t *_Nullable concrete_exn;
} wasmtime_heaptype_union_t;

typedef struct wasmtime_heaptype {
    wasmtime_heaptype_kind_t kind;
    wasmtime_heaptype_union_t of;
} wasmtime_heaptype_t;

typedef struct wasmtime_reftype {
    bool nullable;
    wasmtime_heaptype_t heaptype;
} wasmtime_reftype_t;

typedef struct wasmtime_valtype {
    wasmtime_valtype_kind_t kind;
    wasmtime_reftype_t reftype;
} wasmtime_valtype_t;

// MARK: Handles: indices into a store, free to copy, dead with it

/// A function; `store_id` 0 is the null reference.
typedef struct wasmtime_func {
    uint64_t store_id;
    void *_Nullable __private;
} wasmtime_func_t;

typedef struct wasmtime_table {
    struct {
        uint64_t store_id;
        uint32_t __private1;
    };
    uint32_t __private2;
} wasmtime_table_t;

typedef struct wasmtime_memory {
    struct {
        uint64_t store_id;
        uint32_t __private1;
    };
    uint32_t __private2;
} wasmtime_memory_t;

typedef struct wasmtime_tag {
    struct {
        uint64_t store_id;
        uint32_t __private1;
    };
    uint32_t __private2;
} wasmtime_tag_t;

typedef struct wasmtime_global {
    uint64_t store_id;
    uint32_t __private1;
    uint32_t __private2;
    uint32_t __private3;
} wasmtime_global_t;

typedef struct wasmtime_instance {
    uint64_t store_id;
    size_t __private;
} wasmtime_instance_t;

typedef union wasmtime_extern_union {
    wasmtime_func_t func;
    wasmtime_global_t global;
    wasmtime_table_t table;
    wasmtime_memory_t memory;
    wasmtime_sharedmemory_t *_Nullable sharedmemory;
    wasmtime_tag_t tag;
} wasmtime_extern_union_t;

typedef struct wasmtime_extern {
    wasmtime_extern_kind_t kind;
    wasmtime_extern_union_t of;
} wasmtime_extern_t;

// MARK: References: rooted in a store, unrooted by their holder; `store_id` 0 is null

typedef struct wasmtime_anyref {
    uint64_t store_id;
    uint32_t __private1;
    uint32_t __private2;
    void *_Nullable __private3;
} wasmtime_anyref_t;

typedef struct wasmtime_exnref {
    uint64_t store_id;
    uint32_t __private1;
    uint32_t __private2;
    void *_Nullable __private3;
} wasmtime_exnref_t;

typedef struct wasmtime_externref {
    uint64_t store_id;
    uint32_t __private1;
    uint32_t __private2;
    void *_Nullable __private3;
} wasmtime_externref_t;

// MARK: Values

typedef uint8_t wasmtime_v128[16];

typedef union wasmtime_valunion {
    int32_t i32;
    int64_t i64;
    float f32;
    double f64;
    wasmtime_anyref_t anyref;
    wasmtime_externref_t externref;
    wasmtime_exnref_t exnref;
    wasmtime_func_t funcref;
    wasmtime_v128 v128;
} wasmtime_valunion_t;

typedef struct wasmtime_val {
    wasmtime_valkind_t kind;
    wasmtime_valunion_t of;
} wasmtime_val_t;

/// A value without its type, little-endian: a slot of an unchecked call.
typedef union wasmtime_val_raw {
    int32_t i32;
    int64_t i64;
    float f32;
    double f64;
    wasmtime_v128 v128;
    uint32_t anyref;
    uint32_t externref;
    uint32_t exnref;
    void *_Nullable funcref;
} wasmtime_val_raw_t;

// MARK: Callbacks

/// Releases the `data` or `env` that was given together with it.
typedef void (*dovetail_finalizer_t)(void *_Nullable);

/// Takes output of a guest; answers with the bytes taken, or a negative error number.
typedef ptrdiff_t (*dovetail_output_callback_t)(void *_Nullable data, const uint8_t *bytes, size_t count);

/// Called when a store's epoch deadline has passed: adds ticks to it, or answers with an error.
typedef wasmtime_error_t *_Nullable (*dovetail_epoch_callback_t)(
    wasmtime_context_t *context, void *_Nullable data, uint64_t *epoch_deadline_delta,
    wasmtime_update_deadline_kind_t *update_kind);

/// A host function: parameters are read from, results written to the same slots. A trap returned is taken over.
typedef wasm_trap_t *_Nullable (*wasmtime_func_unchecked_callback_t)(
    void *_Nullable env, wasmtime_caller_t *caller, wasmtime_val_raw_t *args_and_results, size_t num_args_and_results);

/// Answers true when the host function that suspended is complete.
typedef bool (*wasmtime_func_async_continuation_callback_t)(void *_Nullable env);

typedef struct wasmtime_async_continuation_t {
    wasmtime_func_async_continuation_callback_t _Nullable callback;
    void *_Nullable env;
    dovetail_finalizer_t _Nullable finalizer;
} wasmtime_async_continuation_t;

/// A host function that may suspend the fiber it is called on, through the continuation it writes.
typedef void (*wasmtime_func_async_callback_t)(
    void *_Nullable env, wasmtime_caller_t *caller, const wasmtime_val_t *_Nullable args, size_t nargs,
    wasmtime_val_t *_Nullable results, size_t nresults, wasm_trap_t *_Nullable *_Nonnull trap_ret,
    wasmtime_async_continuation_t *continuation_ret);

// MARK: Memory and stacks of the embedder's own

typedef uint8_t *_Nullable (*wasmtime_memory_get_callback_t)(
    void *_Nullable env, size_t *byte_size, size_t *byte_capacity);
typedef wasmtime_error_t *_Nullable (*wasmtime_memory_grow_callback_t)(void *_Nullable env, size_t new_size);

typedef struct wasmtime_linear_memory {
    void *_Nullable env;
    wasmtime_memory_get_callback_t _Nullable get_memory;
    wasmtime_memory_grow_callback_t _Nullable grow_memory;
    dovetail_finalizer_t _Nullable finalizer;
} wasmtime_linear_memory_t;

typedef wasmtime_error_t *_Nullable (*wasmtime_new_memory_callback_t)(
    void *_Nullable env, const wasm_memorytype_t *type, size_t minimum, size_t maximum, size_t reserved_size,
    size_t guard_size, wasmtime_linear_memory_t *memory_ret);

typedef struct wasmtime_memory_creator {
    void *_Nullable env;
    wasmtime_new_memory_callback_t _Nullable new_memory;
    dovetail_finalizer_t _Nullable finalizer;
} wasmtime_memory_creator_t;

typedef uint8_t *_Nullable (*wasmtime_stack_memory_get_callback_t)(void *_Nullable env, size_t *out_len);

typedef struct wasmtime_stack_memory {
    void *_Nullable env;
    wasmtime_stack_memory_get_callback_t _Nullable get_stack_memory;
    dovetail_finalizer_t _Nullable finalizer;
} wasmtime_stack_memory_t;

typedef wasmtime_error_t *_Nullable (*wasmtime_new_stack_memory_callback_t)(
    void *_Nullable env, size_t size, bool zeroed, wasmtime_stack_memory_t *stack_ret);

typedef struct wasmtime_stack_creator {
    void *_Nullable env;
    wasmtime_new_stack_memory_callback_t _Nullable new_stack;
    dovetail_finalizer_t _Nullable finalizer;
} wasmtime_stack_creator_t;

#pragma clang assume_nonnull end
