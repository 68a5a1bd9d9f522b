import CDistributed
import Saddle

/// How ELPA brings a matrix to tridiagonal form.
public enum EigensolverStages: Int, CaseIterable, Sendable {
  case one = 1
  case two = 2
}

/// Eigenpairs of a Hessian that is formed and solved over several processes, none of which ever has
/// all of it.
public struct DistributedSpectrum {
  private let communicator: Communicator

  public init(_ communicator: Communicator) { self.communicator = communicator }

  /// Shares of P × P doubles that a process holds at once at the most: the matrix, its copy that the
  /// solver spends, the eigenvectors, a product, and what the solver takes for itself (4.2 in all where it
  /// was measured).
  static let matrices = 5

  /// Throws `DistributedError.memory` where what a process has to hold does not fit into its even part
  /// of the machine's memory: its rows and its blocks, then its blocks `matrices` times.
  public func requireMemory(of objective: NetworkObjective<Double>) throws(DistributedError) {
    let order = objective.dimension
    let limit = MemoryBudget.limit() / communicator.neighbours
    let rows = objective.rowIndices(of: .of(communicator)).count
    let share = (order + communicator.count - 1) / communicator.count
    let bytes = MemoryBudget.bytes(order, max(rows + share, Self.matrices * share), 8) ?? .max
    guard bytes < limit else { throw .memory(order: order, bytes: bytes, limit: limit) }
  }

  /// All eigenpairs of the Hessian of a network at θ, in what a point is judged by, to all processes.
  ///
  /// Each forms its share of rows; blocks go where they are solved; ELPA gives values and vectors, and
  /// products over all processes show what those are worth.
  public func eigenpairs(
    of objective: NetworkObjective<Double>, at θ: [Double], stages: EigensolverStages = .one,
    progress: (String) -> Void = { _ in }
  ) throws -> VerifiedEigenpairs {
    let order = objective.dimension
    let layout = try BlockCyclicLayout(ProcessGrid(communicator), order: order)
    progress("forming the Hessian in \(communicator.count) shares")
    let matrix = try DistributedMatrix(
      layout,
      sum: objective.curvatureRows(
        .hessian, at: θ, includingPenalty: true, .of(communicator)))
    let norm = try matrix.frobeniusNorm()
    progress("eigenvalues and vectors")
    var spent = matrix.elements
    var values = [Double](repeating: .nan, count: order)
    var vectors = DistributedMatrix(layout)
    try check(
      "ELPA",
      distributed_eigenvectors(
        Int32(order), Int32(layout.block), Int32(layout.grid.row), Int32(layout.grid.column),
        Int32(layout.grid.rows), Int32(layout.grid.columns), Int32(stages.rawValue), &spent, &values,
        &vectors.elements))
    spent = []
    progress("residuals")
    var residual = try DistributedMatrix.product(consume matrix, vectors)
    let height = layout.localRows
    for (k, j) in layout.globals(at: layout.grid.column, of: layout.grid.columns).enumerated() {
      for m in k * height..<(k + 1) * height {
        residual.elements[m] -= values[j] * vectors.elements[m]
      }
    }
    let residualNorm = try residual.frobeniusNorm()
    residual.elements = []
    var gram = try DistributedMatrix.product(vectors, transposed: true, vectors)
    gram.forEach { i, j, element in if i == j { element -= 1 } }
    let departure = try gram.frobeniusNorm()
    gram.elements = []
    let gradient = objective.gradient(at: θ).gradient
    return VerifiedEigenpairs(
      values: values, residual: residualNorm, departure: departure, matrixNorm: norm,
      gradientCoefficients: try coefficients(of: gradient, in: vectors),
      leastVector: try column(0, of: vectors))
  }

  /// Zᵀg.
  private func coefficients(
    of vector: [Double], in z: DistributedMatrix
  ) throws(DistributedError) -> [Double] {
    var sums = [Double](repeating: 0, count: z.layout.order)
    let grid = z.layout.grid
    let rows = z.layout.globals(at: grid.row, of: grid.rows)
    for (k, j) in z.layout.globals(at: grid.column, of: grid.columns).enumerated() {
      for (m, i) in rows.enumerated() { sums[j] += z.elements[k * rows.count + m] * vector[i] }
    }
    try communicator.sum(&sums)
    return sums
  }

  private func column(_ j: Int, of z: DistributedMatrix) throws(DistributedError) -> [Double] {
    var result = [Double](repeating: 0, count: z.layout.order)
    let grid = z.layout.grid
    if z.layout.place(j, of: grid.columns) == grid.column {
      let rows = z.layout.globals(at: grid.row, of: grid.rows)
      let start = z.layout.local(j, of: grid.columns) * rows.count
      for (m, i) in rows.enumerated() { result[i] = z.elements[start + m] }
    }
    try communicator.sum(&result)
    return result
  }
}

extension RowShare {
  /// A process's own.
  static func of(_ communicator: Communicator) -> RowShare {
    guard let share = try? RowShare(communicator.rank, of: communicator.count) else {
      preconditionFailure("process \(communicator.rank) of \(communicator.count)")
    }
    return share
  }
}
