import Oracles
import Testing

struct RandomTests {
  @Test func `SplitMix64 gives its known answers`() {
    var rng = SplitMix64(seed: 1_234_567)
    #expect(rng.next() == 6_457_827_717_110_365_317)
    #expect(rng.next() == 3_203_168_211_198_807_973)
    #expect(rng.next() == 9_817_491_932_198_370_423)
  }

  @Test func `draws are uniform where they say so, and stay in range`() {
    var rng = SplitMix64(seed: 41)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7000 { counts[Draw.integer(below: 7, using: &rng)] += 1 }
    // Pearson's χ² with 6 degrees of freedom exceeds 38.3 with probability 1e-6.
    let χ2 = counts.reduce(0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
    #expect(χ2 < 38.3, "\(counts)")
    for _ in 0..<1000 { #expect((2.0..<3).contains(Draw.uniform(2, 3, using: &rng))) }
  }

  @Test func `normals have moments 0, 1, 0 and 3`() {
    var rng = SplitMix64(seed: 42)
    let count = 20_000
    let draws = Draw.normals(count, using: &rng)
    // Var xᵏ = E x²ᵏ − (E xᵏ)²: 1, 2, 15, 96.
    for (power, mean, variance) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
      var sum = 0.0
      for x in draws { sum += (0..<power).reduce(1) { product, _ in product * x } }
      let z = (sum / Double(count) - mean) / (variance / Double(count)).squareRoot()
      #expect(z.magnitude <= 5, "moment \(power): z = \(z)")
    }
  }

  @Test func `GOE has the exact second and fourth moments`() {
    var rng = SplitMix64(seed: 43)
    let n = 5
    let draws = 2000
    var second = [Double]()
    var fourth = [Double]()
    for _ in 0..<draws {
      let a = RandomMatrix.goe(order: n, using: &rng)
      var trace2 = 0.0
      var trace4 = 0.0
      for i in 0..<n {
        for j in 0..<n {
          var product = 0.0
          for k in 0..<n { product += a[i][k] * a[k][j] }
          trace4 += product * product
          if i == j { trace2 += product }
        }
      }
      second.append(trace2)
      fourth.append(trace4)
    }
    // E tr A² = n² + n with variance 4n² + 4n exactly; E tr A⁴ = 2n³ + 5n² + 5n.
    let mean2 = second.reduce(0, +) / Double(draws)
    let z2 = (mean2 - 30) / (120 / Double(draws)).squareRoot()
    #expect(z2.magnitude <= 5, "z = \(z2)")
    let mean4 = fourth.reduce(0, +) / Double(draws)
    let variance = fourth.reduce(0) { $0 + ($1 - mean4) * ($1 - mean4) } / Double(draws - 1)
    let z4 = (mean4 - 400) / (variance / Double(draws)).squareRoot()
    #expect(z4.magnitude <= 5, "z = \(z4)")
  }

  @Test func `Haar matrices are orthogonal with the moments of the group`() {
    var rng = SplitMix64(seed: 44)
    let n = 4
    let draws = 2000
    // E tr Q = 0 and E (tr Q)² = 1; E q₁₁² = 1/n; E q₁₁⁴ = 3/(n(n+2)) = 1/8.
    var trace = 0.0
    var traceSquare = 0.0
    var corner = 0.0
    var last = 0.0
    for _ in 0..<draws {
      let q = RandomMatrix.orthogonal(order: n, using: &rng)
      #expect(LAPACKRatios.orthogonality(q) < 60)
      let t = (0..<n).reduce(0) { $0 + q[$1][$1] }
      trace += t
      traceSquare += t * t
      corner += q[0][0] * q[0][0] * q[0][0] * q[0][0]
      last += q[n - 1][n - 1] * q[n - 1][n - 1]
    }
    let count = Double(draws)
    // Variances: of tr Q 1; of (tr Q)² 2 (E (tr Q)⁴ = 3 for n ≥ 4); of q² 1/8 − 1/16;
    // of q⁴ 105/(4·6·8·10) − 1/64.
    #expect((trace / count.squareRoot()).magnitude <= 5)
    #expect(((traceSquare - count) / (2 * count).squareRoot()).magnitude <= 5)
    #expect(((last - count / 4) / (count / 16).squareRoot()).magnitude <= 5)
    let cornerVariance: Double = 105.0 / 1920 - 1.0 / 64
    #expect(((corner - count / 8) / (cornerVariance * count).squareRoot()).magnitude <= 5)
  }

  @Test(arguments: RandomSymmetric.Family.allCases)
  func `every family is exactly symmetric, finite and replayed by its seed`(
    family: RandomSymmetric.Family
  ) throws {
    for seed in 0..<20 {
      var rng = SplitMix64(seed: UInt64(seed))
      let draw = RandomSymmetric.draw(maximumOrder: 8, family: family, using: &rng)
      // GSL refuses anything asymmetric or not finite.
      let values = try GSL.eigenvalues(draw.rows)
      #expect(values.count == draw.order)
      var again = SplitMix64(seed: UInt64(seed))
      let replay = RandomSymmetric.draw(maximumOrder: 8, family: family, using: &again)
      #expect(replay.rows == draw.rows)
    }
  }

  @Test func `a campaign covers edge cases, indefinite, singular and clustered matrices`() throws {
    var rng = SplitMix64(seed: 45)
    let draws = 400
    var edges = 0
    var indefinite = 0
    var singular = 0
    var clustered = 0
    var orders = Set<Int>()
    for _ in 0..<draws {
      let draw = RandomSymmetric.draw(maximumOrder: 8, using: &rng)
      orders.insert(draw.order)
      if draw.family == .edge { edges += 1 }
      let values = try GSL.eigenvalues(draw.rows)
      let scale = values.reduce(0) { max($0, $1.magnitude) }
      if let low = values.first, let high = values.last, low < 0, high > 0 { indefinite += 1 }
      if values.contains(where: { $0.magnitude <= 1e-14 * scale }) { singular += 1 }
      if zip(values, values.dropFirst()).contains(where: { $1 - $0 <= 1e-14 * scale }) {
        clustered += 1
      }
    }
    #expect((20...60).contains(edges), "\(edges)")
    #expect(indefinite >= draws / 5 && singular >= draws / 20 && clustered >= draws / 20)
    #expect(orders == Set(0...8))
  }

  @Test func `random networks cover every activation and loss`() {
    var rng = SplitMix64(seed: 46)
    var kinds = Set<String>()
    for _ in 0..<200 {
      let draw = RandomNetwork.draw(using: &rng)
      kinds.insert("\(draw.activation) \(draw.loss)")
      #expect(draw.parameters.count == draw.reference.dimension)
      #expect(draw.reference.value(at: draw.parameters).isFinite)
    }
    #expect(kinds.count == 12)
  }
}
