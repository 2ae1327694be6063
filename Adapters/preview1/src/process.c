// SPDX-License-Identifier: Apache-2.0
//
// The program as a whole: arguments, environment, clocks, random numbers, beginning and end.

#include "adapter.h"

/// A variable of the environment: `tuple<string, string>`.
typedef struct {
    String name;
    String value;
} Variable;

/// Copies text and a byte behind it; returns where the next one goes.
static uint8_t *put_text(uint8_t *target, String text, uint8_t end) {
    __builtin_memcpy(target, text.bytes, text.length);
    target[text.length] = end;
    return target + text.length + 1;
}

Errno EXPORT(args_sizes_get)(uint32_t *count, uint32_t *size) {
    check_alignment(count, 4);
    check_alignment(size, 4);
    enter();
    List list;
    environment_get_arguments(&list);
    const String *arguments = list.items;
    uint32_t sum = 0;
    for (uint32_t index = 0; index < list.count; index++) {
        sum += arguments[index].length + 1;
    }
    *count = list.count;
    *size = sum;
    return ERRNO_SUCCESS;
}

Errno EXPORT(args_get)(uint8_t **pointers, uint8_t *bytes) {
    check_alignment(pointers, 4);
    enter();
    List list;
    environment_get_arguments(&list);
    const String *arguments = list.items;
    for (uint32_t index = 0; index < list.count; index++) {
        pointers[index] = bytes;
        bytes = put_text(bytes, arguments[index], 0);
    }
    return ERRNO_SUCCESS;
}

Errno EXPORT(environ_sizes_get)(uint32_t *count, uint32_t *size) {
    check_alignment(count, 4);
    check_alignment(size, 4);
    enter();
    List list;
    environment_get_environment(&list);
    const Variable *variables = list.items;
    uint32_t sum = 0;
    for (uint32_t index = 0; index < list.count; index++) {
        sum += variables[index].name.length + variables[index].value.length + 2;
    }
    *count = list.count;
    *size = sum;
    return ERRNO_SUCCESS;
}

Errno EXPORT(environ_get)(uint8_t **pointers, uint8_t *bytes) {
    check_alignment(pointers, 4);
    enter();
    List list;
    environment_get_environment(&list);
    const Variable *variables = list.items;
    for (uint32_t index = 0; index < list.count; index++) {
        pointers[index] = bytes;
        bytes = put_text(bytes, variables[index].name, '=');
        bytes = put_text(bytes, variables[index].value, 0);
    }
    return ERRNO_SUCCESS;
}

Errno EXPORT(clock_res_get)(uint32_t id, uint64_t *result) {
    check_alignment(result, 8);
    if (id == CLOCKID_MONOTONIC) {
        *result = monotonic_clock_resolution();
        return ERRNO_SUCCESS;
    }
    // WASI 0.2 has no clocks for the time that a process or thread has used.
    if (id != CLOCKID_REALTIME) {
        return id > 3 ? ERRNO_INVAL : ERRNO_BADF;
    }
    DateTime time;
    wall_clock_resolution(&time);
    *result = time.seconds * 1000000000 + time.nanoseconds;
    return ERRNO_SUCCESS;
}

Errno EXPORT(clock_time_get)(uint32_t id, uint64_t precision, uint64_t *result) {
    check_alignment(result, 8);
    if (id == CLOCKID_MONOTONIC) {
        *result = monotonic_clock_now();
        return ERRNO_SUCCESS;
    }
    if (id != CLOCKID_REALTIME) {
        return id > 3 ? ERRNO_INVAL : ERRNO_BADF;
    }
    DateTime time;
    wall_clock_now(&time);
    *result = time.seconds * 1000000000 + time.nanoseconds;
    return ERRNO_SUCCESS;
}

Errno EXPORT(random_get)(uint8_t *bytes, uint32_t size) {
    // Hosts limit how much they give at once.
    enum { MOST = 65536 };
    while (size > 0) {
        uint32_t count = size < MOST ? size : MOST;
        List list;
        lend_buffer(bytes, count);
        random_get_random_bytes(count, &list);
        take_back_buffer();
        bytes += count;
        size -= count;
    }
    return ERRNO_SUCCESS;
}

Errno EXPORT(sched_yield)(void) { return ERRNO_SUCCESS; }

/// There are no signals.
Errno EXPORT(proc_raise)(uint32_t signal) { return ERRNO_NOTSUP; }

_Noreturn void EXPORT(proc_exit)(uint32_t code) {
#ifdef EXIT_WITH_STATUS
    cli_exit(code != 0);
#else
    // As systems do it, but what failed does not become a success.
    cli_exit_with_code(code <= 0xff || (code & 0xff) != 0 ? code & 0xff : 0xff);
#endif
    __builtin_trap();
}

#ifndef REACTOR
__attribute__((import_module("__main_module__"), import_name("_start"))) void main_start(void);

/// `wasi:cli/run`: a program that returns from `_start` has succeeded.
__attribute__((export_name("wasi:cli/run@" WASI_VERSION "#run"))) uint32_t run(void) {
    main_start();
    return 0;
}
#endif
