import Foundation

/// Cyclic Jacobi rotations in plain loops (Golub and Van Loan 2013, §8.5), with one planted fault or
/// none.
struct JacobiSolver: Sendable {
  enum Fault: String, CaseIterable, Sendable {
    /// The sum of squares that it stops by overflows and underflows.
    case forgetsToScale
    /// Stops at 1e-12 whatever the size of the entries.
    case absoluteTolerance
    /// Stops at 1e-5·‖A‖, where errors of close eigenvalues are as large.
    case stopsEarly
    case threeSweeps
    /// Rotates through the angle without the sign of (a_qq − a_pp).
    case wrongAngle
    /// The last row never takes part.
    case skipsLastRow
    /// Rotates the vectors' transpose.
    case vectorsTransposed
    /// Does not sort the vectors with the values.
    case vectorsUnsorted
  }

  var fault: Fault?

  struct Refusal: Error {}

  func solve(_ rows: [[Double]]) throws -> (values: [Double], vectors: [[Double]]) {
    let n = rows.count
    for i in 0..<n {
      for j in 0..<n where !rows[i][j].isFinite || rows[i][j] != rows[j][i] { throw Refusal() }
    }
    let largest = rows.joined().reduce(0) { max($0, $1.magnitude) }
    // In two steps, since 2^−exponent of a subnormal number is no number.
    let exponent = largest > 0 && fault != .forgetsToScale ? Int(largest.exponent) : 0
    func scaled(_ x: Double, _ by: Int) -> Double {
      Double(sign: .plus, exponent: by, significand: x)
    }
    var a = rows.map { $0.map { scaled($0, -exponent) } }
    var v = (0..<n).map { i in (0..<n).map { i == $0 ? 1.0 : 0 } }
    let norm = a.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
    let active = fault == .skipsLastRow && n > 2 ? n - 1 : n
    for sweep in 0..<60 {
      var off = 0.0
      for p in 0..<active { for q in 0..<p { off += a[p][q] * a[p][q] } }
      let limit: Double
      switch fault {
      case .absoluteTolerance: limit = scaled(1e-12, -exponent)
      case .stopsEarly: limit = 1e-5 * norm
      default: limit = 1e-17 * norm
      }
      guard off.squareRoot() > limit, !(fault == .threeSweeps && sweep == 3) else { break }
      for p in 0..<active {
        for q in 0..<p where a[p][q] != 0 { rotate(&a, &v, p, q) }
      }
    }
    let order = (0..<n).sorted { a[$0][$0] < a[$1][$1] }
    var vectors = order.map { k in (0..<n).map { v[$0][k] } }
    if fault == .vectorsTransposed { vectors = order.map { v[$0] } }
    if fault == .vectorsUnsorted { vectors = (0..<n).map { k in (0..<n).map { v[$0][k] } } }
    return (order.map { scaled(a[$0][$0], exponent) }, vectors)
  }

  private func rotate(_ a: inout [[Double]], _ v: inout [[Double]], _ p: Int, _ q: Int) {
    let tau = (a[q][q] - a[p][p]) / (2 * a[p][q])
    let sign = fault == .wrongAngle || tau >= 0 ? 1.0 : -1
    let t = tau.isFinite ? sign / (tau.magnitude + hypot(1, tau)) : 0
    let c = 1 / hypot(1, t)
    let s = t * c
    for k in a.indices {
      let (x, y) = (a[k][p], a[k][q])
      (a[k][p], a[k][q]) = (c * x - s * y, s * x + c * y)
    }
    for k in a.indices {
      let (x, y) = (a[p][k], a[q][k])
      (a[p][k], a[q][k]) = (c * x - s * y, s * x + c * y)
    }
    (a[p][q], a[q][p]) = fault == .wrongAngle ? (a[p][q], a[q][p]) : (0, 0)
    for k in v.indices {
      let (x, y) = (v[k][p], v[k][q])
      (v[k][p], v[k][q]) = (c * x - s * y, s * x + c * y)
    }
  }
}
