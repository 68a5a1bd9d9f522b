/// A symmetric eigensolver as the oracles see it: what it gives for a matrix's rows.
///
/// What it cannot do is left nil, and the oracles of that are not asked.
public struct EigensolverSubject: Sendable {
  /// What a solver computes in.
  public typealias Precision = CurvatureSubject.Precision

  /// Negative, zero and positive eigenvalues.
  public typealias Inertia = (negative: Int, zero: Int, positive: Int)

  /// All n eigenvalues, ascending.
  public let eigenvalues: @Sendable (_ rows: [[Double]]) throws -> [Double]
  /// The same with `vectors[k]`, of unit length, belonging to `values[k]`.
  public let eigensystem: (@Sendable (_ rows: [[Double]]) throws -> (values: [Double], vectors: [[Double]]))?
  /// The inertia of A − shift·I, without eigenvalues.
  public let inertia: (@Sendable (_ rows: [[Double]], _ shift: Double) throws -> Inertia)?
  public let precision: Precision

  /// A solver in single precision is given matrices whose entries are single, and is allowed the
  /// rounding of single; see `SingleRange` for what it is given of very large and very small ones.
  public init(
    precision: Precision = .double,
    eigenvalues: @escaping @Sendable (_ rows: [[Double]]) throws -> [Double],
    eigensystem: (@Sendable (_ rows: [[Double]]) throws -> (values: [Double], vectors: [[Double]]))? =
      nil,
    inertia: (@Sendable (_ rows: [[Double]], _ shift: Double) throws -> Inertia)? = nil
  ) {
    self.precision = precision
    guard precision == .single else {
      (self.eigenvalues, self.eigensystem, self.inertia) = (eigenvalues, eigensystem, inertia)
      return
    }
    self.eigenvalues = { rows in
      let range = SingleRange(of: rows)
      return try eigenvalues(range.narrowed(rows)).map(range.widened)
    }
    if let eigensystem {
      self.eigensystem = { rows in
        let range = SingleRange(of: rows)
        let (values, vectors) = try eigensystem(range.narrowed(rows))
        return (values.map(range.widened), vectors)
      }
    } else {
      self.eigensystem = nil
    }
    if let inertia {
      self.inertia = { rows, shift in
        let range = SingleRange(of: rows)
        return try inertia(range.narrowed(rows), range.narrowed(shift))
      }
    } else {
      self.inertia = nil
    }
  }

  /// 60·n·ulp·‖A‖ in the solver's own precision, ‖A‖ floored at its own underflow threshold.
  func bound(_ rows: [[Double]]) -> Double {
    guard precision == .single else { return eigenvalueBound(rows) }
    return eigenvalueBound(
      rows, ulp: precision.ulp,
      floor: SingleRange(of: rows).widened(Double(Float.leastNormalMagnitude)))
  }

  /// The eigenvalues, where they are as many as the rows, finite and ascending.
  func spectrum(of rows: [[Double]]) throws -> [Double] {
    let values = try eigenvalues(rows)
    try Self.requireSpectrum(values, order: rows.count)
    return values
  }

  static func requireSpectrum(_ values: [Double], order: Int) throws(PropertyViolation) {
    guard values.count == order else {
      throw PropertyViolation("as many eigenvalues as rows", "\(values.count) of \(order)")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw PropertyViolation("eigenvalues are finite", "\(values)")
    }
    guard zip(values, values.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw PropertyViolation("eigenvalues ascend", "\(values)")
    }
  }
}

/// How a matrix in double is given to a solver in single precision: multiplied by a power of two, which
/// makes of its largest entry's exponent an eighth, and rounded. So the laws' matrices near the ends of
/// double's range, 2^±1023, are near those of single's, 2^±127.
private struct SingleRange {
  /// Added to exponents.
  let change: Int

  init(of rows: [[Double]]) {
    let largest = rows.joined().reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    let exponent = largest > 0 ? Int(largest.exponent) : 0
    // Rounded up, an entry below 2¹²⁷ is still a number.
    change = min(exponent / 8, 126) - exponent
  }

  func narrowed(_ value: Double) -> Double {
    Double(Float(Double(sign: .plus, exponent: change, significand: value)))
  }

  func narrowed(_ rows: [[Double]]) -> [[Double]] { rows.map { $0.map { narrowed($0) } } }

  func widened(_ value: Double) -> Double {
    Double(sign: .plus, exponent: -change, significand: value)
  }
}
