// SPDX-License-Identifier: Apache-2.0
// What the canonical ABI allocates by; linked where strings or lists come in.
#include "runtime.h"

EXPORT("cabi_realloc")
void *cabi_realloc(void *old, size_t old_size, size_t alignment, size_t size) {
  if (!size) return (void *)alignment;
  void *p = 0;
  if (old_size) p = realloc(old, size);
  else if (posix_memalign(&p, alignment, size)) p = 0;
  if (!p) dovetail_panic("out of memory");
  return p;
}
