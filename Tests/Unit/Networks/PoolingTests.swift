import Saddle
import Testing

/// Means of windows, and their transpose, against plain loops in double: windows that are tiles, that
/// overlap, that leave some of the input out; of as many samples as fill vectors and of some more.
@Suite struct PoolingTests {
  private struct Case {
    let window: Window
    let channels: Int
    let samples: Int

    init(_ number: Int) {
      var random = RandomStream(seed: UInt64(number), name: "pool")
      func draw(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + random.index(below: range.count)
      }
      let input = Shape(channels: draw(1...3), height: draw(1...8), width: draw(1...8))
      let size = Extent(draw(1...min(3, input.height)), draw(1...min(3, input.width)))
      let stride = number % 2 == 0 ? size : Extent(draw(1...3), draw(1...3))
      let output = Shape(
        channels: input.channels, height: (input.height - size.height) / stride.height + 1,
        width: (input.width - size.width) / stride.width + 1)
      window = Window(
        input: input, output: output, size: size, stride: stride, padding: Extent(0, 0))
      // A block of tangents has the channels of several vectors.
      channels = input.channels * draw(1...2)
      samples = draw(1...40)
    }

    /// Gives `body` the places in x and y of all numbers that meet.
    func forEachMeeting(_ body: (_ x: Int, _ y: Int) -> Void) {
      let (input, output, size) = (window.input, window.output, window.size)
      for c in 0..<channels {
        for place in 0..<output.positions {
          let (row, column) = (place / output.width, place % output.width)
          for tap in 0..<size.count {
            let top = row * window.stride.height + tap / size.width
            let left = column * window.stride.width + tap % size.width
            for n in 0..<samples {
              body(
                ((c * input.height + top) * input.width + left) * samples + n,
                (c * output.positions + place) * samples + n)
            }
          }
        }
      }
    }
  }

  private func check<T: Scalar>(_ number: Int, _: T.Type) {
    let drawn = Case(number)
    let window = drawn.window
    let inputs = drawn.channels * window.input.positions * drawn.samples
    let outputs = drawn.channels * window.output.positions * drawn.samples
    var random = RandomStream(seed: UInt64(number), name: "numbers")
    let x = (0..<inputs).map { _ in T(2 * random.uniform() - 1) }
    let y = (0..<outputs).map { _ in T(2 * random.uniform() - 1) }
    var means = [Double](repeating: 0, count: outputs)
    var shares = [Double](repeating: 0, count: inputs)
    let factor = 1 / Double(window.size.count)
    drawn.forEachMeeting { i, o in
      means[o] += factor * Double(x[i])
      shares[i] += factor * Double(y[o])
    }
    // What is there is not looked at.
    var gotMeans = [T](repeating: .nan, count: outputs)
    var gotShares = [T](repeating: .nan, count: inputs)
    var target = gotMeans.mutableSpan
    window.average(x.span, channels: drawn.channels, samples: drawn.samples, into: &target)
    var source = gotShares.mutableSpan
    window.spread(y.span, channels: drawn.channels, samples: drawn.samples, into: &source)
    let allowed = 12 * Double(T.ulpOfOne)
    for (got, expected) in [(gotMeans, means), (gotShares, shares)] {
      let worst = zip(got, expected).reduce(0) {
        let error = (Double($1.0) - $1.1).magnitude
        return error.isNaN ? .infinity : max($0, error)
      }
      #expect(worst <= allowed, "\(T.self): \(window), \(drawn.samples) samples")
    }
  }

  @Test(arguments: 0..<60)
  func `means of windows and their transpose are those of plain loops`(number: Int) {
    check(number, Float.self)
    check(number, Double.self)
  }
}
