import Foundation

/// What a peer reached on a workload.
struct PeerFigure: Codable {
  /// Library, version and method.
  let name: String
  let seconds: Double?
  let medianSeconds: Double?
  let perSecond: Double?
  let medianPerSecond: Double?
  /// Of a density, how many probes its error takes, and the mean error with so many.
  let probes: Double?
  let densityError: Double?

  private enum CodingKeys: String, CodingKey {
    case name, seconds, probes
    case medianSeconds = "seconds_median"
    case perSecond = "per_second"
    case medianPerSecond = "per_second_median"
    case densityError = "density_error"
  }

  /// How many times faster than the peer the figures are, best against best.
  func ratio(of figures: [Figure: Double]) -> Double? {
    if let seconds, let own = figures[.seconds] { return seconds / own }
    if let perSecond, let own = figures[.perSecond] { return own / perSecond }
    return nil
  }
}

/// Why a peer has no figure.
enum PeerError: Error, CustomStringConvertible {
  case noPython(String, cause: String)
  case notInstalled(python: String)
  case failed(status: Int32)
  case unreadable(output: String)

  var description: String {
    switch self {
    case .noPython(let python, let cause): "cannot start \(python): \(cause)\n\(Self.advice)"
    case .notInstalled(let python): "\(python) lacks what the peers need\n\(Self.advice)"
    case .failed(let status): "\(Peers.script) ended with status \(status)"
    case .unreadable(let output): "\(Peers.script) printed no result but \"\(output)\""
    }
  }

  private static let advice = """
    to compare: pip install -r Benchmarks/peers/requirements.txt, or set SADDLE_PEER_PYTHON to a \
    python that has them
    """
}

/// The libraries that Saddle is measured against, in a python of their own.
enum Peers {
  /// From the package's root, where `script/benchmark` runs the suite.
  static let script = "Benchmarks/peers/peers.py"
  /// The script's exit status for a library that is not there (sysexits.h: EX_UNAVAILABLE).
  private static let unavailable: Int32 = 69

  /// Has the peer do the workload now, on as many threads as Saddle.
  static func measure(_ workload: String) throws(PeerError) -> PeerFigure {
    var environment = ProcessInfo.processInfo.environment
    let python = environment["SADDLE_PEER_PYTHON"] ?? "python3"
    // What slows an old OpenBLAS of ours down would slow their own down too, which does not need it.
    environment["OPENBLAS_CORETYPE"] = nil
    environment["OPENBLAS_L2_SIZE"] = nil
    for library in ["OMP", "OPENBLAS", "MKL"] {
      environment["\(library)_NUM_THREADS"] = "\(threadCount)"
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, script, workload]
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    let output: Data
    do {
      try process.run()
      output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    } catch {
      throw .noPython(python, cause: error.localizedDescription)
    }
    process.waitUntilExit()
    switch process.terminationStatus {
    case 0: break
    case unavailable: throw .notInstalled(python: python)
    case 126, 127: throw .noPython(python, cause: "it is not a program on this machine")
    case let status: throw .failed(status: status)
    }
    do {
      return try JSONDecoder().decode(PeerFigure.self, from: output)
    } catch {
      throw .unreadable(output: String(decoding: output, as: UTF8.self))
    }
  }
}

/// How many threads BLAS takes: one per core that this process may use, unless told otherwise.
let threadCount: Int = {
  let environment = ProcessInfo.processInfo.environment
  let told = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"].lazy
    .compactMap { environment[$0].flatMap { Int($0) } }.first { $0 > 0 }
  return told ?? ProcessInfo.processInfo.activeProcessorCount
}()
