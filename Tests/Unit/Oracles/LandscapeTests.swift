import Oracles
import Testing

struct LandscapeTests {
  static let polynomial: [Landscape] = [
    .himmelblau, .sixHumpCamel, .beale, .rosenbrock(), .rosenbrock(dimension: 3),
    .rosenbrock(dimension: 4), .monkeySaddle, .flatSaddle, .classicalSaddle,
  ]

  static var all: [Landscape] {
    get throws {
      var rng = SplitMix64(seed: 11)
      let samples = (0..<5).map { _ in Draw.normals(3, using: &rng) }
      let targets = (0..<5).map { _ in Draw.normals(2, using: &rng) }
      let network = TwoLayerLinearNetwork(hidden: 2, samples: samples, targets: targets)
      return polynomial + [
        .quadratic(eigenvalues: [-3, -0.5, 0, 0, 1e-3, 4], using: &rng),
        try network.landscape(),
        .logCosh(dimension: 4, using: &rng), .logCosh(dimension: 3, isConvex: false, using: &rng),
        .rayleighQuotient(eigenvalues: [3, -1, 0.5, 2], using: &rng),
        .quarticWell(eigenvalues: [-3, 2, -0.5, -1], using: &rng),
        .huber(dimension: 3, threshold: 20), .huber(dimension: 3, threshold: 0.01),
        .flatSaddle(signs: [1, -1, -2], power: 4), .flatSaddle(signs: [-1, 3], power: 6),
        NesterovTridiagonal(dimension: 5, largest: 3).landscape,
        DeepLinearNetwork(hidden: [2, 3], samples: samples, targets: targets).landscape,
        DeepLinearNetwork(hidden: [2], samples: samples, targets: targets).landscape,
      ]
    }
  }

  @Test func `every gradient and Hessian agrees with differences of the values`() throws {
    var rng = SplitMix64(seed: 12)
    let differences = FiniteDifferences()
    for landscape in try Self.all {
      let x = Draw.normals(landscape.dimension, using: &rng)
      let g = landscape.gradient(x)
      let h = landscape.hessian(x)
      for (i, estimate) in try differences.gradient(of: landscape.value, at: x).enumerated() {
        #expect(estimate.admits(g[i], factor: 2), "\(landscape.name), \(i): \(estimate), \(g[i])")
        #expect(estimate.error < 1e-7, "\(landscape.name): \(estimate)")
      }
      let rows = try differences.hessian(fromValue: landscape.value, at: x)
      for i in rows.indices {
        for j in rows.indices {
          #expect(h[i][j] == h[j][i])
          #expect(
            rows[i][j].admits(h[i][j], factor: 2),
            "\(landscape.name) (\(i), \(j)): \(rows[i][j]), \(h[i][j])")
        }
      }
    }
  }

  @Test func `a product is the Hessian's: of a unit vector its column, bit for bit`() throws {
    var rng = SplitMix64(seed: 16)
    for landscape in try Self.all {
      let n = landscape.dimension
      let x = Draw.normals(n, using: &rng)
      let h = landscape.hessian(x)
      for j in 0..<n {
        let column = landscape.hessianVectorProduct(
          at: x, along: (0..<n).map { $0 == j ? 1 : 0 })
        #expect(column == h.map { $0[j] }, "\(landscape.name), column \(j)")
      }
      let v = Draw.normals(n, using: &rng)
      let largest = h.joined().reduce(0) { max($0, $1.magnitude) }
      let product = landscape.hessianVectorProduct(at: x, along: v)
      for i in 0..<n {
        let terms = (0..<n).map { h[i][$0] * v[$0] }
        // What is summed in another order: some dozens of roundings.
        let bound = 1e-13 * largest * v.reduce(0) { $0 + $1.magnitude }
        #expect(
          (product[i] - terms.reduce(0, +)).magnitude <= bound, "\(landscape.name), row \(i)")
      }
    }
  }

  @Test func `every listed point is critical, with its value, index and nullity`() throws {
    for landscape in try Self.all {
      for point in landscape.criticalPoints {
        let values = try GSL.eigenvalues(landscape.hessian(point.location))
        let scale = values.reduce(1) { max($0, $1.magnitude) }
        let g = landscape.gradient(point.location)
        #expect(g.allSatisfy { $0.magnitude <= 1e-14 * scale }, "\(landscape.name): \(point), \(g)")
        #expect(gap(landscape.value(point.location), point.value) <= 1e-13 * scale)
        #expect(values.count { $0 < -1e-12 * scale } == point.index, "\(landscape.name): \(point)")
        #expect(values.count { $0.magnitude <= 1e-12 * scale } == point.nullity)
      }
    }
  }

  // A function that grows in all directions: Σ(−1)^index over its critical points is 1 (Morse).
  @Test(arguments: [Landscape.himmelblau, .sixHumpCamel, .rosenbrock(), .rosenbrock(dimension: 4)])
  func `the alternating count of critical points is 1`(landscape: Landscape) {
    #expect(landscape.hasAllCriticalPoints)
    let sum = landscape.criticalPoints.reduce(0) { $0 + ($1.index % 2 == 0 ? 1 : -1) }
    #expect(sum == 1)
    let places = Set(landscape.criticalPoints.map(\.location))
    #expect(places.count == landscape.criticalPoints.count, "a point is listed twice")
  }

  @Test func `Himmelblau has 4 minima, 4 saddles and a maximum; the camel 6, 7 and 2`() {
    func census(_ landscape: Landscape) -> [Int] {
      (0...2).map { index in landscape.criticalPoints.count { $0.index == index } }
    }
    #expect(census(.himmelblau) == [4, 4, 1])
    #expect(census(.sixHumpCamel) == [6, 7, 2])
    #expect(census(.beale) == [1, 2, 0])
  }

  @Test func `a quadratic form has the prescribed eigenvalues`() throws {
    var rng = SplitMix64(seed: 13)
    let prescribed = [-7, -1e-3, 0, 0, 2, 2, 5.5]
    let landscape = Landscape.quadratic(eigenvalues: prescribed.reversed(), using: &rng)
    let found = try GSL.eigenvalues(landscape.hessian(Draw.normals(7, using: &rng)))
    for (a, b) in zip(found, prescribed) { #expect(gap(a, b) < 1e-14) }
  }

  @Test(arguments: [(3, 2, 4), (2, 3, 1), (1, 1, 3), (4, 2, 2)])
  func `the two-layer linear network's spectrum at the origin is ±σ, M times each, and zeros`(
    inputs: Int, outputs: Int, hidden: Int
  ) throws {
    var rng = SplitMix64(seed: 14)
    let samples = (0..<6).map { _ in Draw.normals(inputs, using: &rng) }
    let targets = (0..<6).map { _ in Draw.normals(outputs, using: &rng) }
    let network = TwoLayerLinearNetwork(hidden: hidden, samples: samples, targets: targets)
    let origin = [Double](repeating: 0, count: network.dimension)
    let found = try GSL.eigenvalues(network.hessian(at: origin))
    let expected = try network.spectrumAtOrigin()
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(gap(a, b) < 1e-14) }
    #expect(expected.count { $0 < 0 } == hidden * min(inputs, outputs))
  }

  @Test func `the two-layer linear network is the plain network without biases`() {
    var rng = SplitMix64(seed: 15)
    let samples = (0..<6).map { _ in Draw.normals(3, using: &rng) }
    let labels = [0, 1, 1, 0, 1, 0]
    let linear = TwoLayerLinearNetwork(
      hidden: 2, samples: samples, targets: labels.map { [$0 == 0 ? 1 : 0, $0 == 1 ? 1 : 0] })
    let plain = PlainNetwork(
      widths: [3, 2, 2], activation: .identity, loss: .meanSquaredError, inputs: samples,
      labels: labels)
    let θ = Draw.normals(10, using: &rng)
    let biased = Array(θ[0..<6]) + [0, 0] + Array(θ[6...]) + [0, 0]
    #expect(gap(linear.value(at: θ), plain.value(at: biased)) < 1e-14)
    let kept = Array(0..<6) + Array(8..<12)
    let g = plain.gradient(at: biased)
    let h = plain.hessian(at: biased)
    for (i, p) in kept.enumerated() {
      #expect(gap(linear.gradient(at: θ)[i], g[p]) < 1e-13)
      for (j, q) in kept.enumerated() { #expect(gap(linear.hessian(at: θ)[i][j], h[p][q]) < 1e-13) }
    }
  }
}
