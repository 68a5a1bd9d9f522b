/// Why a list of numbers is not a spectrum.
public enum SpectrumError: Error, Equatable, CustomStringConvertible {
  case empty
  case notFinite(position: Int)
  case structuralZeros(Int, order: Int)
  /// The dense Hessian would not fit LAPACK's indices or this machine's memory.
  case tooLarge(order: Int, bytes: Int, memory: UInt64)
  /// A figure of the point that the spectrum was asked for is not finite.
  case pointNotFinite(String)
  /// A block that is empty or reaches outside the matrix.
  case block(name: String, order: Int)

  public var description: String {
    switch self {
    case .empty: "a spectrum needs at least one eigenvalue"
    case .notFinite(let position): "eigenvalue \(position) is not a finite number"
    case .structuralZeros(let zeros, let order):
      "\(zeros) structural zeros among \(order) eigenvalues"
    case .tooLarge(let order, let bytes, let memory):
      "the dense matrices of \(order) parameters take \(bytes >> 20) MiB of the \(memory >> 20) "
        + "MiB that this process can have, and have at most \(LAPACKLimits.order) rows: take a smaller "
        + "network, or a matrix-free analysis"
    case .pointNotFinite(let figure):
      "\(figure) is not finite at this point: has training diverged?"
    case .block(let name, let order):
      "block \(name) is empty or reaches outside 0..<\(order)"
    }
  }
}

/// All eigenvalues of a Hessian, and what they say about the point.
///
/// Every count is a function of a tolerance: an eigenvalue is "about zero at ε" where
/// |λ| ≤ ε·max|λ|, and negative at ε where λ < −ε·max|λ|.
public struct Spectrum: Equatable, Sendable {
  /// Ascending.
  public let eigenvalues: [Double]
  /// How many eigenvalues are known to be zero whatever the parameters are.
  public let structuralZeros: Int
  /// A bound of ‖computed − true matrix‖₂, by which rounding before the eigensolver may have moved
  /// each eigenvalue; 0 for a matrix that is what it is.
  public let matrixError: Double

  /// - Throws: `SpectrumError` for no eigenvalues, values that are not finite, or more structural
  ///   zeros than eigenvalues.
  public init(
    eigenvalues: [Double], structuralZeros: Int = 0, matrixError: Double = 0
  ) throws(SpectrumError) {
    precondition(matrixError >= 0, "a matrix to within \(matrixError)")
    guard !eigenvalues.isEmpty else { throw .empty }
    if let position = eigenvalues.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(position: position)
    }
    guard (0...eigenvalues.count).contains(structuralZeros) else {
      throw .structuralZeros(structuralZeros, order: eigenvalues.count)
    }
    self.eigenvalues = eigenvalues.sorted()
    self.structuralZeros = structuralZeros
    self.matrixError = matrixError
  }

  /// The number of eigenvalues, P.
  public var order: Int { eigenvalues.count }
  public var least: Double { eigenvalues[0] }
  public var greatest: Double { eigenvalues[order - 1] }
  /// The spectral radius max|λ|, which tolerances are relative to.
  public var radius: Double { max(least.magnitude, greatest.magnitude) }

  /// The relative tolerance below which an eigenvalue cannot be told from zero: 60·P·ulp, LAPACK's
  /// own threshold for its symmetric eigensolvers.
  public var resolution: Double { 60 * Double(order) * Double.ulpOfOne }

  /// The count of eigenvalues about zero at ε, structural and emergent apart.
  public func degeneracy(at tolerance: Double) -> Degeneracy {
    let bound = tolerance * radius
    let zeros = position(of: bound, inclusive: true) - position(of: -bound, inclusive: false)
    return Degeneracy(
      tolerance: tolerance, order: order, zeros: zeros, structural: min(structuralZeros, zeros),
      structuralKnown: structuralZeros)
  }

  /// D(ε) over a list of tolerances.
  public func degeneracyCurve(
    at tolerances: [Double] = Spectrum.standardTolerances
  ) -> [Degeneracy] {
    tolerances.map(degeneracy(at:))
  }

  /// The Morse index at ε: how many eigenvalues lie below −ε·max|λ|.
  public func index(at tolerance: Double) -> Int {
    position(of: -tolerance * radius, inclusive: false)
  }

  /// The index at the resolution of the arithmetic.
  public var index: Int { index(at: resolution) }

  /// From 1e-16 to 1, four a decade.
  public static let standardTolerances: [Double] = (0...64).map { k in
    // A product of exact factors and one of four constants: the same on every platform.
    let quarter = [1.0, 1.7782794100389228, 3.1622776601683795, 5.623413251903491][k % 4]
    return quarter
      * [
        1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3,
        1e-2, 1e-1, 1,
      ][k / 4]
  }

  /// The number of eigenvalues below `value`, or at most `value`.
  private func position(of value: Double, inclusive: Bool) -> Int {
    var (low, high) = (0, order)
    while low < high {
      let middle = (low + high) / 2
      if eigenvalues[middle] < value || (inclusive && eigenvalues[middle] == value) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}

extension Spectrum: Codable {
  private enum CodingKeys: CodingKey { case eigenvalues, structuralZeros, matrixError }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      eigenvalues: container.decode([Double].self, forKey: .eigenvalues),
      structuralZeros: container.decode(Int.self, forKey: .structuralZeros),
      matrixError: container.decodeIfPresent(Double.self, forKey: .matrixError) ?? 0)
  }
}

/// How many eigenvalues are about zero at one tolerance.
public struct Degeneracy: Codable, Equatable, Sendable {
  /// ε: zero means |λ| ≤ ε·max|λ|.
  public let tolerance: Double
  /// P.
  public let order: Int
  /// Eigenvalues about zero.
  public let zeros: Int
  /// Those of them that are zero at any θ.
  public let structural: Int
  /// Structural zeros in all; more than `structural` only at a tolerance below rounding.
  public let structuralKnown: Int

  /// Zeros that this point has beyond the structural ones.
  public var emergent: Int { zeros - structural }
  /// The share of all eigenvalues that are about zero.
  public var fraction: Double { Double(zeros) / Double(order) }
  /// The share of emergent zeros among the eigenvalues that are not structural zeros.
  public var emergentFraction: Double {
    order == structuralKnown ? 0 : Double(emergent) / Double(order - structuralKnown)
  }
}
