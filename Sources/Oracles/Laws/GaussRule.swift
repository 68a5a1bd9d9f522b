/// Gauss quadrature for a prescribed discrete measure by Stieltjes' procedure: the orthogonal
/// polynomials' recurrence from inner products over the nodes (Gautschi 2004, §2.2.3), and nodes
/// and weights from GSL's eigenvectors of the Jacobi matrix (Golub, Welsch 1969).
///
/// No vectors of the matrix's order occur, so it shares nothing with Lanczos' recurrence.
/// Stieltjes' procedure loses accuracy once the number of steps nears the number of nodes.
public struct GaussRule: Sendable {
  /// α of the recurrence, one a step.
  public let diagonal: [Double]
  /// √β of the recurrence between them, and behind the last.
  public let offDiagonal: [Double]
  /// Ascending.
  public let nodes: [Double]
  /// Their sum is the measure's mass.
  public let weights: [Double]

  /// - Parameter steps: fewer than the measure has different nodes.
  /// - Throws: what GSL throws for matrices that are not finite.
  public init(_ measure: PrescribedMeasure, steps: Int) throws(OracleError) {
    let (x, w) = (measure.nodes, measure.weights)
    let mass = w.reduce(0, +)
    var (diagonal, offDiagonal): ([Double], [Double]) = ([], [])
    var last = x.map { _ in 0.0 }
    var current = x.map { _ in 1 / mass.squareRoot() }
    var size = 0.0
    for _ in 0..<steps {
      var mean = 0.0
      for i in x.indices { mean += w[i] * x[i] * current[i] * current[i] }
      var next = x
      var square = 0.0
      for i in x.indices {
        next[i] = (x[i] - mean) * current[i] - size * last[i]
        square += w[i] * next[i] * next[i]
      }
      size = square.squareRoot()
      for i in x.indices { next[i] /= size }
      (last, current) = (current, next)
      diagonal.append(mean)
      offDiagonal.append(size)
    }
    self.diagonal = diagonal
    self.offDiagonal = offDiagonal
    let jacobi = RandomMatrix.symmetric(order: steps) { i, j in
      i == j ? diagonal[i] : (i - j == 1 ? offDiagonal[j] : 0)
    }
    let system = try GSL.eigensystem(jacobi)
    nodes = system.values
    weights = system.vectors.map { mass * $0[0] * $0[0] }
  }
}
