import Foundation
import Oracles
import Saddle
import Support
import Testing

/// What claims are decided by at critical points, held against plain loops and GSL.
@Suite struct CriticalEndTests {
  private let decay = 1e-2

  private func plain(hidden: Int = 1) -> PlainNetwork {
    var generator = SplitMix64(seed: 5)
    let inputs = (0..<12).map { _ in Draw.normals(4, using: &generator) }
    return PlainNetwork(
      widths: [4, hidden, 3], activation: .tanh, loss: .softmaxCrossEntropy, weightDecay: decay,
      inputs: inputs,
      labels: inputs.indices.map { $0 % 3 })
  }

  private func descended(
    _ plain: PlainNetwork
  ) throws -> (objective: NetworkObjective<Double>, found: Descent) {
    var generator = SplitMix64(seed: 1)
    let objective = try NetworkObjective(plain)
    return (
      objective,
      try Descent(
        of: objective, from: Draw.normals(plain.dimension, using: &generator).map { 0.5 * $0 })
    )
  }

  private func measured(
    _ plain: PlainNetwork, _ settings: CriticalSettings
  ) throws -> (end: CriticalEnd, point: [Double]) {
    let (objective, found) = try descended(plain)
    return (
      try CriticalEnd(of: objective, at: found.point, found.report, settings, seed: 3), found.point
    )
  }

  @Test(.tags(.oracle)) func `without the penalty as many eigenvalues are negative as lie below it`() throws {
    var negative = 0
    for hidden in 2...5 {
      let plain = plain(hidden: hidden)
      let (end, θ) = try measured(plain, CriticalSettings(penaltyTrap: true))
      guard end.certificate.kind == .minimum else { continue }
      #expect(end.outcome == .proved)
      let trap = try #require(end.penaltyTrap)
      #expect(trap.with == 0 && trap.order == plain.dimension)
      // Those that are the penalty's alone, along directions of constant loss, are zero without it.
      let eigenvalues = try GSL.eigenvalues(plain.hessian(at: θ))
      let below = eigenvalues.count { $0 < decay * (1 - 1e-6) }
      #expect(trap.without == below...below, "\(hidden): \(trap), \(below)")
      negative += below
    }
    #expect(negative > 0)
  }

  @Test func `where nothing is proved, or there is no penalty, there is no trap`() throws {
    let plain = plain()
    let objective = try NetworkObjective(plain)
    let (_, found) = try descended(plain)
    let off = found.point.map { $0 + 0.1 }
    #expect(
      try CriticalEnd(
        of: objective, at: off, found.report, CriticalSettings(penaltyTrap: true), seed: 0
      ).penaltyTrap == nil)
    let free = try NetworkObjective<Double>(
      network: objective.network, loss: objective.loss, inputs: objective.inputs,
      targets: objective.targets)
    #expect(
      try CriticalEnd(
        of: free, at: found.point, found.report, CriticalSettings(penaltyTrap: true), seed: 0
      ).penaltyTrap == nil)
  }

  // Eigenvalues α ± σᵢ(C) along the new unit's weights, with C = mean (p − y)(x, 1)ᵀ.
  @Test(.tags(.oracle)) func `an idle unit makes a minimum a certified saddle, of the index that C gives`()
    throws
  {
    let plain = plain()
    let methods = [
      EscapeSettings.Method("sgd", ["learningRate": 0.2]),
      .init("perturbedGD", ["learningRate": 0.2, "radius": 0.01, "gradientThreshold": 1e-3]),
      .init("negativeCurvatureDescent", ["learningRate": 0.2, "curvatureThreshold": 1e-3]),
    ]
    let settings = CriticalSettings(escape: EscapeSettings(methods: methods, steps: 1500))
    let (end, θ) = try measured(plain, settings)
    let trial = try #require(end.escape)
    var c = [[Double]](repeating: [Double](repeating: 0, count: 5), count: 3)
    for (n, z) in plain.outputs(at: θ).enumerated() {
      let weights = z.map { exp($0) }
      let sum = weights.reduce(0, +)
      guard case .label(let label) = plain.targets[n] else { continue }
      for k in 0..<3 {
        let residual = weights[k] / sum - (k == label ? 1 : 0)
        for (j, x) in (plain.inputs[n] + [1]).enumerated() { c[k][j] += residual * x / 12 }
      }
    }
    let index = try GSL.singularValues(c).count { $0 > decay }
    #expect(index > 0 && trial.certificate.index == index, "\(trial.certificate.inWords)")
    #expect(trial.certificate.kind == .strictSaddle && trial.loss == end.descent.loss)
    // Plain descent stays bit for bit where it is; the others act and leave.
    #expect(trial.outcomes[0].interventions == nil && trial.outcomes[0].hasLeft(loss: trial.loss) == false)
    for outcome in trial.outcomes.dropFirst() {
      #expect((outcome.interventions ?? 0) > 0 && outcome.hasLeft(loss: trial.loss) == true, "\(outcome)")
    }
    // In one step nothing has left.
    let early = try measured(
      plain, CriticalSettings(escape: EscapeSettings(methods: [methods[1]], steps: 1)))
    #expect(early.end.escape?.outcomes[0].hasLeft(loss: trial.loss) == false)
  }

  @Test func `a unit that is not idle at zero cannot be added`() throws {
    let plain = PlainNetwork(
      widths: [2, 1, 2], activation: .sigmoid, loss: .softmaxCrossEntropy, weightDecay: 0.1,
      inputs: [[1, 0], [0, 1]], labels: [0, 1])
    let (end, _) = try measured(
      plain, CriticalSettings(escape: EscapeSettings(methods: [.init("sgd")], steps: 1)))
    #expect(end.escape == nil)
  }

  @Test(.tags(.oracle)) func `class means are those of the outputs' gradients by differences`() throws {
    let plain = plain()
    let (end, θ) = try measured(plain, CriticalSettings(attribution: true))
    let found = try #require(end.attribution)
    // d z_k/dθ by central differences, averaged over each class's own samples.
    let h = 1e-5
    let means = (0..<3).map { k -> [Double] in
      let own = plain.targets.indices.filter {
        if case .label(let label) = plain.targets[$0] { label == k } else { false }
      }
      return θ.indices.map { i in
        var (up, down) = (θ, θ)
        up[i] += h
        down[i] -= h
        let (a, b) = (plain.outputs(at: up), plain.outputs(at: down))
        return own.reduce(0) { $0 + (a[$1][k] - b[$1][k]) / (2 * h) } / Double(own.count)
      }
    }
    // ‖QᵀV‖² by Gram–Schmidt on the means.
    var basis: [[Double]] = []
    for mean in means {
      var rest = mean
      for q in basis {
        let dot = zip(q, rest).reduce(0) { $0 + $1.0 * $1.1 }
        rest = zip(rest, q).map { $0 - dot * $1 }
      }
      let norm = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
      basis.append(rest.map { $0 / norm })
    }
    let system = try Matrix(plain.hessian(at: θ)).symmetrized().eigensystem()
    let n = θ.count
    let overlap =
      (n - 3..<n).reduce(0.0) { sum, k in
        sum
          + basis.reduce(0) { part, q in
            let dot = zip(q, system.vectors.row(k)).reduce(0) { $0 + $1.0 * $1.1 }
            return part + dot * dot
          }
      } / 3
    expectClose(found.overlap, overlap, within: Tolerance(absolute: 1e-6, why: "differences of 1e-5"))
    #expect(found.permuted.count == 20 && found.permuted.allSatisfy { (0...1).contains($0) })
    #expect(found.permuted.contains { $0 != found.overlap })
  }

  @Test func `degeneracy comes with N·K, structural zeros and the gap`() throws {
    var generator = SplitMix64(seed: 2)
    let inputs = (0..<3).map { _ in Draw.normals(4, using: &generator) }
    let plain = PlainNetwork(
      widths: [4, 5, 2], activation: .tanh, loss: .meanSquaredError, inputs: inputs, labels: [0, 1, 0])
    let (end, _) = try measured(plain, CriticalSettings(degeneracy: true))
    let degeneracy = try #require(end.degeneracy)
    #expect(end.residuals == 6 && degeneracy.smallByTheorem == plain.dimension - 6)
    #expect(end.descent.ending == .converged && degeneracy.residualCurvature < 1e-10)
    // Three samples of four inputs and the bias: two dependences, five units.
    #expect(end.structuralZeros == 10)
    let gap = try #require(end.gap)
    #expect(gap.rank == 6 && gap.ratio > 1e3, "\(gap)")
  }

  @Test func `a gap is at the resolution of the arithmetic`() throws {
    let gap = try #require(RankGap(of: Spectrum(eigenvalues: [-2, 1, 1e-3, 1e-16, 0])))
    #expect(gap.rank == 3 && gap.above == 5e-4 && gap.below == 5e-17)
    #expect(gap.ratio == 5e-4 / Double.ulpOfOne)
    #expect(try RankGap(of: Spectrum(eigenvalues: [0, 0])) == nil)
  }

  // MARK: Trajectories

  @Test func `a loss is followed down, with the spectrum of each stage`() throws {
    let plain = PlainNetwork(
      widths: [2, 3, 3], activation: .tanh, loss: .softmaxCrossEntropy,
      inputs: [[1, 0], [0, 1], [-1, -1]], labels: [0, 1, 2])
    var generator = SplitMix64(seed: 4)
    let start = Draw.normals(plain.dimension, using: &generator)
    let found = try LossTrajectory(
      of: NetworkObjective(plain), from: start, TrajectorySettings(lowest: 1e-6, perDecade: 1))
    let losses = found.stages.map(\.loss)
    #expect(losses.last ?? 1 <= 1e-6 && losses.count >= 4 && losses.count <= 8, "\(losses)")
    for (a, b) in zip(losses, losses.dropFirst()) { #expect(b < a) }
    let first = try #require(found.stages.first)
    let eigenvalues = try GSL.eigenvalues(plain.hessian(at: start))
    expectClose(
      [first.least, first.greatest], [eigenvalues.min() ?? .nan, eigenvalues.max() ?? .nan],
      within: Tolerance(absolute: 1e-12, why: "n = 21"))
    let radius = max(first.greatest, -first.least)
    #expect(first.index == LossTrajectory.tolerances.map { ε in eigenvalues.count { $0 < -ε * radius } })
  }

  @Test func `the slope of a power law is its exponent`() throws {
    func trajectory(_ indices: [Int]) throws -> LossTrajectory {
      let stages = indices.enumerated().map { step, index in
        #"{"step":\#(step),"loss":\#(pow(4, Double(-step))),"gradientNorm":1,"length":1,"least":-1,"#
          + #""greatest":1,"index":[0,\#(index),0]}"#
      }
      let json = #"{"order":9,"stages":[\#(stages.joined(separator: ","))]}"#
      return try JSONDecoder().decode(LossTrajectory.self, from: Data(json.utf8))
    }
    // 4^(3/2) = 8 a stage.
    let slope = try trajectory([512, 64, 8, 1, 0]).indexSlope(at: 1e-6)
    expectClose(slope ?? .nan, 1.5, within: Tolerance(relative: 1e-13, why: "a straight line"))
    #expect(try trajectory([8, 1, 0]).indexSlope(at: 1e-6) == nil)
    #expect(try trajectory([8, 4, 1]).indexSlope(at: 1e-10) == nil)
    #expect(try trajectory([8, 4, 1]).indexSlope(at: 0.5) == nil)
  }
}
