// SPDX-License-Identifier: Apache-2.0

#include "adder.h"

int32_t exports_adder_add(int32_t a, int32_t b) {
    // Unsigned: overflow of signed numbers is undefined in C.
    return (int32_t)((uint32_t)a + (uint32_t)b);
}
