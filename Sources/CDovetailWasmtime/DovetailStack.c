// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "DovetailStack.h"

#include <pthread.h>
#include <stddef.h>

__thread uintptr_t dovetail_thread_stack_low = 0;

uintptr_t dovetail_find_stack_low(void) {
    uintptr_t low = 1;
#if defined(__APPLE__)
    pthread_t self = pthread_self();
    low = (uintptr_t)pthread_get_stackaddr_np(self) - pthread_get_stacksize_np(self);
#elif defined(__linux__)
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        void *address = NULL;
        size_t size = 0;
        if (pthread_attr_getstack(&attributes, &address, &size) == 0) {
            low = (uintptr_t)address;
        }
        pthread_attr_destroy(&attributes);
    }
#endif
    dovetail_thread_stack_low = low;
    return low;
}
