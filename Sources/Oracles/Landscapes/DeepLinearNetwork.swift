/// L(θ) = (1/2N) Σ ‖W_D ⋯ W₁x − y‖² without biases, for any depth D ≥ 1.
///
/// With D ≥ 3 the origin is a critical point whose whole Hessian vanishes: a saddle that no second
/// derivative sees (Kawaguchi 2016, theorem 2.3 iv). Parameters lie layer by layer, W₁ first, each
/// row by row.
public struct DeepLinearNetwork: Sendable {
  /// d, the hidden widths, K.
  public let widths: [Int]
  /// XXᵀ/N, d × d; YXᵀ/N, K × d; tr YYᵀ/N.
  private let covariance: [[Double]]
  private let correlation: [[Double]]
  private let targetSquare: Double

  /// - Parameters:
  ///   - hidden: D − 1 widths, all positive.
  ///   - samples: N ≥ 1 inputs of d numbers.
  ///   - targets: N outputs of K numbers.
  public init(hidden: [Int], samples: [[Double]], targets: [[Double]]) {
    precondition(
      hidden.allSatisfy { $0 > 0 } && !samples.isEmpty && targets.count == samples.count,
      "hidden widths \(hidden), \(samples.count) samples, \(targets.count) targets")
    widths = [samples[0].count] + hidden + [targets[0].count]
    covariance = Self.meanProduct(samples, samples)
    correlation = Self.meanProduct(targets, samples)
    targetSquare = targets.reduce(0) { $0 + dot($1, $1) } / Double(targets.count)
  }

  /// abᵀ/N of N columns.
  static func meanProduct(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    (0..<a[0].count).map { i in
      (0..<b[0].count).map { j in
        zip(a, b).reduce(0) { $0 + $1.0[i] * $1.1[j] } / Double(a.count)
      }
    }
  }

  /// D.
  public var depth: Int { widths.count - 1 }
  /// The number of parameters.
  public var dimension: Int { (0..<depth).reduce(0) { $0 + widths[$1] * widths[$1 + 1] } }

  /// The loss with its closed forms; listed is the origin, for D ≥ 3 with a Hessian of zeros.
  public var landscape: Landscape {
    let origin = CriticalPoint(
      location: [Double](repeating: 0, count: dimension), index: 0, nullity: dimension,
      value: targetSquare / 2)
    return Landscape(
      name: "linear network \(widths.map(String.init).joined(separator: "-"))",
      dimension: dimension, value: value, gradient: gradient, hessian: hessian,
      criticalPoints: depth >= 3 ? [origin] : [], hasAllCriticalPoints: false)
  }

  /// The loss.
  @Sendable public func value(at θ: [Double]) -> Double {
    // ½tr(BSxxBᵀ) − tr(BSyxᵀ) + ½tr(Syy), with B = W_D ⋯ W₁.
    let b = product(of: layers(θ), from: 0, to: depth)
    var sum = targetSquare / 2
    for k in b.indices {
      for j in b[k].indices {
        sum += b[k][j] * (0.5 * dot(covariance[j], b[k]) - correlation[k][j])
      }
    }
    return sum
  }

  /// ∂/∂W_l = AᵀGCᵀ with A = W_D ⋯ W_{l+1}, C = W_{l−1} ⋯ W₁ and G = BSxx − Syx.
  @Sendable public func gradient(at θ: [Double]) -> [Double] {
    let w = layers(θ)
    let g = error(w)
    var result = [Double]()
    for l in 0..<depth {
      let (above, below) = (product(of: w, from: l + 1, to: depth), product(of: w, from: 0, to: l))
      for i in 0..<widths[l + 1] {
        for j in 0..<widths[l] {
          var sum = 0.0
          for k in g.indices { sum += above[k][i] * dot(g[k], below[j]) }
          result.append(sum)
        }
      }
    }
    return result
  }

  /// ∂²/∂W_l[i,j]∂W_m[p,q] = (AₗᵀAₘ)ᵢₚ(CₗSxxCₘᵀ)ⱼ_q, and for l > m also
  /// (W_{l−1} ⋯ W_{m+1})ⱼₚ(AₗᵀGCₘᵀ)ᵢ_q. Exactly symmetric.
  @Sendable public func hessian(at θ: [Double]) -> [[Double]] {
    let w = layers(θ)
    let g = error(w)
    let above = (0..<depth).map { product(of: w, from: $0 + 1, to: depth) }
    let below = (0..<depth).map { product(of: w, from: 0, to: $0) }
    var h = [[Double]](
      repeating: [Double](repeating: 0, count: dimension), count: dimension)
    for l in 0..<depth {
      for m in 0...l {
        let between = m < l ? product(of: w, from: m + 1, to: l) : []
        for i in 0..<widths[l + 1] {
          for p in 0..<widths[m + 1] {
            var outer = 0.0
            for k in g.indices { outer += above[l][k][i] * above[m][k][p] }
            for j in 0..<widths[l] {
              for q in 0..<widths[m] where l > m || position(l, i, j) >= position(m, p, q) {
                var inner = 0.0
                for r in covariance.indices {
                  inner += below[l][j][r] * dot(covariance[r], below[m][q])
                }
                var entry = outer * inner
                if m < l {
                  var pull = 0.0
                  for k in g.indices { pull += above[l][k][i] * dot(g[k], below[m][q]) }
                  entry += between[j][p] * pull
                }
                h[position(l, i, j)][position(m, p, q)] = entry
                h[position(m, p, q)][position(l, i, j)] = entry
              }
            }
          }
        }
      }
    }
    return h
  }

  /// Where W_l[i, j] lies in θ.
  private func position(_ l: Int, _ i: Int, _ j: Int) -> Int {
    (0..<l).reduce(0) { $0 + widths[$1] * widths[$1 + 1] } + i * widths[l] + j
  }

  private func layers(_ θ: [Double]) -> [[[Double]]] {
    precondition(θ.count == dimension, "\(θ.count) parameters for a network of \(dimension)")
    return (0..<depth).map { l in
      (0..<widths[l + 1]).map { i in
        (0..<widths[l]).map { j in θ[position(l, i, j)] }
      }
    }
  }

  /// W_{to−1} ⋯ W_{from}, layers counted from 0; the identity where there is none.
  private func product(of w: [[[Double]]], from: Int, to: Int) -> [[Double]] {
    let n = widths[from]
    var result = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0 } }
    for l in from..<to {
      result = w[l].map { row in
        (0..<n).map { j in
          var sum = 0.0
          for k in row.indices { sum += row[k] * result[k][j] }
          return sum
        }
      }
    }
    return result
  }

  /// G = BSxx − Syx.
  private func error(_ w: [[[Double]]]) -> [[Double]] {
    let b = product(of: w, from: 0, to: depth)
    return b.indices.map { k in
      covariance.indices.map { j in dot(covariance[j], b[k]) - correlation[k][j] }
    }
  }
}
