// The loops for one precision: vector.c defines T, NAMED and VECTORIZED, and includes this twice.

// Without a branch, and so vectorized: all elements are read, as is usual, since usually all are
// in the range.
VECTORIZED
bool NAMED(within)(ptrdiff_t count, const T *x, T lower, T upper) {
  int outside = 0;  // not bool: elements are compared as wide as they are
  for (ptrdiff_t i = 0; i < count; i++) outside |= !(x[i] >= lower) | !(x[i] <= upper);
  return !outside;
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
