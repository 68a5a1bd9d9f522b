/// Why work over several processes cannot go on.
public enum DistributedError: Error, Equatable, CustomStringConvertible {
  /// A library's error code.
  case library(call: String, code: Int)
  /// A matrix that so many processes cannot share.
  case order(Int, processes: Int)
  /// Processes that do not have the same point.
  case parametersDiffer(rank: Int)
  /// More memory than the processes of this machine can have.
  case memory(order: Int, bytes: Int, limit: Int)

  public var description: String {
    switch self {
    case .library(let call, let code): "\(call) failed with error \(code)"
    case .order(let order, let processes):
      "a matrix of order \(order) over \(processes) processes: each has to have some of it, and no "
        + "more than 2³¹ elements"
    case .parametersDiffer(let rank):
      "process \(rank) has other parameters than process 0: is the run's folder the same everywhere?"
    case .memory(let order, let bytes, let limit):
      "a share of the dense matrices of \(order) parameters takes \(bytes >> 20) MiB of the "
        + "\(limit >> 20) MiB that a process here can have: take more processes on more machines, or "
        + "--method matrixFree"
    }
  }
}

/// Throws unless a library's call went well.
func check(_ call: String, _ code: Int32) throws(DistributedError) {
  guard code == 0 else { throw .library(call: call, code: Int(code)) }
}
