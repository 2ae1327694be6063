// SPDX-License-Identifier: Apache-2.0

#include "interfaced_adder.h"

bool exports_example_interfaced_adder_addition_add(int32_t a, int32_t b, int32_t *ret,
                                                   exports_example_interfaced_adder_addition_failure_t *err) {
    if (__builtin_add_overflow(a, b, ret)) {
        *err = EXPORTS_EXAMPLE_INTERFACED_ADDER_ADDITION_FAILURE_OVERFLOW;
        return false;
    }
    return true;
}
