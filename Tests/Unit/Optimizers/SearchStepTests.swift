import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// The directions and first trials of the line searches, from their formulas in plain loops.
@Suite struct SearchStepTests {
  private let landscape = Landscape.rosenbrock(dimension: 4)
  private let start = [-1.2, 1, 0.7, -0.4]
  private let rounding = Tolerance(relative: 1e-8, why: "differences of points, a few products")

  /// The path of an optimizer, and the first point that each of its searches tries.
  private func search(
    _ optimizer: some Optimizer<Double>, steps: Int
  ) throws -> (path: [[Double]], trials: [[Double]]) {
    var model = Counting(ObjectiveModel(LandscapeObjective(landscape)))
    var state = optimizer.initialState(dimension: start.count)
    var (path, trials) = ([start], [[Double]]())
    for k in 0..<steps {
      model.evaluated = []
      var x = path[k]
      try optimizer.step(&x, on: &model, state: &state)
      path.append(x)
      trials.append(model.evaluated[1])
    }
    return (path, trials)
  }

  private func difference(_ a: [Double], _ b: [Double]) -> [Double] {
    a.indices.map { a[$0] - b[$0] }
  }

  /// Checks that a step leads along d, and that its search began at α·d.
  private func expectStep(
    _ step: [Double], trial: [Double], along d: [Double], first alpha: Double, _ k: Int
  ) {
    expectClose(trial, d.map { alpha * $0 }, within: rounding, "the first trial of step \(k)")
    let reach = length(step) / length(d)
    expectClose(step, d.map { reach * $0 }, within: rounding, "step \(k)")
  }

  /// H·v by the BFGS update of the pairs, the last one outermost, from H₀ = γI:
  /// (I − ρsyᵀ)·H·(I − ρysᵀ)·v + ρs·sᵀv (Nocedal, Wright 2006, eq. 7.16).
  private func inverse(
    _ pairs: ArraySlice<(s: [Double], y: [Double])>, _ gamma: Double, _ v: [Double]
  ) -> [Double] {
    guard let (s, y) = pairs.last else { return v.map { gamma * $0 } }
    let rho = 1 / inner(s, y)
    let share = rho * inner(s, v)
    let w = inverse(pairs.dropLast(), gamma, v.indices.map { v[$0] - share * y[$0] })
    let correction = rho * inner(y, w)
    return w.indices.map { w[$0] + (share - correction) * s[$0] }
  }

  @Test(arguments: [10, 2])
  func `L-BFGS steps along −Hg, from the last pairs with H₀ of the last one, and tries α = 1`(
    memory: Int
  ) throws {
    let (path, trials) = try search(LBFGS<Double>(memory: memory), steps: 8)
    var pairs: [(s: [Double], y: [Double])] = []
    for k in 0..<8 {
      let g = landscape.gradient(path[k])
      var (d, first) = (g.map { -$0 }, 1 / length(g))
      if let (s, y) = pairs.last {
        d = inverse(pairs.suffix(memory), inner(s, y) / inner(y, y), d)
        first = 1
      }
      let step = difference(path[k + 1], path[k])
      expectStep(step, trial: difference(trials[k], path[k]), along: d, first: first, k)
      pairs.append((step, difference(landscape.gradient(path[k + 1]), g)))
    }
  }

  @Test(arguments: [0.1, 0.9])
  func `conjugate gradients step along −g + max(0, β)·d and restart after P steps`(
    curvature: Double
  ) throws {
    let steps = 14
    let (path, trials) = try search(NonlinearCG<Double>(curvature: curvature), steps: steps)
    var (last, direction, change) = ([0.0, 0, 0, 0], [0.0, 0, 0, 0], 0.0)
    var (cycle, cuts, restarts) = (0, 0, 0)
    for k in 0..<steps {
      let g = landscape.gradient(path[k])
      var (d, first) = (g.map { -$0 }, 1 / length(g))
      if cycle == 4 { (cycle, restarts) = (0, restarts + 1) }
      if cycle > 0 {
        let beta = inner(g, difference(g, last)) / inner(last, last)
        if beta < 0 { cuts += 1 }
        let bent = d.indices.map { d[$0] + max(0, beta) * direction[$0] }
        if inner(bent, g) < 0 {
          d = bent
          // The same first-order change as in the last step.
          first = change / inner(d, g)
        } else {
          cycle = 0
        }
      }
      let step = difference(path[k + 1], path[k])
      expectStep(step, trial: difference(trials[k], path[k]), along: d, first: first, k)
      (last, direction, change, cycle) = (g, d, inner(step, g), cycle + 1)
    }
    #expect(restarts > 0, "the restart was never due")
    // Only after a search that is far from exact.
    if curvature > 0.5 { #expect(cuts > 0, "β was never negative") }
  }
}
