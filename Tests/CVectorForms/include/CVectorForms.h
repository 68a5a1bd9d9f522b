// The loops of CVector's convolutions as other processors run them: with vectors as wide as AVX-512's,
// and as narrow as those of the oldest x86-64, compiled for the processor at hand.
#pragma once

#include "CVector.h"

#define FORM(form, T)                                                                            \
  void form##_convolve_##T(                                                                      \
      struct saddle_windows windows, ptrdiff_t outputs, const T *w, const T *x, T beta, T *y);   \
  void form##_convolve_back_##T(                                                                 \
      struct saddle_windows windows, ptrdiff_t outputs, const T *w, const T *y, T beta, T *x);   \
  void form##_convolve_sums_##T(                                                                 \
      struct saddle_windows windows, ptrdiff_t outputs, const T *y, const T *x, T beta, T *g);

FORM(narrow, float)
FORM(narrow, double)
FORM(wide, float)
FORM(wide, double)
#undef FORM
