import ArgumentParser
import Foundation
import Saddle
import SaddleDistributed

struct SpectrumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spectrum",
    abstract: "Takes the Hessian's spectrum of a run, over several processes.",
    discussion: """
      exact: each process forms some rows of the Hessian; ELPA takes all eigenvalues and vectors, and \
      products over all processes show what those are worth. No process ever has the whole matrix: \
      each has a share of five of its size at the most. analysis.json is written into the run's folder, \
      as by `saddle spectrum`.
      matrixFree: each process has a part of the samples; products are sums over all of them.
      """)

  enum Method: String, CaseIterable, ExpressibleByArgument {
    case exact, matrixFree
  }

  @Argument(help: "The folder of a run that `saddle train` or `saddle import` made, on every machine.")
  var folder: String
  @Option(help: "How the spectrum is taken.")
  var method = Method.exact
  @Option(
    help: """
      ELPA's way to tridiagonal form: 1 stage, or 2, which is faster where ELPA was built with the \
      processor's own kernels; Debian's was not (exact).
      """)
  var stages = 1
  @Option(help: "Eigenpairs at each end (matrixFree).")
  var pairs = 12
  @Option(help: "Lanczos steps of each probe (matrixFree).")
  var steps = 100
  @Option(help: "Random probes of the density (matrixFree).")
  var probes = 4
  @Option(help: "Seeds probes and starts.")
  var seed: UInt64 = 0
  @Option(help: "The folder with the data sets; else SADDLE_DATA, else the user's cache folder.")
  var data: String?
  @Flag(help: "Print JSON, alone on standard output.")
  var json = false
  @Flag(help: "Print no progress.")
  var quiet = false

  func validate() throws {
    guard EigensolverStages(rawValue: stages) != nil else {
      throw ValidationError("--stages is 1 or 2")
    }
  }

  func run(_ communicator: Communicator) throws {
    communicator.shareCores(ProcessInfo.processInfo.activeProcessorCount)
    let point = try agreed(communicator) { try TrainedPoint(folder, from: DataFolder(data)) }
    try requireSamePoint(point.parameters, communicator)
    switch method {
    case .exact: try exact(point, communicator)
    case .matrixFree: try matrixFree(point, communicator)
    }
  }

  private func exact(_ point: TrainedPoint, _ communicator: Communicator) throws {
    let spectrum = DistributedSpectrum(communicator)
    let objective = try agreed(communicator) {
      let objective = try point.prepared.objective(Double.self)
      try spectrum.requireMemory(of: objective)
      return objective
    }
    var phases = Phases()
    func say(_ what: String) {
      phases.begin(what)
      report(what, communicator)
    }
    let eigenpairs = try spectrum.eigenpairs(
      of: objective, at: point.parameters, stages: EigensolverStages(rawValue: stages) ?? .one,
      progress: say)
    phases.end()
    let memory = try communicator.gather([peakMebibytes])
    guard communicator.rank == 0 else { return }
    say("what the point is")
    let analysis = try PointAnalysis(of: objective, at: point.parameters, eigenpairs: eigenpairs)
    phases.end()
    try point.folder.write(analysis)
    try show(
      SpectrumRecord(
        processes: communicator.count, peakMebibytes: memory.map { Int($0[0]) },
        phases: phases.ended, record: PointRecord(analysis), analysis: analysis,
        eigenvalueBound: eigenpairs.errorBound),
      table: analysis.table(test: point.prepared.testEvaluation(at: point.parameters)))
  }

  private func matrixFree(_ point: TrainedPoint, _ communicator: Communicator) throws {
    let (prepared, count) = (point.prepared, point.prepared.samples.count)
    let load: @Sendable (Range<Int>) throws -> NetworkObjective<Double> = {
      try prepared.objective(Double.self, on: $0)
    }
    guard count >= communicator.count else {
      throw Refusal(text: "\(count) samples for \(communicator.count) processes", code: 64)
    }
    guard communicator.rank == 0 else {
      try ShardWorker(communicator, samples: count, load: load).serve()
      _ = try communicator.gather([peakMebibytes])
      return
    }
    let objective = try ShardedObjective(communicator, samples: count, load: load)
    let what = "products over \(communicator.count) parts of the samples"
    report(what, communicator)
    var phases = Phases()
    phases.begin(what)
    var settings = PointSettings(method: .matrixFree)
    settings.matrixFree.pairs = pairs
    settings.matrixFree.steps = steps
    settings.matrixFree.probes = probes
    settings.matrixFree.seed = seed
    settings.seed = seed
    let measured = try PointMeasurement(of: objective, at: point.parameters, settings: settings)
    phases.end()
    objective.end()
    let memory = try communicator.gather([peakMebibytes])
    try show(
      SpectrumRecord(
        processes: communicator.count, peakMebibytes: memory.map { Int($0[0]) },
        phases: phases.ended, record: measured.record, analysis: nil, eigenvalueBound: nil),
      table: measured.matrixFree?.table(
        test: prepared.testEvaluation(at: point.parameters)) ?? [])
  }

  private func show(
    _ record: SpectrumRecord, table: [(name: String, value: String)]
  ) throws {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(record), as: UTF8.self))
      return
    }
    let width = table.reduce(0) { max($0, $1.name.count) }
    for (name, value) in table {
      print(name + String(repeating: " ", count: width + 2 - name.count) + value)
    }
    print(
      "\n\(record.processes) processes, at most \(record.peakMebibytes.max() ?? 0) MiB each")
  }

  private func report(_ what: String, _ communicator: Communicator) {
    if !quiet, communicator.rank == 0 { tell(what + "\n") }
  }
}

/// How long what was done took, one after the other.
private struct Phases {
  struct Phase: Codable {
    let name: String
    let seconds: Double
  }

  private(set) var ended: [Phase] = []
  private var current: (name: String, start: ContinuousClock.Instant)?

  mutating func begin(_ name: String) {
    end()
    current = (name, .now)
  }

  mutating func end() {
    guard let (name, start) = current else { return }
    ended.append(Phase(name: name, seconds: (ContinuousClock.now - start) / .seconds(1)))
    current = nil
  }
}

/// What is printed of a spectrum.
private struct SpectrumRecord: Codable {
  let processes: Int
  /// Of each process, its peak resident memory.
  let peakMebibytes: [Int]
  /// As process 0 saw them.
  let phases: [Phases.Phase]
  let record: PointRecord
  let analysis: PointAnalysis?
  /// What residuals prove of each eigenvalue's error, rounding of the Hessian itself apart.
  let eigenvalueBound: Double?
}

/// A run's end, with its samples.
struct TrainedPoint {
  let folder: RunFolder
  let prepared: PreparedExperiment
  let parameters: [Double]

  init(_ path: String, from data: DataFolder) throws {
    folder = RunFolder(path)
    let (run, parameters, _) = try folder.trained()
    prepared = try run.experiment.prepared(from: data)
    try folder.requireData(of: prepared)
    self.parameters = parameters
  }
}

/// The most memory that this process has had so far.
var peakMebibytes: Int32 {
  var usage = rusage()
  #if canImport(Glibc)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int32(usage.ru_maxrss >> 10)
  #else
    getrusage(RUSAGE_SELF, &usage)
    return Int32(usage.ru_maxrss >> 20)
  #endif
}

/// What each process can do, or a refusal that all agree on: one that fails alone would leave the
/// others waiting.
func agreed<Value>(_ communicator: Communicator, _ body: () throws -> Value) throws -> Value {
  let outcome = Result(catching: body)
  /// The exit code and the message, byte by byte; nothing where it went well.
  var failure: [Int32] = []
  if case .failure(let error) = outcome {
    failure = [code(of: error)] + "\(error)".utf8.map { Int32($0) }
  }
  let failures = try communicator.gather(failure)
  guard let rank = failures.firstIndex(where: { !$0.isEmpty }) else { return try outcome.get() }
  let message = String(decoding: failures[rank].dropFirst().map { UInt8($0) }, as: UTF8.self)
  throw Refusal(text: "process \(rank): \(message)", code: failures[rank][0])
}

/// As `saddle` has it: 65 for data that cannot be used, 66 for a run that is not there, 71 for memory.
private func code(of error: any Error) -> Int32 {
  switch error {
  case DistributedError.memory, is MemoryError: 71
  case is DataError, is ObjectiveError, is ModelError: 65
  default: 66
  }
}

/// Throws on all processes where one has another θ than process 0.
func requireSamePoint(_ parameters: [Double], _ communicator: Communicator) throws {
  let counts = try communicator.gather([Int32(parameters.count)])
  var differing = counts.firstIndex { $0 != counts[0] }
  if differing == nil {
    var θ = parameters
    try communicator.broadcast(&θ)
    // By their bits: what is not a number is the same as itself here.
    let isSame = zip(θ, parameters).allSatisfy { $0.bitPattern == $1.bitPattern }
    differing = try communicator.gather([isSame ? 1 : 0]).firstIndex { $0 == [0] }
  }
  guard let rank = differing else { return }
  throw Refusal(text: "\(DistributedError.parametersDiffer(rank: rank))", code: 65)
}
