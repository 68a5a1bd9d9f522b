/// A curvature matrix by one Kronecker product per affine layer, A ⊗ G, and nothing between layers:
/// KFAC (Martens, Grosse 2015; of convolutions Grosse, Martens 2016), or EKFAC, where the eigenvalues
/// of the products are replaced by the mean squares of gradients along their eigenvectors, which no
/// diagonal in that basis betters (George et al. 2018).
///
/// KFAC's block of a layer is exact where there is one sample, and for squared error in linear
/// networks; EKFAC's is never further from it in the Frobenius norm. Parameters of other layers
/// (normalization, embeddings, offsets) have their exact diagonal.
///
/// Memory: of a layer with m inputs (its bias counted) and o outputs m² + o² + m·o numbers.
public struct KroneckerCurvature<T: Scalar>: LinearOperator {
  public enum Eigenvalues: String, Codable, CaseIterable, Sendable {
    /// aᵢ·gⱼ, of the factors: KFAC.
    case ofFactors
    /// The mean of (uᵀgₙ)² along each eigenvector u: EKFAC.
    case corrected
  }

  public let dimension: Int
  private var layers: [KroneckerLayer<T>]
  private var others: [DiagonalPart<T>]

  /// - Parameters:
  ///   - parameters: θ, P elements.
  ///   - kind: Gauss–Newton, Fisher, its Monte-Carlo form or the empirical one.
  ///   - includingPenalty: whether the penalty's α·I is added.
  /// - Throws: `ApproximationError.unsupported` for other kinds; `.linearAlgebra` where a factor is not
  ///   finite.
  public init(
    of objective: NetworkObjective<T>, at parameters: [T], _ kind: CurvatureKind = .gaussNewton,
    eigenvalues: Eigenvalues = .ofFactors, sharing: WeightSharing = .expand,
    includingPenalty: Bool = true
  ) throws(ApproximationError) {
    let roots = try CurvatureRoots(of: objective, at: parameters, kind)
    var layers: [KroneckerLayer<T>] = []
    for factors in KroneckerFactors<T>.all(of: roots, sharing) {
      layers.append(try KroneckerLayer(factors))
    }
    if eigenvalues == .corrected { try Self.correct(&layers, objective, parameters, kind) }
    let shift = objective.penaltyShift(of: kind, includingPenalty: includingPenalty)
    for l in layers.indices { layers[l].eigenvalues = layers[l].eigenvalues.map { $0 + shift } }
    dimension = objective.dimension
    self.layers = layers
    let covered = layers.flatMap { [$0.weights, $0.biases].compactMap(\.self) }
    let rest = objective.parameterBlocks.map(\.range).filter { !covered.contains($0) }
    let diagonal =
      try rest.isEmpty
      ? []
      : objective.curvatureDiagonal(kind, at: parameters, includingPenalty: includingPenalty)
    others = rest.map { DiagonalPart(range: $0, values: Array(diagonal[$0])) }
  }

  /// The mean of (U_G·δāᵀ·U_Aᵀ)² for the eigenvalues.
  private static func correct(
    _ layers: inout [KroneckerLayer<T>], _ objective: NetworkObjective<T>, _ parameters: [T],
    _ kind: CurvatureKind
  ) throws(ApproximationError) {
    // Where positions share weights, a sample's gradient is a sum over them: one sample at a time.
    let isShared = layers.contains { $0.map.positions > 1 }
    let roots = try CurvatureRoots(
      of: objective, at: parameters, kind, chunk: isShared ? 1 : nil)
    let bases = layers
    let none = bases.map { [T].zeros($0.eigenvalues.count) }
    let parts = roots.sums(from: none, size: none.reduce(0) { $0 + $1.count }) { sum, pass, _ in
      var next = sum.count
      pass.carryBack(parameters.span) { step, x, delta, n in
        guard case .affine = step.operation else { return }
        next -= 1
        bases[next].addSquares(of: delta, x, samples: n, to: &sum[next])
      }
    }
    let samples = T(objective.samples)
    for l in layers.indices {
      layers[l].eigenvalues = total(of: parts.map { $0[l] }).map { $0 / samples }
    }
  }

  /// All P eigenvalues, ascending.
  public var eigenvalues: [T] {
    (layers.flatMap(\.eigenvalues) + others.flatMap(\.values)).sorted()
  }

  /// (this + δI)⁻¹.
  ///
  /// - Throws: `ApproximationError.notDefinite` where an eigenvalue is −δ or less.
  public func inverse(damping: T) throws(ApproximationError) -> KroneckerCurvature {
    if let least = eigenvalues.first, !(least + damping > 0) {
      throw .notDefinite(least: Double(least))
    }
    var result = self
    for l in layers.indices {
      result.layers[l].eigenvalues = layers[l].eigenvalues.map { 1 / ($0 + damping) }
    }
    for d in others.indices {
      result.others[d].values = others[d].values.map { 1 / ($0 + damping) }
    }
    return result
  }

  public func apply(_ vectors: Matrix<T>, into products: inout Matrix<T>) {
    checkShapes(vectors, products)
    for v in 0..<vectors.rows {
      let row = v * dimension
      for layer in layers { layer.apply(vectors, into: &products, row: row) }
      for part in others {
        for (i, at) in part.range.enumerated() {
          products.elements[row + at] = part.values[i] * vectors.elements[row + at]
        }
      }
    }
  }
}

/// Parameters whose part of the matrix is diagonal.
private struct DiagonalPart<T: Scalar>: Sendable {
  let range: Range<Int>
  var values: [T]
}

/// One layer's block, UᵀSU with U = U_G ⊗ U_A.
struct KroneckerLayer<T: Scalar>: Sendable {
  let map: AffineMap
  /// Row k is the k-th eigenvector: o × o of G, m × m of A.
  private let outputBasis: Matrix<T>
  private let inputBasis: Matrix<T>
  /// S, o × m.
  var eigenvalues: [T]

  var weights: Range<Int> { map.weights }
  var biases: Range<Int>? { map.biases }

  init(_ factors: KroneckerFactors<T>) throws(ApproximationError) {
    map = factors.map
    let (o, m) = (factors.o, factors.m)
    let outputs: Eigensystem<T>
    let inputs: Eigensystem<T>
    do throws(LinearAlgebraError) {
      outputs = try Matrix(rows: o, columns: o, elements: factors.outputs).symmetrized()
        .eigensystem()
      inputs = try Matrix(rows: m, columns: m, elements: factors.inputs).symmetrized()
        .eigensystem()
    } catch {
      throw .linearAlgebra(error)
    }
    (outputBasis, inputBasis) = (outputs.vectors, inputs.vectors)
    // Squares have no negative eigenvalues but by rounding.
    eigenvalues = outputs.values.flatMap { g in inputs.values.map { max(g, 0) * max($0, 0) } }
  }

  /// The squares of samples' gradients in the basis, added: of one sample (U_G·δāᵀ·U_Aᵀ)², of several
  /// in one position each (U_Gδ)²((U_Aā)²)ᵀ.
  func addSquares(of delta: Span<T>, _ x: Span<T>, samples n: Int, to sum: inout [T]) {
    let (o, m) = (map.outputs, inputBasis.rows)
    let columns = map.positions * n
    let left = outputBasis * Matrix(rows: o, columns: columns, elements: [T](copying: delta))
    let right =
      inputBasis * Matrix(rows: m, columns: columns, elements: map.augmented(x, samples: n))
    var target = sum.mutableSpan
    if map.positions == 1 {
      let (a, b) = (squared(left.elements.span), squared(right.elements.span))
      multiplyOnThisThread(
        a.span, left.layout, b.span, right.layout.transposed, adding: 1, into: &target,
        Layout(rows: o, columns: m))
    } else {
      precondition(n == 1, "gradients of \(n) samples in \(map.positions) positions at once")
      let gradient = left * right.transpose
      axpy(1, squared(gradient.elements.span).span, into: &target)
    }
  }

  /// U_Gᵀ(S∘(U_G·V·U_Aᵀ))U_A of the layer's part of a vector.
  func apply(_ vectors: Matrix<T>, into products: inout Matrix<T>, row: Int) {
    let (o, m, fanIn) = (map.outputs, inputBasis.rows, map.fanIn)
    var part = Matrix<T>(rows: o, columns: m)
    for i in 0..<o {
      let start = row + weights.lowerBound + i * fanIn
      part.elements.replaceSubrange(
        i * m..<i * m + fanIn, with: vectors.elements[start..<start + fanIn])
      if let biases { part[i, fanIn] = vectors.elements[row + biases.lowerBound + i] }
    }
    var inside = outputBasis * part * inputBasis.transpose
    var scaled = inside.elements.mutableSpan
    multiplyElements(of: &scaled, by: eigenvalues.span)
    let result = outputBasis.transpose * inside * inputBasis
    for i in 0..<o {
      let start = row + weights.lowerBound + i * fanIn
      products.elements.replaceSubrange(
        start..<start + fanIn, with: result.elements[i * m..<i * m + fanIn])
      if let biases { products.elements[row + biases.lowerBound + i] = result[i, fanIn] }
    }
  }
}
