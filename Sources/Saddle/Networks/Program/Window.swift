/// The windows that a convolution or a pool sees, one for each position of its output.
///
/// Here and in every pass a tensor is feature-major: channels × rows × columns × samples, with the
/// samples of a chunk beside one another. A flatten is then nothing at all, a dense layer is one
/// product, and whatever a window touches comes in runs of whole samples.
package struct Window: Hashable, Sendable {
  package let input: Shape
  package let output: Shape
  package let size: Extent
  package let stride: Extent
  package let padding: Extent

  package init(input: Shape, output: Shape, size: Extent, stride: Extent, padding: Extent) {
    (self.input, self.output) = (input, output)
    (self.size, self.stride, self.padding) = (size, stride, padding)
  }

  /// Whether the matrix of all windows is the tensor itself: windows of one element, or one window
  /// of everything.
  var isWhole: Bool {
    guard padding == 0 else { return false }
    return (size == 1 && stride == 1) || (size.height == input.height && size.width == input.width)
  }
}

extension Window {
  /// All windows as a matrix (im2col): one row for each channel, kernel row and kernel column, one
  /// column for each position and sample.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func gather<T: Scalar>(_ x: Span<T>, samples n: Int, into columns: inout MutableSpan<T>) {
    precondition(
      x.count >= input.count * n
        && columns.count >= input.channels * size.count * output.positions * n)
    var at = 0
    for c in 0..<input.channels {
      for i in 0..<size.height {
        for j in 0..<size.width {
          for row in 0..<output.height {
            let y = row * stride.height + i - padding.height
            for column in 0..<output.width {
              let x0 = column * stride.width + j - padding.width
              if y >= 0 && y < input.height && x0 >= 0 && x0 < input.width {
                let source = ((c * input.height + y) * input.width + x0) * n
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
