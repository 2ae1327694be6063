// SPDX-License-Identifier: Apache-2.0
// Random numbers for hashing: the same sequence in every run, unless something defines another seed.
#include "runtime.h"

WEAK u64 dovetail_seed(void) { return 0x9e3779b97f4a7c15ull; }

void arc4random_buf(void *buffer, size_t count) {
  static u64 state;
  if (!state) state = dovetail_seed() | 1;
  for (u8 *byte = buffer; count; count--) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    *byte++ = (u8)(state >> 24);
  }
}
