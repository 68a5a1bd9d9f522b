// The loops for one precision: vector.c defines T, BITS (a whole number as wide), NAMED and VECTORIZED, and
// includes this twice.

// Without their signs numbers are ordered as their bits are, and NaN's bits are above infinity's.
VECTORIZED
T NAMED(largest_magnitude)(ptrdiff_t count, const T *x) {
  BITS largest = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    const T magnitude = __builtin_elementwise_abs(x[i]);
    BITS bits;
    __builtin_memcpy(&bits, &magnitude, sizeof(T));
    largest = bits > largest ? bits : largest;
  }
  T result;
  __builtin_memcpy(&result, &largest, sizeof(T));
  return result;
}

VECTORIZED
void NAMED(adam)(
    ptrdiff_t count, T *restrict theta, const T *restrict g, T *restrict m, T *restrict v,
    T beta1, T beta2, T shrinkage, T rate, T root_scale, T epsilon) {
  for (ptrdiff_t i = 0; i < count; i++) {
    T mean = beta1 * m[i] + (1 - beta1) * g[i];
    T square = beta2 * v[i] + (1 - beta2) * (g[i] * g[i]);
    m[i] = mean;
    v[i] = square;
    T below = __builtin_elementwise_sqrt(square) * root_scale + epsilon;
    // The choice is between divisors, since one between results would not be vectorized.
    theta[i] = shrinkage * theta[i] - rate * (mean / (below > 0 ? below : (T)__builtin_inf()));
  }
}

// Sixteen sums apart, in double whatever T is: each addition waits for the one before it.
VECTORIZED
double NAMED(dot)(ptrdiff_t count, const T *x, const T *y) {
  double sums[16] = {0};
  ptrdiff_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int k = 0; k < 16; k++) sums[k] += (double)x[i + k] * (double)y[i + k];
  for (int k = 0; i < count; i++, k++) sums[k] += (double)x[i] * (double)y[i];
  for (int width = 8; width > 0; width /= 2)
    for (int k = 0; k < width; k++) sums[k] += sums[k + width];
  return sums[0];
}

VECTORIZED
struct saddle_dots NAMED(recur)(
    ptrdiff_t count, const T *restrict product, const T *restrict current, T *restrict previous,
    T a, T b, T c) {
  double squares[8] = {0}, crosses[8] = {0};
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (int k = 0; k < 8; k++) {
      T next = a * product[i + k] + b * current[i + k] + c * previous[i + k];
      previous[i + k] = next;
      squares[k] += (double)next * (double)next;
      crosses[k] += (double)next * (double)current[i + k];
    }
  }
  for (int k = 0; i < count; i++, k++) {
    T next = a * product[i] + b * current[i] + c * previous[i];
    previous[i] = next;
    squares[k] += (double)next * (double)next;
    crosses[k] += (double)next * (double)current[i];
  }
  for (int width = 4; width > 0; width /= 2) {
    for (int k = 0; k < width; k++) {
      squares[k] += squares[k + width];
      crosses[k] += crosses[k + width];
    }
  }
  return (struct saddle_dots){squares[0], crosses[0]};
}

// Some samples at a time, so that their sums stay in registers. Each element is multiplied first: a
// sum of large ones would overflow where their mean does not.
VECTORIZED
void NAMED(average)(
    struct saddle_windows windows, ptrdiff_t channels, T factor, const T *restrict x,
    T *restrict y) {
  enum { LANES = 64 / sizeof(T) };
  const ptrdiff_t n = windows.samples;
  for (ptrdiff_t place = 0; place < channels * windows.rows * windows.columns; place++, y += n) {
    const T *first = x + first_tap(windows, place);
    for (ptrdiff_t k = 0; k < n; k += LANES) {
      const ptrdiff_t count = n - k < LANES ? n - k : LANES;
      T sums[LANES] = {0};
      for (ptrdiff_t i = 0; i < windows.size_y; i++) {
        for (ptrdiff_t j = 0; j < windows.size_x; j++) {
          const T *tap = first + (i * windows.width + j) * n + k;
          if (count == LANES)
            for (int m = 0; m < LANES; m++) sums[m] += factor * tap[m];
          else
            for (ptrdiff_t m = 0; m < count; m++) sums[m] += factor * tap[m];
        }
      }
      for (ptrdiff_t m = 0; m < count; m++) y[k + m] = sums[m];
    }
  }
}

VECTORIZED
void NAMED(spread)(
    struct saddle_windows windows, ptrdiff_t channels, T factor, const T *restrict y,
    T *restrict x, bool are_tiles) {
  const ptrdiff_t n = windows.samples;
  const ptrdiff_t count = channels * windows.height * windows.width * n;
  if (!are_tiles)
    for (ptrdiff_t k = 0; k < count; k++) x[k] = 0;
  for (ptrdiff_t place = 0; place < channels * windows.rows * windows.columns; place++, y += n) {
    T *first = x + first_tap(windows, place);
    for (ptrdiff_t i = 0; i < windows.size_y; i++) {
      for (ptrdiff_t j = 0; j < windows.size_x; j++) {
        T *restrict tap = first + (i * windows.width + j) * n;
        if (are_tiles)
          for (ptrdiff_t k = 0; k < n; k++) tap[k] = factor * y[k];
        else
          for (ptrdiff_t k = 0; k < n; k++) tap[k] += factor * y[k];
      }
    }
  }
}
