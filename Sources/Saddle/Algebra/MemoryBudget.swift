import Foundation

/// How much memory this process may still take, measured when it is asked for: what block sizes and
/// the choice between keeping and computing anew follow.
public enum MemoryBudget {
  /// Bytes that are free or can be freed without swapping, within this process's control group.
  ///
  /// Linux: the lesser of MemAvailable and what the group (cgroup v2) has left. Elsewhere half of
  /// the physical memory.
  public static func available() -> Int {
    let half = Int(clamping: ProcessInfo.processInfo.physicalMemory / 2)
    guard let free = read("/proc/meminfo").flatMap(memAvailable) else { return half }
    guard let limit = number(in: "/sys/fs/cgroup/memory.max"),
      let current = number(in: "/sys/fs/cgroup/memory.current")
    else { return free }
    return max(0, min(free, limit - current))
  }

  /// Bytes that this process can have at all: the machine's, or fewer where its control group
  /// (cgroup v2) or `ulimit -v` says so.
  public static func limit() -> Int {
    var limit = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    if let group = number(in: "/sys/fs/cgroup/memory.max") { limit = min(limit, group) }
    var addresses = rlimit()
    #if os(Linux)
      let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
    #else
      let resource = RLIMIT_AS
    #endif
    if getrlimit(resource, &addresses) == 0, let most = Int(exactly: addresses.rlim_cur) {
      // Libraries and stacks take addresses that are no memory.
      limit = min(limit, max(0, most - addressesInUse()))
    }
    return limit
  }

  /// Throws unless this process can have so much memory, before it is asked for: a program that asks
  /// for more than there is ends without a word.
  ///
  /// - Parameters:
  ///   - bytes: nil for more than can be counted.
  ///   - work: what it is for.
  public static func require(_ bytes: Int?, for work: String) throws(MemoryError) {
    let limit = limit()
    guard let bytes, bytes <= limit else {
      throw MemoryError(work: work, needed: bytes ?? .max, limit: limit)
    }
  }

  /// A product of sizes; nil where it is beyond an Int.
  public static func bytes(_ factors: Int...) -> Int? {
    factors.reduce(1) { product, factor in
      guard let (value, overflows) = product?.multipliedReportingOverflow(by: factor), !overflows
      else { return nil }
      return value
    }
  }

  /// Bytes of addresses that this process has taken so far; 0 where that is not known.
  private static func addressesInUse() -> Int {
    let pages = read("/proc/self/statm")?.split(separator: " ").first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// How many rows of `bytes` each fit in a part of what is available: at least one, at most
  /// `most`.
  public static func rows(of bytes: Int, share: Double, atMost most: Int) -> Int {
    max(1, min(most, Int(share * Double(available())) / max(bytes, 1)))
  }

  /// The figure of the line "MemAvailable:   1234 kB", in bytes.
  package static func memAvailable(in text: String) -> Int? {
    for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }
    return nil
  }

  /// nil where there is no such file, or where it says "max".
  private static func number(in path: String) -> Int? {
    read(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  private static func read(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}

/// More memory is needed than this process can have.
public struct MemoryError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What it is for.
  public let work: String
  /// Bytes; `Int.max` for more than can be counted.
  public let needed: Int
  public let limit: Int

  public var description: String {
    let amount =
      needed == .max ? "more bytes than can be counted" : "about \(Self.inWords(needed))"
    return "\(work) takes \(amount), and this process can have \(Self.inWords(limit)): ask for less"
  }

  private static func inWords(_ bytes: Int) -> String {
    bytes < 1 << 34 ? "\(bytes >> 20) MiB" : "\(bytes >> 30) GiB"
  }
}
