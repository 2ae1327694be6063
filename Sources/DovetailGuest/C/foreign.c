// SPDX-License-Identifier: Apache-2.0
// Strings of another system's making ("foreign") and UTF-16 indices do not exist in Embedded Swift: what the standard library
// would do for them ends here. These definitions win over its weak ones, and the linker drops 16 KB that only they need. They
// are found by their mangled names, so this file goes with one version of the compiler; where a name is another, only the size
// is lost. It is linked as an object: nobody asks an archive for it.
#include "runtime.h"

#pragma clang diagnostic ignored "-Wc23-extensions"  // parameters without names

// A function with the signature that the standard library gave it; the last parameters are those of Swift's convention.
#define STUB(result, number, parameters, symbol) \
  result stub##number parameters __asm__(symbol); \
  result stub##number parameters { __builtin_trap(); }

STUB(u64, 0, (u64, int, int, int, int, int),
     "$eSS17UnicodeScalarViewV13_foreignIndex5afterSS0E0VAF_tF")
STUB(int, 1, (int, int, int, int, int),
     "$eSS8UTF8ViewV13_foreignCountSiyF")
STUB(u64, 2, (u64, int, int, int, int, int),
     "$eSS8UTF8ViewV13_foreignIndex5afterSS0D0VAF_tF")
STUB(u64, 3, (u64, int, int, int, int, int),
     "$eSS8UTF8ViewV13_foreignIndex6beforeSS0D0VAF_tF")
STUB(u64, 4, (u64, int, int, int, int, int, int),
     "$eSS8UTF8ViewV13_foreignIndex_8offsetBySS0D0VAF_SitF")
STUB(int, 5, (u64, u64, int, int, int, int, int),
     "$eSS8UTF8ViewV16_foreignDistance4from2toSiSS5IndexV_AGtF")
STUB(int, 6, (u64, int, int, int, int, int),
     "$eSS8UTF8ViewV17_foreignSubscript8positions5UInt8VSS5IndexV_tF")
STUB(u64, 7, (u64, int, int, int, int, int),
     "$eSS9UTF16ViewV13_foreignIndex5afterSS0D0VAF_tF")
STUB(u64, 8, (u64, int, int, int, int, int),
     "$eSS9UTF16ViewV13_foreignIndex6beforeSS0D0VAF_tF")
STUB(u64, 9, (u64, int, int, int, int, int, int),
     "$eSS9UTF16ViewV13_foreignIndex_8offsetBySS0D0VAF_SitF")
STUB(void, 10, (int, int, int),
     "$es11_StringGutsV12_foreignGrow33_408A76AB043BD3EFBAB6FAAAAA9B4914LLyySiF")
STUB(void, 11, (int, int, int, int, int, int, int, int),
     "$es11_StringGutsV16_foreignCopyUTF84intoSiSgSrys5UInt8VG_tF")
STUB(u64, 12, (u64, int, int, int, int, int),
     "$es11_StringGutsV18foreignScalarAlignySS5IndexVAEF")
STUB(void, 13, (int, int, int),
     "$es11_StringGutsV21_foreignAppendInPlace33_408A76AB043BD3EFBAB6FAAAAA9B4914LLyys01_aB5SliceVF")
STUB(void, 14, (int, int, int, int, int, int),
     "$es11_StringGutsV24_foreignConvertedToSmall33_408A76AB043BD3EFBAB6FAAAAA9B4914LLs01_fA0VyF")
STUB(u64, 15, (u64, int, int, int, int, int),
     "$es11_StringGutsV27_slowEnsureMatchingEncodingySS5IndexVAEF")
STUB(void, 16, (int, int, int, int, int, int, int, int),
     "$es11_StringGutsV29foreignErrorCorrectedGrapheme10startingAt06endingH0SJSi_SitF")
