// SPDX-License-Identifier: Apache-2.0
// Where print and panics go: standard output, or standard error with -DDOVETAIL_STDERR.
#include "runtime.h"

#ifdef DOVETAIL_STDERR
IMPORT("wasi:cli/stderr@0.2.0", "get-stderr") int get_stream(void);
#else
IMPORT("wasi:cli/stdout@0.2.0", "get-stdout") int get_stream(void);
#endif
IMPORT("wasi:io/streams@0.2.0", "[method]output-stream.blocking-write-and-flush")
void blocking_write_and_flush(int stream, const u8 *bytes, size_t count, u8 *result);

void dovetail_write(const u8 *bytes, size_t count) {
  static int stream = -1;
  static u8 failed;
  if (failed) return;
  if (stream < 0) stream = get_stream();
  u32 result[3];
  blocking_write_and_flush(stream, bytes, count, (u8 *)result);  // takes 4096 bytes at most
  // A stream that is closed or broken stays so; what the error holds goes with the component.
  failed = *(u8 *)result;
}
