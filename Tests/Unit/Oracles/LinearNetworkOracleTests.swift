import Oracles
import Testing

/// Closed forms of linear networks against GSL on their own dense Hessians.
struct LinearNetworkOracleTests {
  static let shapes = [(1, 1, 1), (2, 1, 3), (3, 2, 2), (2, 3, 2)]

  private func network(_ d: Int, _ hidden: Int, _ k: Int) -> WhitenedLinearNetwork {
    var rng = SplitMix64(seed: 401)
    let s = (0..<min(d, k)).map { 1.7 - 0.6 * Double($0) }
    return WhitenedLinearNetwork(
      inputs: d, hidden: hidden, outputs: k, singularValues: s, samples: d + k + 3, using: &rng)
  }

  @Test(arguments: shapes)
  func `the data are centred, white and correlated as prescribed`(d: Int, hidden: Int, k: Int)
    throws
  {
    let linear = network(d, hidden, k)
    let n = Double(linear.samples.count)
    for i in 0..<d {
      #expect(linear.samples.reduce(0) { $0 + $1[i] }.magnitude < 1e-13 * n)
      for j in 0..<d {
        let mean = linear.samples.reduce(0) { $0 + $1[i] * $1[j] } / n
        #expect(gap(mean, i == j ? 1 : 0) < 1e-14)
      }
    }
    let correlation = (0..<k).map { i in
      (0..<d).map { j in
        zip(linear.targets, linear.samples).reduce(0) { $0 + $1.0[i] * $1.1[j] } / n
      }
    }
    for (a, b) in zip(try GSL.singularValues(correlation), linear.singularValues) {
      #expect(gap(a, b) < 1e-14)
    }
  }

  @Test(arguments: shapes)
  func `every subset of modes is a critical point with the spectrum that is written down`(
    d: Int, hidden: Int, k: Int
  ) throws {
    let linear = network(d, hidden, k)
    var rng = SplitMix64(seed: 402)
    for modes in linear.subsets {
      let q = RandomMatrix.orthogonal(order: hidden, using: &rng)
      let known = linear.criticalPoint(modes: modes, rotation: q)
      let θ = known.point.location
      #expect(linear.network.gradient(at: θ).allSatisfy { $0.magnitude < 1e-14 })
      #expect(gap(linear.network.value(at: θ), known.point.value) < 1e-14)
      let found = try GSL.eigenvalues(linear.network.hessian(at: θ))
      #expect(found.count == known.eigenvalues.count)
      for (a, b) in zip(found, known.eigenvalues) { #expect(gap(a, b) < 1e-13, "\(modes)") }
      // Index and nullity come from their own formulas, not by counting that list.
      #expect(found.count { $0 < -1e-10 } == known.point.index, "\(modes)")
      #expect(found.count { $0.magnitude <= 1e-10 } == known.point.nullity, "\(modes)")
    }
    #expect(linear.subsets.count == Set(linear.subsets).count)
  }

  // Worked by hand: d = K = M = 1 is xy, whose Hessian is regular; 2-1-1 with r = 2 has q = 1.
  @Test func `the rank formulas agree with two cases worked by hand`() {
    #expect(
      DeepLinearNetwork.hessianRank(widths: [1, 1, 1], inputRank: 1)
        == LinearHessianRank(outer: 1, functional: 2, total: 2))
    // W₂ = w, W₁ = (a, b): outer wwᵀ-block has rank 2, the functional part couples w with (a, b)
    // along one direction: rank 2; together all three parameters.
    #expect(
      DeepLinearNetwork.hessianRank(widths: [2, 1, 1], inputRank: 2)
        == LinearHessianRank(outer: 2, functional: 2, total: 3))
  }
}
