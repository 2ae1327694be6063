// SPDX-License-Identifier: Apache-2.0
// Instead of the toolchain's Unicode tables, where their 40 KB are not wanted: every scalar is its own normal form and, but for
// CR LF, its own character.
#include "runtime.h"

static const u8 nothing[4] = {0};
const u8 *const _swift_stdlib_nfd_decompositions = nothing;

u16 _swift_stdlib_getNormData(u32 scalar) { (void)scalar; return 0; }
u32 _swift_stdlib_getDecompositionEntry(u32 scalar) { (void)scalar; return 0; }
u32 _swift_stdlib_getComposition(u32 first, u32 second) { (void)first; (void)second; return 0xffffffff; }
u8 _swift_stdlib_getGraphemeBreakProperty(u32 scalar) { (void)scalar; return 0xff; }
_Bool _swift_stdlib_isInCB_Consonant(u32 scalar) { (void)scalar; return 0; }
_Bool _swift_stdlib_isExtendedPictographic(u32 scalar) { (void)scalar; return 0; }
