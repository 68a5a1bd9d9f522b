// Loops in C, for one reason: Swift compiles for the oldest x86-64, with vectors of 16 bytes. The
// largest magnitude, Adam's step, sums in double and the means of windows do not wait for memory,
// but for comparisons, for the divider, for conversions and for the nearest cache, and take half the
// time with AVX2's 32 bytes.
//
// The operations are the same on every processor, none fused, and so are the results to the last
// bit.
#include "CVector.h"

#include "clones.h"

#pragma STDC FP_CONTRACT OFF

#define VECTORIZED CLONES("avx2", "default")

// Where the window of a place, counted over channels, rows and columns, begins in what is read.
static inline ptrdiff_t first_tap(struct saddle_windows windows, ptrdiff_t place) {
  const ptrdiff_t column = place % windows.columns, line = place / windows.columns;
  const ptrdiff_t row = line % windows.rows, channel = line / windows.rows;
  const ptrdiff_t above = channel * windows.height + row * windows.stride_y;
  return (above * windows.width + column * windows.stride_x) * windows.samples;
}

#define T float
#define BITS int32_t
#define NAMED(loop) saddle_##loop##_float
#include "loops.h"
#undef T
#undef BITS
#undef NAMED

#define T double
#define BITS int64_t
#define NAMED(loop) saddle_##loop##_double
#include "loops.h"
