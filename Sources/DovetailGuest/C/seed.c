// SPDX-License-Identifier: Apache-2.0
// The seed of hashing from the host; for worlds that import wasi:random.
#include "runtime.h"

IMPORT("wasi:random/random@0.2.0", "get-random-u64") u64 get_random_u64(void);
u64 dovetail_seed(void) { return get_random_u64(); }
