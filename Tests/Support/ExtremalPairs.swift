import Oracles
import Saddle
import Testing

extension SpectralEnds {
  /// What is asked for, of all eigenvalues in ascending order.
  public func expected(of spectrum: [Double]) -> [Double] {
    let k = min(k, spectrum.count)
    switch self {
    case .least: return Array(spectrum.prefix(k))
    case .greatest: return Array(spectrum.suffix(k))
    case .bothEnds:
      return 2 * k >= spectrum.count
        ? spectrum : Array(spectrum.prefix(k) + spectrum.suffix(k))
    case .largestMagnitude:
      return spectrum.sorted { $0.magnitude > $1.magnitude }.prefix(k).sorted()
    }
  }
}

/// Expects that every figure of a result holds for a known spectrum.
///
/// - Parameter error: how far the known spectrum may be off; nil for a few ulp of its largest.
public func expectHolds<T: Scalar>(
  _ result: EigenpairResult<T>, _ ends: SpectralEnds, of spectrum: [Double],
  knownWithin error: Double? = nil, missesNone: Bool = true, _ name: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let values = result.values.map { Double($0) }
  let bounds = result.errorBounds.map { Double($0) }
  let slack = error ?? 64 * Double.ulpOfOne * (spectrum.map(\.magnitude).max() ?? 0)
  let empty = EigenpairClaims.firstEmptyInterval(
    values, bounds: bounds.map { $0 + slack }, spectrum: spectrum)
  #expect(
    empty == nil, "\(name): no eigenvalue in interval \(empty ?? 0), \(values), \(bounds)",
    sourceLocation: sourceLocation)
  #expect(
    EigenpairClaims.canBePaired(
      values, spectrum: spectrum, within: Double(result.jointBound) + slack),
    "\(name): a copy counted twice: \(values)", sourceLocation: sourceLocation)
  #expect(values == values.sorted(), sourceLocation: sourceLocation)
  guard missesNone else { return }
  // What is further out by less than this may have been missed.
  let resolution = Double(result.jointBound) + 2 * Double(result.threshold) + slack
  let within = Tolerance(absolute: resolution, why: "joint bound and resolution")
  var expected = ends.expected(of: spectrum)
  if case .largestMagnitude = ends {
    // Which sign of a tie comes in is open.
    expected = expected.map(\.magnitude).sorted()
    expectClose(
      values.map(\.magnitude).sorted(), expected,
      within: within, name, sourceLocation: sourceLocation)
    return
  }
  expectClose(values, expected, within: within, name, sourceLocation: sourceLocation)
  for (k, bound) in result.gapBounds.enumerated() where k < expected.count {
    guard let bound else { continue }
    #expect(
      (values[k] - expected[k]).magnitude <= Double(bound) + slack,
      "\(name): value \(k) is off by \(values[k] - expected[k]), gap bound \(bound)",
      sourceLocation: sourceLocation)
  }
}

/// A dense operator with products that have a NaN in them.
public struct FailingOperator: LinearOperator {
  public let matrix: DenseOperator<Double>
  /// The fault shows where a vector's first element is above this.
  public let bound: Double
  public var dimension: Int { matrix.dimension }

  public init(matrix: DenseOperator<Double>, bound: Double) {
    self.matrix = matrix
    self.bound = bound
  }

  public func apply(_ vectors: Matrix<Double>, into products: inout Matrix<Double>) {
    matrix.apply(vectors, into: &products)
    for i in 0..<vectors.rows where vectors[i, 0].magnitude > bound { products[i, 1] = .nan }
  }
}

/// A diagonal operator, for orders that no matrix is needed for.
public struct DiagonalOperator<T: Scalar>: LinearOperator {
  public let diagonal: [T]
  public var dimension: Int { diagonal.count }

  public init(diagonal: [T]) { self.diagonal = diagonal }

  public func apply(_ vectors: Matrix<T>, into products: inout Matrix<T>) {
    for i in 0..<vectors.rows {
      for j in diagonal.indices { products[i, j] = diagonal[j] * vectors[i, j] }
    }
  }
}

/// Spectra that Krylov spaces have trouble with.
public enum TortureSpectrum: String, CaseIterable, Sendable {
  case identity, zero, rankOne, negativeRankOne, twoClusters, mostlyNull, graded, gradedBothSides

  /// At most 40, ascending.
  public var values: [Double] {
    switch self {
    case .identity: [Double](repeating: 1, count: 30)
    case .zero: [Double](repeating: 0, count: 30)
    case .rankOne: [Double](repeating: 0, count: 29) + [3]
    case .negativeRankOne: [-3] + [Double](repeating: 0, count: 29)
    case .twoClusters: (0..<30).map { ($0 < 12 ? -1 : 2) + 1e-9 * Double($0) }
    case .mostlyNull: [-2, -1] + [Double](repeating: 0, count: 36) + [1, 1]
    case .graded: (0..<30).map { -1 / Double(1 << $0) }
    case .gradedBothSides:
      (0..<30).map { (k: Int) in
        let size = 1 / Double(1 << k)
        return k % 2 == 0 ? size : -size
      }.sorted()
    }
  }
}
