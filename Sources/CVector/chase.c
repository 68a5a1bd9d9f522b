// From a band matrix to a tridiagonal one with the same eigenvalues, by Householder reflections of
// columns of the band: each clears a column below its first subdiagonal, which fills a triangle
// below the band further on, the first column of which the next reflection clears, and so on to the
// matrix's end (Bischof, Lang, Sun: A framework for symmetric band reduction, 2000). A column's
// course is a sweep. Sweeps follow one another at a distance: some in turn on one thread, so that
// what they have in common stays near the processor, the next ones on another.
//
// As with BLAS, and unlike in vector.c, sums are in the order and products fused as the processor
// likes it; the number of threads changes nothing.
#include "CVector.h"

#include <sched.h>

#include "clones.h"

#define INLINE static inline __attribute__((always_inline))
#define ANY_ORDER _Pragma("clang fp reassociate(on) contract(fast)")
// "fma" is AVX's vectors with fused products.
#define VECTORIZED CLONES("avx512f", "fma", "default")
// Far from where a square loses digits; its root is nothing beside 1.
#define LEAST_SQUARE(T) _Generic((T)0, float: 0x1p-100f, double: 0x1p-900)
#define WHOLE PTRDIFF_MAX

INLINE ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

// Until another thread has done so many steps. It is at it: groups of sweeps are begun in order.
static void wait_for(const ptrdiff_t *steps, ptrdiff_t count) {
  int turns = 0;
  while (__atomic_load_n(steps, __ATOMIC_ACQUIRE) < count)
    if (turns < 1000) turns++;
    else sched_yield();
}

#define T float
#define NAMED(loop) saddle_##loop##_float
#include "chase-loops.h"
#undef T
#undef NAMED

#define T double
#define NAMED(loop) saddle_##loop##_double
#include "chase-loops.h"
