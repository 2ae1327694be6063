// SPDX-License-Identifier: Apache-2.0
// POSIX's strerror_r, which GNU's extensions would replace by another of the same name.
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE 200809L
#include "CDovetailSystem.h"

#include <string.h>

void dovetail_sys_error_text(int number, char *buffer, size_t count) {
    if (count == 0) return;
    buffer[0] = 0;
    if (strerror_r(number, buffer, count) != 0) buffer[0] = 0;
}
