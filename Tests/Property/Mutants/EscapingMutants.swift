import Foundation
import Oracles
import Saddle

enum SaddleFreeNewtonFault: String, CaseIterable {
  /// Newton's method: |H| replaced by H.
  case signKept
  case identityForMagnitude, dampingForgotten, dampingAddedToEigenvalue, rateForgotten
  case squaredEigenvalues, negativeModesStay, leastModeForgotten, ascends, staleHessian
  case diagonalOnly
}

let escapingMutants =
  mutants(of: "saddleFreeNewton", SaddleFreeNewtonFault.self) { set, fault in
    let rate = set("learningRate", 1)
    let damping = set("damping", 0.1)
    return { point, function, memory in
      memory.step += 1
      let g = function.gradient(point)
      let n = point.count
      var hessian = (0..<n).flatMap { i in
        function.hessianVectorProduct(point, (0..<n).map { $0 == i ? 1 : 0 })
      }
      if fault == .staleHessian {
        let fresh = hessian
        if let old = memory.vectors["hessian"] { hessian = old }
        memory.vectors["hessian"] = fresh
      }
      if fault == .diagonalOnly {
        for i in 0..<n * n where i / n != i % n { hessian[i] = 0 }
      }
      let (values, vectors) = jacobiEigen(hessian, order: n)
      let largest = values.reduce(0) { max($0, $1.magnitude) }
      let least = values.indices.min { values[$0] < values[$1] }
      for k in 0..<n where !(fault == .leastModeForgotten && k == least) {
        let along = (0..<n).reduce(0) { $0 + vectors[k][$1] * g[$1] }
        let λ = values[k]
        if fault == .negativeModesStay, λ < 0 { continue }
        let scale: Double =
          switch fault {
          case .signKept: λ + damping
          case .identityForMagnitude: 1
          case .dampingForgotten: λ.magnitude
          case .dampingAddedToEigenvalue: (λ + damping).magnitude
          case .squaredEigenvalues: λ * λ + damping
          default: λ.magnitude + damping
          }
        guard scale.magnitude > 1e-13 * largest else { continue }
        let step = (fault == .rateForgotten ? 1 : rate) * along / scale
        for i in 0..<n { point[i] -= (fault == .ascends ? -1 : 1) * step * vectors[k][i] }
      }
    }
  }

/// The eigenvalues of a symmetric matrix (row by row) and its unit eigenvectors, by Jacobi's
/// rotations.
func jacobiEigen(_ matrix: [Double], order n: Int) -> (values: [Double], vectors: [[Double]]) {
  var a = matrix
  var v = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0 } }
  var isTurning = true
  for _ in 0..<60 where isTurning {
    isTurning = false
    for p in 0..<n {
      for q in p + 1..<max(n, p + 1) where a[p * n + q] != 0 {
        isTurning = true
        let τ = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q])
        let t = (τ >= 0 ? 1 : -1) / (τ.magnitude + (1 + τ * τ).squareRoot())
        let c = 1 / (1 + t * t).squareRoot()
        let s = t * c
        for k in 0..<n {
          let (x, y) = (a[k * n + p], a[k * n + q])
          (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y)
        }
        for k in 0..<n {
          let (x, y) = (a[p * n + k], a[q * n + k])
          (a[p * n + k], a[q * n + k]) = (c * x - s * y, s * x + c * y)
          let (u, w) = (v[p][k], v[q][k])
          (v[p][k], v[q][k]) = (c * u - s * w, s * u + c * w)
        }
        (a[p * n + q], a[q * n + p]) = (0, 0)
      }
    }
  }
  return ((0..<n).map { a[$0 * n + $0] }, v)
}
