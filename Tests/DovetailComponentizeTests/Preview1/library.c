// SPDX-License-Identifier: Apache-2.0
//
// A library for WASI preview 1: its world is its own, and what it exports writes, reads the time and exits by preview 1.

#include "../../../Adapters/preview1/src/preview1.h"

#define IMPORT(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) name

Errno IMPORT(fd_write)(uint32_t, const Vector *, uint32_t, uint32_t *);
Errno IMPORT(clock_time_get)(uint32_t, uint64_t, uint64_t *);
_Noreturn void IMPORT(proc_exit)(uint32_t);

static uint32_t initialized;

__attribute__((export_name("_initialize"))) void initialize(void) { initialized = 40; }

__attribute__((export_name("say"))) uint32_t say(uint32_t times) {
    Vector hi = {(uint8_t *)"hi\n", 3};
    uint32_t written;
    for (uint32_t index = 0; index < times; index++) {
        if (fd_write(1, &hi, 1, &written) != ERRNO_SUCCESS || written != 3) {
            return 1;
        }
    }
    uint64_t before, after;
    if (clock_time_get(CLOCKID_MONOTONIC, 0, &before) != ERRNO_SUCCESS
        || clock_time_get(CLOCKID_MONOTONIC, 0, &after) != ERRNO_SUCCESS || after < before) {
        return 2;
    }
    return initialized + times;
}

__attribute__((export_name("quit"))) void quit(uint32_t code) { proc_exit(code); }
