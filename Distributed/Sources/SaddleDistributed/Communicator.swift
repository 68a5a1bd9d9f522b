import CDistributed
import Foundation

/// The processes that `mpirun` started, of which this is one. What all of them do together, each has to
/// call.
public struct Communicator: Sendable {
  /// This process's number, from 0 on.
  public let rank: Int
  public let count: Int
  /// How many of the processes share this one's machine.
  public let neighbours: Int

  /// Joins them; the only process where none were started by `mpirun`.
  public static func start() throws(DistributedError) -> Communicator {
    try check("MPI_Init", distributed_start())
    return Communicator(
      rank: Int(distributed_rank()), count: Int(distributed_size()),
      neighbours: max(1, Int(distributed_neighbours())))
  }

  /// Gives each process of a machine its part of the cores, unless `OPENBLAS_NUM_THREADS` says how many
  /// threads BLAS takes.
  public func shareCores(_ cores: Int) {
    guard getenv("OPENBLAS_NUM_THREADS") == nil else { return }
    distributed_blas_threads(Int32(max(1, cores / neighbours)))
  }

  public func end() throws(DistributedError) { try check("MPI_Finalize", distributed_end()) }

  /// Ends all processes, with an error code.
  public func abort(_ code: Int32) { distributed_abort(code) }

  /// The numbers of one process, to all: all have as many.
  public func broadcast(_ numbers: inout [Double], from root: Int = 0) throws(DistributedError) {
    // MPI counts by 32 bits.
    let most = 1 << 27
    for start in stride(from: 0, to: numbers.count, by: most) {
      let count = min(most, numbers.count - start)
      let code = numbers.withUnsafeMutableBytes {
        distributed_broadcast(
          $0.baseAddress.map { $0 + start * 8 }, Int32(count * 8), Int32(root))
      }
      try check("MPI_Bcast", code)
    }
  }

  /// Each process's numbers, in the processes' order.
  public func gather(_ own: [Int32]) throws(DistributedError) -> [[Int32]] {
    let ones = [Int32](repeating: 1, count: count)
    var counts = [Int32](repeating: 0, count: count)
    try check(
      "MPI_Allgatherv",
      distributed_gather_integers(
        [Int32(own.count)], 1, &counts, ones, (0..<Int32(count)).map { $0 }))
    let starts = positions(counts)
    var all = [Int32](repeating: 0, count: counts.reduce(0) { $0 + Int($1) })
    try check(
      "MPI_Allgatherv",
      distributed_gather_integers(own, Int32(own.count), &all, counts, starts))
    return zip(starts, counts).map { Array(all[Int($0)..<Int($0) + Int($1)]) }
  }

  /// To each process what is in `out` for it, and what each has for this one, all in one row.
  func exchange(
    _ out: [Double], counts: [Int32], receiving: [Int32]
  ) throws(DistributedError) -> [Double] {
    var received = [Double](repeating: 0, count: receiving.reduce(0) { $0 + Int($1) })
    try check(
      "MPI_Alltoallv",
      distributed_exchange(
        out, counts, positions(counts), &received, receiving, positions(receiving)))
    return received
  }

  /// Sums of what each process has, element by element and in the processes' order, so that the same
  /// number of processes gives the same bits: each process adds up its piece, and all get all pieces.
  /// 2·(1 − 1/count) of the vector's bytes go out from each.
  public func sum(_ numbers: inout [Double]) throws(DistributedError) {
    guard count > 1 else { return }
    let most = 1 << 26
    for start in stride(from: 0, to: numbers.count, by: most) {
      try sum(&numbers, start..<min(start + most, numbers.count))
    }
  }

  private func sum(_ numbers: inout [Double], _ range: Range<Int>) throws(DistributedError) {
    let pieces = (0..<count).map { k in
      range.lowerBound + range.count * k / count..<range.lowerBound + range.count * (k + 1) / count
    }
    let counts = pieces.map { Int32($0.count) }
    let own = pieces[rank]
    let parts = try exchange(
      Array(numbers[range]), counts: counts,
      receiving: [Int32](repeating: Int32(own.count), count: count))
    var sums = Array(parts[..<own.count])
    for k in 1..<count {
      for i in 0..<own.count { sums[i] += parts[k * own.count + i] }
    }
    var all = [Double](repeating: 0, count: range.count)
    try check(
      "MPI_Allgatherv",
      distributed_gather(sums, Int32(own.count), &all, counts, positions(counts)))
    numbers.replaceSubrange(range, with: all)
  }

  /// Where pieces begin that stand one behind the other.
  private func positions(_ counts: [Int32]) -> [Int32] {
    var at: Int32 = 0
    return counts.map { count in
      defer { at += count }
      return at
    }
  }
}
