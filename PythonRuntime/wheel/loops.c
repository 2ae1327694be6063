// SPDX-License-Identifier: Apache-2.0
// NumPy's loops for exp and log of doubles, two at a time. NumPy has such code for processors that it knows; for others it calls the C
// library once for each number. The linker puts these functions in the place of NumPy's (`--wrap`).
//
// Both functions take a number apart by a table of 128 entries and a polynomial for the rest. Results are less than 0.53 units in the last
// place away from the exact ones. Unlike the C library's, they raise floating-point status (fenv.h).

#include <fenv.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

#ifndef QUAD
#define QUAD long double
#endif
typedef QUAD Quad;
typedef double Pair __attribute__((vector_size(16)));
typedef int64_t Bits __attribute__((vector_size(16)));

// A result, and which of its numbers have to be computed alone (-1).
typedef struct {
    Pair value;
    Bits alone;
} Result;

enum { tableBits = 7, tableSize = 1 << tableBits, exponentAt = 52, indexAt = exponentAt - tableBits };

// 2 to the power of i / 128, less i where it is added with the exponent, and what rounding it took away, relative to it.
typedef struct {
    int64_t power;
    double tail;
} Power;
static _Alignas(16) Power powers[tableSize];
// For the i-th part of [0.6875, 1.375): a number of 20 bits near 1 / z, and the logarithm of its inverse in two parts.
static const int64_t firstPart = 0x3fe6000000000000;
typedef struct {
    double inverse, log, tail, unused;
} Part;
static _Alignas(16) Part parts[tableSize];

static const Quad ln2 = (Quad)0.693147180559945309417232121458176568L;
// ln 2 and ln 2 / 128 in two parts, of which the first has zeros at its end: products with exponents are exact.
static const double ln2High = 0x1.62e42fefa3800p-1, ln2Low = 0x1.ef35793c76730p-45;
static const double stepHigh = 0x1.62e42fefa0000p-8, stepLow = 0x1.cf79abc9e3b3ap-47;

static int64_t bits(double x) {
    int64_t word;
    memcpy(&word, &x, sizeof word);
    return word;
}

// The nearest multiple of 2^-places.
static double rounded(Quad x, int places) {
    Quad unit = (Quad)(INT64_C(1) << places), scaled = x * unit;
    return (double)(int64_t)(scaled < 0 ? scaled - (Quad)0.5 : scaled + (Quad)0.5) / (double)unit;
}

// The natural logarithm of a number between 1/2 and 2.
static Quad logarithm(Quad x) {
    Quad s = (x - 1) / (x + 1), power = s, sum = 0;
    for (int n = 1; n < 80; n += 2, power *= s * s) sum += power / n;
    return 2 * sum;
}

__attribute__((constructor)) static void fillTables(void) {
    // 2 to the power of 1 / 128, by the series of e to the power of x.
    Quad step = 1, term = 1;
    for (int n = 1; n < 18; n++) step += term *= ln2 / tableSize / n;
    Quad power = 1;
    for (int i = 0; i < tableSize; i++, power *= step) {
        double high = (double)power;
        powers[i] = (Power){bits(high) - ((int64_t)i << indexAt), (double)((power - high) / power)};
    }
    for (int i = 0; i < tableSize; i++) {
        int64_t start = firstPart + ((int64_t)i << indexAt), middle = start + (INT64_C(1) << (indexAt - 1));
        double center;
        memcpy(&center, &middle, sizeof center);
        // In the parts beside 1 the logarithm is small: it has to come from the polynomial alone.
        int besideOne = start == bits(1) || start + (INT64_C(1) << indexAt) == bits(1);
        double inverse = besideOne ? 1 : rounded(1 / (Quad)center, 20);
        Quad value = -logarithm(inverse);
        double high = rounded(value, 42);
        parts[i] = (Part){inverse, high, (double)(value - high), 0};
    }
}

static inline Pair load(const char *first, const char *second) {
    double a, b;
    memcpy(&a, first, sizeof a);
    memcpy(&b, second, sizeof b);
    return (Pair){a, b};
}

static inline Pair pairAt(const void *table, uint32_t place) {
    Pair pair;
    memcpy(&pair, (const char *)table + place, sizeof pair);
    return pair;
}

static inline Result expPair(Pair x) {
    // x = k * ln 2 / 128 + r. Adding the large number rounds, and k is in the low bits of the sum.
    const double large = 0x1.8p52;
    Pair sum = x * (tableSize / 0x1.62e42fefa39efp-1) + large, k = sum - large;
    Pair r = x - k * stepHigh - k * stepLow, square = r * r;
    Bits word = (Bits)sum, place = word * sizeof(Power) & (tableSize - 1) * sizeof(Power);
    Pair first = pairAt(powers, (uint32_t)place[0]), second = pairAt(powers, (uint32_t)place[1]);
    Pair scale = (Pair)((Bits)__builtin_shufflevector(first, second, 0, 2) + (word << indexAt));
    Pair tail = __builtin_shufflevector(first, second, 1, 3);
    Pair rest = tail + r + square * (0.5 + r * (1.0 / 6) + square * (1.0 / 24 + r * (1.0 / 120)));
    Pair size = (Pair)((Bits)x & INT64_MAX);
    // Beyond, the result or its last product may be infinite or not normal.
    return (Result){scale + scale * rest, ~(Bits)(size <= 700.0)};
}

static double expAlone(double x) {
    double result = exp(x);
    if (x <= 0x1.fffffffffffffp1023 && result > 0x1.fffffffffffffp1023) feraiseexcept(FE_OVERFLOW);
    if (x >= -0x1.fffffffffffffp1023 && result < 0x1p-1022) feraiseexcept(FE_UNDERFLOW);
    return result;
}

static inline Result logPair(Pair x) {
    // x = 2^k * z, and z = (1 + r) / inverse. All is exact but the last sum: the halves of z have few enough bits.
    Bits word = (Bits)x, offset = word - firstPart, exponent = offset >> exponentAt;
    Bits part = word - (exponent << exponentAt);
    Pair z = (Pair)part, zHigh = (Pair)(part & ~INT64_C(0xffffffff));
    Bits place = offset >> (indexAt - 5) & (tableSize - 1) * sizeof(Part);
    const char *first = (const char *)parts + (uint32_t)place[0], *second = (const char *)parts + (uint32_t)place[1];
    Pair firstHalf = pairAt(first, 0), secondHalf = pairAt(second, 0);
    Pair inverse = __builtin_shufflevector(firstHalf, secondHalf, 0, 2);
    Pair high = zHigh * inverse - 1, low = (z - zHigh) * inverse, r = high + low, lost = high - r + low;
    Pair k = {(double)(int)exponent[0], (double)(int)exponent[1]};
    Pair base = k * ln2High + __builtin_shufflevector(firstHalf, secondHalf, 1, 3);
    Pair result = base + r, rest = base - result + r;
    Pair tail = k * ln2Low + load(first + offsetof(Part, tail), second + offsetof(Part, tail)) + lost;
    Pair square = r * r, fourth = square * square;
    Pair polynomial =
        square * (r * (1.0 / 3) - 0.5 + square * (r * (1.0 / 5) - 0.25) + fourth * (r * (1.0 / 7) - 1.0 / 6 - square * 0.125));
    // Beyond are numbers that are negative, not normal, infinite or none.
    return (Result){result + (rest + (tail + polynomial)), ~((Bits)(x >= 0x1p-1022) & (Bits)(x <= 0x1.fffffffffffffp1023))};
}

static double logAlone(double x) {
    if (x == 0) feraiseexcept(FE_DIVBYZERO);
    if (x < 0) feraiseexcept(FE_INVALID);
    return log(x);
}

__attribute__((noinline)) static Pair mend(Pair x, Result result, double (*alone)(double)) {
    for (int i = 0; i < 2; i++) {
        if (result.alone[i]) result.value[i] = alone(x[i]);
    }
    return result.value;
}

static inline int isAny(Bits bits) {
#ifdef __wasm_simd128__
    return wasm_v128_any_true((v128_t)bits);
#else
    return (bits[0] | bits[1]) != 0;
#endif
}

typedef Result (*Both)(Pair);
typedef double (*Alone)(double);

__attribute__((always_inline)) static inline Pair computed(Pair x, Both both, Alone alone) {
    Result result = both(x);
    return isAny(result.alone) ? mend(x, result, alone) : result.value;
}

// What NumPy calls: the places of input and output, how many there are, and how far they are apart.
__attribute__((always_inline)) static inline void loop(
    char **arguments, const intptr_t *counts, const intptr_t *steps, Both both, Alone alone) {
    const char *input = arguments[0];
    char *output = arguments[1];
    intptr_t count = counts[0], inputStep = steps[0], outputStep = steps[1];
    if (inputStep == sizeof(double) && outputStep == sizeof(double)) {
        for (; count > 1; count -= 2, input += sizeof(Pair), output += sizeof(Pair)) {
            Pair value = computed(pairAt(input, 0), both, alone);
            memcpy(output, &value, sizeof value);
        }
    }
    for (; count > 0; count -= 2, input += 2 * inputStep, output += 2 * outputStep) {
        // Of the last one alone, twice the same.
        Pair value = computed(load(input, count > 1 ? input + inputStep : input), both, alone);
        memcpy(output, (char *)&value, sizeof(double));
        if (count > 1) memcpy(output + outputStep, (char *)&value + sizeof(double), sizeof(double));
    }
}

#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN void __wrap_DOUBLE_exp(char **arguments, const intptr_t *counts, const intptr_t *steps, void *data) {
    (void)data;
    loop(arguments, counts, steps, expPair, expAlone);
}

HIDDEN void __wrap_DOUBLE_log(char **arguments, const intptr_t *counts, const intptr_t *steps, void *data) {
    (void)data;
    loop(arguments, counts, steps, logPair, logAlone);
}
