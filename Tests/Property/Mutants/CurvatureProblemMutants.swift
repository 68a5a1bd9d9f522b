import Oracles
import Testing

/// A fault planted in an implementation of curvature products that is right otherwise.
struct CurvatureProblemMutant: Sendable, CustomTestStringConvertible {
  let fault: String
  var testDescription: String { fault }
  let kind: CurvatureProblem.Kind
  let implementation: CurvatureImplementation

  /// Changes the problem before its matrix is taken.
  private static func of(
    _ description: String, _ kind: CurvatureProblem.Kind,
    problem change: @escaping @Sendable (CurvatureProblem) -> CurvatureProblem
  ) -> CurvatureProblemMutant {
    CurvatureProblemMutant(fault: description, kind: kind, implementation: right(kind, change))
  }

  /// Changes the matrix.
  private static func of(
    _ description: String, _ kind: CurvatureProblem.Kind,
    matrix change: @escaping @Sendable (inout [[Double]], CurvatureProblem) -> Void
  ) -> CurvatureProblemMutant {
    CurvatureProblemMutant(
      fault: description, kind: kind,
      implementation: CurvatureImplementation(kinds: [kind]) { problem, kind, vectors in
        guard var rows = problem.matrix(kind) else { return nil }
        change(&rows, problem)
        return multiplied(rows, vectors)
      })
  }

  static func multiplied(_ rows: [[Double]], _ vectors: [[Double]]) -> [[Double]] {
    vectors.map { v in rows.map { zip($0, v).reduce(0) { $0 + $1.0 * $1.1 } } }
  }

  static func right(
    _ kind: CurvatureProblem.Kind,
    _ change: @escaping @Sendable (CurvatureProblem) -> CurvatureProblem = { $0 }
  ) -> CurvatureImplementation {
    CurvatureImplementation(kinds: [kind]) { problem, kind, vectors in
      change(problem).matrix(kind).map { multiplied($0, vectors) }
    }
  }

  private static let exactKinds: [CurvatureProblem.Kind] = [
    .hessian, .gaussNewton, .fisher, .empiricalFisher,
  ]

  static let all: [CurvatureProblemMutant] =
    exactKinds.flatMap(inEveryKind) + ofHessians + ofFishers + ofDiagonals

  private static func inEveryKind(_ kind: CurvatureProblem.Kind) -> [CurvatureProblemMutant] {
    [
      of(
        "\(kind): a sum for the mean", kind,
        matrix: { rows, problem in
          scale(&rows, Double(problem.network.inputs.count), problem)
        }),
      of(
        "\(kind): a mean of the batches' means", kind,
        matrix: { rows, problem in
          meanOfMeans(&rows, problem, kind)
        }),
      of(
        "\(kind): the last batch left out", kind,
        problem: { problem in
          guard problem.batches.count > 1 else { return problem }
          let count = problem.network.inputs.count - problem.batches[problem.batches.count - 1]
          return taking(problem, Array(0..<count))
        }),
      of(
        "\(kind): N − 1 for N", kind,
        matrix: { rows, problem in
          let count = Double(problem.network.inputs.count)
          if count > 1 { scale(&rows, count / (count - 1), problem) }
        }),
      of(
        "\(kind): the penalty forgotten", kind,
        matrix: { rows, problem in
          for i in rows.indices { rows[i][i] -= problem.network.weightDecay }
        }),
      of(
        "\(kind): the penalty twice", kind,
        matrix: { rows, problem in
          for i in rows.indices { rows[i][i] += problem.network.weightDecay }
        }),
      of(
        "\(kind): the first layer's weights the other way round", kind,
        matrix: { rows, problem in
          let (inputs, outputs) = (problem.network.widths[0], problem.network.widths[1])
          let turned = (0..<inputs * outputs).map { ($0 % outputs) * inputs + $0 / outputs }
          rows = rows.indices.map { rows[$0 < turned.count ? turned[$0] : $0] }
        }),
      of(
        "\(kind): summed in single precision", kind,
        matrix: { rows, _ in
          rows = rows.map { $0.map { Double(Float($0)) } }
        }),
      of(
        "\(kind): no products between layers", kind,
        matrix: { rows, problem in
          let first = problem.network.widths[0] * problem.network.widths[1] + problem.network.widths[1]
          for i in rows.indices {
            for j in rows.indices where (i < first) != (j < first) { rows[i][j] = 0 }
          }
        }),
      of(
        "\(kind): the sample before", kind,
        problem: { problem in
          taking(problem, Array(0..<problem.network.inputs.count).map { max(0, $0 - 1) })
        }),
      CurvatureProblemMutant(
        fault: "\(kind): every vector's product is the first's", kind: kind,
        implementation: CurvatureImplementation(kinds: [kind]) { problem, kind, vectors in
          problem.matrix(kind).map { rows in
            multiplied(rows, [vectors[0]])
              + vectors.dropFirst().map { _ in multiplied(rows, [vectors[0]])[0] }
          }
        }),
    ]
  }

  private static let ofHessians: [CurvatureProblemMutant] = [
    CurvatureProblemMutant(
      fault: "hessian: Gauss–Newton's, without the residual's term", kind: .hessian,
      implementation: CurvatureImplementation(kinds: [.hessian]) { problem, _, vectors in
        problem.matrix(.gaussNewton).map { multiplied($0, vectors) }
      }),
    of(
      "hessian: the residual's term with the other sign", .hessian,
      matrix: { rows, problem in
        guard let other = problem.matrix(.gaussNewton) else { return }
        for i in rows.indices { for j in rows.indices { rows[i][j] = 2 * other[i][j] - rows[i][j] } }
      }),
    of(
      "hessian: half the residual's term", .hessian,
      matrix: { rows, problem in
        guard let other = problem.matrix(.gaussNewton) else { return }
        for i in rows.indices { for j in rows.indices { rows[i][j] = (other[i][j] + rows[i][j]) / 2 } }
      }),
    of("hessian: of ½ the loss", .hessian, matrix: { rows, _ in rows = rows.map { $0.map { $0 / 2 } } }),
    of(
      "hessian: the last parameter's row is zero", .hessian,
      matrix: { rows, _ in
        rows[rows.count - 1] = rows[rows.count - 1].map { _ in 0 }
      }),
    of(
      "hessian: without the last layer's biases", .hessian,
      matrix: { rows, problem in
        let outputs = problem.network.widths[problem.network.widths.count - 1]
        for i in rows.count - outputs..<rows.count {
          for j in rows.indices { (rows[i][j], rows[j][i]) = (0, 0) }
        }
      }),
  ]

  private static let ofFishers: [CurvatureProblemMutant] = [
    CurvatureProblemMutant(
      fault: "fisher: at the labels given", kind: .fisher,
      implementation: CurvatureImplementation(kinds: [.fisher]) { problem, _, vectors in
        problem.matrix(.empiricalFisher).map { multiplied($0, vectors) }
      }),
    CurvatureProblemMutant(
      fault: "fisher: the Hessian", kind: .fisher,
      implementation: CurvatureImplementation(kinds: [.fisher]) { problem, _, vectors in
        problem.matrix(.hessian).map { multiplied($0, vectors) }
      }),
    CurvatureProblemMutant(
      fault: "empiricalFisher: Gauss–Newton's", kind: .empiricalFisher,
      implementation: CurvatureImplementation(kinds: [.empiricalFisher]) { problem, _, vectors in
        problem.matrix(.gaussNewton).map { multiplied($0, vectors) }
      }),
    of(
      "empiricalFisher: the square of the mean gradient", .empiricalFisher,
      matrix: { rows, problem in
        let g = problem.network.gradient(at: problem.parameters)
        let decay = problem.network.weightDecay
        let own = zip(g, problem.parameters).map { $0 - decay * $1 }
        for i in rows.indices {
          for j in rows.indices { rows[i][j] = own[i] * own[j] + (i == j ? decay : 0) }
        }
      }),
    of(
      "empiricalFisher: the covariance", .empiricalFisher,
      matrix: { rows, problem in
        let decay = problem.network.weightDecay
        rows = problem.network.gradientCovariance(at: problem.parameters)
        for i in rows.indices { rows[i][i] += decay }
      }),
  ]

  private static let ofDiagonals: [CurvatureProblemMutant] = [
    CurvatureProblemMutant(
      fault: "diagonal: the Hessian's", kind: .diagonal,
      implementation: CurvatureImplementation(kinds: [.diagonal]) { problem, _, vectors in
        problem.matrix(.hessian).map { rows in
          vectors.map { v in v.indices.map { rows[$0][$0] * v[$0] } }
        }
      }),
    CurvatureProblemMutant(
      fault: "diagonal: the whole matrix", kind: .diagonal,
      implementation: CurvatureImplementation(kinds: [.diagonal]) { problem, _, vectors in
        problem.matrix(.gaussNewton).map { multiplied($0, vectors) }
      }),
    of(
      "diagonal: square roots", .diagonal,
      matrix: { rows, _ in
        for i in rows.indices { rows[i][i] = rows[i][i].squareRoot() }
      }),
  ]

  private static func scale(_ rows: inout [[Double]], _ factor: Double, _ problem: CurvatureProblem) {
    let decay = problem.network.weightDecay
    for i in rows.indices {
      for j in rows.indices {
        let own = i == j ? decay : 0
        rows[i][j] = factor * (rows[i][j] - own) + own
      }
    }
  }

  private static func taking(_ problem: CurvatureProblem, _ samples: [Int]) -> CurvatureProblem {
    CurvatureProblem(
      problem.network.taking(samples), at: problem.parameters, batches: [samples.count])
  }

  private static func meanOfMeans(
    _ rows: inout [[Double]], _ problem: CurvatureProblem, _ kind: CurvatureProblem.Kind
  ) {
    var start = 0
    var sum = rows.map { $0.map { _ in 0.0 } }
    for size in problem.batches {
      let part = taking(problem, Array(start..<start + size)).matrix(kind) ?? rows
      start += size
      for i in rows.indices {
        for j in rows.indices { sum[i][j] += part[i][j] / Double(problem.batches.count) }
      }
    }
    rows = sum
  }
}
