// SPDX-License-Identifier: Apache-2.0
// The ends of a program that went wrong, and the buffer that print fills.
#include "runtime.h"

WEAK void dovetail_write(const u8 *bytes, size_t count) {
  (void)bytes;
  (void)count;
}

static u8 line[1024];
static size_t used;

void dovetail_flush(void) {
  size_t count = used;
  used = 0;
  if (count) dovetail_write(line, count);
}

// Swift's print comes as single characters.
int putchar(int character) {
  line[used++] = (u8)character;
  if (character == '\n' || used == sizeof line) dovetail_flush();
  return character;
}

_Noreturn void dovetail_panic(const char *why) {
  for (const char *rest = "guest: "; *rest; rest++) putchar(*rest);
  for (; *why; why++) putchar(*why);
  putchar('\n');
  __builtin_trap();
}

_Noreturn void abort(void) {
  dovetail_flush();
  __builtin_trap();
}

u32 __stack_chk_guard = 0x00d07e7a;
_Noreturn void __stack_chk_fail(void) { dovetail_panic("the stack was overwritten"); }

/// Where results lie that refer to no other memory; the caller reads them before it can call again.
u64 dovetail_result_area[32];
void *dovetail_result(void) { return dovetail_result_area; }
