/* SPDX-License-Identifier: Apache-2.0 */
/* The part of CBLAS that NumPy calls, for WebAssembly: packed, register-blocked gemm in 128-bit vectors; the rest plain. */
#include <stdlib.h>
#include <string.h>
#define HID __attribute__((visibility("hidden")))
enum { RowMajor = 101, ColMajor = 102, NoTrans = 111, Trans = 112, ConjTrans = 113 };
#define CAT_(a, b, c) a##b##c
#define CAT(a, b, c) CAT_(a, b, c)
#define REAL(P, T, VN) \
typedef T CAT(P, v, ) __attribute__((vector_size(16), aligned(8))); \
enum { CAT(P, NR, ) = 2 * VN }; \
static void CAT(P, micro, )(int k, const T *a, const T *b, T *out) { \
  CAT(P, v, ) c00 = {0}, c01 = {0}, c10 = {0}, c11 = {0}, c20 = {0}, c21 = {0}, c30 = {0}, c31 = {0}; \
  const CAT(P, v, ) *bv = (const CAT(P, v, ) *)b; \
  for (int p = 0; p < k; p++, a += 4, bv += 2) { \
    CAT(P, v, ) b0 = bv[0], b1 = bv[1]; \
    c00 += a[0] * b0; c01 += a[0] * b1; \
    c10 += a[1] * b0; c11 += a[1] * b1; \
    c20 += a[2] * b0; c21 += a[2] * b1; \
    c30 += a[3] * b0; c31 += a[3] * b1; \
  } \
  CAT(P, v, ) *o = (CAT(P, v, ) *)out; \
  o[0] = c00; o[1] = c01; o[2] = c10; o[3] = c11; o[4] = c20; o[5] = c21; o[6] = c30; o[7] = c31; \
} \
HID void CAT(cblas_, P, gemm)(int order, int ta, int tb, int M, int N, int K, T al, const T *A, int lda, const T *B, int ldb, T be, T *C, int ldc) { \
  if (order == ColMajor) { int t = ta; ta = tb; tb = t; const T *q = A; A = B; B = q; t = lda; lda = ldb; ldb = t; t = M; M = N; N = t; } \
  if (be == 0) { for (int i = 0; i < M; i++) memset(C + (size_t)i * ldc, 0, sizeof(T) * N); } \
  else if (be != 1) for (int i = 0; i < M; i++) for (int j = 0; j < N; j++) C[(size_t)i * ldc + j] *= be; \
  size_t ars = ta == NoTrans ? lda : 1, acs = ta == NoTrans ? 1 : lda, brs = tb == NoTrans ? ldb : 1, bcs = tb == NoTrans ? 1 : ldb; \
  enum { KC = 256, MC = 64, NR = CAT(P, NR, ) }; \
  int nb = (N + NR - 1) / NR, kx = K < KC ? K : KC; if (!K) return; \
  T *bp = aligned_alloc(16, (sizeof(T) * (size_t)nb * NR * kx + 15) & ~(size_t)15), *ap = aligned_alloc(16, (sizeof(T) * MC * kx + 15) & ~15); \
  if (!bp || !ap) abort(); \
  for (int k0 = 0; k0 < K; k0 += KC) { \
    int kc = K - k0 < KC ? K - k0 : KC; \
    for (int jb = 0; jb < nb; jb++) { \
      T *d = bp + (size_t)jb * NR * kc; int w = N - jb * NR < NR ? N - jb * NR : NR; \
      for (int p = 0; p < kc; p++, d += NR) { const T *s = B + (size_t)(k0 + p) * brs + (size_t)jb * NR * bcs; for (int j = 0; j < w; j++) d[j] = s[j * bcs]; for (int j = w; j < NR; j++) d[j] = 0; } \
    } \
    for (int i0 = 0; i0 < M; i0 += MC) { \
      int mc = M - i0 < MC ? M - i0 : MC; \
      for (int ib = 0; ib < mc; ib += 4) { \
        T *d = ap + (size_t)ib * kc; int w = mc - ib < 4 ? mc - ib : 4; \
        for (int p = 0; p < kc; p++, d += 4) { const T *s = A + (size_t)(i0 + ib) * ars + (size_t)(k0 + p) * acs; for (int i = 0; i < w; i++) d[i] = s[i * ars]; for (int i = w; i < 4; i++) d[i] = 0; } \
      } \
      for (int jb = 0; jb < nb; jb++) { \
        int w = N - jb * NR < NR ? N - jb * NR : NR; \
        for (int ib = 0; ib < mc; ib += 4) { \
          T t[4 * NR] __attribute__((aligned(16))); int h = mc - ib < 4 ? mc - ib : 4; \
          CAT(P, micro, )(kc, ap + (size_t)ib * kc, bp + (size_t)jb * NR * kc, t); \
          for (int i = 0; i < h; i++) { T *c = C + (size_t)(i0 + ib + i) * ldc + jb * NR; for (int j = 0; j < w; j++) c[j] += al * t[i * NR + j]; } \
        } \
      } \
    } \
  } \
  free(bp); free(ap); \
} \
HID T CAT(cblas_, P, dot)(int n, const T *x, int ix, const T *y, int iy) { \
  T s = 0; int i = 0; \
  if (ix == 1 && iy == 1) { CAT(P, v, ) a = {0}, b = {0}; for (; i + 2 * VN <= n; i += 2 * VN) { CAT(P, v, ) p, q, r, t; memcpy(&p, x + i, 16); memcpy(&q, y + i, 16); memcpy(&r, x + i + VN, 16); memcpy(&t, y + i + VN, 16); a += p * q; b += r * t; } a += b; for (int j = 0; j < VN; j++) s += a[j]; } \
  for (; i < n; i++) s += x[(size_t)i * ix] * y[(size_t)i * iy]; \
  return s; \
} \
HID void CAT(cblas_, P, axpy)(int n, T a, const T *x, int ix, T *y, int iy) { for (int i = 0; i < n; i++) y[(size_t)i * iy] += a * x[(size_t)i * ix]; } \
HID void CAT(cblas_, P, gemv)(int order, int ta, int M, int N, T al, const T *A, int lda, const T *x, int ix, T be, T *y, int iy) { \
  if (order == ColMajor) { int t = M; M = N; N = t; ta = ta == NoTrans ? Trans : NoTrans; } \
  if (ta == NoTrans) for (int i = 0; i < M; i++) { T s = al * CAT(cblas_, P, dot)(N, A + (size_t)i * lda, 1, x, ix), *o = y + (size_t)i * iy; *o = be == 0 ? s : s + be * *o; } \
  else { for (int j = 0; j < N; j++) { T *o = y + (size_t)j * iy; *o = be == 0 ? 0 : be * *o; } for (int i = 0; i < M; i++) CAT(cblas_, P, axpy)(N, al * x[(size_t)i * ix], A + (size_t)i * lda, 1, y, iy); } \
} \
HID void CAT(cblas_, P, syrk)(int order, int uplo, int t, int N, int K, T al, const T *A, int lda, T be, T *C, int ldc) { (void)uplo; CAT(cblas_, P, gemm)(order, t, t == NoTrans ? Trans : NoTrans, N, N, K, al, A, lda, A, lda, be, C, ldc); }
REAL(d, double, 2)
REAL(s, float, 4)
#define CPLX(P, T) \
typedef struct { T r, i; } CAT(P, x, ); \
HID void CAT(cblas_, P, gemm)(int order, int ta, int tb, int M, int N, int K, const void *al_, const void *A_, int lda, const void *B_, int ldb, const void *be_, void *C_, int ldc) { \
  const CAT(P, x, ) *A = A_, *B = B_, al = *(const CAT(P, x, ) *)al_, be = *(const CAT(P, x, ) *)be_; CAT(P, x, ) *C = C_; \
  if (order == ColMajor) { int t = ta; ta = tb; tb = t; const CAT(P, x, ) *q = A; A = B; B = q; t = lda; lda = ldb; ldb = t; t = M; M = N; N = t; } \
  size_t ars = ta == NoTrans ? lda : 1, acs = ta == NoTrans ? 1 : lda, brs = tb == NoTrans ? ldb : 1, bcs = tb == NoTrans ? 1 : ldb; T sa = ta == ConjTrans ? -1 : 1, sb = tb == ConjTrans ? -1 : 1; \
  for (int i = 0; i < M; i++) { CAT(P, x, ) *c = C + (size_t)i * ldc; \
    for (int j = 0; j < N; j++) { if (be.r == 0 && be.i == 0) c[j].r = c[j].i = 0; else { T r = c[j].r * be.r - c[j].i * be.i; c[j].i = c[j].r * be.i + c[j].i * be.r; c[j].r = r; } } \
    for (int p = 0; p < K; p++) { CAT(P, x, ) a = A[i * ars + p * acs]; a.i *= sa; T ar = a.r * al.r - a.i * al.i, ai = a.r * al.i + a.i * al.r; const CAT(P, x, ) *b = B + p * brs; \
      for (int j = 0; j < N; j++) { T br = b[j * bcs].r, bi = sb * b[j * bcs].i; c[j].r += ar * br - ai * bi; c[j].i += ar * bi + ai * br; } } } \
} \
HID void CAT(cblas_, P, gemv)(int order, int ta, int M, int N, const void *al, const void *A, int lda, const void *x, int ix, const void *be, void *y, int iy) { \
  /* as a product with one column */ if (order == ColMajor) { int t = M; M = N; N = t; ta = ta == NoTrans ? Trans : NoTrans; } \
  int m = ta == NoTrans ? M : N, k = ta == NoTrans ? N : M; CAT(cblas_, P, gemm)(RowMajor, ta, NoTrans, m, 1, k, al, A, lda, x, ix, be, y, iy); \
} \
HID void CAT(cblas_, P, dotu_sub)(int n, const void *x_, int ix, const void *y_, int iy, void *o_) { const CAT(P, x, ) *x = x_, *y = y_; CAT(P, x, ) s = {0, 0}; for (int i = 0; i < n; i++) { CAT(P, x, ) a = x[(size_t)i * ix], b = y[(size_t)i * iy]; s.r += a.r * b.r - a.i * b.i; s.i += a.r * b.i + a.i * b.r; } *(CAT(P, x, ) *)o_ = s; } \
HID void CAT(cblas_, P, dotc_sub)(int n, const void *x_, int ix, const void *y_, int iy, void *o_) { const CAT(P, x, ) *x = x_, *y = y_; CAT(P, x, ) s = {0, 0}; for (int i = 0; i < n; i++) { CAT(P, x, ) a = x[(size_t)i * ix], b = y[(size_t)i * iy]; s.r += a.r * b.r + a.i * b.i; s.i += a.r * b.i - a.i * b.r; } *(CAT(P, x, ) *)o_ = s; } \
HID void CAT(cblas_, P, axpy)(int n, const void *a_, const void *x_, int ix, void *y_, int iy) { CAT(P, x, ) a = *(const CAT(P, x, ) *)a_; const CAT(P, x, ) *x = x_; CAT(P, x, ) *y = y_; for (int i = 0; i < n; i++) { CAT(P, x, ) b = x[(size_t)i * ix]; y[(size_t)i * iy].r += a.r * b.r - a.i * b.i; y[(size_t)i * iy].i += a.r * b.i + a.i * b.r; } } \
HID void CAT(cblas_, P, syrk)(int order, int uplo, int t, int N, int K, const void *al, const void *A, int lda, const void *be, void *C, int ldc) { (void)uplo; CAT(cblas_, P, gemm)(order, t, t == NoTrans ? Trans : NoTrans, N, N, K, al, A, lda, A, lda, be, C, ldc); }
CPLX(z, double)
CPLX(c, float)
