// Convolutions without the matrix of all windows, which BLAS would need: laying that out, and adding
// it back, takes several times as long as the products, of which each has few rows. Samples lie
// beside one another, so a weight meets whole vectors, and as many sums as the processor has
// registers for are kept in them over all taps.
//
// Unlike in vector.c, products and sums are fused where the processor does so: as with BLAS, last
// bits are the processor's. A sum over taps goes in their order, whichever sample it is of.
#include "convolution-parts.h"

#define T float
#include "convolution-processors.h"
#undef T

#define T double
#include "convolution-processors.h"
