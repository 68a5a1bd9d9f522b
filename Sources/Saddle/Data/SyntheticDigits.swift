/// Ten classes of stroke figures in MNIST's shape, drawn from a seed: data without a download.
///
/// Every figure is a digit's polylines with random variant, jitter of the corners, slant, tilt,
/// size, place, stroke width and ink, plus noise where there is ink; the border stays blank, as
/// it does in MNIST. The classes are balanced: each ten images in a row are the ten digits, in
/// random order. Image i depends on seed and i alone, so a shorter set begins a longer one.
///
/// Only additions, multiplications, divisions and square roots are used, which IEEE 754 rounds
/// correctly: every platform draws the same bytes.
public struct SyntheticDigits: Hashable, Codable, Sendable {
  /// The most images that are drawn at once, three quarters of a gigabyte of them.
  public static let largestCount = 1_000_000
  public static let shape = ImageShape(channels: 1, height: 28, width: 28)
  public let seed: UInt64

  public init(seed: UInt64) { self.seed = seed }

  /// The first `count` images.
  public func images(_ count: Int) -> ImageSet {
    precondition(count > 0, "\(count) images")
    var orders = RandomStream(seed: seed, name: "synthetic-digits/order")
    var seeds = RandomStream(seed: seed, name: "synthetic-digits/figures")
    var pixels: [UInt8] = []
    var labels: [UInt8] = []
    pixels.reserveCapacity(count * Self.shape.count)
    labels.reserveCapacity(count)
    var order = Array(0..<10)
    for i in 0..<count {
      if i % 10 == 0 { orders.shuffle(&order) }
      let digit = order[i % 10]
      var generator = RandomStream(seed: seeds.next())
      labels.append(UInt8(digit))
      pixels += Self.draw(digit, using: &generator)
    }
    return ImageSet(
      name: "SyntheticDigits, first \(count) of seed \(seed)", shape: Self.shape, classes: 10,
      pixels: pixels, labels: labels)
  }

  private static func draw(_ digit: Int, using generator: inout RandomStream) -> [UInt8] {
    let variants = StrokeFigure.variants(of: digit)
    let figure = variants[generator.index(below: variants.count)]
    let strokes = place(figure, using: &generator)

    var canvas = Canvas(height: shape.height, width: shape.width)
    let radius = generator.uniform(0.7, 1.7)
    for stroke in strokes {
      for (start, end) in zip(stroke, stroke.dropFirst()) {
        canvas.draw(from: (start.x, start.y), to: (end.x, end.y), radius: radius)
      }
    }
    return canvas.developed(ink: generator.uniform(170, 255), noise: 30, using: &generator)
  }

  /// The figure's corners on the canvas, in pixels.
  private static func place(
    _ figure: StrokeFigure, using generator: inout RandomStream
  ) -> [[StrokeFigure.Point]] {
    let height = generator.uniform(13.5, 19.5)
    let width = height * generator.uniform(0.45, 0.85)
    let slant = generator.uniform(-0.2, 0.5)
    let tilt = generator.uniform(-0.15, 0.15)
    let (right, down) = (generator.uniform(-2, 2), generator.uniform(-2, 2))
    let jitter = 0.07
    let middle = (x: Double(shape.width - 1) / 2, y: Double(shape.height - 1) / 2)
    return figure.strokes.map { stroke in
      stroke.map { corner in
        let u = (corner.x + generator.uniform(-jitter, jitter) - 0.5) * width
        let v = (corner.y + generator.uniform(-jitter, jitter) - 0.5) * height
        return StrokeFigure.Point(
          x: middle.x + right + u - slant * v, y: middle.y + down + v + tilt * u)
      }
    }
  }
}
