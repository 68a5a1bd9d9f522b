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
