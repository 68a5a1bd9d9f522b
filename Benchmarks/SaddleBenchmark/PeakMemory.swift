import Foundation

/// The most memory that this process has held at once, in bytes; nil where the system has no
/// `/proc/self/status`.
func peakMemory() -> Double? {
  guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
    return nil
  }
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  // "VmHWM:     1234 kB", where kB is 1024 bytes.
  let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
  return kibibytes.flatMap { Double($0) }.map { $0 * 1024 }
}
