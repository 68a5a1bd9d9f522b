// The innermost loops of convolutions for one precision and one kind of processor: convolution.c
// defines T, BYTES (of a vector), TARGET and NAMED, and includes this for each.

typedef T NAMED(vector) __attribute__((vector_size(BYTES), aligned(_Alignof(T))));
// Two vectors, since a product has to wait four times as long as it takes.
typedef T NAMED(pair) __attribute__((vector_size(2 * BYTES), aligned(_Alignof(T))));
// A vector's bits, for masks.
typedef WHOLE_NUMBER(T) NAMED(bits) __attribute__((vector_size(BYTES)));

// A vector of which all but the last `kept` elements are zero.
TARGET INLINE NAMED(vector) NAMED(last)(const T *x, ptrdiff_t kept) {
  enum { LANES = sizeof(NAMED(vector)) / sizeof(T) };
  NAMED(bits) mask;
  for (int k = 0; k < LANES; k++) mask[k] = k < LANES - kept ? 0 : -1;
  return (NAMED(vector))((NAMED(bits))*(const NAMED(vector) *)x & mask);
}

// y[r] = beta·y[r] + Σ w[r]·x over all taps, for `rows` rows and one pair of vectors, of which the
// last `kept` elements are written.
TARGET INLINE void NAMED(sum_pair)(
    const int rows, const struct taps *taps, const T *w, const T *x, T beta, T *y, ptrdiff_t plane,
    const int kept) {
  enum { LANES = sizeof(NAMED(pair)) / sizeof(T) };
  const struct loop outer = taps->outer, middle = taps->middle, inner = taps->inner;
  NAMED(pair) sums[MOST_ROWS];
  UNROLLED for (int r = 0; r < rows; r++) sums[r] = (NAMED(pair)){0};
  for (ptrdiff_t a = 0; a < outer.count; a++)
    for (ptrdiff_t b = 0; b < middle.count; b++) {
      const T *source = x + a * outer.source + b * middle.source;
      const T *weight = w + a * outer.target + b * middle.target;
      for (ptrdiff_t c = 0; c < inner.count; c++) {
        NAMED(pair) value = *(const NAMED(pair) *)source;
        UNROLLED for (int r = 0; r < rows; r++) sums[r] += weight[r * taps->row] * value;
        source += inner.source;
        weight += inner.target;
      }
    }
  UNROLLED for (int r = 0; r < rows; r++) {
    if (kept == LANES) {
      NAMED(pair) *target = (NAMED(pair) *)(y + r * plane);
      *target = beta == 0 ? sums[r] : beta * *target + sums[r];
    } else {
      for (int k = LANES - kept; k < LANES; k++) {
        T *target = y + r * plane + k;
        *target = beta == 0 ? sums[r][k] : beta * *target + sums[r][k];
      }
    }
  }
}

// The same for one element, where there are less than a pair of vectors.
TARGET INLINE void NAMED(sum_one)(
    const int rows, const struct taps *taps, const T *w, const T *x, T beta, T *y,
    ptrdiff_t plane) {
  const struct loop outer = taps->outer, middle = taps->middle, inner = taps->inner;
  T sums[MOST_ROWS];
  UNROLLED for (int r = 0; r < rows; r++) sums[r] = 0;
  for (ptrdiff_t a = 0; a < outer.count; a++)
    for (ptrdiff_t b = 0; b < middle.count; b++) {
      const T *source = x + a * outer.source + b * middle.source;
      const T *weight = w + a * outer.target + b * middle.target;
      for (ptrdiff_t c = 0; c < inner.count; c++) {
        T value = *source;
        UNROLLED for (int r = 0; r < rows; r++) sums[r] += weight[r * taps->row] * value;
        source += inner.source;
        weight += inner.target;
      }
    }
  UNROLLED for (int r = 0; r < rows; r++) {
    T *target = y + r * plane;
    *target = beta == 0 ? sums[r] : beta * *target + sums[r];
  }
}

TARGET INLINE void NAMED(strip)(
    const int rows, const struct taps *taps, const T *w, const T *x, ptrdiff_t count, T beta, T *y,
    ptrdiff_t plane) {
  enum { LANES = sizeof(NAMED(pair)) / sizeof(T) };
  ptrdiff_t at = 0;
  for (; at + LANES <= count; at += LANES)
    NAMED(sum_pair)(rows, taps, w, x + at, beta, y + at, plane, LANES);
  if (at == count) return;
  if (count > LANES) {
    // What is left, and some that was there before it.
    const ptrdiff_t last = count - LANES;
    NAMED(sum_pair)(rows, taps, w, x + last, beta, y + last, plane, (int)(count - at));
  } else {
    for (; at < count; at++) NAMED(sum_one)(rows, taps, w, x + at, beta, y + at, plane);
  }
}

// A strip of `count` elements that lie beside one another, of `rows` rows: those of y are `plane`
// apart, those of w `taps->row`.
TARGET static void NAMED(strips)(
    ptrdiff_t rows, const struct taps *taps, const T *w, const T *x, ptrdiff_t count, T beta, T *y,
    ptrdiff_t plane) {
  while (rows > 0) {
    const ptrdiff_t taken = rows >= MOST_ROWS ? MOST_ROWS : rows == 5 ? 3 : rows;
    switch (taken) {
      case 6: NAMED(strip)(6, taps, w, x, count, beta, y, plane); break;
      case 4: NAMED(strip)(4, taps, w, x, count, beta, y, plane); break;
      case 3: NAMED(strip)(3, taps, w, x, count, beta, y, plane); break;
      case 2: NAMED(strip)(2, taps, w, x, count, beta, y, plane); break;
      default: NAMED(strip)(1, taps, w, x, count, beta, y, plane);
    }
    rows -= taken;
    w += taken * taps->row;
    y += taken * plane;
  }
}

// g[r][c] += Σ y[r]·x[c] over all runs, for `rows` rows of y, which are `plane` apart, and `count`
// taps, whose x are `shift` apart.
TARGET INLINE void NAMED(tile)(
    const int rows, const int count, const struct runs *runs, const T *y, ptrdiff_t plane,
    const T *x, ptrdiff_t shift, T *g, ptrdiff_t row) {
  enum { LANES = sizeof(NAMED(vector)) / sizeof(T) };
  NAMED(vector) parts[TILE_ROWS][TILE_TAPS];
  T rest[TILE_ROWS][TILE_TAPS];
  UNROLLED for (int r = 0; r < rows; r++)
    UNROLLED for (int c = 0; c < count; c++) {
      parts[r][c] = (NAMED(vector)){0};
      rest[r][c] = 0;
    }
  for (ptrdiff_t i = 0; i < runs->rows.count; i++)
    for (ptrdiff_t j = 0; j < runs->columns.count; j++) {
      const T *a = y + i * runs->rows.target + j * runs->columns.target;
      const T *b = x + i * runs->rows.source + j * runs->columns.source;
      ptrdiff_t at = 0;
      for (; at + LANES <= runs->length; at += LANES) {
        NAMED(vector) sources[TILE_TAPS];
        UNROLLED for (int c = 0; c < count; c++)
          sources[c] = *(const NAMED(vector) *)(b + c * shift + at);
        UNROLLED for (int r = 0; r < rows; r++) {
          NAMED(vector) value = *(const NAMED(vector) *)(a + r * plane + at);
          UNROLLED for (int c = 0; c < count; c++) parts[r][c] += value * sources[c];
        }
      }
      const ptrdiff_t left = runs->length - at;
      if (left > 0 && runs->length >= LANES) {
        // With what was there before it as zeros.
        const ptrdiff_t last = runs->length - LANES;
        NAMED(vector) sources[TILE_TAPS];
        UNROLLED for (int c = 0; c < count; c++)
          sources[c] = NAMED(last)(b + c * shift + last, left);
        UNROLLED for (int r = 0; r < rows; r++) {
          NAMED(vector) value = NAMED(last)(a + r * plane + last, left);
          UNROLLED for (int c = 0; c < count; c++) parts[r][c] += value * sources[c];
        }
      } else {
        for (; at < runs->length; at++)
          UNROLLED for (int r = 0; r < rows; r++)
            UNROLLED for (int c = 0; c < count; c++)
              rest[r][c] += a[r * plane + at] * b[c * shift + at];
      }
    }
  UNROLLED for (int r = 0; r < rows; r++)
    UNROLLED for (int c = 0; c < count; c++) {
      T sum = rest[r][c];
      for (int k = 0; k < LANES; k++) sum += parts[r][c][k];
      g[r * row + c] += sum;
    }
}

#define TILES(R)                                                                                 \
  switch (count) {                                                                               \
    case 3: NAMED(tile)(R, 3, runs, y, plane, x, shift, g, row); break;                          \
    case 2: NAMED(tile)(R, 2, runs, y, plane, x, shift, g, row); break;                          \
    default: NAMED(tile)(R, 1, runs, y, plane, x, shift, g, row);                                \
  }

TARGET static void NAMED(dots)(
    ptrdiff_t rows, ptrdiff_t count, const struct runs *runs, const T *y, ptrdiff_t plane,
    const T *x, ptrdiff_t shift, T *g, ptrdiff_t row) {
  switch (rows) {
    case 4: TILES(4) break;
    case 3: TILES(3) break;
    case 2: TILES(2) break;
    default: TILES(1)
  }
}
#undef TILES
