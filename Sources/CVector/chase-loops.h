// The loops for one precision: chase.c defines T and NAMED, and includes this twice.

// Makes H = I − tau·v·vᵀ, v[0] = 1, with H·x = (beta, 0, …), and x that. What is so small that its
// square vanishes is dropped: elements of the matrix are at most about 1.
INLINE T NAMED(reflect)(ptrdiff_t count, T *restrict x, T *restrict v) {
  ANY_ORDER
  T square = 0;
  for (ptrdiff_t i = 1; i < count; i++) square += x[i] * x[i];
  v[0] = 1;
  if (square < LEAST_SQUARE(T)) {
    for (ptrdiff_t i = 1; i < count; i++) v[i] = x[i] = 0;
    return 0;
  }
  const T first = x[0], norm = __builtin_elementwise_sqrt(first * first + square);
  const T beta = first < 0 ? norm : -norm, scale = 1 / (first - beta);
  for (ptrdiff_t i = 1; i < count; i++) {
    v[i] = x[i] * scale;
    x[i] = 0;
  }
  x[0] = beta;
  return (beta - first) / beta;
}

// A = H·A·H of a symmetric A, its lower triangle: A − v·wᵀ − w·vᵀ.
INLINE void NAMED(reflect_symmetric)(
    ptrdiff_t count, T *restrict a, ptrdiff_t next, const T *restrict v, T tau, T *restrict w) {
  ANY_ORDER
  if (tau == 0) return;
  for (ptrdiff_t i = 0; i < count; i++) w[i] = 0;
  for (ptrdiff_t j = 0; j < count; j++) {
    const T *restrict column = a + j * next;
    T sum = column[j] * v[j];
    for (ptrdiff_t i = j + 1; i < count; i++) {
      w[i] += column[i] * v[j];
      sum += column[i] * v[i];
    }
    w[j] += sum;
  }
  T along = 0;
  for (ptrdiff_t i = 0; i < count; i++) along += w[i] * v[i];
  const T half = (T)-0.5 * tau * tau * along;
  for (ptrdiff_t i = 0; i < count; i++) w[i] = tau * w[i] + half * v[i];
  for (ptrdiff_t j = 0; j < count; j++) {
    T *restrict column = a + j * next;
    for (ptrdiff_t i = j; i < count; i++) column[i] -= v[i] * w[j] + w[i] * v[j];
  }
}

// A = A·H of the last reflection, which fills A; then A = U·A of a new one that clears what it can
// of the first column again. The new one's vector is u, the result its tau.
INLINE T NAMED(pass_on)(
    ptrdiff_t rows, ptrdiff_t columns, T *restrict a, ptrdiff_t next, const T *restrict v, T tau,
    T *restrict u, T *restrict w) {
  ANY_ORDER
  for (ptrdiff_t i = 0; i < rows; i++) w[i] = 0;
  for (ptrdiff_t j = 0; j < columns; j++) {
    const T *restrict column = a + j * next;
    for (ptrdiff_t i = 0; i < rows; i++) w[i] += column[i] * v[j];
  }
  for (ptrdiff_t i = 0; i < rows; i++) {
    w[i] *= tau;
    a[i] -= w[i];
  }
  const T new = NAMED(reflect)(rows, a, u);
  for (ptrdiff_t j = 1; j < columns; j++) {
    T *restrict column = a + j * next;
    T along = 0;
    for (ptrdiff_t i = 0; i < rows; i++) {
      column[i] -= w[i] * v[j];
      along += column[i] * u[i];
    }
    along *= new;
    for (ptrdiff_t i = 0; i < rows; i++) column[i] -= along * u[i];
  }
  return new;
}

VECTORIZED
void NAMED(chase)(
    ptrdiff_t order, ptrdiff_t width, T *band, ptrdiff_t first, ptrdiff_t count,
    const ptrdiff_t *before, ptrdiff_t *done) {
  // A column's elements follow one another, as in any matrix by columns of which a block is taken.
  const ptrdiff_t next = 2 * width - 1;
  struct {
    T v[2][SADDLE_CHASE_WIDTH], tau;
    ptrdiff_t row, rows;
  } sweeps[SADDLE_CHASE_SWEEPS];
  T w[SADDLE_CHASE_WIDTH];
  const ptrdiff_t steps = (order - first - 2) / width + 1;
  // A sweep's step follows the next step of the sweep before it: in a group, by the order here.
  for (ptrdiff_t turn = 0; turn < steps + count - 1; turn++) {
    if (before) wait_for(before, turn + 2 < steps ? turn + 2 : WHOLE);
    for (ptrdiff_t k = 0; k < count && k <= turn; k++) {
      const ptrdiff_t step = turn - k;
      T *v = sweeps[k].v[step % 2], *u = sweeps[k].v[(step + 1) % 2];
      if (step == 0) {
        const ptrdiff_t row = first + k + 1;
        sweeps[k].row = row;
        sweeps[k].rows = least(order - row, width);
        sweeps[k].tau = NAMED(reflect)(sweeps[k].rows, band + (row - 1) * (next + 1) + 1, u);
      } else {
        const ptrdiff_t row = sweeps[k].row + sweeps[k].rows;
        if (row >= order) continue;
        const ptrdiff_t rows = least(order - row, width);
        T *block = band + sweeps[k].row * (next + 1) + sweeps[k].rows;
        sweeps[k].tau =
            NAMED(pass_on)(rows, sweeps[k].rows, block, next, v, sweeps[k].tau, u, w);
        sweeps[k].row = row;
        sweeps[k].rows = rows;
      }
      NAMED(reflect_symmetric)(
          sweeps[k].rows, band + sweeps[k].row * (next + 1), next, u, sweeps[k].tau, w);
    }
    if (turn >= count - 1) __atomic_store_n(done, turn - count + 2, __ATOMIC_RELEASE);
  }
  __atomic_store_n(done, WHOLE, __ATOMIC_RELEASE);
}
