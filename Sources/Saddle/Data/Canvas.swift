/// A grey picture that lines are drawn on: how much of each pixel is covered, in [0, 1].
struct Canvas {
  private let height: Int
  private let width: Int
  private var coverage: [Double]

  init(height: Int, width: Int) {
    self.height = height
    self.width = width
    coverage = Array(repeating: 0, count: height * width)
  }

  /// Draws a line with round ends: full up to `radius` − ½ from it and nothing beyond `radius` + ½.
  mutating func draw(from a: (x: Double, y: Double), to b: (x: Double, y: Double), radius: Double) {
    let reach = radius + 0.5
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let squaredLength = dx * dx + dy * dy
    let (left, right) = a.x < b.x ? (a.x, b.x) : (b.x, a.x)
    let (top, bottom) = a.y < b.y ? (a.y, b.y) : (b.y, a.y)
    let firstColumn = Self.clamp(left - reach, below: width)
    let lastColumn = Self.clamp(right + reach + 1, below: width)
    let lastRow = Self.clamp(bottom + reach + 1, below: height)
    // While loops over scalars: quick without optimization too.
    var row = Self.clamp(top - reach, below: height)
    while row <= lastRow {
      let y = Double(row) - a.y
      var column = firstColumn
      while column <= lastColumn {
        let x = Double(column) - a.x
        // The nearest point of the line: a + t·(b − a) with t in [0, 1].
        var t = squaredLength > 0 ? (x * dx + y * dy) / squaredLength : 0
        if t < 0 { t = 0 }
        if t > 1 { t = 1 }
        let (ex, ey) = (x - t * dx, y - t * dy)
        var covered = reach - (ex * ex + ey * ey).squareRoot()
        if covered > 1 { covered = 1 }
        let pixel = row * width + column
        if covered > coverage[pixel] { coverage[pixel] = covered }
        column += 1
      }
      row += 1
    }
  }

  /// The picture as bytes: `ink` where it is covered whole, with noise of about `noise` standard
  /// deviations where it is covered at all.
  func developed(ink: Double, noise: Double, using generator: inout RandomStream) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: coverage.count)
    var i = 0
    while i < coverage.count {
      if coverage[i] > 0 {
        var value = ink * coverage[i] + noise * Self.bell(generator.next())
        if value < 0 { value = 0 }
        if value > 255 { value = 255 }
        bytes[i] = UInt8(value + 0.5)
      }
      i += 1
    }
    return bytes
  }

  /// The four 16-bit words of `bits` as uniform numbers, summed, with mean 0 and variance 1: close
  /// to normal, and within ±2√3.
  private static func bell(_ bits: UInt64) -> Double {
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    // Each word is uniform on 0, …, 65535: mean 32767.5, variance (2³² − 1)/12.
    return (Double(sum) - 131_070) * (3.0.squareRoot() / 65_536)
  }

  private static func clamp(_ x: Double, below count: Int) -> Int {
    if x < 0 { return 0 }
    let limit = Double(count - 1)
    return x > limit ? count - 1 : Int(x)
  }
}
