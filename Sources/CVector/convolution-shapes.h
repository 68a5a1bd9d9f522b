// Convolutions of one precision: which parts of two tensors meet in which taps. convolution.c defines
// T, PUBLIC, PART and CHOSEN, and includes this for each precision.

static void PART(convolve)(
    struct saddle_windows s, ptrdiff_t channels, ptrdiff_t outputs, const T *w, const T *x, T beta,
    T *y) {
  CHOSEN(strips);
  const ptrdiff_t n = s.samples, kernel = s.size_y * s.size_x;
  for (ptrdiff_t row = 0; row < s.rows; row++) {
    const ptrdiff_t top = row * s.stride_y - s.padding_y;
    const struct range i = taps_within(top, s.size_y, s.height);
    for (ptrdiff_t column = 0, end; column < s.columns; column = end) {
      const ptrdiff_t left = column * s.stride_x - s.padding_x;
      const struct range j = taps_within(left, s.size_x, s.width);
      end = column + 1;
      // Columns side by side that see as much are one strip.
      while (s.stride_x == 1 && end < s.columns &&
             is_same(j, taps_within(end - s.padding_x, s.size_x, s.width)))
        end++;
      const struct taps taps = {
          .outer = {channels, s.height * s.width * n, kernel},
          .middle = {i.end - i.start, s.width * n, s.size_x},
          .inner = {j.end - j.start, n, 1},
          .row = s.channels * kernel,
      };
      strips(
          outputs, &taps, w + i.start * s.size_x + j.start,
          x + ((top + i.start) * s.width + left + j.start) * n, (end - column) * n, beta,
          y + (row * s.columns + column) * n, s.rows * s.columns * n);
    }
  }
}

static void PART(convolve_back)(
    struct saddle_windows s, ptrdiff_t outputs, const T *w, const T *y, T beta, T *x) {
  CHOSEN(strips);
  const ptrdiff_t n = s.samples, kernel = s.size_y * s.size_x;
  for (ptrdiff_t row = 0; row < s.height; row++) {
    const struct meeting i = meeting(row + s.padding_y, s.size_y, s.stride_y, s.rows);
    for (ptrdiff_t column = 0, end; column < s.width; column = end) {
      const struct meeting j = meeting(column + s.padding_x, s.size_x, s.stride_x, s.columns);
      end = column + 1;
      while (s.stride_x == 1 && end < s.width &&
             has_same_taps(j, meeting(end + s.padding_x, s.size_x, 1, s.columns)))
        end++;
      // From tap to tap the position goes back.
      const struct taps taps = {
          .outer = {outputs, s.rows * s.columns * n, s.channels * kernel},
          .middle = {i.count, -s.columns * n, s.stride_y * s.size_x},
          .inner = {j.count, -n, s.stride_x},
          .row = kernel,
      };
      strips(
          s.channels, &taps, w + i.tap * s.size_x + j.tap,
          y + (i.position * s.columns + j.position) * n, (end - column) * n, beta,
          x + (row * s.width + column) * n, s.height * s.width * n);
    }
  }
}

// Channels are summed over some at a time: as many as stay near the processor while a row goes by.
void PUBLIC(convolve)(
    struct saddle_windows s, ptrdiff_t outputs, const T *w, const T *x, T beta, T *y) {
  const ptrdiff_t bytes = s.size_y * s.width * s.samples * (ptrdiff_t)sizeof(T);
  const ptrdiff_t near = most(1, NEAR / bytes);
  for (ptrdiff_t c = 0; c < s.channels; c += near) {
    PART(convolve)(
        s, least(near, s.channels - c), outputs, w + c * s.size_y * s.size_x,
        x + c * s.height * s.width * s.samples, c > 0 ? 1 : beta, y);
  }
}

void PUBLIC(convolve_back)(
    struct saddle_windows s, ptrdiff_t outputs, const T *w, const T *y, T beta, T *x) {
  const ptrdiff_t bytes = s.size_y * s.columns * s.samples * (ptrdiff_t)sizeof(T);
  const ptrdiff_t near = most(1, NEAR / bytes);
  for (ptrdiff_t o = 0; o < outputs; o += near) {
    PART(convolve_back)(
        s, least(near, outputs - o), w + o * s.channels * s.size_y * s.size_x,
        y + o * s.rows * s.columns * s.samples, o > 0 ? 1 : beta, x);
  }
}

void PUBLIC(convolve_sums)(
    struct saddle_windows s, ptrdiff_t outputs, const T *y, const T *x, T beta, T *g) {
  CHOSEN(dots);
  const ptrdiff_t n = s.samples, kernel = s.size_y * s.size_x, fan_in = s.channels * kernel;
  const ptrdiff_t line = s.columns * n, plane = s.rows * line;
  // Taps of a tile are beside one another in a kernel's row, or, of kernels of one element, in channels.
  const bool is_point = kernel == 1;
  const ptrdiff_t shift = is_point ? s.height * s.width * n : n, step = is_point ? 0 : 1;
  if (beta != 1)
    for (ptrdiff_t k = 0; k < outputs * fan_in; k++) g[k] = beta == 0 ? 0 : beta * g[k];
  // So many rows of y, for a tile's outputs, stay near the processor while all taps pass.
  const ptrdiff_t band = most(1, 2 * NEAR / (TILE_ROWS * line * (ptrdiff_t)sizeof(T)));
  for (ptrdiff_t first = 0; first < s.rows; first += band)
    for (ptrdiff_t o = 0, outs; o < outputs; o += outs) {
      // Three and three are quicker than four and two.
      const ptrdiff_t left = outputs - o;
      outs = left == 5 || left == 6 ? 3 : least(left, TILE_ROWS);
      for (ptrdiff_t tap = 0, count; tap < fan_in; tap += count) {
        const ptrdiff_t c = tap / kernel, i = tap % kernel / s.size_x, j = tap % s.size_x;
        count = least(is_point ? fan_in - tap : s.size_x - j, TILE_TAPS);
        const struct range rows = both(
            positions_within(i - s.padding_y, s.stride_y, s.height, s.rows),
            (struct range){first, first + band});
        if (rows.start >= rows.end) continue;
        struct range shared = {0, s.columns};
        for (ptrdiff_t k = 0; k < count; k++)
          shared = both(
              shared,
              positions_within(j + k * step - s.padding_x, s.stride_x, s.width, s.columns));
        // The columns that all of the taps see together, and for each tap those before and after.
        for (ptrdiff_t part = 0; part <= 2 * count; part++) {
          const ptrdiff_t k = part == 0 ? 0 : (part - 1) / 2;
          struct range columns = shared;
          if (part > 0) {
            const struct range own =
                positions_within(j + k * step - s.padding_x, s.stride_x, s.width, s.columns);
            const bool is_apart = shared.start >= shared.end;
            if (part % 2 == 1)
              columns = (struct range){own.start, is_apart ? own.end : shared.start};
            else
              columns = (struct range){is_apart ? own.end : shared.end, own.end};
          }
          const ptrdiff_t width = columns.end - columns.start;
          if (width <= 0) continue;
          const bool is_joined = s.stride_x == 1;
          const struct runs runs = {
              .rows = {rows.end - rows.start, s.stride_y * s.width * n, line},
              .columns = {is_joined ? 1 : width, s.stride_x * n, n},
              .length = is_joined ? width * n : n,
          };
          const ptrdiff_t seen_row = rows.start * s.stride_y + i - s.padding_y;
          const ptrdiff_t seen_column = columns.start * s.stride_x + j + k * step - s.padding_x;
          dots(
              outs, part == 0 ? count : 1, &runs,
              y + o * plane + (rows.start * s.columns + columns.start) * n, plane,
              x + ((c * s.height + seen_row) * s.width + seen_column) * n, shift,
              g + o * fan_in + tap + k, fan_in);
        }
      }
    }
}
