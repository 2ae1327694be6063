// SPDX-License-Identifier: Apache-2.0
// Passes every value on to the host's end of the same function, and what comes back to the caller.

#include "types.h"

#define EXPORTED(name) exports_test_types_values_##name
#define IMPORTED(name) test_types_values_##name

// A function whose value and result go through memory; parameters belong to the callee.
#define THROUGH_MEMORY(function, type)                                                                                 \
    void EXPORTED(function)(EXPORTED(type) * v, EXPORTED(type) * ret) {                                                \
        IMPORTED(function)((IMPORTED(type) *)v, (IMPORTED(type) *)ret);                                                \
    }

#define BY_VALUE(function, type)                                                                                       \
    EXPORTED(type) EXPORTED(function)(EXPORTED(type) v) { return IMPORTED(function)(v); }

THROUGH_MEMORY(echo_numbers, numbers_t)
BY_VALUE(echo_color, color_t)
BY_VALUE(echo_permissions, permissions_t)
BY_VALUE(echo_many, many_t)

#define OWNED(function, type, free)                                                                                    \
    void EXPORTED(function)(EXPORTED(type) * v, EXPORTED(type) * ret) {                                                \
        IMPORTED(function)((IMPORTED(type) *)v, (IMPORTED(type) *)ret);                                                \
        EXPORTED(free)(v);                                                                                             \
    }

OWNED(echo_order, order_t, order_free)
OWNED(echo_orders, list_order_t, list_order_free)
OWNED(echo_shape, shape_t, shape_free)
OWNED(echo_shapes, list_shape_t, list_shape_free)
OWNED(echo_outcomes, list_result_u32_string_t, list_result_u32_string_free)

void EXPORTED(echo_text)(types_string_t *v, types_string_t *ret) {
    IMPORTED(echo_text)(v, ret);
    types_string_free(v);
}

uint32_t EXPORTED(echo_letter)(uint32_t v) { return IMPORTED(echo_letter)(v); }

bool EXPORTED(echo_maybe)(types_option_u32_t *v, types_option_u32_t *ret) { return IMPORTED(echo_maybe)(v, ret); }

bool EXPORTED(echo_outcome)(EXPORTED(result_u32_string_t) * v, uint32_t *ret, types_string_t *err) {
    bool is_ok = IMPORTED(echo_outcome)((IMPORTED(result_u32_string_t) *)v, ret, err);
    EXPORTED(result_u32_string_free)(v);
    return is_ok;
}

void EXPORTED(echo_swap)(EXPORTED(pair_t) * v, types_tuple2_u64_u8_t *ret) {
    IMPORTED(echo_swap)((IMPORTED(pair_t) *)v, ret);
}

void EXPORTED(echo_bytes)(types_list_u8_t *v, types_list_u8_t *ret) {
    IMPORTED(echo_bytes)(v, ret);
    types_list_u8_free(v);
}

void EXPORTED(echo_words)(types_list_u32_t *v, types_list_u32_t *ret) {
    IMPORTED(echo_words)(v, ret);
    types_list_u32_free(v);
}

void EXPORTED(echo_reals)(types_list_f64_t *v, types_list_f64_t *ret) {
    IMPORTED(echo_reals)(v, ret);
    types_list_f64_free(v);
}

bool EXPORTED(echo_flag)(bool v) { return IMPORTED(echo_flag)(v); }

bool EXPORTED(find)(types_string_t *key, EXPORTED(order_t) * ret, EXPORTED(failure_t) * err) {
    bool is_ok = IMPORTED(find)(key, (IMPORTED(order_t) *)ret, (IMPORTED(failure_t) *)err);
    types_string_free(key);
    return is_ok;
}

bool EXPORTED(check)(types_string_t *key, EXPORTED(failure_t) * err) {
    bool is_ok = IMPORTED(check)(key, (IMPORTED(failure_t) *)err);
    types_string_free(key);
    return is_ok;
}

bool EXPORTED(status)(uint32_t code) { return IMPORTED(status)(code); }

void EXPORTED(many_parameters)(uint8_t a, uint16_t b, uint32_t c, uint64_t d, int8_t e, int16_t f, int32_t g, int64_t h,
                               float i, types_string_t *j, types_string_t *ret) {
    IMPORTED(many_parameters)(a, b, c, d, e, f, g, h, i, j, ret);
    types_string_free(j);
}

uint32_t EXPORTED(seventeen)(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint8_t e, uint8_t f, uint8_t g, uint8_t h,
                             uint8_t i, uint8_t j, uint8_t k, uint8_t l, uint8_t m, uint8_t n, uint8_t o, uint8_t p,
                             uint8_t q) {
    return IMPORTED(seventeen)(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q);
}
