// Loops in C, for one reason: Swift compiles for the oldest x86-64, with vectors of 16 bytes. The
// check of a gradient, Adam's step and sums in double wait for comparisons, for the divider and for
// conversions, not for memory, and take half the time with AVX2's 32 bytes.
//
// The operations are the same on every processor, none fused, and so are the results to the last
// bit.
#include "CVector.h"

#include "clones.h"

#pragma STDC FP_CONTRACT OFF

#define VECTORIZED CLONES("avx2", "default")

#define T float
#define NAMED(loop) saddle_##loop##_float
#include "loops.h"
#undef T
#undef NAMED

#define T double
#define NAMED(loop) saddle_##loop##_double
#include "loops.h"
