// What Swift's own operations keep from being vectorized, for Swift to inline: header only.
#pragma once

#include <stddef.h>

// Swift's `squareRoot()` may set errno, and a loop with it is not vectorized.
static inline float saddle_root_float(float x) { return __builtin_elementwise_sqrt(x); }
static inline double saddle_root_double(double x) { return __builtin_elementwise_sqrt(x); }

// Adam's step as `stepByMoments` documents it. It waits for the divider, which takes twice as many
// elements at once with AVX2; Swift compiles for the oldest x86-64. The operations are the same,
// none fused, and so are the results to the last bit.
#define SADDLE_ADAM_LOOP(T, ATTRIBUTES, NAME)                                                     \
  ATTRIBUTES static inline void NAME(                                                             \
      ptrdiff_t count, T *restrict theta, const T *restrict g, T *restrict m, T *restrict v,      \
      T beta1, T beta2, T shrinkage, T rate, T rootScale, T epsilon) {                            \
    _Pragma("clang fp contract(off)")                                                             \
    /* Whole vectors, then what is left: imported code is optimized for size, and a loop of any */\
    /* length would become one of masked stores, which are slow. */                               \
    ptrdiff_t whole = count & ~(ptrdiff_t)31;                                                     \
    for (ptrdiff_t i = 0; i < whole; i++) SADDLE_ADAM_ELEMENT(T)                                  \
    _Pragma("clang loop vectorize(disable)")                                                      \
    for (ptrdiff_t i = whole; i < count; i++) SADDLE_ADAM_ELEMENT(T)                              \
  }

#define SADDLE_ADAM_ELEMENT(T)                                                                    \
  {                                                                                               \
    T mean = beta1 * m[i] + (1 - beta1) * g[i];                                                   \
    T square = beta2 * v[i] + (1 - beta2) * (g[i] * g[i]);                                        \
    m[i] = mean;                                                                                  \
    v[i] = square;                                                                                \
    T below = __builtin_elementwise_sqrt(square) * rootScale + epsilon;                           \
    theta[i] = shrinkage * theta[i] - rate * (mean / (below > 0 ? below : (T)__builtin_inf()));   \
  }

#if defined(__x86_64__)
#define SADDLE_ADAM(T, NAME)                                                                      \
  SADDLE_ADAM_LOOP(T, , NAME##_narrow)                                                            \
  SADDLE_ADAM_LOOP(T, __attribute__((target("avx2"))), NAME##_wide)                               \
  static inline void NAME(                                                                        \
      ptrdiff_t count, T *theta, const T *g, T *m, T *v, T beta1, T beta2, T shrinkage, T rate,   \
      T rootScale, T epsilon) {                                                                   \
    if (__builtin_cpu_supports("avx2"))                                                           \
      NAME##_wide(count, theta, g, m, v, beta1, beta2, shrinkage, rate, rootScale, epsilon);      \
    else                                                                                          \
      NAME##_narrow(count, theta, g, m, v, beta1, beta2, shrinkage, rate, rootScale, epsilon);    \
  }
#else
#define SADDLE_ADAM(T, NAME) SADDLE_ADAM_LOOP(T, , NAME)
#endif

SADDLE_ADAM(float, saddle_adam_float)
SADDLE_ADAM(double, saddle_adam_double)

// Whether every element lies in a range; NaN lies in none.
#define SADDLE_WITHIN(T, NAME)                                                                    \
  static inline int NAME(ptrdiff_t count, const T *x, T lower, T upper) {                         \
    int outside = 0;                                                                              \
    ptrdiff_t whole = count & ~(ptrdiff_t)31;                                                     \
    for (ptrdiff_t i = 0; i < whole; i++) outside |= !(x[i] >= lower) | !(x[i] <= upper);         \
    _Pragma("clang loop vectorize(disable)")                                                      \
    for (ptrdiff_t i = whole; i < count; i++) outside |= !(x[i] >= lower) | !(x[i] <= upper);     \
    return !outside;                                                                              \
  }

SADDLE_WITHIN(float, saddle_within_float)
SADDLE_WITHIN(double, saddle_within_double)

#undef SADDLE_WITHIN
#undef SADDLE_ADAM
#undef SADDLE_ADAM_LOOP
#undef SADDLE_ADAM_ELEMENT
