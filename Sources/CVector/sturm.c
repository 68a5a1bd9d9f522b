// The count of a tridiagonal matrix's eigenvalues below a number, for 32 numbers at once: the
// recurrence waits for its own last term, so one number alone leaves most of the processor idle.
// With AVX-512 all of their terms stay in registers, for a third of the time.
//
// As in vector.c, the operations are the same on every processor and none is fused: so are counts.
#include "CVector.h"

#include "clones.h"

#pragma STDC FP_CONTRACT OFF

#define VECTORIZED CLONES("avx512f", "avx2", "default")

enum {
  LANES = SADDLE_STURM_LANES,
  // Elements are at most 1 and squares at least 2^-108, so eight steps grow a pair of terms less
  // than 2^16 times and shrink it less than 2^888 times: nothing over- or underflows between.
  STEPS = 8,
};

static inline uint64_t bits(double x) {
  uint64_t pattern;
  __builtin_memcpy(&pattern, &x, sizeof x);
  return pattern;
}

static inline double number(uint64_t pattern) {
  double x;
  __builtin_memcpy(&x, &pattern, sizeof x);
  return x;
}

VECTORIZED
void saddle_sturm(
    ptrdiff_t order, const double *restrict diagonal, const double *restrict squares,
    const double *restrict x, int64_t *restrict below, double *restrict mantissa,
    int64_t *restrict exponent) {
  // term = det(T_i − x), last = det(T_{i−1} − x), both over 2^power.
  double shift[LANES], term[LANES], last[LANES];
  int64_t changes[LANES], power[LANES];
  for (int k = 0; k < LANES; k++) {
    shift[k] = x[k];
    term[k] = 1;
    last[k] = 0;
    changes[k] = 0;
    power[k] = 0;
  }
  for (ptrdiff_t i = 0; i < order;) {
    ptrdiff_t end = order - i < STEPS ? order : i + STEPS;
    for (; i < end; i++) {
      double element = diagonal[i], square = squares[i];
      for (int k = 0; k < LANES; k++) {
        double next = (element - shift[k]) * term[k] - square * last[k];
        last[k] = term[k];
        term[k] = next;
        // A term of zero has one change of sign with its neighbours, whichever sign it bears.
        changes[k] += (int64_t)((bits(term[k]) ^ bits(last[k])) >> 63);
      }
    }
    for (int k = 0; k < LANES; k++) {
      double a = __builtin_fabs(term[k]), b = __builtin_fabs(last[k]);
      uint64_t biased = bits(a > b ? a : b) >> 52;
      double scale = number((2046 - biased) << 52);
      term[k] *= scale;
      last[k] *= scale;
      power[k] += (int64_t)biased - 1023;
    }
  }
  for (int k = 0; k < LANES; k++) {
    below[k] = changes[k];
    mantissa[k] = term[k];
    exponent[k] = power[k];
  }
}
