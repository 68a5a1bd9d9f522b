import CVectorForms
import Saddle
import Testing

/// The loops of convolutions against plain ones in double, on windows of every kind: padded, striding,
/// larger than what is left, of as many rows and samples as fill vectors and of some more.
@Suite struct ConvolutionTests {
  /// A convolution and numbers for its tensors, all within −1 … 1.
  private struct Case<T: Scalar> {
    let window: Window
    let outputs: Int
    let samples: Int
    let beta: T
    let w: [T]
    let x: [T]
    let y: [T]

    init(_ number: Int) {
      var random = RandomStream(seed: UInt64(number), name: "convolution")
      func draw(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + random.index(below: range.count)
      }
      let padding = Extent(draw(0...3), draw(0...3))
      let input = Shape(channels: draw(1...4), height: draw(1...7), width: draw(1...7))
      let size = Extent(
        draw(1...min(5, input.height + 2 * padding.height)),
        draw(1...min(5, input.width + 2 * padding.width)))
      let stride = Extent(draw(1...3), draw(1...3))
      window = Window(
        input: input,
        output: Shape(
          channels: 1, height: (input.height + 2 * padding.height - size.height) / stride.height + 1,
          width: (input.width + 2 * padding.width - size.width) / stride.width + 1),
        size: size, stride: stride, padding: padding)
      outputs = draw(1...14)
      samples = draw(1...20)
      beta = T([0, 1, -2][number % 3])
      func numbers(_ count: Int) -> [T] { (0..<count).map { _ in T(2 * random.uniform() - 1) } }
      w = numbers(outputs * input.channels * size.count)
      x = numbers(input.count * samples)
      y = numbers(outputs * window.output.positions * samples)
    }

    /// Gives `body` the places in w, x and y of all numbers that meet.
    func forEachMeeting(_ body: (_ w: Int, _ x: Int, _ y: Int) -> Void) {
      let (input, output, size) = (window.input, window.output, window.size)
      for o in 0..<outputs {
        for c in 0..<input.channels {
          for (i, j) in (0..<size.count).map({ ($0 / size.width, $0 % size.width) }) {
            for (row, column) in (0..<output.positions).map({
              ($0 / output.width, $0 % output.width)
            }) {
              let top = row * window.stride.height + i - window.padding.height
              let left = column * window.stride.width + j - window.padding.width
              guard (0..<input.height).contains(top), (0..<input.width).contains(left) else {
                continue
              }
              for n in 0..<samples {
                body(
                  (o * input.channels + c) * size.count + i * size.width + j,
                  ((c * input.height + top) * input.width + left) * samples + n,
                  ((o * output.height + row) * output.width + column) * samples + n)
              }
            }
          }
        }
      }
    }

    /// `target ← sums + β·target`, with NaN where β says that it is not looked at, against what it is:
    /// the largest difference over what rounding allows a sum of so many terms.
    func error(of target: [T], _ sums: Sums, _ apply: (inout MutableSpan<T>) -> Void) -> Double {
      var result = beta == 0 ? target.map { _ in T.nan } : target
      var span = result.mutableSpan
      apply(&span)
      return target.indices.reduce(0) { worst, k in
        let last = Double(beta) * Double(target[k])
        let allowed =
          Double(sums.counts[k] + 2) * Double(T.ulpOfOne)
          * (sums.magnitudes[k] + last.magnitude + Double(T.leastNormalMagnitude))
        let error = (Double(result[k]) - sums.values[k] - last).magnitude / allowed
        return error.isNaN ? .infinity : max(worst, error)
      }
    }
  }

  /// Sums of products, of their magnitudes, and how many they are.
  private struct Sums {
    var values: [Double]
    var magnitudes: [Double]
    var counts: [Int]

    init(count: Int) {
      values = [Double](repeating: 0, count: count)
      (magnitudes, counts) = (values, [Int](repeating: 0, count: count))
    }

    mutating func add<T: Scalar>(_ a: T, _ b: T, at place: Int) {
      let product = Double(a) * Double(b)
      values[place] += product
      magnitudes[place] += product.magnitude
      counts[place] += 1
    }
  }

  /// The loops as other processors run them: with vectors as wide as AVX-512's, and with those of the
  /// oldest x86-64.
  enum Form: CaseIterable {
    case wide, narrow

    fileprivate var loops: (forward: Loops, back: Loops, sums: Loops) {
      switch self {
      case .wide:
        (
          (wide_convolve_float, wide_convolve_double),
          (wide_convolve_back_float, wide_convolve_back_double),
          (wide_convolve_sums_float, wide_convolve_sums_double)
        )
      case .narrow:
        (
          (narrow_convolve_float, narrow_convolve_double),
          (narrow_convolve_back_float, narrow_convolve_back_double),
          (narrow_convolve_sums_float, narrow_convolve_sums_double)
        )
      }
    }
  }

  /// A loop in both precisions.
  fileprivate typealias Loops = (Window.ConvolutionLoop<Float>, Window.ConvolutionLoop<Double>)

  /// - Parameter form: nil for the loops that this processor runs.
  private func check<T: Scalar>(_ number: Int, _: T.Type, form: Form? = nil) {
    let made = Case<T>(number)
    var forward = Sums(count: made.y.count)
    var back = Sums(count: made.x.count)
    var sums = Sums(count: made.w.count)
    made.forEachMeeting { w, x, y in
      forward.add(made.w[w], made.x[x], at: y)
      back.add(made.w[w], made.y[y], at: x)
      sums.add(made.y[y], made.x[x], at: w)
    }
    let (window, n) = (made.window, made.samples)
    func apply(_ loops: Loops, _ a: [T], _ b: [T], into c: inout MutableSpan<T>) {
      window.apply(loops.0, loops.1, made.outputs, n, a.span, b.span, made.beta, &c)
    }
    let others = form?.loops
    #expect(
      made.error(of: made.y, forward) {
        if let others { return apply(others.forward, made.w, made.x, into: &$0) }
        window.convolve(made.w.span, made.x.span, samples: n, adding: made.beta, into: &$0)
      } <= 1)
    #expect(
      made.error(of: made.x, back) {
        if let others { return apply(others.back, made.w, made.y, into: &$0) }
        window.convolveBack(made.w.span, made.y.span, samples: n, adding: made.beta, into: &$0)
      } <= 1)
    #expect(
      made.error(of: made.w, sums) {
        if let others { return apply(others.sums, made.y, made.x, into: &$0) }
        window.convolveSums(made.y.span, made.x.span, samples: n, adding: made.beta, into: &$0)
      } <= 1)
  }

  @Test(arguments: 0..<60) func `every kind of window, in double`(number: Int) {
    check(number, Double.self)
  }

  @Test(arguments: 60..<100) func `every kind of window, in single precision`(number: Int) {
    check(number, Float.self)
  }

  @Test(arguments: Form.allCases, 0..<60) func `every kind of window, by vectors of others`(
    form: Form, number: Int
  ) {
    check(number, Double.self, form: form)
    check(number, Float.self, form: form)
  }

  @Test func `a sample's sums are the same bits wherever it stands`() {
    let window = Window(
      input: Shape(channels: 2, height: 6, width: 5), output: Shape(channels: 7, height: 6, width: 5),
      size: 3, stride: 1, padding: 1)
    var random = RandomStream(seed: 1, name: "samples")
    let one = (0..<window.input.count).map { _ in random.normal() }
    let w = (0..<7 * 18).map { _ in random.normal() }
    func outputs(samples n: Int) -> [[Double]] {
      let x = one.flatMap { [Double](repeating: $0, count: n) }
      var y = [Double](repeating: 0, count: window.output.count * n)
      var target = y.mutableSpan
      window.convolve(w.span, x.span, samples: n, adding: 0, into: &target)
      return (0..<n).map { sample in
        stride(from: sample, to: y.count, by: n).map { y[$0] }
      }
    }
    let alone = outputs(samples: 1)[0]
    for n in [2, 7, 31, 32] { #expect(outputs(samples: n).allSatisfy { $0 == alone }) }
  }
}
