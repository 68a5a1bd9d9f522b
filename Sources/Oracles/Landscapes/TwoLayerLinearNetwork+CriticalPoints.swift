/// A two-layer linear network on centred, whitened inputs, with every balanced critical point and
/// the whole spectrum there in closed form.
///
/// L(θ) = ½‖Y − W₂W₁X‖²/N with XXᵀ/N = I and YXᵀ/N = U S Vᵀ, all s_j > 0 and distinct: d inputs,
/// M hidden units, K outputs, m = min(d, K) modes. Each subset I of at most min(M, m) modes gives
/// W₂ = [U_I S_I^½, 0]·Qᵀ, W₁ = Q·[S_I^½ V_Iᵀ; 0], for any orthogonal Q of order M (Baldi and
/// Hornik 1989; the spectra are worked out in `BalancedCriticalPoint`).
public struct WhitenedLinearNetwork: Sendable {
  public let network: TwoLayerLinearNetwork
  /// N samples of d numbers each: mean 0, XXᵀ/N = I.
  public let samples: [[Double]]
  /// N targets of K numbers each: mean 0, YXᵀ/N = U S Vᵀ, and a part that no input explains.
  public let targets: [[Double]]
  /// s, m numbers.
  public let singularValues: [Double]
  /// U, K × K, and V, d × d: columns are singular vectors.
  private let left, right: [[Double]]

  /// - Parameters:
  ///   - d: the inputs, positive.
  ///   - hidden: M, positive.
  ///   - k: the outputs, K, positive.
  ///   - s: the singular values, min(d, K) positive numbers, no two alike.
  ///   - count: N ≥ d + K + 1.
  ///   - generator: draws U, V, X and the unexplained part of Y.
  public init(
    inputs d: Int, hidden: Int, outputs k: Int, singularValues s: [Double], samples count: Int,
    using generator: inout some RandomNumberGenerator
  ) {
    precondition(d > 0 && hidden > 0 && k > 0, "widths \(d), \(hidden), \(k)")
    precondition(
      s.count == min(d, k) && s.allSatisfy { $0 > 0 && $0.isFinite } && Set(s).count == s.count,
      "singular values \(s); \(min(d, k)) positive, distinct ones are needed")
    precondition(count > d + k, "\(count) samples; more than \(d + k) are needed")
    let left = RandomMatrix.orthogonal(order: k, using: &generator)
    let right = RandomMatrix.orthogonal(order: d, using: &generator)
    let rows = Self.centredOrthonormal(d + k, of: count, using: &generator)
    let scale = Double(count).squareRoot()
    samples = (0..<count).map { n in (0..<d).map { scale * rows[$0][n] } }
    targets = samples.indices.map { [samples] n in
      let modes = s.indices.map { j in
        s[j] * (0..<d).reduce(0) { $0 + right[$1][j] * samples[n][$1] }
      }
      return (0..<k).map { i in
        s.indices.reduce(0.3 * scale * rows[d + i][n]) { $0 + left[i][$1] * modes[$1] }
      }
    }
    network = TwoLayerLinearNetwork(hidden: hidden, samples: samples, targets: targets)
    singularValues = s
    self.left = left
    self.right = right
  }

  /// Every subset of at most min(M, m) modes, the empty one first.
  public var subsets: [[Int]] {
    let m = singularValues.count
    return (0..<(1 << m)).map { bits in (0..<m).filter { bits >> $0 & 1 == 1 } }
      .filter { $0.count <= network.hidden }
  }

  /// The critical point of a subset of modes.
  ///
  /// - Parameters:
  ///   - modes: I, ascending, at most M of them.
  ///   - rotation: Q, M × M orthogonal; nil for the identity.
  public func criticalPoint(modes: [Int], rotation: [[Double]]? = nil) -> BalancedCriticalPoint {
    let (d, hidden, k) = (network.inputs, network.hidden, network.outputs)
    precondition(
      Set(modes).count == modes.count && modes.count <= hidden
        && modes.allSatisfy(singularValues.indices.contains),
      "modes \(modes) of \(singularValues.count) for \(hidden) hidden units")
    let q =
      rotation ?? (0..<hidden).map { i in (0..<hidden).map { $0 == i ? 1.0 : 0 } }
    let roots = modes.map { singularValues[$0].squareRoot() }
    var first = [Double]()
    for unit in 0..<hidden {
      for j in 0..<d {
        first.append(
          modes.indices.reduce(0) { $0 + q[unit][$1] * roots[$1] * right[j][modes[$1]] })
      }
    }
    var second = [Double]()
    for i in 0..<k {
      for unit in 0..<hidden {
        second.append(
          modes.indices.reduce(0) { $0 + q[unit][$1] * roots[$1] * left[i][modes[$1]] })
      }
    }
    let explained = modes.reduce(0) { $0 + singularValues[$1] * singularValues[$1] }
    let eigenvalues = BalancedCriticalPoint.eigenvalues(
      singularValues: singularValues, modes: modes, inputs: d, hidden: hidden, outputs: k)
    let open = singularValues.indices.filter { !modes.contains($0) }
    let larger = modes.reduce(0) { sum, i in
      sum + open.count { singularValues[$0] > singularValues[i] }
    }
    let (idle, ρ, m) = (hidden - modes.count, modes.count, singularValues.count)
    return BalancedCriticalPoint(
      modes: modes,
      point: CriticalPoint(
        location: first + second, index: idle * (m - ρ) + larger,
        nullity: idle * (d + k - 2 * (m - ρ)) + ρ * ρ,
        value: (network.targetSquare - explained) / 2),
      eigenvalues: eigenvalues.sorted(),
      biasedLocation: first + [Double](repeating: 0, count: hidden) + second
        + [Double](repeating: 0, count: k),
      // Inputs and errors have mean 0, so biases meet no weight, and their block is CᵀC with
      // C = [W₂, I]: the eigenvalues of CCᵀ = W₂W₂ᵀ + I, and M zeros.
      biasedEigenvalues: (eigenvalues + modes.map { 1 + singularValues[$0] }
        + [Double](repeating: 1, count: k - ρ) + [Double](repeating: 0, count: hidden)).sorted())
  }

  /// `count` orthonormal rows of n numbers, all orthogonal to (1, …, 1).
  private static func centredOrthonormal(
    _ count: Int, of n: Int, using generator: inout some RandomNumberGenerator
  ) -> [[Double]] {
    var basis = [[Double](repeating: 1 / Double(n).squareRoot(), count: n)]
    while basis.count <= count {
      var row = Draw.normals(n, using: &generator)
      // Once leaves rounding of the part that is taken away; twice does not.
      for _ in 0..<2 {
        for other in basis { row = moved(row, by: -dot(row, other), along: other) }
      }
      let length = norm(row)
      basis.append(row.map { $0 / length })
    }
    return Array(basis.dropFirst())
  }
}

/// A balanced critical point of a two-layer linear network on whitened inputs, and the Hessian's
/// whole spectrum there.
///
/// In the bases U and V of Σ_yx the Hessian falls apart. With ρ = |I| units in use, M − ρ idle:
/// - an idle unit is coupled through the error −Σ_{j∉I} s_j u_j v_jᵀ alone: ±s_j for j ∉ I, and
///   d + K − 2(m − ρ) zeros;
/// - the unit of i ∈ I along u_j and v_j, j ∉ I: the block [[s_i, −s_j], [−s_j, s_i]], s_i ± s_j;
/// - the same unit along the K + d − 2m directions beyond the m modes: s_i each;
/// - the units of k, l ∈ I along each other's modes: s_k + s_l, and a zero that rotates or rescales
///   the hidden layer, for each ordered pair.
public struct BalancedCriticalPoint: Sendable {
  /// I.
  public let modes: [Int]
  /// Its location in the order of `TwoLayerLinearNetwork`, with its exact index and nullity.
  public let point: CriticalPoint
  /// All M(d + K) eigenvalues, ascending.
  public let eigenvalues: [Double]
  /// The same point of the network with biases, all zero: W₁, b₁, W₂, b₂.
  public let biasedLocation: [Double]
  /// All eigenvalues of the network with biases, ascending; on centred inputs and targets only.
  public let biasedEigenvalues: [Double]

  fileprivate static func eigenvalues(
    singularValues s: [Double], modes: [Int], inputs d: Int, hidden: Int, outputs k: Int
  ) -> [Double] {
    let m = s.count
    let open = (0..<m).filter { !modes.contains($0) }
    var result = [Double]()
    for _ in modes.count..<hidden {
      for j in open { result += [s[j], -s[j]] }
      result += [Double](repeating: 0, count: d + k - 2 * open.count)
    }
    for i in modes {
      for j in open { result += [s[i] + s[j], s[i] - s[j]] }
      result += [Double](repeating: s[i], count: k + d - 2 * m)
      for l in modes { result += [s[i] + s[l], 0] }
    }
    return result
  }
}
