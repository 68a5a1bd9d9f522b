/// What Lanczos' recurrence left of one starting vector: T = tridiag(β, α, β).
public struct LanczosCoefficients: Codable, Equatable, Sendable {
  /// α₁, …, α_k.
  public let diagonal: [Double]
  /// β₁, …, β_{k−1}.
  public let offDiagonal: [Double]
  /// β_k, the norm of what the last product left beside the Krylov space; 0 where the space is
  /// invariant.
  public let remainder: Double

  public init(diagonal: [Double], offDiagonal: [Double], remainder: Double) {
    precondition(
      !diagonal.isEmpty && offDiagonal.count == diagonal.count - 1,
      "\(diagonal.count) diagonal elements and \(offDiagonal.count) beside them")
    self.diagonal = diagonal
    self.offDiagonal = offDiagonal
    self.remainder = remainder
  }

  /// How many steps were taken, k.
  public var steps: Int { diagonal.count }
  /// Whether the Krylov space is invariant, to rounding: its Ritz values are eigenvalues then.
  public var isInvariant: Bool { remainder == 0 }

  /// The same after `count` steps only, at least one.
  public func prefix(_ count: Int) -> LanczosCoefficients {
    guard count < steps else { return self }
    return LanczosCoefficients(
      diagonal: Array(diagonal[..<count]), offDiagonal: Array(offDiagonal[..<(count - 1)]),
      remainder: offDiagonal[count - 1])
  }
}

/// Whether new vectors are made orthogonal to all earlier ones again.
public enum Reorthogonalization: String, Codable, CaseIterable, Sendable {
  /// Three vectors of memory per probe, whatever the number of steps. Orthogonality is lost once
  /// a Ritz value has converged, and copies of it appear ("ghosts"). Quadrature does not suffer:
  /// T is still what exact arithmetic makes of a matrix whose eigenvalues lie close around the
  /// operator's, with the same weights in sum (Greenbaum 1989). The number of copies says nothing
  /// about multiplicity.
  case none
  /// Two passes of Gram–Schmidt (Giraud et al. 2005): k vectors of memory per probe, and in
  /// step k some 8·k flops per element, which soon is more than a product takes.
  case full
}
