// The two halves of a projection off some rows, for one vector or for a block of them.

/// O ← Q·Xᵀ (k × b), for the k rows of Q and the b rows of X.
func overlap<T: Scalar>(
  _ basis: Span<T>, _ shape: Layout, with vectors: Span<T>, _ block: Layout,
  into overlaps: inout MutableSpan<T>
) {
  if block.rows == 1 {
    multiply(basis, shape, by: vectors, into: &overlaps)
  } else {
    multiply(
      basis, shape, vectors, block.transposed, into: &overlaps,
      Layout(rows: shape.rows, columns: block.rows))
  }
}

/// X ← X − Oᵀ·Q.
func subtract<T: Scalar>(
  _ overlaps: Span<T>, of basis: Span<T>, _ shape: Layout, from vectors: inout MutableSpan<T>,
  _ block: Layout
) {
  if block.rows == 1 {
    multiply(basis, shape.transposed, by: overlaps, scaledBy: -1, adding: 1, into: &vectors)
  } else {
    multiply(
      overlaps, Layout(rows: shape.rows, columns: block.rows).transposed, basis, shape,
      scaledBy: -1, adding: 1, into: &vectors, block)
  }
}
