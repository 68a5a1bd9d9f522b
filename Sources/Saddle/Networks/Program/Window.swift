/// The windows that a convolution or a pool sees, one for each position of its output.
///
/// Here and in every pass a tensor is feature-major: channels × rows × columns × samples, with the
/// samples of a chunk beside one another. A flatten is then nothing at all, a dense layer is one
/// product, and whatever a window touches comes in runs of whole samples.
struct Window: Hashable, Sendable {
  let input: Shape
  let output: Shape
  let size: Extent
  let stride: Extent
  let padding: Extent

  /// Whether the matrix of all windows is the tensor itself: windows of one element, or one window
  /// of everything.
  var isWhole: Bool {
    guard padding == 0 else { return false }
    return (size == 1 && stride == 1) || (size.height == input.height && size.width == input.width)
  }
}

extension Window {
  /// Some positions' windows as a matrix (im2col): one row for each channel, kernel row and kernel
  /// column, one column for each position and sample.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func gather<T: Scalar>(
    _ x: Span<T>, positions: Range<Int>, samples n: Int, into columns: inout MutableSpan<T>
  ) {
    let (height, width) = (input.height, input.width)
    precondition(
      x.count >= input.count * n
        && columns.count >= input.channels * size.count * positions.count * n)
    var at = 0
    for c in 0..<input.channels {
      for i in 0..<size.height {
        for j in 0..<size.width {
          var position = positions.lowerBound
          while position < positions.upperBound {
            let row = position / output.width
            let first = position - row * output.width
            let end = min(output.width, first + positions.upperBound - position)
            position += end - first
            let y = row * stride.height + i - padding.height
            guard y >= 0 && y < height else {
              for k in at..<at + (end - first) * n { columns[unchecked: k] = 0 }
              at += (end - first) * n
              continue
            }
            let line = (c * height + y) * width
            if stride.width == 1 {
              // Columns of the output whose element lies within the row.
              let inside = max(first, padding.width - j)
              let outside = max(inside, min(end, width + padding.width - j))
              for k in at..<at + (min(inside, end) - first) * n { columns[unchecked: k] = 0 }
              at += (min(inside, end) - first) * n
              let source = (line + inside + j - padding.width) * n
              if outside > inside {
                for k in 0..<(outside - inside) * n {
                  columns[unchecked: at + k] = x[unchecked: source + k]
                }
                at += (outside - inside) * n
              }
              let rest = max(0, end - max(outside, inside))
              for k in at..<at + rest * n { columns[unchecked: k] = 0 }
              at += rest * n
            } else {
              for column in first..<end {
                let x0 = column * stride.width + j - padding.width
                if x0 >= 0 && x0 < width {
                  let source = (line + x0) * n
                  for k in 0..<n { columns[unchecked: at + k] = x[unchecked: source + k] }
                } else {
                  for k in at..<at + n { columns[unchecked: k] = 0 }
                }
                at += n
              }
            }
          }
        }
      }
    }
  }

  /// Adds what `gather` laid out back to where it came from (col2im).
  @specialized(where T == Float)
  @specialized(where T == Double)
  func scatter<T: Scalar>(
    _ columns: Span<T>, positions: Range<Int>, samples n: Int, into x: inout MutableSpan<T>
  ) {
    let (height, width) = (input.height, input.width)
    precondition(
      x.count >= input.count * n
        && columns.count >= input.channels * size.count * positions.count * n)
    var at = 0
    for c in 0..<input.channels {
      for i in 0..<size.height {
        for j in 0..<size.width {
          var position = positions.lowerBound
          while position < positions.upperBound {
            let row = position / output.width
            let first = position - row * output.width
            let end = min(output.width, first + positions.upperBound - position)
            position += end - first
            let y = row * stride.height + i - padding.height
            guard y >= 0 && y < height else {
              at += (end - first) * n
              continue
            }
            let line = (c * height + y) * width
            if stride.width == 1 {
              let inside = max(first, padding.width - j)
              let outside = min(end, width + padding.width - j)
              if outside > inside {
                let source = at + (inside - first) * n
                let target = (line + inside + j - padding.width) * n
                for k in 0..<(outside - inside) * n {
                  x[unchecked: target + k] += columns[unchecked: source + k]
                }
              }
              at += (end - first) * n
            } else {
              for column in first..<end {
                let x0 = column * stride.width + j - padding.width
                if x0 >= 0 && x0 < width {
                  let target = (line + x0) * n
                  for k in 0..<n { x[unchecked: target + k] += columns[unchecked: at + k] }
                }
                at += n
              }
            }
          }
        }
      }
    }
  }
}
