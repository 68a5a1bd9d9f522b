import Foundation
import Saddle

/// Measures workloads: results as lines of JSON on standard output, a table on standard error.
@main
enum SaddleBenchmark {
  static func main() {
    do {
      try BLASStart.prepare { tell("benchmark: \($0)") }
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch let error as BenchmarkError {
      tell("benchmark: \(error)")
      exit(64)
    } catch let error as BLASStartError {
      tell("benchmark: \(error)")
      exit(69)
    } catch {
      tell("benchmark: \(error)")
      exit(70)
    }
  }

  private static func run(_ arguments: [String]) throws {
    switch arguments.first {
    case "--help", "-h": print(usage)
    case "--list": list()
    default:
      if let option = arguments.first(where: { $0.hasPrefix("-") }) {
        throw BenchmarkError.unknownOption(option)
      }
      try measure(workloads(named: arguments))
    }
  }

  private static let usage = """
    Usage: script/benchmark [NAME…]    measure these workloads; all of them without a name
           script/benchmark --list     say which there are
    """

  private static func list() {
    print(table(["workload", "what it is"], allWorkloads.map { [$0.name, $0.summary] }))
  }

  private static func measure(_ workloads: [any Workload]) throws {
    tell(MachineFigures.measured(seconds: 0.3).summary)
    if let load = loadAverage(), load > 0.5 {
      tell("the machine is not idle (load average \(short(load))): repeat before quoting a figure")
    }
    var roofline = Roofline()
    var results: [WorkloadResult] = []
    for workload in workloads {
      tell("\(workload.name): \(workload.summary)")
      let figures = try workload.measure(beside: &roofline)
      let result = WorkloadResult(workload, figures: figures, peer: peerFigure(of: workload))
      FileHandle.standardOutput.write(try JSON.encode(result, isForPeople: false))
      results.append(result)
    }
    tell("\n" + table(WorkloadResult.head, results.map(\.row)))
  }

  private static func peerFigure(of workload: any Workload) -> PeerFigure? {
    guard case .present = workload.peer else { return nil }
    do {
      return try Peers.measure(workload.name)
    } catch {
      tell("\(workload.name): no peer: \(error)")
      return nil
    }
  }
}
