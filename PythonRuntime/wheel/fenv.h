/* SPDX-License-Identifier: Apache-2.0 */
/* WebAssembly has no floating-point status. This one is kept in software, one for all libraries of a component: what code raises
   itself is seen, as NumPy's linear algebra and integer division do it. Arithmetic raises nothing.
   The functions have other symbols than those of the C library, which do nothing; macros would not do, libc++ undefines them. */
#pragma once
#ifdef __cplusplus
extern "C" {
#endif
int feclearexcept(int) __asm__("dovetail_feclearexcept");
int feraiseexcept(int) __asm__("dovetail_feraiseexcept");
int fetestexcept(int) __asm__("dovetail_fetestexcept");
#ifdef __cplusplus
}
#endif
#include_next <fenv.h>
#undef FE_INVALID
#undef FE_DIVBYZERO
#undef FE_OVERFLOW
#undef FE_UNDERFLOW
#undef FE_INEXACT
#undef FE_ALL_EXCEPT
#define FE_INVALID 1
#define FE_DIVBYZERO 4
#define FE_OVERFLOW 8
#define FE_UNDERFLOW 16
#define FE_INEXACT 32
#define FE_ALL_EXCEPT 61
