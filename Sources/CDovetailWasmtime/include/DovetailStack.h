// SPDX-License-Identifier: Apache-2.0
//
// The stack of the current thread, cheap enough to ask in every call.
#pragma once

#include <stdint.h>

/// The lowest address of this thread's stack; 0 until it was asked for.
extern __thread uintptr_t dovetail_thread_stack_low;

/// Finds the lowest address of this thread's stack; 1 when the system does not tell.
uintptr_t dovetail_find_stack_low(void);

/// The lowest address of this thread's stack.
static inline uintptr_t dovetail_stack_low(void) {
    uintptr_t low = dovetail_thread_stack_low;
    return low != 0 ? low : dovetail_find_stack_low();
}

/// A number that no other running thread has.
static inline uintptr_t dovetail_thread_mark(void) { return (uintptr_t)&dovetail_thread_stack_low; }

/// About where the stack ends now.
static inline uintptr_t dovetail_stack_pointer(void) { return (uintptr_t)__builtin_frame_address(0); }
