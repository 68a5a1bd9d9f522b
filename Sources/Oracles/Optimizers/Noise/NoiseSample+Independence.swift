import Foundation

/// Whether a draw tells of another, or of what was around it.
extension NoiseSample {
  /// Given a draw, the cosine of its angle with a later one has the law of a coordinate, and is
  /// independent of the cosines before: at every lag a sample of one known law.
  package func gatherLags(into evidence: inout Evidence, upTo lags: Int = 64) {
    let levels = levels
    for lag in 1...lags where lag < count {
      let later = directions.dropFirst(lag)
      evidence.add(
        cosines: zip(directions, later).map { dot($0, $1) }, dimension: dimension,
        "directions at lag \(lag) in \(dimension) dimensions")
      if shape == .ball {
        evidence.add(
          pairs: Array(zip(levels, levels.dropFirst(lag))),
          "lengths at lag \(lag) in \(dimension) dimensions")
      }
    }
  }

  /// No two draws, nor one and another with other signs, another length or its coordinates in
  /// another order, are as near as chance brings hardly ever; n ≥ 3.
  ///
  /// There are 2ⁿn! such images, and the nearest of them is found by sorting the magnitudes of the
  /// coordinates: P(d ≤ t) ≤ 2ⁿn!·N(N − 1)/2·P(‖ξ − ξ′‖ ≤ t).
  package func gatherRepeats(into evidence: inout Evidence) {
    guard dimension > 2, count > 1 else { return }
    // Noise that is not there has no direction to come again.
    let keys = directions.map { $0.map(\.magnitude).sorted(by: >) }
      .sorted { $0[0] < $1[0] }
    var nearest = Double.infinity
    for i in keys.indices {
      for j in i + 1..<max(keys.count, i + 1) {
        guard keys[j][0] - keys[i][0] < nearest else { break }
        nearest = min(nearest, distance(keys[i], keys[j], upTo: nearest))
      }
    }
    let n = Double(dimension)
    let pairs = log(Double(count)) + log(Double(count - 1)) - log(2)
    let images = n * log(2) + lgamma(n + 1)
    evidence.add(
      logP: min(0, pairs + images + DirectionLaw(dimension: dimension).logCap(nearest)),
      "two of \(count) draws in \(dimension) dimensions are \(nearest) apart")
  }

  /// ‖x − y‖, or something above `bound` where it is.
  private func distance(_ x: [Double], _ y: [Double], upTo bound: Double) -> Double {
    var sum = 0.0
    for i in x.indices {
      sum += (x[i] - y[i]) * (x[i] - y[i])
      if sum > bound * bound { return .infinity }
    }
    return sum.squareRoot()
  }

  /// The noise has the same law along the gradient, along the last one, along the last move and
  /// along θ as along anything, where the gradient is large and where it is small.
  package func gatherSurroundings(into evidence: inout Evidence) {
    let n = dimension
    var before = surroundings
    if let first = surroundings.first {
      before = [first] + surroundings.dropLast()
      before[0].gradient = first.gradient.map { _ in 0 }
    }
    for (name, vectors) in [
      ("the gradient", surroundings.map(\.gradient)), ("the last gradient", before.map(\.gradient)),
      ("the last move", surroundings.map(\.move)), ("the point", surroundings.map(\.point)),
    ] {
      let cosines = zip(directions, vectors).compactMap { direction, vector -> Double? in
        let length = norm(vector)
        // Along nothing there is no cosine; which draws those are is known before they are drawn.
        return length > 0 ? dot(direction, vector.map { $0 / length }) : nil
      }
      evidence.add(cosines: cosines, dimension: n, "along \(name) in \(n) dimensions")
    }
    gatherSizes(into: &evidence)
  }

  private func gatherSizes(into evidence: inout Evidence) {
    let n = dimension
    let sized = surroundings.indices.filter { surroundings[$0].size != nil }
    func size(_ i: Int) -> Double { surroundings[i].size ?? 0 }
    let levels = levels
    if shape == .ball {
      evidence.add(
        pairs: sized.map { (levels[$0], size($0)) }, "lengths and the gradient's, \(n) dimensions")
    }
    let units = surroundings.map { surroundings in
      let length = norm(surroundings.gradient)
      return surroundings.gradient.map { length > 0 ? $0 / length : 0 }
    }
    for (third, name) in ["small", "middling", "large"].enumerated() {
      let chosen = sized.filter { Int(3 * size($0)) == third }
      evidence.add(
        cosines: chosen.map { dot(directions[$0], units[$0]) }, dimension: n,
        "along \(name) gradients in \(n) dimensions")
      if shape == .ball {
        evidence.add(
          uniform: chosen.map { levels[$0] }, "rⁿ at \(name) gradients in \(n) dimensions")
      }
    }
  }
}
