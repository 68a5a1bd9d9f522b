import Oracles
import Saddle

/// An eigensolver with one planted fault, or with none: the control.
struct EigensolverMutant: Sendable {
  let solver: String
  let fault: String?
  let subject: EigensolverSubject
  var reasonForOne: String?
}

extension EigensolverSubject {
  /// LAPACK as the core calls it.
  static let core = core()
  /// The same in single precision.
  static let single = core(in: Float.self)

  /// The core's with what it takes or gives changed.
  fileprivate static func core<T: Scalar>(
    in _: T.Type = Double.self,
    input: @escaping @Sendable ([[Double]]) -> [[Double]] = { $0 },
    output: @escaping @Sendable ([Double], [[Double]]) -> [Double] = { values, _ in values },
    vectors: @escaping @Sendable ([[Double]]) -> [[Double]] = { $0 },
    inertia: (@Sendable (Inertia, [[Double]], Double) throws -> Inertia)? = nil
  ) -> EigensolverSubject {
    @Sendable func matrix(_ rows: [[Double]]) -> Matrix<T> {
      Matrix(input(rows)).converted(to: T.self)
    }
    return EigensolverSubject(
      precision: T.self == Float.self ? .single : .double,
      eigenvalues: { output(try matrix($0).eigenvalues().map { Double($0) }, $0) },
      eigensystem: {
        let system = try matrix($0).eigensystem()
        return (
          output(system.values.map { Double($0) }, $0),
          vectors(system.vectors.asRows.map { $0.map { Double($0) } })
        )
      },
      inertia: { rows, shift in
        let factorization = try SymmetricFactorization(matrix(rows), shift: T(shift)).inertia
        let right = (factorization.negative, factorization.zero, factorization.positive)
        return try inertia?(right, rows, shift) ?? right
      })
  }
}

private func norm(_ rows: [[Double]]) -> Double {
  rows.map { $0.reduce(0) { $0 + $1.magnitude } }.max() ?? 0
}

private func mirrored(_ rows: [[Double]], lower: Bool) -> [[Double]] {
  rows.indices.map { i in
    rows.indices.map { j in (i > j) == lower ? rows[i][j] : rows[j][i] }
  }
}

/// Faults in what a solver gives, or takes without a word.
private let coreFaults: [(String, EigensolverSubject, String?)] = [
  (
    "one eigenvalue repeated",
    .core(output: { values, _ in
      var values = values
      if values.count >= 4 { values[1] = values[2] }
      return values
    }), nil
  ),
  (
    "the smallest dropped for zero",
    .core(output: { values, _ in
      guard let k = values.indices.min(by: { values[$0].magnitude < values[$1].magnitude })
      else { return values }
      return (values[..<k] + [0] + values[(k + 1)...]).sorted()
    }), nil
  ),
  ("all larger by 1e-12", .core(output: { v, _ in v.map { $0 * (1 + 1e-12) } }), nil),
  (
    "the greatest off by three bounds",
    .core(output: { values, rows in
      var values = values
      if let last = values.indices.last {
        values[last] += 180 * Double(rows.count) * 0x1p-52 * norm(rows)
      }
      return values
    }), nil
  ),
  ("descending", .core(output: { values, _ in values.reversed() }), nil),
  ("magnitudes", .core(output: { values, _ in values.map(\.magnitude).sorted() }), nil),
  (
    "neighbours merged",
    .core(output: { values, rows in
      var values = values
      for k in values.indices.dropLast() where values[k + 1] - values[k] < 1e-6 * norm(rows) {
        values[k + 1] = values[k]
      }
      return values
    }), nil
  ),
  (
    "small ones flushed to zero",
    .core(output: { v, rows in v.map { $0.magnitude < 1e-9 * norm(rows) ? 0 : $0 } }), nil
  ),
  ("NaN for the greatest", .core(output: { values, _ in values.dropLast() + [.nan] }), nil),
  (
    "in single precision",
    .core(output: { v, rows in
      (try? Matrix(rows).converted(to: Float.self).eigenvalues().map { Double($0) }) ?? v
    }), nil
  ),
  (
    "NaN taken for zero",
    .core(input: { $0.map { $0.map { $0.isNaN ? 0 : $0 } } }), "no other law gives NaN"
  ),
  (
    "infinity taken for the largest number",
    .core(input: { $0.map { $0.map { $0.isInfinite ? ($0 > 0 ? 1e300 : -1e300) : $0 } } }),
    "no other law gives infinity"
  ),
  (
    "made symmetric",
    .core(input: { rows in
      rows.indices.map { i in rows.indices.map { (rows[i][$0] + rows[$0][i]) / 2 } }
    }), "no other law gives what is not symmetric"
  ),
  (
    "reads the lower triangle", .core(input: { mirrored($0, lower: true) }),
    "no other law gives what is not symmetric"
  ),
  (
    "corner forgotten",
    .core(input: { rows in
      var rows = rows
      let last = rows.count - 1
      if last > 1 { (rows[0][last], rows[last][0]) = (0, 0) }
      return rows
    }), nil
  ),
  (
    "an entry forgotten beyond order 32",
    .core(input: { rows in
      var rows = rows
      if rows.count > 32 { (rows[32][0], rows[0][32]) = (0, 0) }
      return rows
    }),
    "orders above 32, where blocks begin, are only among the listed matrices"
  ),
  (
    "two vectors exchanged",
    .core(vectors: { v in
      var v = v
      if v.count >= 3 { v.swapAt(0, 2) }
      return v
    }), nil
  ),
  ("vectors longer by 1e-9", .core(vectors: { $0.map { $0.map { $0 * (1 + 1e-9) } } }), nil),
  (
    "a vector repeated",
    .core(vectors: { v in v.count >= 2 ? [v[1]] + v.dropFirst() : v }), nil
  ),
  (
    "zeros counted positive",
    .core(inertia: { right, _, _ in (right.negative, 0, right.zero + right.positive) }), nil
  ),
  (
    "shift added",
    .core(inertia: { _, rows, shift in
      let other = try SymmetricFactorization(Matrix(rows), shift: -shift).inertia
      return (other.negative, other.zero, other.positive)
    }), nil
  ),
  (
    "without pivoting",
    .core(inertia: { _, rows, shift in plainPivots(rows, shift) }), nil
  ),
  (
    "negative for positive",
    .core(inertia: { right, _, _ in (right.positive, right.zero, right.negative) }), nil
  ),
]

/// Faults of solvers that are right in single precision but for them.
private let singleFaults: [(String, EigensolverSubject, String?)] = [
  (
    "in half precision",
    .core(in: Float.self, output: { v, _ in v.map { Double(Float16($0)) } }), nil
  ),
  (
    "bfloat16 entries",
    .core(
      in: Float.self,
      input: {
        $0.map { $0.map { Double(Float(bitPattern: Float($0).bitPattern & 0xFFFF_0000)) } }
      }), nil
  ),
  (
    "the greatest off by three bounds",
    .core(
      in: Float.self,
      output: { values, rows in
        var values = values
        if let last = values.indices.last {
          values[last] += 180 * Double(rows.count) * 0x1p-23 * norm(rows)
        }
        return values
      }), nil
  ),
  (
    "small ones flushed to zero",
    .core(in: Float.self, output: { v, rows in v.map { $0.magnitude < 0.01 * norm(rows) ? 0 : $0 } }),
    nil
  ),
  (
    "squares overflow",
    .core(
      in: Float.self,
      output: { v, rows in
        v.map { Double(Float($0) * Float($0) / Float($0 == 0 ? 1 : $0)) }
      }), nil
  ),
  ("vectors longer by 1e-3", .core(in: Float.self, vectors: { $0.map { $0.map { $0 * 1.001 } } }), nil),
  (
    "two vectors exchanged",
    .core(
      in: Float.self,
      vectors: { v in
        var v = v
        if v.count >= 3 { v.swapAt(0, 2) }
        return v
      }), nil
  ),
  (
    "zeros counted positive",
    .core(
      in: Float.self, inertia: { right, _, _ in (right.negative, 0, right.zero + right.positive) }),
    nil
  ),
]

/// Gauss without pivoting: signs of pivots that may be nothing but rounding.
private func plainPivots(_ rows: [[Double]], _ shift: Double) -> EigensolverSubject.Inertia {
  var a = rows
  for i in a.indices { a[i][i] -= shift }
  var counts = (0, 0, 0)
  for k in a.indices {
    let pivot = a[k][k]
    if pivot < 0 { counts.0 += 1 } else if pivot > 0 { counts.2 += 1 } else { counts.1 += 1 }
    guard pivot != 0 else { continue }
    for i in a.indices where i > k {
      let factor = a[i][k] / pivot
      for j in a.indices where j > k { a[i][j] -= factor * a[k][j] }
    }
  }
  return counts
}

private func jacobi(_ fault: JacobiSolver.Fault?) -> EigensolverSubject {
  let solver = JacobiSolver(fault: fault)
  return EigensolverSubject(
    eigenvalues: { try solver.solve($0).values }, eigensystem: { try solver.solve($0) })
}

let eigensolverMutants: [EigensolverMutant] =
  [EigensolverMutant(solver: "LAPACK", fault: nil, subject: .core)]
  + coreFaults.map { EigensolverMutant(solver: "LAPACK", fault: $0.0, subject: $0.1, reasonForOne: $0.2) }
  + [EigensolverMutant(solver: "LAPACK, single", fault: nil, subject: .single)]
  + singleFaults.map {
    EigensolverMutant(solver: "LAPACK, single", fault: $0.0, subject: $0.1, reasonForOne: $0.2)
  }
  + [EigensolverMutant(solver: "Jacobi", fault: nil, subject: jacobi(nil))]
  + JacobiSolver.Fault.allCases.map {
    EigensolverMutant(solver: "Jacobi", fault: $0.rawValue, subject: jacobi($0))
  }
