/// Bounds of what rounding does to double arithmetic, carried along with it: running error analysis
/// (Higham 2002, §3.3). Products of matrices are bounded by products of magnitudes, which hold for
/// any order of summation (§3.5), with or without fused operations.
///
/// Bounds are sums of products of numbers that are not negative, so they lose a part of at most
/// 2⁻⁵³ an operation to their own rounding, and leave out terms of second order of no more:
/// `inflation` at their end makes up for 2³² of both. What underflows is added where it may.
enum Rounding {
  /// The unit roundoff u = 2⁻⁵³.
  static let unit = Double.ulpOfOne / 2
  /// More than the products of one formula can lose to underflow, each at most half of the least
  /// double; their bound's too.
  static let underflow = 8 * Double.leastNonzeroMagnitude
  static let inflation = 1 + 0x1p-20
  /// What bounds of φ″ take for a slope that jumps: steeper than doubles at size 1 can tell. No number
  /// bounds a jump, but errors of this size leave every sign open, and can be written down.
  static let kinkBend = 0x1p52

  /// γₙ = nu/(1 − nu): n roundings in a row change a number by at most this part of it.
  static func gamma(_ n: Int) -> Double {
    let part = Double(n) * unit
    return part < 1 ? part / (1 - part) : .infinity
  }

  /// What sums of n products xᵢyᵢ and their bounds may lose to underflow: nothing where no product
  /// of elements can underflow, so that sums of exact zeros stay exact.
  static func underflow(sumsOf n: Int, _ leastX: Double, _ leastY: Double) -> Double {
    leastX * leastY >= 0x1p-1020 ? 0 : Double(n) * underflow
  }

  /// The least magnitude but zeros'; infinity where there are none but zeros.
  static func leastMagnitude(_ x: [Double]) -> Double {
    var least = Double.infinity
    let x = x.span
    for i in x.indices {
      let magnitude = x[unchecked: i].magnitude
      least = magnitude < least && magnitude > 0 ? magnitude : least
    }
    return least
  }

  // Errors of the C library's functions, as parts of their results. glibc documents at most 1, 1, 2
  // and 5 ulp (of 2u at most); the tests hold these against double-double.
  static let exponential = 4 * unit
  static let logarithmOfOnePlus = 4 * unit
  static let hyperbolicTangent = 8 * unit
  static let complementaryErrorFunction = 16 * unit
}

/// Computed numbers, and how far from the true ones each may be at most.
struct Bounded: Sendable {
  var values: [Double]
  var errors: [Double]

  init(values: [Double], errors: [Double]) {
    precondition(values.count == errors.count)
    self.values = values
    self.errors = errors
  }

  /// Exact numbers.
  init(exact values: [Double]) {
    self.init(values: values, errors: [Double](repeating: 0, count: values.count))
  }

  /// Exact zeros.
  init(zeros count: Int) { self.init(exact: [Double](repeating: 0, count: count)) }

  var count: Int { values.count }

  /// |x|, element by element.
  var magnitudes: [Double] { values.map(\.magnitude) }

  /// |x| + error: more than the true magnitudes.
  var reach: [Double] { combined { $0.magnitude + $1 } }

  /// error + γ|x|: what sums of products with these numbers add to their own error, over the other
  /// factor.
  func rounded(_ gamma: Double) -> [Double] { combined { $1 + gamma * $0.magnitude } }

  func combined(_ formula: (Double, Double) -> Double) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for i in result.indices { result[i] = formula(values[i], errors[i]) }
    return result
  }

  /// x·y + z·w, element by element, where x and z have `perSample` rows of `width` for each row of y
  /// and w; the second product is left out where there is none.
  static func products(
    _ x: Bounded, _ y: Bounded, adding second: (Bounded, Bounded)? = nil, width: Int,
    perSample: Int = 1
  ) -> Bounded {
    var result = Bounded(zeros: x.count)
    for i in x.values.indices {
      let row = i / width
      let j = row / perSample * width + i % width
      let (a, b) = (x.values[i], y.values[j])
      var value = a * b
      var error =
        x.errors[i] * (b.magnitude + y.errors[j]) + a.magnitude * y.errors[j]
        + 2 * Rounding.unit * value.magnitude + Rounding.underflow
      if let (z, w) = second {
        let (c, d) = (z.values[i], w.values[j])
        let product = c * d
        value += product
        error +=
          z.errors[i] * (d.magnitude + w.errors[j]) + c.magnitude * w.errors[j]
          + 2 * Rounding.unit * product.magnitude + Rounding.underflow
      }
      result.values[i] = value
      result.errors[i] = error
    }
    return result
  }

  /// x·W for rows x and exact weights W, given with their magnitudes and read by `layout`.
  static func products(
    _ x: Bounded, rows: Int, _ weights: ExactFactor, _ layout: Layout
  ) -> Bounded {
    let (inner, columns) = (layout.shape.rows, layout.shape.columns)
    var result = Bounded(zeros: rows * columns)
    let (left, shape) = (
      Layout(rows: rows, columns: inner), Layout(rows: rows, columns: columns)
    )
    var target = result.values.mutableSpan
    multiply(x.values.span, left, weights.values.span, layout, into: &target, shape)
    result.errors = errors(ofProductsOf: x, rows: rows, weights, layout)
    return result
  }

  /// The errors of x·W, computed in whatever order.
  static func errors(
    ofProductsOf x: Bounded, rows: Int, _ weights: ExactFactor, _ layout: Layout
  ) -> [Double] {
    let (inner, columns) = (layout.shape.rows, layout.shape.columns)
    let rounded = x.rounded(Rounding.gamma(inner + 1))
    let lost = Rounding.underflow(
      sumsOf: inner, Rounding.leastMagnitude(rounded), weights.leastMagnitude)
    var errors = [Double](repeating: lost, count: rows * columns)
    var target = errors.mutableSpan
    multiply(
      rounded.span, Layout(rows: rows, columns: inner), weights.magnitudes.span, layout, adding: 1,
      into: &target, Layout(rows: rows, columns: columns))
    return errors
  }
}

/// A factor of products that is exactly what it is: parameters, or a data set's inputs.
struct ExactFactor: Sendable {
  let values: [Double]
  /// The same memory where no element is negative.
  let magnitudes: [Double]
  /// But zeros'.
  let leastMagnitude: Double

  init(_ values: [Double]) {
    self.values = values
    magnitudes = values.allSatisfy { $0 >= 0 } ? values : values.map(\.magnitude)
    leastMagnitude = Rounding.leastMagnitude(values)
  }
}
