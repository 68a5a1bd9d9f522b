/// Why a benchmark could not be run.
enum BenchmarkError: Error, CustomStringConvertible {
  case unknownWorkload(String)
  case unknownOption(String)

  var description: String {
    switch self {
    case .unknownWorkload(let name):
      "no workload is called \"\(name)\"; there are "
        + allWorkloads.map(\.name).joined(separator: ", ")
    case .unknownOption(let option):
      "unknown option \(option): give names of workloads, --list or --help"
    }
  }
}
