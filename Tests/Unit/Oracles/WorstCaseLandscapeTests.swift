import Oracles
import Testing

/// What is special about the functions that counterexamples and lower bounds are made of.
struct WorstCaseLandscapeTests {
  // MARK: - Nesterov's tridiagonal

  @Test func `on k coordinates the tridiagonal comes down to the stated gap and no further`() {
    let problem = NesterovTridiagonal(dimension: 9, largest: 3)
    let f = problem.landscape.value
    #expect(gap(f(problem.minimizer), problem.minimum) < 1e-15)
    for k in 0...9 {
      // The minimizer of the first k coordinates: 1 − i/(k+1).
      let known = (1...9).map { i in i <= k ? 1 - Double(i) / Double(k + 1) : 0 }
      #expect(gap(f(known) - problem.minimum, problem.smallestGap(after: k)) < 1e-15)
      let g = problem.landscape.gradient(known)
      for i in 0..<k { #expect(g[i].magnitude < 1e-15) }
    }
  }

  // Theorem 2.1.7 of Nesterov 2004, with n = 2k+1.
  @Test(arguments: [1, 2, 5, 15, 100])
  func `the gap is at least 3LR²/(32(k+1)²), and close to it`(k: Int) {
    let problem = NesterovTridiagonal(dimension: 2 * k + 1, largest: 7)
    let square = problem.minimizer.reduce(0) { $0 + $1 * $1 }
    let bound = 3 * 7 * square / (32 * Double((k + 1) * (k + 1)))
    let ratio = problem.smallestGap(after: k) / bound
    // ‖x*‖² ≤ 2(k+1)/3 is all that is given away.
    #expect(ratio >= 1 && ratio <= 1 + 2 / Double(k + 1), "\(ratio)")
  }

  // MARK: - Huber's function

  @Test(arguments: [1, 2, 10, 50])
  func `descent on Huber's function attains LR²/(4N+2)`(steps: Int) {
    let (curvature, radius) = (3.0, 2.0)
    let f = Landscape.huber(
      curvature: curvature, threshold: radius / Double(2 * steps + 1))
    var x = [radius]
    for _ in 0..<steps { x[0] -= f.gradient(x)[0] / curvature }
    let tight = curvature * radius * radius / Double(4 * steps + 2)
    #expect(gap(f.value(x), tight) < 1e-14 * tight)
  }

  // MARK: - Lessard's function

  @Test func `Lessard's function and its slope are continuous, and its curvature 1 to 25`() throws {
    let f = Landscape.lessard
    for kink in [1.0, 2] {
      let (below, above) = ([kink.nextDown], [kink.nextUp])
      #expect(gap(f.value(below), f.value(above)) < 1e-13)
      #expect(gap(f.gradient(below)[0], f.gradient(above)[0]) < 1e-13)
    }
    for x in [-3.3, 0.5, 1.5, 2.6] {
      let slope = try FiniteDifferences().derivative(of: { f.value([$0]) }, at: x)
      #expect(slope.admits(f.gradient([x])[0], factor: 2) && slope.error < 1e-9)
      let curvature = try FiniteDifferences().derivative(of: { f.gradient([$0])[0] }, at: x)
      #expect(curvature.admits(f.hessian([x])[0][0], factor: 2) && curvature.error < 1e-9)
    }
  }

  // MARK: - The octopus

  static let octopus = Octopus(dimension: 4, width: 1.5)

  @Test func `the octopus is as the paper has it in its tubes`() {
    let (l, γ, τ, ν) = (
      Self.octopus.steepness, Self.octopus.escapeCurvature, Self.octopus.width, Self.octopus.drop
    )
    let f = Self.octopus.landscape.value
    // Second saddle's neighbourhood: x₁ at 3τ, x₂ and beyond below τ.
    let flat = [3 * τ, 0.4 * τ, 0.3 * τ, 0.9 * τ]
    let expected =
      l * τ * τ - γ * 0.16 * τ * τ + l * (0.09 + 0.81) * τ * τ - ν
    #expect(gap(f(flat), expected) < 1e-13)
    // Between the second and the third: g₁(x₂) + g₂(x₂)x₃².
    let x = 1.7 * τ
    let g1 =
      -γ * x * x + (-14 * l + 10 * γ) / (3 * τ) * cube(x - τ) + (5 * l - 3 * γ)
      / (2 * τ * τ) * cube(x - τ) * (x - τ)
    let d = x - 2 * τ
    let g2 =
      -γ - 10 * (l + γ) / cube(τ) * cube(d) - 15 * (l + γ) / (cube(τ) * τ) * cube(d) * d
      - 6 * (l + γ) / (cube(τ) * τ * τ) * cube(d) * d * d
    let passing = [-3 * τ, x, 0.8 * τ, -0.5 * τ]
    let there = l * τ * τ + g1 + g2 * 0.64 * τ * τ + l * 0.25 * τ * τ - ν
    #expect(gap(f(passing), there) < 1e-12)
  }

  private func cube(_ x: Double) -> Double { x * x * x }

  @Test func `the octopus's derivatives agree with differences, and join twice continuously`()
    throws
  {
    let f = Self.octopus.landscape
    let τ = Self.octopus.width
    let differences = FiniteDifferences()
    var rng = SplitMix64(seed: 21)
    for _ in 0..<20 {
      let x = (0..<4).map { _ in Draw.uniform(-5 * τ, 5 * τ, using: &rng) }
      let h = f.hessian(x)
      for (i, estimate) in try differences.gradient(of: f.value, at: x).enumerated() {
        #expect(estimate.admits(f.gradient(x)[i], factor: 3), "\(x) \(i)")
        #expect(estimate.error < 1e-4)
      }
      for (i, row) in try differences.hessian(fromGradient: f.gradient, at: x).enumerated() {
        for j in row.indices {
          #expect(h[i][j] == h[j][i])
          #expect(row[j].admits(h[i][j], factor: 3), "\(x) (\(i), \(j)): \(row[j]), \(h[i][j])")
          #expect(row[j].error < 1e-2)
        }
      }
    }
    // Across each joint of each coordinate.
    for i in 0..<4 {
      for joint in [0, τ, 2 * τ, -τ, -2 * τ] {
        var (below, above) = ([2.4, -1.9, 1.7, 2.2], [2.4, -1.9, 1.7, 2.2])
        below[i] = joint - 1e-9
        above[i] = joint + 1e-9
        #expect(gap(f.value(below), f.value(above)) < 1e-6)
        for j in 0..<4 {
          #expect(gap(f.gradient(below)[j], f.gradient(above)[j]) < 1e-6)
          for k in 0..<4 {
            #expect(gap(f.hessian(below)[j][k], f.hessian(above)[j][k]) < 1e-5)
          }
        }
      }
    }
  }

  @Test func `the octopus has d saddles of index 1 in a row, and falls from each to the next`()
    throws
  {
    let f = Self.octopus.landscape
    #expect(f.criticalPoints.map(\.index) == [1, 1, 1, 1, 0])
    for (k, point) in f.criticalPoints.enumerated() {
      let values = try GSL.eigenvalues(f.hessian(point.location))
      #expect(f.gradient(point.location).allSatisfy { $0.magnitude < 1e-13 })
      #expect(gap(f.value(point.location), point.value) < 1e-12)
      #expect(values.count { $0 < 0 } == point.index && !values.contains(0))
      if k > 0 { #expect(point.value < f.criticalPoints[k - 1].value) }
    }
    // Along a tentacle the profile falls all the way to 4τ.
    for k in 0..<4 {
      var last = f.criticalPoints[k].value
      for part in stride(from: 0.05, through: 1, by: 0.05) {
        var x = f.criticalPoints[k].location
        x[k] = 4 * Self.octopus.width * part
        #expect(f.value(x) < last)
        last = f.value(x)
      }
    }
  }

  // MARK: - Rayleigh

  // Σ(−1)^index over the sphere is its Euler characteristic, 2 for n odd and 0 for n even; over a
  // function that grows in all directions it is 1.
  @Test(arguments: [2, 3, 4, 5])
  func `critical points are complete by Morse's count`(n: Int) {
    var rng = SplitMix64(seed: 22)
    let sphere = Landscape.rayleighQuotient(
      eigenvalues: (0..<n).map { Double($0 * $0) - 3.5 }, using: &rng)
    func count(_ landscape: Landscape) -> Int {
      landscape.criticalPoints.reduce(0) { $0 + ($1.index % 2 == 0 ? 1 : -1) }
    }
    #expect(count(sphere) == (n % 2 == 0 ? 0 : 2))
    #expect(sphere.criticalPoints.count == 2 * n)
    let well = Landscape.quarticWell(
      eigenvalues: (0..<n).map { Double($0 * $0) - 3.5 }, using: &rng)
    #expect(count(well) == 1 && well.hasAllCriticalPoints)
  }

  // MARK: - Deep linear networks

  @Test func `one hidden layer is the two-layer network, and with two the origin is flat`() throws {
    var rng = SplitMix64(seed: 23)
    let samples = (0..<5).map { _ in Draw.normals(3, using: &rng) }
    let targets = (0..<5).map { _ in Draw.normals(2, using: &rng) }
    let two = try TwoLayerLinearNetwork(hidden: 2, samples: samples, targets: targets).landscape()
    let deep = DeepLinearNetwork(hidden: [2], samples: samples, targets: targets).landscape
    let θ = Draw.normals(10, using: &rng)
    #expect(gap(deep.value(θ), two.value(θ)) < 1e-13)
    for i in 0..<10 {
      #expect(gap(deep.gradient(θ)[i], two.gradient(θ)[i]) < 1e-13)
      for j in 0..<10 { #expect(gap(deep.hessian(θ)[i][j], two.hessian(θ)[i][j]) < 1e-13) }
    }
    let three = DeepLinearNetwork(hidden: [2, 3], samples: samples, targets: targets).landscape
    let origin = [Double](repeating: 0, count: three.dimension)
    #expect(three.hessian(origin).allSatisfy { $0.allSatisfy { $0 == 0 } })
    // It is no minimum: along W₃ = W₂ = W₁ of the right signs the loss falls.
    let along = Draw.normals(three.dimension, using: &rng)
    let values = [0.05, -0.05].map { t in three.value(along.map { t * $0 }) }
    #expect(values.contains { $0 < three.value(origin) })
  }
}
