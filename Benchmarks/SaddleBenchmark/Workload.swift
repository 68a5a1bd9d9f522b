import Saddle

/// One thing that the suite measures.
protocol Workload: Sendable {
  /// What it is called on the command line, in the results and by its peer.
  var name: String { get }
  /// What it is, in one line.
  var summary: String { get }
  /// What it should reach on two cores.
  var targets: [Target] { get }
  /// Who else does it, and if nobody, why.
  var peer: PeerAvailability { get }
  /// Does and measures it, beside the roofline of the same run.
  func measure(beside roofline: inout Roofline) throws -> [Figure: Double]
}

/// Whether `Benchmarks/peers/peers.py` does a workload too.
enum PeerAvailability {
  case present
  case absent(because: String)
}

extension Workload {
  var targets: [Target] { [] }
  var peer: PeerAvailability { .present }
}

/// Every workload, the quick ones first.
let allWorkloads: [any Workload] = [
  MatrixProduct<Double>(), MatrixProduct<Float>(),
  DenseHessian(),
  HessianVectorProduct<Double>(), HessianVectorProduct<Float>(),
  LeNetHessianVectorProduct<Double>(), LeNetHessianVectorProduct<Float>(),
  TrainSGD(),
  OptimizerStep("sgd", moves: 3) { try SGD<Float>(learningRate: 0.001) },
  OptimizerStep("momentum", moves: 5) { try Momentum<Float>(learningRate: 0.001) },
  OptimizerStep("adam", moves: 7) { try Adam<Float>(learningRate: 0.001) },
  SpectralQuadrature<Double>(), SpectralQuadrature<Float>(), DensityError(),
  QuadratureMemory(),
  Eigenvalues(), Counts(), GaussianSpectrum(),
  PipeRoundTrip(), WholeSpectrum(),
]

/// The workloads that the names ask for, in the suite's order; all of them for no names.
///
/// A name may leave off what follows a hyphen: "hvp" is all that begin so.
func workloads(named names: [String]) throws(BenchmarkError) -> [any Workload] {
  func matches(_ workload: any Workload, _ name: String) -> Bool {
    workload.name == name || workload.name.hasPrefix(name + "-")
  }
  for name in names where !allWorkloads.contains(where: { matches($0, name) }) {
    throw .unknownWorkload(name)
  }
  return names.isEmpty
    ? allWorkloads : allWorkloads.filter { workload in names.contains { matches(workload, $0) } }
}
