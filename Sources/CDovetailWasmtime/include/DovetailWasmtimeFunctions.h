// SPDX-License-Identifier: Apache-2.0
//
// The functions of libwasmtime 50.0.1 that Dovetail calls, as facts: result, name, parameters. The list is included where
// DOVETAIL_FN has a meaning: a field of DovetailWasmtimeTable, a symbol to look up. The tests hold each line against the
// signatures that the engine's wheel ships. Pointers without a mark are not null.

#pragma clang assume_nonnull begin

// Byte vectors. `_delete` frees what the library allocated; a vector of your own memory is never passed to it.
DOVETAIL_FN(void, wasm_byte_vec_new_empty, wasm_byte_vec_t *out)
DOVETAIL_FN(void, wasm_byte_vec_new_uninitialized, wasm_byte_vec_t *out, size_t size)
DOVETAIL_FN(void, wasm_byte_vec_new, wasm_byte_vec_t *out, size_t size, const uint8_t *data)
DOVETAIL_FN(void, wasm_byte_vec_copy, wasm_byte_vec_t *out, const wasm_byte_vec_t *)
DOVETAIL_FN(void, wasm_byte_vec_delete, wasm_byte_vec_t *)

// Configuration. The engine takes a configuration over.
DOVETAIL_FN(void, wasm_config_delete, wasm_config_t *)
DOVETAIL_FN(wasm_config_t *_Nonnull, wasm_config_new, void)
DOVETAIL_FN(void, wasmtime_config_debug_info_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_consume_fuel_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_epoch_interruption_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_max_wasm_stack_set, wasm_config_t *config, size_t value)
DOVETAIL_FN(void, wasmtime_config_wasm_threads_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_shared_memory_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_tail_call_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_reference_types_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_function_references_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_gc_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_gc_support_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_simd_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_relaxed_simd_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_relaxed_simd_deterministic_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_bulk_memory_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_multi_value_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_multi_memory_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_memory64_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_wide_arithmetic_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_branch_hinting_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_exceptions_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_custom_page_sizes_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_compact_imports_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_wasm_stack_switching_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_strategy_set, wasm_config_t *config, wasmtime_strategy_t value)
DOVETAIL_FN(void, wasmtime_config_parallel_compilation_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_cranelift_debug_verifier_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_cranelift_nan_canonicalization_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_cranelift_opt_level_set, wasm_config_t *config, wasmtime_opt_level_t value)
DOVETAIL_FN(void, wasmtime_config_cranelift_regalloc_algorithm_set,
            wasm_config_t *config, wasmtime_regalloc_algorithm_t value)
DOVETAIL_FN(void, wasmtime_config_profiler_set, wasm_config_t *config, wasmtime_profiling_strategy_t value)
DOVETAIL_FN(void, wasmtime_config_memory_may_move_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_memory_reservation_set, wasm_config_t *config, uint64_t value)
DOVETAIL_FN(void, wasmtime_config_memory_guard_size_set, wasm_config_t *config, uint64_t value)
DOVETAIL_FN(void, wasmtime_config_memory_reservation_for_growth_set, wasm_config_t *config, uint64_t value)
DOVETAIL_FN(void, wasmtime_config_native_unwind_info_set, wasm_config_t *config, bool value)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_config_cache_config_load,
            wasm_config_t *config, const char *_Nullable path)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_config_target_set, wasm_config_t *config, const char *value)
DOVETAIL_FN(void, wasmtime_config_cranelift_flag_enable, wasm_config_t *config, const char *value)
DOVETAIL_FN(void, wasmtime_config_cranelift_flag_set, wasm_config_t *config, const char *key, const char *value)
DOVETAIL_FN(void, wasmtime_config_macos_use_mach_ports_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_signals_based_traps_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_host_memory_creator_set,
            wasm_config_t *config, const wasmtime_memory_creator_t *value)
DOVETAIL_FN(void, wasmtime_config_memory_init_cow_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_concurrency_support_set, wasm_config_t *config, bool value)
DOVETAIL_FN(void, wasmtime_config_async_stack_size_set, wasm_config_t *config, size_t value)
DOVETAIL_FN(void, wasmtime_config_host_stack_creator_set, wasm_config_t *config, const wasmtime_stack_creator_t *value)

// Pooling allocation. The configuration copies the pool's settings: delete the pool's object afterwards.
DOVETAIL_FN(wasmtime_pooling_allocation_config_t *_Nonnull, wasmtime_pooling_allocation_config_new, void)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_delete, wasmtime_pooling_allocation_config_t *config)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_max_unused_warm_slots_set,
            wasmtime_pooling_allocation_config_t *config, uint32_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_decommit_batch_size_set,
            wasmtime_pooling_allocation_config_t *config, size_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_async_stack_keep_resident_set,
            wasmtime_pooling_allocation_config_t *config, size_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_linear_memory_keep_resident_set,
            wasmtime_pooling_allocation_config_t *config, size_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_table_keep_resident_set,
            wasmtime_pooling_allocation_config_t *config, size_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_total_memories_set,
            wasmtime_pooling_allocation_config_t *config, uint32_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_total_tables_set,
            wasmtime_pooling_allocation_config_t *config, uint32_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_total_stacks_set,
            wasmtime_pooling_allocation_config_t *config, uint32_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_total_core_instances_set,
            wasmtime_pooling_allocation_config_t *config, uint32_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_max_core_instance_size_set,
            wasmtime_pooling_allocation_config_t *config, size_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_max_tables_per_module_set,
            wasmtime_pooling_allocation_config_t *config, uint32_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_table_elements_set,
            wasmtime_pooling_allocation_config_t *config, size_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_max_memories_per_module_set,
            wasmtime_pooling_allocation_config_t *config, uint32_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_max_memory_size_set,
            wasmtime_pooling_allocation_config_t *config, size_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_config_total_gc_heaps_set,
            wasmtime_pooling_allocation_config_t *config, uint32_t value)
DOVETAIL_FN(void, wasmtime_pooling_allocation_strategy_set,
            wasm_config_t *config, wasmtime_pooling_allocation_config_t *value)

// Engine. Thread-safe, counted: each clone has its own delete.
DOVETAIL_FN(void, wasm_engine_delete, wasm_engine_t *)
DOVETAIL_FN(wasm_engine_t *_Nullable, wasm_engine_new, void)
DOVETAIL_FN(wasm_engine_t *_Nullable, wasm_engine_new_with_config, wasm_config_t *)
DOVETAIL_FN(wasm_engine_t *_Nonnull, wasmtime_engine_clone, wasm_engine_t *engine)
DOVETAIL_FN(void, wasmtime_engine_increment_epoch, wasm_engine_t *engine)
DOVETAIL_FN(bool, wasmtime_engine_is_pulley, wasm_engine_t *engine)

// Value types. Vectors of types own their elements.
DOVETAIL_FN(void, wasm_valtype_delete, wasm_valtype_t *)
DOVETAIL_FN(void, wasm_valtype_vec_new_empty, wasm_valtype_vec_t *out)
DOVETAIL_FN(void, wasm_valtype_vec_new_uninitialized, wasm_valtype_vec_t *out, size_t size)
DOVETAIL_FN(void, wasm_valtype_vec_new,
            wasm_valtype_vec_t *out, size_t size, wasm_valtype_t *_Nullable const *_Nonnull data)
DOVETAIL_FN(void, wasm_valtype_vec_copy, wasm_valtype_vec_t *out, const wasm_valtype_vec_t *)
DOVETAIL_FN(void, wasm_valtype_vec_delete, wasm_valtype_vec_t *)
DOVETAIL_FN(wasm_valtype_t *_Nonnull, wasm_valtype_copy, wasm_valtype_t *)
DOVETAIL_FN(wasm_valtype_t *_Nonnull, wasm_valtype_new, wasm_valkind_t)
DOVETAIL_FN(wasm_valkind_t, wasm_valtype_kind, wasm_valtype_t *)
DOVETAIL_FN(wasm_valtype_t *_Nonnull, wasmtime_wasm_valtype_v128, void)
DOVETAIL_FN(bool, wasmtime_wasm_valtype_equal, wasm_valtype_t *a, wasm_valtype_t *b)
DOVETAIL_FN(void, wasmtime_reftype_clone, const wasmtime_reftype_t *ty, wasmtime_reftype_t *out)
DOVETAIL_FN(void, wasmtime_reftype_delete, wasmtime_reftype_t *ty)
DOVETAIL_FN(void, wasmtime_valtype_new, wasm_valtype_t *ty, wasmtime_valtype_t *out)
DOVETAIL_FN(void, wasmtime_valtype_clone, const wasmtime_valtype_t *ty, wasmtime_valtype_t *out)
DOVETAIL_FN(void, wasmtime_valtype_delete, wasmtime_valtype_t *ty)
DOVETAIL_FN(wasm_valtype_t *_Nonnull, wasmtime_valtype_to_wasm, wasm_engine_t *engine, const wasmtime_valtype_t *ty)

// Function, global, table, memory, tag types. `wasm_functype_new` takes both vectors over.
DOVETAIL_FN(void, wasm_functype_delete, wasm_functype_t *)
DOVETAIL_FN(wasm_functype_t *_Nonnull, wasm_functype_copy, wasm_functype_t *)
DOVETAIL_FN(wasm_functype_t *_Nonnull, wasm_functype_new, wasm_valtype_vec_t *params, wasm_valtype_vec_t *results)
DOVETAIL_FN(const wasm_valtype_vec_t *_Nonnull, wasm_functype_params, wasm_functype_t *)
DOVETAIL_FN(const wasm_valtype_vec_t *_Nonnull, wasm_functype_results, wasm_functype_t *)
DOVETAIL_FN(void, wasm_globaltype_delete, wasm_globaltype_t *)
DOVETAIL_FN(wasm_globaltype_t *_Nonnull, wasm_globaltype_copy, wasm_globaltype_t *)
DOVETAIL_FN(wasm_globaltype_t *_Nonnull, wasm_globaltype_new, wasm_valtype_t *, wasm_mutability_t)
DOVETAIL_FN(const wasm_valtype_t *_Nonnull, wasm_globaltype_content, wasm_globaltype_t *)
DOVETAIL_FN(wasm_mutability_t, wasm_globaltype_mutability, wasm_globaltype_t *)
DOVETAIL_FN(void, wasm_tabletype_delete, wasm_tabletype_t *)
DOVETAIL_FN(wasm_tabletype_t *_Nonnull, wasm_tabletype_copy, wasm_tabletype_t *)
DOVETAIL_FN(wasm_tabletype_t *_Nonnull, wasm_tabletype_new, wasm_valtype_t *, const wasm_limits_t *)
DOVETAIL_FN(const wasm_valtype_t *_Nonnull, wasm_tabletype_element, wasm_tabletype_t *)
DOVETAIL_FN(const wasm_limits_t *_Nonnull, wasm_tabletype_limits, wasm_tabletype_t *)
DOVETAIL_FN(void, wasm_memorytype_delete, wasm_memorytype_t *)
DOVETAIL_FN(wasm_memorytype_t *_Nonnull, wasm_memorytype_copy, wasm_memorytype_t *)
DOVETAIL_FN(wasm_memorytype_t *_Nonnull, wasm_memorytype_new, const wasm_limits_t *)
DOVETAIL_FN(const wasm_limits_t *_Nonnull, wasm_memorytype_limits, wasm_memorytype_t *)
DOVETAIL_FN(void, wasm_tagtype_delete, wasm_tagtype_t *)
DOVETAIL_FN(wasm_tagtype_t *_Nonnull, wasm_tagtype_copy, wasm_tagtype_t *)
DOVETAIL_FN(wasm_tagtype_t *_Nonnull, wasm_tagtype_new, wasm_functype_t *)
DOVETAIL_FN(const wasm_functype_t *_Nonnull, wasm_tagtype_functype, wasm_tagtype_t *)
DOVETAIL_FN(wasm_externtype_t *_Nonnull, wasm_functype_as_externtype_const, wasm_functype_t *)
DOVETAIL_FN(wasm_externtype_t *_Nonnull, wasm_globaltype_as_externtype_const, wasm_globaltype_t *)
DOVETAIL_FN(wasm_externtype_t *_Nonnull, wasm_tabletype_as_externtype_const, wasm_tabletype_t *)
DOVETAIL_FN(wasm_externtype_t *_Nonnull, wasm_memorytype_as_externtype_const, wasm_memorytype_t *)
DOVETAIL_FN(wasm_externtype_t *_Nonnull, wasm_tagtype_as_externtype_const, wasm_tagtype_t *)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_memorytype_new,
            uint64_t min, bool max_present, uint64_t max, bool is_64, bool shared, uint8_t page_size_log2,
            wasm_memorytype_t *_Nullable *_Nonnull ret)
DOVETAIL_FN(uint64_t, wasmtime_memorytype_minimum, wasm_memorytype_t *ty)
DOVETAIL_FN(bool, wasmtime_memorytype_maximum, wasm_memorytype_t *ty, uint64_t *max)
DOVETAIL_FN(bool, wasmtime_memorytype_is64, wasm_memorytype_t *ty)
DOVETAIL_FN(bool, wasmtime_memorytype_isshared, wasm_memorytype_t *ty)
DOVETAIL_FN(uint64_t, wasmtime_memorytype_page_size, wasm_memorytype_t *ty)
DOVETAIL_FN(uint8_t, wasmtime_memorytype_page_size_log2, wasm_memorytype_t *ty)

// External types, imports and exports. What the `as`, `type`, `name`, `module` functions return belongs to their argument.
DOVETAIL_FN(void, wasm_externtype_delete, wasm_externtype_t *)
DOVETAIL_FN(wasm_externtype_t *_Nonnull, wasm_externtype_copy, wasm_externtype_t *)
DOVETAIL_FN(wasm_externkind_t, wasm_externtype_kind, wasm_externtype_t *)
DOVETAIL_FN(const wasm_functype_t *_Nullable, wasm_externtype_as_functype_const, wasm_externtype_t *)
DOVETAIL_FN(const wasm_globaltype_t *_Nullable, wasm_externtype_as_globaltype_const, wasm_externtype_t *)
DOVETAIL_FN(const wasm_tabletype_t *_Nullable, wasm_externtype_as_tabletype_const, wasm_externtype_t *)
DOVETAIL_FN(const wasm_memorytype_t *_Nullable, wasm_externtype_as_memorytype_const, wasm_externtype_t *)
DOVETAIL_FN(const wasm_tagtype_t *_Nullable, wasm_externtype_as_tagtype_const, wasm_externtype_t *)
DOVETAIL_FN(void, wasm_importtype_delete, wasm_importtype_t *)
DOVETAIL_FN(void, wasm_importtype_vec_new_empty, wasm_importtype_vec_t *out)
DOVETAIL_FN(void, wasm_importtype_vec_new_uninitialized, wasm_importtype_vec_t *out, size_t size)
DOVETAIL_FN(void, wasm_importtype_vec_copy, wasm_importtype_vec_t *out, const wasm_importtype_vec_t *)
DOVETAIL_FN(void, wasm_importtype_vec_delete, wasm_importtype_vec_t *)
DOVETAIL_FN(wasm_importtype_t *_Nonnull, wasm_importtype_copy, wasm_importtype_t *)
DOVETAIL_FN(const wasm_name_t *_Nonnull, wasm_importtype_module, wasm_importtype_t *)
DOVETAIL_FN(const wasm_name_t *_Nonnull, wasm_importtype_name, wasm_importtype_t *)
DOVETAIL_FN(const wasm_externtype_t *_Nonnull, wasm_importtype_type, wasm_importtype_t *)
DOVETAIL_FN(void, wasm_exporttype_delete, wasm_exporttype_t *)
DOVETAIL_FN(void, wasm_exporttype_vec_new_empty, wasm_exporttype_vec_t *out)
DOVETAIL_FN(void, wasm_exporttype_vec_new_uninitialized, wasm_exporttype_vec_t *out, size_t size)
DOVETAIL_FN(void, wasm_exporttype_vec_copy, wasm_exporttype_vec_t *out, const wasm_exporttype_vec_t *)
DOVETAIL_FN(void, wasm_exporttype_vec_delete, wasm_exporttype_vec_t *)
DOVETAIL_FN(wasm_exporttype_t *_Nonnull, wasm_exporttype_copy, wasm_exporttype_t *)
DOVETAIL_FN(const wasm_name_t *_Nonnull, wasm_exporttype_name, wasm_exporttype_t *)
DOVETAIL_FN(const wasm_externtype_t *_Nonnull, wasm_exporttype_type, wasm_exporttype_t *)

// Traps and frames. Traps are owned; frame names may be null.
DOVETAIL_FN(void, wasm_frame_delete, wasm_frame_t *)
DOVETAIL_FN(void, wasm_frame_vec_delete, wasm_frame_vec_t *)
DOVETAIL_FN(wasm_frame_t *_Nonnull, wasm_frame_copy, wasm_frame_t *)
DOVETAIL_FN(uint32_t, wasm_frame_func_index, wasm_frame_t *)
DOVETAIL_FN(size_t, wasm_frame_func_offset, wasm_frame_t *)
DOVETAIL_FN(size_t, wasm_frame_module_offset, wasm_frame_t *)
DOVETAIL_FN(void, wasm_trap_delete, wasm_trap_t *)
DOVETAIL_FN(wasm_trap_t *_Nonnull, wasm_trap_copy, wasm_trap_t *)
DOVETAIL_FN(void, wasm_trap_message, wasm_trap_t *, wasm_message_t *out)
DOVETAIL_FN(wasm_frame_t *_Nullable, wasm_trap_origin, wasm_trap_t *)
DOVETAIL_FN(void, wasm_trap_trace, wasm_trap_t *, wasm_frame_vec_t *out)
DOVETAIL_FN(wasm_trap_t *_Nonnull, wasmtime_trap_new, const char *msg, size_t msg_len)
DOVETAIL_FN(wasm_trap_t *_Nonnull, wasmtime_trap_new_code, wasmtime_trap_code_t code)
DOVETAIL_FN(bool, wasmtime_trap_code, wasm_trap_t *, wasmtime_trap_code_t *code)
DOVETAIL_FN(const wasm_name_t *_Nullable, wasmtime_frame_func_name, wasm_frame_t *)
DOVETAIL_FN(const wasm_name_t *_Nullable, wasmtime_frame_module_name, wasm_frame_t *)

// Errors. Owned by whom they are returned to.
DOVETAIL_FN(wasmtime_error_t *_Nonnull, wasmtime_error_new, const char *)
DOVETAIL_FN(void, wasmtime_error_delete, wasmtime_error_t *error)
DOVETAIL_FN(void, wasmtime_error_message, wasmtime_error_t *error, const wasm_name_t *message)
DOVETAIL_FN(bool, wasmtime_error_exit_status, wasmtime_error_t *, int *status)
DOVETAIL_FN(void, wasmtime_error_wasm_trace, wasmtime_error_t *, wasm_frame_vec_t *out)

// Modules. Thread-safe, counted.
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_module_new,
            wasm_engine_t *engine, const uint8_t *wasm, size_t wasm_len, wasmtime_module_t *_Nullable *_Nonnull ret)
DOVETAIL_FN(void, wasmtime_module_delete, wasmtime_module_t *m)
DOVETAIL_FN(wasmtime_module_t *_Nonnull, wasmtime_module_clone, wasmtime_module_t *m)
DOVETAIL_FN(void, wasmtime_module_imports, wasmtime_module_t *module, wasm_importtype_vec_t *out)
DOVETAIL_FN(void, wasmtime_module_exports, wasmtime_module_t *module, wasm_exporttype_vec_t *out)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_module_validate,
            wasm_engine_t *engine, const uint8_t *wasm, size_t wasm_len)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_module_serialize, wasmtime_module_t *module, wasm_byte_vec_t *ret)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_module_deserialize,
            wasm_engine_t *engine, const uint8_t *bytes, size_t bytes_len, wasmtime_module_t *_Nullable *_Nonnull ret)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_module_deserialize_file,
            wasm_engine_t *engine, const char *path, wasmtime_module_t *_Nullable *_Nonnull ret)
DOVETAIL_FN(void, wasmtime_module_image_range,
            wasmtime_module_t *module, void *_Nullable *_Nonnull start, void *_Nullable *_Nonnull end)

// Stores and their contexts. A context lives as long as its store. Limits below zero mean "as the library has it".
DOVETAIL_FN(wasmtime_store_t *_Nonnull, wasmtime_store_new,
            wasm_engine_t *engine, void *_Nullable data, dovetail_finalizer_t _Nullable finalizer)
DOVETAIL_FN(wasmtime_context_t *_Nonnull, wasmtime_store_context, wasmtime_store_t *store)
DOVETAIL_FN(void, wasmtime_store_limiter,
            wasmtime_store_t *store, int64_t memory_size, int64_t table_elements, int64_t instances, int64_t tables,
            int64_t memories)
DOVETAIL_FN(void, wasmtime_store_delete, wasmtime_store_t *store)
DOVETAIL_FN(void *_Nullable, wasmtime_context_get_data, wasmtime_context_t *context)
DOVETAIL_FN(void, wasmtime_context_set_data, wasmtime_context_t *context, void *_Nullable data)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_context_gc, wasmtime_context_t *context)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_context_set_fuel, wasmtime_context_t *store, uint64_t fuel)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_context_get_fuel, wasmtime_context_t *context, uint64_t *fuel)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_context_set_wasi, wasmtime_context_t *context, wasi_config_t *wasi)
DOVETAIL_FN(void, wasmtime_context_set_epoch_deadline, wasmtime_context_t *context, uint64_t ticks_beyond_current)
DOVETAIL_FN(void, wasmtime_store_epoch_deadline_callback,
            wasmtime_store_t *store, dovetail_epoch_callback_t func, void *_Nullable data,
            dovetail_finalizer_t _Nullable finalizer)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_context_fuel_async_yield_interval,
            wasmtime_context_t *context, uint64_t interval)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_context_epoch_deadline_async_yield_and_update,
            wasmtime_context_t *context, uint64_t delta)
DOVETAIL_FN(wasm_trap_t *_Nullable, wasmtime_context_set_exception,
            wasmtime_context_t *store, const wasmtime_exnref_t *exn)
DOVETAIL_FN(bool, wasmtime_context_take_exception, wasmtime_context_t *store, wasmtime_exnref_t *exn_ret)
DOVETAIL_FN(bool, wasmtime_context_has_exception, wasmtime_context_t *store)

// Functions. `args_and_results` holds max(parameters, results) slots.
DOVETAIL_FN(void, wasmtime_func_new_unchecked,
            wasmtime_context_t *store, wasm_functype_t *type, wasmtime_func_unchecked_callback_t callback,
            void *_Nullable env, dovetail_finalizer_t _Nullable finalizer, wasmtime_func_t *ret)
DOVETAIL_FN(wasm_functype_t *_Nonnull, wasmtime_func_type, wasmtime_context_t *store, const wasmtime_func_t *func)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_func_call,
            wasmtime_context_t *store, const wasmtime_func_t *func, const wasmtime_val_t *_Nullable args,
            size_t nargs, wasmtime_val_t *_Nullable results, size_t nresults, wasm_trap_t *_Nullable *_Nonnull trap)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_func_call_unchecked,
            wasmtime_context_t *store, const wasmtime_func_t *func, wasmtime_val_raw_t *args_and_results,
            size_t args_and_results_len, wasm_trap_t *_Nullable *_Nonnull trap)
DOVETAIL_FN(void, wasmtime_func_from_raw, wasmtime_context_t *context, void *_Nullable raw, wasmtime_func_t *ret)
DOVETAIL_FN(void *_Nullable, wasmtime_func_to_raw, wasmtime_context_t *context, const wasmtime_func_t *func)

// Host calls: valid only during the call.
DOVETAIL_FN(bool, wasmtime_caller_export_get,
            wasmtime_caller_t *caller, const char *name, size_t name_len, wasmtime_extern_t *item)
DOVETAIL_FN(wasmtime_context_t *_Nonnull, wasmtime_caller_context, wasmtime_caller_t *caller)

// Fibers: a call future is polled until it says true, deleted before its store, never touched from inside itself.
DOVETAIL_FN(bool, wasmtime_call_future_poll, wasmtime_call_future_t *future)
DOVETAIL_FN(void, wasmtime_call_future_delete, wasmtime_call_future_t *future)
DOVETAIL_FN(wasmtime_call_future_t *_Nonnull, wasmtime_func_call_async,
            wasmtime_context_t *context, const wasmtime_func_t *func, const wasmtime_val_t *_Nullable args,
            size_t nargs, wasmtime_val_t *_Nullable results, size_t nresults,
            wasm_trap_t *_Nullable *_Nonnull trap_ret, wasmtime_error_t *_Nullable *_Nonnull error_ret)
DOVETAIL_FN(wasmtime_call_future_t *_Nonnull, wasmtime_linker_instantiate_async,
            wasmtime_linker_t *linker, wasmtime_context_t *store, wasmtime_module_t *module,
            wasmtime_instance_t *instance, wasm_trap_t *_Nullable *_Nonnull trap_ret,
            wasmtime_error_t *_Nullable *_Nonnull error_ret)
DOVETAIL_FN(wasmtime_call_future_t *_Nonnull, wasmtime_instance_pre_instantiate_async,
            wasmtime_instance_pre_t *instance_pre, wasmtime_context_t *store, wasmtime_instance_t *instance,
            wasm_trap_t *_Nullable *_Nonnull trap_ret, wasmtime_error_t *_Nullable *_Nonnull error_ret)

// Externs and values.
DOVETAIL_FN(void, wasmtime_extern_delete, wasmtime_extern_t *val)
DOVETAIL_FN(wasm_externtype_t *_Nonnull, wasmtime_extern_type,
            wasmtime_context_t *context, const wasmtime_extern_t *val)
DOVETAIL_FN(void, wasmtime_val_unroot, wasmtime_val_t *val)
DOVETAIL_FN(void, wasmtime_val_clone, const wasmtime_val_t *src, wasmtime_val_t *dst)

// References of the garbage-collected heap: every one received is unrooted once.
DOVETAIL_FN(void, wasmtime_anyref_clone, const wasmtime_anyref_t *anyref, wasmtime_anyref_t *out)
DOVETAIL_FN(void, wasmtime_anyref_unroot, wasmtime_anyref_t *ref)
DOVETAIL_FN(void, wasmtime_anyref_from_raw, wasmtime_context_t *context, uint32_t raw, wasmtime_anyref_t *out)
DOVETAIL_FN(uint32_t, wasmtime_anyref_to_raw, wasmtime_context_t *context, const wasmtime_anyref_t *ref)
DOVETAIL_FN(void, wasmtime_anyref_from_i31, wasmtime_context_t *context, uint32_t i31val, wasmtime_anyref_t *out)
DOVETAIL_FN(bool, wasmtime_anyref_is_i31, wasmtime_context_t *context, const wasmtime_anyref_t *anyref)
DOVETAIL_FN(bool, wasmtime_anyref_i31_get_u,
            wasmtime_context_t *context, const wasmtime_anyref_t *anyref, uint32_t *dst)
DOVETAIL_FN(bool, wasmtime_anyref_i31_get_s, wasmtime_context_t *context, const wasmtime_anyref_t *anyref, int32_t *dst)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_exnref_new,
            wasmtime_context_t *store, const wasmtime_tag_t *tag, const wasmtime_val_t *fields, size_t nfields,
            wasmtime_exnref_t *exn_ret)
DOVETAIL_FN(void, wasmtime_exnref_clone, const wasmtime_exnref_t *ref, wasmtime_exnref_t *out)
DOVETAIL_FN(void, wasmtime_exnref_unroot, wasmtime_exnref_t *ref)
DOVETAIL_FN(void, wasmtime_exnref_from_raw, wasmtime_context_t *context, uint32_t raw, wasmtime_exnref_t *out)
DOVETAIL_FN(uint32_t, wasmtime_exnref_to_raw, wasmtime_context_t *context, const wasmtime_exnref_t *ref)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_exnref_tag,
            wasmtime_context_t *store, const wasmtime_exnref_t *exn, wasmtime_tag_t *tag_ret)
DOVETAIL_FN(size_t, wasmtime_exnref_field_count, wasmtime_context_t *store, const wasmtime_exnref_t *exn)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_exnref_field,
            wasmtime_context_t *store, const wasmtime_exnref_t *exn, size_t index, wasmtime_val_t *val_ret)
DOVETAIL_FN(bool, wasmtime_externref_new,
            wasmtime_context_t *context, void *_Nullable data, dovetail_finalizer_t _Nullable finalizer,
            wasmtime_externref_t *out)
DOVETAIL_FN(void *_Nullable, wasmtime_externref_data, wasmtime_context_t *context, const wasmtime_externref_t *data)
DOVETAIL_FN(void, wasmtime_externref_clone, const wasmtime_externref_t *ref, wasmtime_externref_t *out)
DOVETAIL_FN(void, wasmtime_externref_unroot, wasmtime_externref_t *ref)
DOVETAIL_FN(void, wasmtime_externref_from_raw, wasmtime_context_t *context, uint32_t raw, wasmtime_externref_t *out)
DOVETAIL_FN(uint32_t, wasmtime_externref_to_raw, wasmtime_context_t *context, const wasmtime_externref_t *ref)

// Memories.
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_memory_new,
            wasmtime_context_t *store, wasm_memorytype_t *ty, wasmtime_memory_t *ret)
DOVETAIL_FN(wasm_memorytype_t *_Nonnull, wasmtime_memory_type,
            wasmtime_context_t *store, const wasmtime_memory_t *memory)
DOVETAIL_FN(uint8_t *_Nonnull, wasmtime_memory_data, wasmtime_context_t *store, const wasmtime_memory_t *memory)
DOVETAIL_FN(size_t, wasmtime_memory_data_size, wasmtime_context_t *store, const wasmtime_memory_t *memory)
DOVETAIL_FN(uint64_t, wasmtime_memory_size, wasmtime_context_t *store, const wasmtime_memory_t *memory)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_memory_grow,
            wasmtime_context_t *store, const wasmtime_memory_t *memory, uint64_t delta, uint64_t *prev_size)
DOVETAIL_FN(uint64_t, wasmtime_memory_page_size, wasmtime_context_t *store, const wasmtime_memory_t *memory)
DOVETAIL_FN(uint8_t, wasmtime_memory_page_size_log2, wasmtime_context_t *store, const wasmtime_memory_t *memory)

// Shared memories.
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_sharedmemory_new,
            wasm_engine_t *engine, wasm_memorytype_t *ty, wasmtime_sharedmemory_t *_Nullable *_Nonnull ret)
DOVETAIL_FN(void, wasmtime_sharedmemory_delete, wasmtime_sharedmemory_t *memory)
DOVETAIL_FN(wasmtime_sharedmemory_t *_Nonnull, wasmtime_sharedmemory_clone, wasmtime_sharedmemory_t *memory)
DOVETAIL_FN(wasm_memorytype_t *_Nonnull, wasmtime_sharedmemory_type, wasmtime_sharedmemory_t *memory)
DOVETAIL_FN(uint8_t *_Nonnull, wasmtime_sharedmemory_data, wasmtime_sharedmemory_t *memory)
DOVETAIL_FN(size_t, wasmtime_sharedmemory_data_size, wasmtime_sharedmemory_t *memory)
DOVETAIL_FN(uint64_t, wasmtime_sharedmemory_size, wasmtime_sharedmemory_t *memory)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_sharedmemory_grow,
            wasmtime_sharedmemory_t *memory, uint64_t delta, uint64_t *prev_size)

// Tables.
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_table_new,
            wasmtime_context_t *store, wasm_tabletype_t *ty, const wasmtime_val_t *init, wasmtime_table_t *table)
DOVETAIL_FN(wasm_tabletype_t *_Nonnull, wasmtime_table_type, wasmtime_context_t *store, const wasmtime_table_t *table)
DOVETAIL_FN(bool, wasmtime_table_get,
            wasmtime_context_t *store, const wasmtime_table_t *table, uint64_t index, wasmtime_val_t *val)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_table_set,
            wasmtime_context_t *store, const wasmtime_table_t *table, uint64_t index, const wasmtime_val_t *value)
DOVETAIL_FN(uint64_t, wasmtime_table_size, wasmtime_context_t *store, const wasmtime_table_t *table)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_table_grow,
            wasmtime_context_t *store, const wasmtime_table_t *table, uint64_t delta, const wasmtime_val_t *init,
            uint64_t *prev_size)

// Globals.
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_global_new,
            wasmtime_context_t *store, wasm_globaltype_t *type, const wasmtime_val_t *val, wasmtime_global_t *ret)
DOVETAIL_FN(wasm_globaltype_t *_Nonnull, wasmtime_global_type, wasmtime_context_t *store, const wasmtime_global_t *)
DOVETAIL_FN(void, wasmtime_global_get, wasmtime_context_t *store, const wasmtime_global_t *, wasmtime_val_t *out)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_global_set,
            wasmtime_context_t *store, const wasmtime_global_t *, const wasmtime_val_t *val)

// Tags.
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_tag_new,
            wasmtime_context_t *store, wasm_tagtype_t *tt, wasmtime_tag_t *ret)
DOVETAIL_FN(wasm_tagtype_t *_Nonnull, wasmtime_tag_type, wasmtime_context_t *store, const wasmtime_tag_t *tag)
DOVETAIL_FN(bool, wasmtime_tag_eq, wasmtime_context_t *store, const wasmtime_tag_t *a, const wasmtime_tag_t *b)

// Instances. `export_nth` is linear: look up by name.
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_instance_new,
            wasmtime_context_t *store, wasmtime_module_t *module, const wasmtime_extern_t *_Nullable imports,
            size_t nimports, wasmtime_instance_t *instance, wasm_trap_t *_Nullable *_Nonnull trap)
DOVETAIL_FN(bool, wasmtime_instance_export_get,
            wasmtime_context_t *store, const wasmtime_instance_t *instance, const char *name, size_t name_len,
            wasmtime_extern_t *item)
DOVETAIL_FN(bool, wasmtime_instance_export_nth,
            wasmtime_context_t *store, const wasmtime_instance_t *instance, size_t index,
            char *_Nullable *_Nonnull name, size_t *name_len, wasmtime_extern_t *item)
DOVETAIL_FN(void, wasmtime_instance_pre_delete, wasmtime_instance_pre_t *instance_pre)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_instance_pre_instantiate,
            wasmtime_instance_pre_t *instance_pre, wasmtime_context_t *store, wasmtime_instance_t *instance,
            wasm_trap_t *_Nullable *_Nonnull trap_ptr)
DOVETAIL_FN(wasmtime_module_t *_Nonnull, wasmtime_instance_pre_module, wasmtime_instance_pre_t *instance_pre)

// Linkers.
DOVETAIL_FN(wasmtime_linker_t *_Nonnull, wasmtime_linker_new, wasm_engine_t *engine)
DOVETAIL_FN(wasmtime_linker_t *_Nonnull, wasmtime_linker_clone, wasmtime_linker_t *linker)
DOVETAIL_FN(void, wasmtime_linker_delete, wasmtime_linker_t *linker)
DOVETAIL_FN(void, wasmtime_linker_allow_shadowing, wasmtime_linker_t *linker, bool allow_shadowing)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_linker_define_unknown_imports_as_traps,
            wasmtime_linker_t *linker, wasmtime_module_t *module)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_linker_define_unknown_imports_as_default_values,
            wasmtime_linker_t *linker, wasmtime_context_t *store, wasmtime_module_t *module)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_linker_define,
            wasmtime_linker_t *linker, wasmtime_context_t *store, const char *module, size_t module_len,
            const char *name, size_t name_len, const wasmtime_extern_t *item)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_linker_define_func_unchecked,
            wasmtime_linker_t *linker, const char *module, size_t module_len, const char *name, size_t name_len,
            wasm_functype_t *ty, wasmtime_func_unchecked_callback_t cb, void *_Nullable data,
            dovetail_finalizer_t _Nullable finalizer)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_linker_define_wasi, wasmtime_linker_t *linker)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_linker_define_instance,
            wasmtime_linker_t *linker, wasmtime_context_t *store, const char *name, size_t name_len,
            const wasmtime_instance_t *instance)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_linker_instantiate,
            wasmtime_linker_t *linker, wasmtime_context_t *store, wasmtime_module_t *module,
            wasmtime_instance_t *instance, wasm_trap_t *_Nullable *_Nonnull trap)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_linker_module,
            wasmtime_linker_t *linker, wasmtime_context_t *store, const char *name, size_t name_len,
            wasmtime_module_t *module)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_linker_get_default,
            wasmtime_linker_t *linker, wasmtime_context_t *store, const char *name, size_t name_len,
            wasmtime_func_t *func)
DOVETAIL_FN(bool, wasmtime_linker_get,
            wasmtime_linker_t *linker, wasmtime_context_t *store, const char *module, size_t module_len,
            const char *name, size_t name_len, wasmtime_extern_t *item)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_linker_instantiate_pre,
            wasmtime_linker_t *linker, wasmtime_module_t *module,
            wasmtime_instance_pre_t *_Nullable *_Nonnull instance_pre)
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_linker_define_async_func,
            wasmtime_linker_t *linker, const char *module, size_t module_len, const char *name, size_t name_len,
            wasm_functype_t *ty, wasmtime_func_async_callback_t cb, void *_Nullable data,
            dovetail_finalizer_t _Nullable finalizer)

// WASI preview 1. `wasmtime_context_set_wasi` takes the configuration over.
DOVETAIL_FN(void, wasi_config_delete, wasi_config_t *)
DOVETAIL_FN(wasi_config_t *_Nonnull, wasi_config_new, void)
DOVETAIL_FN(void, wasi_config_inherit_network, wasi_config_t *config)
DOVETAIL_FN(void, wasi_config_allow_ip_name_lookup, wasi_config_t *config, bool enable)
DOVETAIL_FN(bool, wasi_config_set_argv, wasi_config_t *config, size_t argc, const char *_Nullable *_Nonnull argv)
DOVETAIL_FN(void, wasi_config_inherit_argv, wasi_config_t *config)
DOVETAIL_FN(bool, wasi_config_set_env,
            wasi_config_t *config, size_t envc, const char *_Nullable *_Nonnull names,
            const char *_Nullable *_Nonnull values)
DOVETAIL_FN(void, wasi_config_inherit_env, wasi_config_t *config)
DOVETAIL_FN(bool, wasi_config_set_stdin_file, wasi_config_t *config, const char *path)
DOVETAIL_FN(void, wasi_config_set_stdin_bytes, wasi_config_t *config, wasm_byte_vec_t *binary)
DOVETAIL_FN(void, wasi_config_inherit_stdin, wasi_config_t *config)
DOVETAIL_FN(bool, wasi_config_set_stdout_file, wasi_config_t *config, const char *path)
DOVETAIL_FN(void, wasi_config_inherit_stdout, wasi_config_t *config)
DOVETAIL_FN(void, wasi_config_set_stdout_custom,
            wasi_config_t *config, dovetail_output_callback_t callback, void *_Nullable data,
            dovetail_finalizer_t _Nullable finalizer)
DOVETAIL_FN(bool, wasi_config_set_stderr_file, wasi_config_t *config, const char *path)
DOVETAIL_FN(void, wasi_config_inherit_stderr, wasi_config_t *config)
DOVETAIL_FN(void, wasi_config_set_stderr_custom,
            wasi_config_t *config, dovetail_output_callback_t callback, void *_Nullable data,
            dovetail_finalizer_t _Nullable finalizer)
DOVETAIL_FN(bool, wasi_config_preopen_dir,
            wasi_config_t *config, const char *host_path, const char *guest_path, bool fs_mutable)

// Text format, for tests.
DOVETAIL_FN(wasmtime_error_t *_Nullable, wasmtime_wat2wasm, const char *wat, size_t wat_len, wasm_byte_vec_t *ret)

#pragma clang assume_nonnull end
