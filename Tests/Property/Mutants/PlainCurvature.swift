import Oracles

/// Curvatures and the orthonormal directions that they belong to.
struct PlainModes {
  var values: [Double]
  var vectors: [[Double]]

  /// Of the whole Hessian.
  init(of function: StepFunction, at point: [Double]) {
    let n = point.count
    let hessian = (0..<n).flatMap { i in
      function.hessianVectorProduct(point, (0..<n).map { $0 == i ? 1 : 0 })
    }
    (values, vectors) = jacobiEigen(hessian, order: n)
  }

  /// Ritz pairs of Lanczos' method with every vector held orthogonal to all before it, twice.
  init(
    of function: StepFunction, at point: [Double], from start: [Double], count: Int,
    isOrthogonalized: Bool = true
  ) {
    (values, vectors) = ([], [])
    var size = length(start)
    guard size > 0 else { return }
    var basis = [start.map { $0 / size }]
    var (diagonal, beside): ([Double], [Double]) = ([], [])
    var scale = 0.0
    while true {
      let last = basis[basis.count - 1]
      var next = function.hessianVectorProduct(point, last)
      diagonal.append(inner(last, next))
      scale = max(scale, length(next))
      for _ in 0..<2 {
        for v in isOrthogonalized ? basis[...] : basis.suffix(2) {
          next = sum(next, -inner(v, next), v)
        }
      }
      size = length(next)
      guard basis.count < min(count, point.count), size > 1e-13 * scale else { break }
      beside.append(size)
      basis.append(next.map { $0 / size })
    }
    let k = basis.count
    var matrix = [Double](repeating: 0, count: k * k)
    for i in 0..<k {
      matrix[i * k + i] = diagonal[i]
      if i + 1 < k { (matrix[i * k + i + 1], matrix[(i + 1) * k + i]) = (beside[i], beside[i]) }
    }
    let ritz = jacobiEigen(matrix, order: k)
    values = ritz.values
    vectors = ritz.vectors.map { weights in
      var v = [Double](repeating: 0, count: point.count)
      for i in 0..<k { v = sum(v, weights[i], basis[i]) }
      return v
    }
  }

  func components(_ x: [Double]) -> [Double] { vectors.map { inner($0, x) } }

  /// Σ cₖvₖ.
  func combination(_ components: [Double], count: Int) -> [Double] {
    var x = [Double](repeating: 0, count: count)
    for k in components.indices { x = sum(x, components[k], vectors[k]) }
    return x
  }

  var largest: Double { values.reduce(0) { max($0, $1.magnitude) } }
  /// The index of the least curvature.
  var least: Int? { values.indices.min { values[$0] < values[$1] } }
  /// What is no curvature but rounding.
  var resolution: Double { Double(values.count) * 0x1p-52 * largest }
}

/// What f fell by over what a model foretold, both raised by ten roundings of f; −∞ where the trial
/// is not finite.
func agreement(_ function: StepFunction, _ point: [Double], _ trial: [Double], _ predicted: Double)
  -> Double
{
  let (before, after) = (function.value(point), function.value(trial))
  guard after.isFinite else { return -.infinity }
  let rounding = 10 * 0x1p-52 * before.magnitude
  return (before - after + rounding) / (predicted + rounding)
}

/// Moves the point where all coordinates stay finite.
func move(_ point: inout [Double], by step: [Double]) {
  let moved = sum(point, 1, step)
  if moved.allSatisfy(\.isFinite) { point = moved }
}
