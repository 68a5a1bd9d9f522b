/// A symmetric eigensolver as the oracles see it: what it gives for a matrix's rows.
///
/// What it cannot do is left nil, and the oracles of that are not asked.
public struct EigensolverSubject: Sendable {
  /// Negative, zero and positive eigenvalues.
  public typealias Inertia = (negative: Int, zero: Int, positive: Int)

  /// All n eigenvalues, ascending.
  public let eigenvalues: @Sendable (_ rows: [[Double]]) throws -> [Double]
  /// The same with `vectors[k]`, of unit length, belonging to `values[k]`.
  public let eigensystem:
    (@Sendable (_ rows: [[Double]]) throws -> (values: [Double], vectors: [[Double]]))?
  /// The inertia of A − shift·I, without eigenvalues.
  public let inertia: (@Sendable (_ rows: [[Double]], _ shift: Double) throws -> Inertia)?

  public init(
    eigenvalues: @escaping @Sendable (_ rows: [[Double]]) throws -> [Double],
    eigensystem: (@Sendable (_ rows: [[Double]]) throws -> (values: [Double], vectors: [[Double]]))? =
      nil,
    inertia: (@Sendable (_ rows: [[Double]], _ shift: Double) throws -> Inertia)? = nil
  ) {
    self.eigenvalues = eigenvalues
    self.eigensystem = eigensystem
    self.inertia = inertia
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
