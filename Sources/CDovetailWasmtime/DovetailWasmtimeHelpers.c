// SPDX-License-Identifier: Apache-2.0

#include "CDovetailWasmtime.h"

/// A vector of new value types; empty, with nothing left allocated, when a kind is unknown.
static bool value_types(const DovetailWasmtimeTable *table, const uint8_t *kinds, size_t count, wasm_valtype_vec_t *out) {
    for (size_t index = 0; index < count; index++) {
        uint8_t kind = kinds[index];
        if (kind > WASMTIME_V128 && kind != WASM_EXTERNREF && kind != WASM_FUNCREF) {
            return false;
        }
    }
    if (count == 0) {
        table->wasm_valtype_vec_new_empty(out);
        return true;
    }
    table->wasm_valtype_vec_new_uninitialized(out, count);
    if (out->data == NULL) {
        return false;
    }
    for (size_t index = 0; index < count; index++) {
        out->data[index] =
            kinds[index] == WASMTIME_V128 ? table->wasmtime_wasm_valtype_v128() : table->wasm_valtype_new(kinds[index]);
    }
    return true;
}

wasm_functype_t *dovetail_wasmtime_functype_new(
    const DovetailWasmtimeTable *table, const uint8_t *params, size_t params_count, const uint8_t *results,
    size_t results_count) {
    wasm_valtype_vec_t parameter_types;
    if (!value_types(table, params, params_count, &parameter_types)) {
        return NULL;
    }
    wasm_valtype_vec_t result_types;
    if (!value_types(table, results, results_count, &result_types)) {
        table->wasm_valtype_vec_delete(&parameter_types);
        return NULL;
    }
    return table->wasm_functype_new(&parameter_types, &result_types);
}
