/// Eigenpairs at the ends of a symmetric operator's spectrum, by the block Lanczos method with
/// thick restarts and full reorthogonalization (Wu, Simon 2000, SIAM J. Matrix Anal. 22, algorithm
/// 3).
///
/// A restart keeps the wanted Ritz vectors and half of the rest of the basis. Pairs that have
/// converged stay in the basis ("soft locking"), so that none is found twice.
///
/// A Krylov space of b vectors sees each eigenvalue at most b times, and one that the start has
/// little of may come late. So when all wanted pairs have converged, the search begins afresh from
/// random vectors orthogonal to all of them, more than once where that ends sooner, and goes on until
/// either the probability that a wanted eigenvalue, or a copy of one, was missed is below
/// `missProbability` (Kuczyński, Woźniakowski 1992, theorem 4.1), or the next eigenvalue itself has
/// converged, and does not belong among the wanted; whatever is found that does is taken in, and the
/// search begins again. What holds in the end: each reported interval has an eigenvalue in it, and no
/// copy is counted twice, whatever the tolerance. That none further out by more than twice the
/// residual threshold was missed is a matter of probability, for which a bound is reported.
public struct ThickRestartLanczos<T: Scalar>: Sendable {
  public let ends: SpectralEnds
  /// Pairs are accepted at ‖Av − θv‖ ≤ tolerance · max‖Aq‖, over all unit vectors q multiplied.
  public let tolerance: T
  /// b: vectors multiplied at once.
  public let block: Int
  /// The largest basis; nil for 2·count + 20 and at least 6 blocks, as far as `memory` allows.
  public let basisSize: Int?
  /// Bytes that the vectors of n elements may take, those of the result included.
  public let memory: Int?
  /// Products with one vector each.
  public let maximumProducts: Int
  /// Whether missed pairs and copies are searched for.
  public let searchesForMissed: Bool
  public let missProbability: Double

  /// - Throws: `KrylovError.invalid` naming the setting that is out of range.
  public init(
    ends: SpectralEnds, tolerance: T = T.ulpOfOne.squareRoot(), block: Int = 1,
    basisSize: Int? = nil, memory: Int? = nil, maximumProducts: Int = 5000,
    searchesForMissed: Bool = true, missProbability: Double = 1e-6
  ) throws(KrylovError) {
    try KrylovError.require("k", ends.k, from: 0)
    try KrylovError.require(
      "tolerance", Double(tolerance), "from 0 to below 1", tolerance >= 0 && tolerance < 1)
    try KrylovError.require("block", block)
    try KrylovError.require(
      "maximumProducts", Double(maximumProducts), "1 or more", maximumProducts >= 1)
    try KrylovError.require(
      "missProbability", missProbability, "above 0 and below 1",
      missProbability > 0 && missProbability < 1)
    if let basisSize {
      try KrylovError.require("basisSize", basisSize)
    }
    self.ends = ends
    // Less than this cannot be told from rounding.
    self.tolerance = max(tolerance, 32 * T.ulpOfOne)
    self.block = block
    self.basisSize = basisSize
    self.memory = memory
    self.maximumProducts = maximumProducts
    self.searchesForMissed = searchesForMissed
    self.missProbability = missProbability
  }

  /// Finds the pairs of `map`, those in the span of `deflated` left out.
  ///
  /// Memory: the basis, 3·b vectors, and the result's.
  /// - Parameters:
  ///   - deflated: independent rows (d × n) that span a space which the operator maps into itself,
  ///     such as known null vectors.
  ///   - start: rows to begin from (any number × n), such as the vectors of a run at a point near
  ///     by; random where nil.
  /// - Returns: `ends.count(order: n − d)` pairs, or fewer where the products were spent before
  ///   there were as many.
  /// - Throws: `KrylovError`: vectors of another length or not finite, deflated ones that depend on
  ///   each other, a basis beyond `memory`, or a product that is not finite.
  public func run(
    on map: some LinearOperator<T>, deflating deflated: Matrix<T>? = nil,
    startingFrom start: Matrix<T>? = nil, using generator: inout some RandomNumberGenerator
  ) throws(KrylovError) -> EigenpairResult<T> {
    let order = map.dimension
    try requireVectors(deflated, "vectors to deflate", order: order)
    try requireVectors(start, "vectors to start from", order: order)
    let rest = order - (deflated?.rows ?? 0)
    let wanted = ends.count(order: max(rest, 0))
    guard wanted > 0, rest > 0 else { return .empty(order: order) }
    var krylov = try BlockKrylov(
      order: order, capacity: capacity(order: order, deflated: order - rest, wanted: wanted),
      block: block, deflated: deflated, start: start, using: &generator)
    var course = ThickRestartCourse<T>(settings: self, wanted: wanted, order: rest)
    let pairs = try course.iterate(&krylov, map, using: &generator)
    return try course.result(krylov, pairs, map)
  }

  /// m: what is asked for, within n and the memory.
  func capacity(order: Int, deflated: Int, wanted: Int) throws(KrylovError) -> Int {
    let rest = order - deflated
    let block = min(block, rest)
    // A restart must leave room for two blocks beside the wanted vectors.
    let smallest = min(rest, wanted + 3 * block)
    let asked = basisSize ?? max(2 * wanted + 20, 6 * block + wanted)
    var capacity = min(rest, max(asked, smallest))
    if let memory {
      let row = order * MemoryLayout<T>.stride
      let allowed = memory / max(row, 1) - deflated - wanted - 3 * block
      guard allowed >= smallest else {
        throw .memory(
          needed: (smallest + deflated + wanted + 3 * block) * row, allowed: memory)
      }
      capacity = min(capacity, allowed)
    }
    return capacity
  }
}

extension EigenpairResult {
  static func empty(order: Int) -> EigenpairResult {
    EigenpairResult(
      values: [], vectors: Matrix(rows: 0, columns: order), residuals: [], errorBounds: [],
      gapBounds: [], jointBound: 0, orthogonalityDefect: 0, threshold: 0, steps: 0, products: 0,
      ending: .invariantSubspace(step: 0), search: nil)
  }
}

/// Throws unless the rows are finite and of the operator's order.
func requireVectors<T: Scalar>(
  _ vectors: Matrix<T>?, _ name: String, order: Int
) throws(KrylovError) {
  guard let vectors, vectors.rows > 0 else { return }
  guard vectors.columns == order else {
    throw .badVectors("\(name) of \(vectors.columns) elements for an operator of order \(order)")
  }
  if let at = firstNotFinite(vectors.elements) {
    throw .badVectors("\(name): element \(at % order) of row \(at / order) is not finite")
  }
}
