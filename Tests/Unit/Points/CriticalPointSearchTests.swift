import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

@Suite struct CriticalPointSearchTests {
  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  private func perturbed(_ x: [Double], by size: Double, _ rng: inout RandomStream) -> [Double] {
    zip(x, Draw.direction(x.count, using: &rng)).map { $0 + size * $1 }
  }

  static let landscapes: [Landscape] = [
    .himmelblau, .sixHumpCamel, .rosenbrock(), .rosenbrock(dimension: 4), .beale,
  ]

  @Test(.tags(.oracle), arguments: landscapes, CriticalPointSearch.Method.allCases)
  func `a start nearby leads back to every critical point, whatever its index`(
    landscape: Landscape, method: CriticalPointSearch.Method
  ) throws {
    var rng = RandomStream(seed: 21, name: "starts")
    let objective = LandscapeObjective(landscape)
    let search = try CriticalPointSearch(method: method)
    for point in landscape.criticalPoints {
      let start = perturbed(point.location, by: 0.003, &rng)
      let refined = try search.refine(start, of: objective)
      #expect(refined.isConverged, "\(landscape.name), \(point): \(refined.ending)")
      #expect(refined.gradientNorm <= 1e-10)
      #expect(
        distance(refined.point, point.location) < 1e-8,
        "\(landscape.name), \(point): \(refined.point)")
      expectClose(
        refined.value, point.value,
        within: Tolerance(absolute: 1e-12, relative: 1e-13, why: "‖Δx‖²"))
      let found = try CriticalPointClassification(
        of: objective, at: refined, using: &rng)
      #expect(found.index == point.index && found.nullity == 0, "\(landscape.name), \(point)")
      if method == .newtonMINRES { #expect(refined.trajectory.count <= 10) }
    }
  }

  @Test(arguments: CriticalPointSearch.Method.allCases)
  func `a degenerate critical point is reached too`(method: CriticalPointSearch.Method) throws {
    // The Hessian vanishes there, and Newton's steps only halve the distance.
    let refined = try CriticalPointSearch(method: method).refine(
      [0.3, -0.2], of: LandscapeObjective(.monkeySaddle))
    #expect(refined.isConverged, "\(refined.ending)")
    #expect(distance(refined.point, [0, 0]) < 1e-4)
  }

  @Test(arguments: CriticalPointSearch.Method.allCases)
  func `the gradient never grows, from far away either`(method: CriticalPointSearch.Method) throws {
    for start in [[-1.5, 2], [4, -3], [0.01, 0.02], [-20, 30]] {
      let refined = try CriticalPointSearch(method: method).refine(
        start, of: LandscapeObjective(.himmelblau))
      #expect(refined.isConverged, "\(start): \(refined.ending)")
      let norms = refined.trajectory.map(\.gradientNorm) + [refined.gradientNorm]
      for (a, b) in zip(norms, norms.dropFirst()) { #expect(b <= a, "\(start): \(norms)") }
    }
  }

  // H² = 9·I whatever the signs of H are: the first step along −Hg ends at the saddle, 0.01 away.
  @Test func `the first step along the gradient of ‖g‖² has the length that is due`() throws {
    var rng = RandomStream(seed: 24, name: "unit")
    let form = Landscape.quadratic(eigenvalues: [3, 3, -3], using: &rng)
    let start = perturbed([0, 0, 0], by: 0.01, &rng)
    let refined = try CriticalPointSearch(method: .gradientNorm).refine(
      start, of: LandscapeObjective(form))
    #expect(refined.isConverged)
    expectClose(
      refined.trajectory.first?.length ?? 0, 0.01,
      within: Tolerance(relative: 1e-12, why: "a quadratic with one curvature"))
    // The line search takes the first trial: a longer one might be beyond a ridge.
    #expect(refined.trajectory.first?.innerIterations == 2)
    #expect(refined.trajectory.count <= 2)
  }

  @Test func `Newton's steps converge quadratically`() throws {
    let saddle = Landscape.himmelblau.criticalPoints[4]
    let search = try CriticalPointSearch(gradientTolerance: 1e-12, stepTolerance: 1e-12)
    let refined = try search.refine(
      saddle.location.map { $0 + 0.1 }, of: LandscapeObjective(.himmelblau))
    let norms = refined.trajectory.map(\.gradientNorm) + [refined.gradientNorm]
    // From one step to the next the number of digits doubles, until rounding.
    for (a, b) in zip(norms, norms.dropFirst()) where a < 1 && a > 1e-6 {
      #expect(b < a * a, "\(norms)")
    }
    #expect(norms.count >= 4 && refined.isConverged, "\(norms)")
  }

  @Test(.tags(.oracle), arguments: CriticalPointSearch.Method.allCases)
  func `saddles of a linear network are found with index and nullity`(
    method: CriticalPointSearch.Method
  ) throws {
    var rng = RandomStream(seed: 22, name: "linear")
    let linear = WhitenedLinearNetwork(
      inputs: 3, hidden: 2, outputs: 2, singularValues: [2, 0.8], samples: 9, using: &rng)
    let objective = LandscapeObjective(try linear.network.landscape())
    for modes in linear.subsets {
      let q = RandomMatrix.orthogonal(order: 2, using: &rng)
      let known = linear.criticalPoint(modes: modes, rotation: q)
      let start = perturbed(known.point.location, by: 0.003, &rng)
      let refined = try CriticalPointSearch(method: method).refine(start, of: objective)
      #expect(refined.isConverged, "\(modes): \(refined.ending)")
      #expect(distance(refined.point, known.point.location) < 0.01)
      // Rotations of the hidden layer lead to other points of the same kind.
      let found = try CriticalPointClassification(
        of: objective, at: refined, using: &rng)
      #expect(found.index == known.point.index, "\(modes): \(found.inertia)")
      #expect(found.nullity == known.point.nullity, "\(modes): \(found.inertia)")
      let isSaddle = known.point.index > 0
      #expect(found.kind == (isSaddle ? .degenerateSaddle : .secondOrderCritical))
    }
  }

  // f = x + x³/3 has f′ = 1 + x² ≥ 1: no critical point, and f″ = 0 where f′ is least, at 0.
  static let inflection = Landscape(
    name: "inflection", dimension: 1, value: { $0[0] + $0[0] * $0[0] * $0[0] / 3 },
    gradient: { [1 + $0[0] * $0[0]] }, hessian: { [[2 * $0[0]]] }, criticalPoints: [],
    hasAllCriticalPoints: true)

  /// The same beside a bowl: g = (1 + x², 3y).
  static let valley = Landscape(
    name: "valley", dimension: 2,
    value: { $0[0] + $0[0] * $0[0] * $0[0] / 3 + 1.5 * $0[1] * $0[1] },
    gradient: { [1 + $0[0] * $0[0], 3 * $0[1]] }, hessian: { [[2 * $0[0], 0], [0, 3]] },
    criticalPoints: [], hasAllCriticalPoints: true)

  @Test(arguments: CriticalPointSearch.Method.allCases, [inflection, valley])
  func `a gradient that cannot be made shorter is recognised as flat`(
    method: CriticalPointSearch.Method, landscape: Landscape
  ) throws {
    var rng = RandomStream(seed: 23, name: "flat")
    let start = landscape.dimension == 1 ? [0.8] : [0.8, -0.5]
    let refined = try CriticalPointSearch(method: method).refine(
      start, of: LandscapeObjective(landscape))
    guard case .gradientFlat(let r) = refined.ending else {
      Issue.record("\(refined.ending) at \(refined.point), \(refined.trajectory.count) steps")
      return
    }
    #expect(r > 0.99 && r <= 1 + 1e-12)
    expectClose(refined.gradientNorm, 1, within: Tolerance(absolute: 1e-9, why: "1 + x²"))
    #expect(refined.flatness?.isFlat == true)
    let found = try CriticalPointClassification(
      of: LandscapeObjective(landscape), at: refined,
      using: &rng)
    #expect(found.kind == .gradientFlat)
  }

  @Test func `flat means least squares: a short step is not enough`() throws {
    // At (0.8, −0.5) a step of 0 has r = 1, but a better step exists.
    let found = try CriticalPointSearch(budget: 1).refine(
      [0.8, -0.5], of: LandscapeObjective(Self.valley))
    #expect(found.ending == .budgetSpent)
    let flatness = try #require(found.flatness)
    #expect(flatness.relativeResidual < 0.1 && !flatness.isFlat)
    let idle = GradientFlatness(
      step: [0, 0], gradientNorm: 1, residual: 1, normalResidual: 0.5, hessianNorm: 3,
      hessianNormError: 0, curvatureScale: 3, tolerance: 1e-6)
    #expect(idle.relativeResidual == 1 && !idle.isFlat)
  }

  @Test(arguments: CriticalPointSearch.Method.allCases)
  func `a search saved on the way ends where the whole one does, bit for bit`(
    method: CriticalPointSearch.Method
  ) throws {
    let objective = LandscapeObjective(.rosenbrock(dimension: 4))
    let start = [-0.7, 0.5, 0.3, 0.1]
    let whole = try CriticalPointSearch(method: method).refine(start, of: objective)
    let short = try CriticalPointSearch(method: method, budget: 2)
    var state = try short.initialState(at: start, of: objective)
    _ = try short.resume(&state, on: objective)
    #expect(state.ending == .budgetSpent && state.trajectory.count == 2)
    var loaded = try JSONDecoder().decode(
      CriticalPointSearch.State.self, from: JSONEncoder().encode(state))
    #expect(loaded == state)
    let rest = try CriticalPointSearch(method: method).resume(&loaded, on: objective)
    #expect(rest == whole)
    #expect(whole.isConverged && whole.trajectory.count > 2)
  }

  @Test func `a tolerance below rounding ends as stalled, not as flat and not for ever`() throws {
    let search = try CriticalPointSearch(gradientTolerance: 0, budget: 200)
    let refined = try search.refine([3.1, 2.1], of: LandscapeObjective(.himmelblau))
    // It may hit zero exactly.
    #expect(refined.ending == .stalled || refined.gradientNorm == 0, "\(refined.ending)")
    #expect(refined.gradientNorm < 1e-12)
  }

  @Test func `the start that is critical is the end`() throws {
    let refined = try CriticalPointSearch().refine(
      [0, 0], of: LandscapeObjective(.classicalSaddle))
    #expect(refined.isConverged && refined.trajectory.isEmpty && refined.point == [0, 0])
  }

  @Test func `what cannot be searched is refused, with the reason`() throws {
    let objective = LandscapeObjective(.himmelblau)
    let search = try CriticalPointSearch()
    #expect(throws: CriticalPointError.wrongDimension(point: 1, objective: 2)) {
      try search.refine([1], of: objective)
    }
    #expect(throws: CriticalPointError.pointNotFinite(coordinate: 1)) {
      try search.refine([1, .nan], of: objective)
    }
    #expect(throws: CriticalPointError.gradientNotFinite(coordinate: 0)) {
      try search.refine([1e200, 0], of: objective)
    }
    let broken = Landscape(
      name: "no Hessian", dimension: 1, value: { $0[0] * $0[0] }, gradient: { [2 * $0[0]] },
      hessian: { _ in [[.nan]] }, criticalPoints: [], hasAllCriticalPoints: false)
    for method in CriticalPointSearch.Method.allCases {
      #expect(throws: CriticalPointError.krylov(.productNotFinite(product: 1, coordinate: 0))) {
        try CriticalPointSearch(method: method).refine([1], of: LandscapeObjective(broken))
      }
    }
    var state = try search.initialState(at: [1, 1], of: objective)
    #expect(throws: CriticalPointError.foreignState) {
      try CriticalPointSearch(method: .gradientNorm).advance(&state, on: objective)
    }
    #expect(throws: CriticalPointError.self) { try CriticalPointSearch(gradientTolerance: .nan) }
    #expect(throws: CriticalPointError.self) { try CriticalPointSearch(budget: 0) }
    #expect(throws: CriticalPointError.self) { try CriticalPointSearch(flatTolerance: 1) }
    #expect(throws: CriticalPointError.self) { try CriticalPointSearch(stepTolerance: 0) }
    #expect(throws: CriticalPointError.self) { try CriticalPointSearch(innerBudget: 0) }
  }
}
