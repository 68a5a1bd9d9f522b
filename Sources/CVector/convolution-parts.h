// What all convolutions have in common, whatever the precision and the vectors: see convolution.c.
#pragma once

#include "CVector.h"

#pragma STDC FP_CONTRACT ON

#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

enum {
  MOST_ROWS = 6,
  TILE_ROWS = 4,
  TILE_TAPS = 3,
  // Bytes of a tensor that stay near the processor beside another's.
  NEAR = 1 << 16,
};

// How often, and what is stepped over in what is read and in what goes with it.
struct loop {
  ptrdiff_t count, source, target;
};

// The taps of a sum, and how far a row of weights is from the next.
struct taps {
  struct loop outer, middle, inner;
  ptrdiff_t row;
};

// Elements that meet: `length` beside one another, in rows and columns.
struct runs {
  struct loop rows, columns;
  ptrdiff_t length;
};

struct range {
  ptrdiff_t start, end;
};

// The first of `count` taps that meet an element, and at which position.
struct meeting {
  ptrdiff_t tap, count, position;
};

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static ptrdiff_t most(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

static struct range both(struct range a, struct range b) {
  return (struct range){most(a.start, b.start), least(a.end, b.end)};
}

static bool is_same(struct range a, struct range b) { return a.start == b.start && a.end == b.end; }

static bool has_same_taps(struct meeting a, struct meeting b) {
  return a.tap == b.tap && a.count == b.count;
}

// Which of `size` taps, the first of which is at `start`, lie on one of `count` elements.
static struct range taps_within(ptrdiff_t start, ptrdiff_t size, ptrdiff_t count) {
  const struct range taps = {most(0, -start), least(size, count - start)};
  return taps.start < taps.end ? taps : (struct range){0, 0};
}

// At which positions a tap that begins at `start` lies on one of `count` elements.
static struct range positions_within(
    ptrdiff_t start, ptrdiff_t stride, ptrdiff_t count, ptrdiff_t positions) {
  const ptrdiff_t first = start < 0 ? (stride - 1 - start) / stride : 0;
  const ptrdiff_t end = start < count ? (count - 1 - start) / stride + 1 : 0;
  return (struct range){first, least(end, positions)};
}

// The taps that meet an element, which has this place among those with padding: all with
// tap + stride·position = place.
static struct meeting meeting(
    ptrdiff_t place, ptrdiff_t size, ptrdiff_t stride, ptrdiff_t positions) {
  const ptrdiff_t position = least(place / stride, positions - 1);
  const ptrdiff_t tap = place - position * stride;
  if (tap >= size) return (struct meeting){0, 0, 0};
  return (struct meeting){tap, least((size - 1 - tap) / stride, position) + 1, position};
}

#define JOINED(a, b, c) a##_##b##_##c
#define JOIN(a, b, c) JOINED(a, b, c)
#define NAMED(loop) JOIN(loop, PROCESSOR, T)
#define WHOLE_NUMBER(T) typeof(_Generic((T){0}, float: (int32_t)0, double: (int64_t)0))
