/// Images as whole numbers over a common denominator: brightness in units of 1/`denominator`.
///
/// Conversion to grey and pooling only add bytes with integral weights, so nothing is rounded
/// before standardization, a feature is constant exactly when its numbers are equal, and every
/// platform gets the same.
struct PixelSums: Equatable, Sendable {
  let shape: ImageShape
  let count: Int
  /// What white is: a value divided by it lies in [0, 1].
  let denominator: Int
  /// `count` images one after the other, laid out like an `ImageSet`'s.
  let values: [Int32]

  /// The largest pooling factor whose sums still fit 32 bits.
  static let largestPooling = 64

  /// - Throws: `DataError.poolingDoesNotDivide`.
  init(_ images: ImageSet, grayscale: Bool, pooling: Int) throws(DataError) {
    let shape = images.shape
    guard
      1...Self.largestPooling ~= pooling && shape.height % pooling == 0
        && shape.width % pooling == 0
    else {
      throw .poolingDoesNotDivide(factor: pooling, height: shape.height, width: shape.width)
    }
    // ITU-R BT.601 luma, in thousandths; one channel is grey already.
    let isMixed = grayscale && shape.channels == 3
    let weights: [Int32] = isMixed ? [299, 587, 114] : Array(repeating: 1, count: shape.channels)
    let pooled = ImageShape(
      channels: isMixed ? 1 : shape.channels,
      height: shape.height / pooling, width: shape.width / pooling)
    self.shape = pooled
    count = images.count
    denominator = 255 * pooling * pooling * (isMixed ? 1000 : 1)

    // While loops over plain arrays: quick without optimization too.
    var sums = [Int32](repeating: 0, count: images.count * pooled.count)
    let pixels = images.pixels
    let plane = pooled.height * pooled.width
    var source = 0
    var target = 0
    var image = 0
    while image < images.count {
      var channel = 0
      while channel < shape.channels {
        let start = target + (isMixed ? 0 : channel * plane)
        let weight = weights[channel]
        var y = 0
        while y < shape.height {
          let row = start + y / pooling * pooled.width
          var x = 0
          var column = 0
          while column < pooled.width {
            var sum = Int32(0)
            let end = x + pooling
            while x < end {
              sum &+= Int32(truncatingIfNeeded: pixels[source + x])
              x += 1
            }
            sums[row + column] &+= weight &* sum
            column += 1
          }
          source += shape.width
          y += 1
        }
        channel += 1
      }
      target += pooled.count
      image += 1
    }
    values = sums
  }
}
