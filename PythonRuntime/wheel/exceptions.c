// SPDX-License-Identifier: Apache-2.0
// The C++ library of CPython's carrier has no exceptions: one that is thrown ends the call with a message.

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN void *__cxa_allocate_exception(size_t size) {
    (void)size;
    fputs("a C++ exception was thrown; components in Python have none\n", stderr);
    abort();
}
HIDDEN void __cxa_free_exception(void *exception) { (void)exception; }
HIDDEN void __cxa_throw(void *exception, void *type, void (*destroy)(void *)) {
    (void)exception, (void)type, (void)destroy;
    abort();
}
HIDDEN void __cxa_rethrow(void) { abort(); }
HIDDEN void *__cxa_begin_catch(void *exception) { return exception; }
HIDDEN void __cxa_end_catch(void) {}
