// SPDX-License-Identifier: Apache-2.0
// What the compiler calls for integers of 128 bits; Swift's printing of floating-point numbers needs them, too.
#include "runtime.h"

typedef __int128 i128;
typedef unsigned __int128 u128;
typedef union {
  i128 all;
  u128 bits;
  struct { u64 low, high; };
} halves;

i128 __multi3(i128 left, i128 right) {
  halves x = {.all = left}, y = {.all = right}, product;
  const u64 mask = 0xffffffff;
  u64 low = (x.low & mask) * (y.low & mask), cross = (x.low & mask) * (y.low >> 32);
  u64 other = (x.low >> 32) * (y.low & mask), high = (x.low >> 32) * (y.low >> 32);
  u64 middle = (low >> 32) + (cross & mask) + (other & mask);
  product.low = (middle << 32) | (low & mask);
  product.high = high + (cross >> 32) + (other >> 32) + (middle >> 32) + x.high * y.low + x.low * y.high;
  return product.all;
}

i128 __ashlti3(i128 value, int count) {
  halves x = {.all = value}, y;
  if (!count) return value;
  y.low = count >= 64 ? 0 : x.low << count;
  y.high = count >= 64 ? x.low << (count - 64) : x.high << count | x.low >> (64 - count);
  return y.all;
}

i128 __lshrti3(i128 value, int count) {
  halves x = {.all = value}, y;
  if (!count) return value;
  y.high = count >= 64 ? 0 : x.high >> count;
  y.low = count >= 64 ? x.high >> (count - 64) : x.low >> count | x.high << (64 - count);
  return y.all;
}

i128 __ashrti3(i128 value, int count) {
  halves x = {.all = value}, y;
  if (!count) return value;
  long long high = (long long)x.high;
  y.high = (u64)(count >= 64 ? high >> 63 : high >> count);
  y.low = count >= 64 ? (u64)(high >> (count - 64)) : x.low >> count | x.high << (64 - count);
  return y.all;
}

// Shift and subtract, bit by bit; `remainder` gets what is left.
static u128 divide(u128 dividend, u128 divisor, u128 *remainder) {
  halves x = {.bits = dividend}, y = {.bits = divisor};
  if (!x.high && !y.high) {
    *remainder = x.low % y.low;
    return x.low / y.low;
  }
  halves quotient = {0}, rest = {0};
  for (int bit = 127; bit >= 0; bit--) {
    u64 next = (bit >= 64 ? x.high >> (bit - 64) : x.low >> bit) & 1;
    u64 carry = rest.high >> 63;
    rest.high = rest.high << 1 | rest.low >> 63;
    rest.low = rest.low << 1 | next;
    if (carry || rest.high > y.high || (rest.high == y.high && rest.low >= y.low)) {
      rest.bits -= y.bits;
      if (bit >= 64) quotient.high |= 1ull << (bit - 64);
      else quotient.low |= 1ull << bit;
    }
  }
  *remainder = rest.bits;
  return quotient.bits;
}

static u128 magnitude(i128 value) { return value < 0 ? -(u128)value : (u128)value; }

u128 __udivti3(u128 dividend, u128 divisor) {
  u128 remainder;
  return divide(dividend, divisor, &remainder);
}

u128 __umodti3(u128 dividend, u128 divisor) {
  u128 remainder;
  divide(dividend, divisor, &remainder);
  return remainder;
}

i128 __divti3(i128 dividend, i128 divisor) {
  u128 remainder, quotient = divide(magnitude(dividend), magnitude(divisor), &remainder);
  return (dividend < 0) != (divisor < 0) ? (i128)-quotient : (i128)quotient;
}

i128 __modti3(i128 dividend, i128 divisor) {
  u128 remainder;
  divide(magnitude(dividend), magnitude(divisor), &remainder);
  return dividend < 0 ? (i128)-remainder : (i128)remainder;
}
