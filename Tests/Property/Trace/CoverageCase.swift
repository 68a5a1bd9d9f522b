import Foundation
import Oracles
import Saddle
import Support

/// A symmetric operator with a known spectrum, to count how often limits hold on.
struct CoverageCase {
  let name: String
  let matrix: any LinearOperator<Double>
  let values: [Double]
  var pairs = 12
  /// Lanczos steps of each probe.
  var steps = 100
  /// The products that all numbers of probes share among their draws.
  var probes = 1600

  init(_ name: String, _ values: [Double], pairs: Int = 12, steps: Int = 100, probes: Int = 1600) {
    self.init(
      name, Diagonal<Double>(values), values, pairs: pairs, steps: steps, probes: probes)
  }

  init(
    _ name: String, _ matrix: any LinearOperator<Double>, _ values: [Double], pairs: Int = 12,
    steps: Int = 100, probes: Int = 1600
  ) {
    self.name = name
    self.matrix = matrix
    self.values = values
    self.pairs = pairs
    self.steps = steps
    self.probes = probes
  }

  private static func turned(
    _ name: String, _ values: [Double], probes: Int = 1600
  ) -> CoverageCase {
    var generator = RandomStream(seed: 51, name: name)
    return CoverageCase(
      name + ", turned",
      DenseOperator(Matrix(RandomMatrix.symmetric(spectrum: values, using: &generator))), values,
      probes: probes)
  }

  /// Spectra that few probes see badly: of low rank, skew, of both signs.
  static func drawn() throws -> [CoverageCase] {
    var generator = RandomStream(seed: 52, name: "coverage")
    let n = 160
    func counted(_ f: (Double) -> Double) -> [Double] { (1...n).map { f(Double($0)) } }
    func padded(_ values: [Double]) -> [Double] {
      values + [Double](repeating: 0, count: n - values.count)
    }
    let bulk = try GSL.eigenvalues(RandomMatrix.goe(order: n - 5, using: &generator))
    let logNormal = (0..<n).map { _ in exp(3 * generator.normal()) }
    let square = counted { pow($0, -2) }
    let few = padded((0..<8).map { pow(3, -Double($0)) })
    return [
      CoverageCase("rank 1", padded([1])),
      turned("rank 1", padded([1]), probes: 800),
      CoverageCase("rank 40", padded([Double](repeating: 1, count: 40))),
      CoverageCase("five spikes and a bulk", [-90, 60, 150, 200, 400] + bulk),
      CoverageCase("k⁻²", square),
      turned("k⁻²", square, probes: 800),
      CoverageCase("k⁻²", square, pairs: 1),
      CoverageCase("k⁻²", square, pairs: 1, steps: 4),
      CoverageCase("log-normal, σ = 3", logNormal),
      CoverageCase("log-normal, σ = 3", logNormal, pairs: 1),
      CoverageCase("rank 8, 3⁻ᵏ", few, pairs: 1, steps: 3),
      CoverageCase("one huge, a tiny tail", [1e6] + counted { 1 / $0 }.dropLast(), pairs: 1),
      CoverageCase("±k⁻¹, cancelling", counted { $0.remainder(dividingBy: 2) == 0 ? 1 / $0 : -1 / ($0 + 1) }),
      CoverageCase("GOE", bulk, pairs: 1, steps: 10),
      CoverageCase("a decay and five", [3, 1, 0.7, 0.5, 0.3] + counted { _ in 1e-2 }.dropLast(5)),
      CoverageCase("zero", padded([])),
    ]
  }

  /// Hessians that the project's own runs ended with, of several sizes, as diagonal matrices, and
  /// the smallest turned.
  static func committed() throws -> [CoverageCase] {
    let all = try committedSpectra()
    let chosen = [all[0], all[1], all[all.count / 4], all[all.count / 2]]
    return chosen.map { key, values in
      CoverageCase(
        "run \(key), P = \(values.count)", values, probes: values.count < 400 ? 800 : 320)
    } + [turned("run \(all[0].key), P = \(all[0].values.count)", all[0].values, probes: 800)]
  }

  /// A trained network's Hessian on MNIST.
  static func mnist() throws -> CoverageCase {
    let prepared = try Experiment(
      name: "coverage",
      data: DatasetDescription(.mnist(file: .train, first: 300), pooling: 4), hidden: [6],
      activation: .tanh,
      optimizer: OptimizerDescription("momentum", ["learningRate": 0.1, "momentum": 0.9]),
      plan: try TrainingPlan(epochs: 10, batchSize: 32, seed: 1)
    ).prepared(from: DataFolder())
    let hessian = try prepared.objective(Double.self).hessian(at: prepared.train().parameters)
    let values = try GSL.eigenvalues(hessian.asRows)
    return CoverageCase("MNIST, P = \(values.count)", DenseOperator(hessian), values, probes: 800)
  }
}

/// How often one case's limits hold the truth, with one number of probes.
struct CoverageRow {
  let cells: [String]
  let hits: [(what: String, count: Int)]
  let draws: Int

  init(_ subject: CoverageCase, probes: Int) throws {
    var settings = MatrixFreeSettings()
    settings.pairs = subject.pairs
    settings.steps = subject.steps
    settings.probes = probes
    settings.takesSecondOpinion = false
    let values = subject.values
    let radius = values.reduce(0) { max($0, $1.magnitude) }
    let trace = values.reduce(0, +)
    let square = values.reduce(0) { $0 + $1 * $1 }
    let size = values.reduce(0) { $0 + $1.magnitude }
    draws = max(50, subject.probes / probes / 2)
    var starts = RandomStream(seed: 53, name: "starts")
    let pairs = try ThickRestartLanczos<Double>(
      ends: .bothEnds(settings.pairs), tolerance: settings.tolerance
    ).run(on: subject.matrix, using: &starts)
    var (traces, squares, index, zeros, resolved) = (0, 0, 0, 0, 0)
    var (traceWidths, squareWidths): ([Double], [Double]) = ([], [])
    for seed in 1...draws {
      var generator = RandomStream(seed: UInt64(seed), name: "probes")
      let found = try MatrixFreeSpectrum(
        of: subject.matrix, pairs: pairs, settings: settings, using: &generator)
      if found.trace.interval.contains(trace) { traces += 1 }
      if found.squaredFrobeniusNorm.interval.contains(square) { squares += 1 }
      traceWidths.append((found.trace.upper - found.trace.lower) / max(size, .leastNormalMagnitude))
      squareWidths.append(
        (found.squaredFrobeniusNorm.upper - found.squaredFrobeniusNorm.lower)
          / max(square, .leastNormalMagnitude))
      let counts = found.counts[1]
      let limit = counts.tolerance * radius
      if counts.index.limits.contains(values.count { $0 < -limit }) { index += 1 }
      if counts.zeros.limits.contains(values.count { $0.magnitude <= limit }) { zeros += 1 }
      if counts.index.isResolved && counts.zeros.isResolved { resolved += 1 }
    }
    hits = [
      ("trace", traces), ("squared norm", squares), ("index", index), ("degeneracy", zeros),
    ]
    let draws = Double(draws)
    func percent(_ hits: Int) -> String { String(format: "%.1f", 100 * Double(hits) / draws) }
    func median(_ widths: [Double]) -> String {
      String(format: "%.2g", widths.sorted()[widths.count / 2])
    }
    cells = [
      subject.name, "\(values.count)", "\(subject.pairs)", "\(subject.steps)", "\(probes)",
      "\(self.draws)", percent(traces), median(traceWidths), percent(squares),
      median(squareWidths), percent(index), percent(zeros), percent(resolved),
    ]
  }
}
