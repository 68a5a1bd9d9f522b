import Foundation
import Saddle

/// Writes a line for people, on standard error.
func tell(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

/// How many processes wanted to run, on average over the last minute.
func loadAverage() -> Double? {
  var load = 0.0
  return getloadavg(&load, 1) == 1 ? load : nil
}

/// Rows below a head, in columns as wide as they need.
func table(_ head: [String], _ rows: [[String]]) -> String {
  let lines = [head] + rows
  let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
  return lines.map { line in
    zip(line, widths).map { cell, width in
      cell + String(repeating: " ", count: width - cell.count)
    }
    .joined(separator: "  ").trimmingCharacters(in: .whitespaces)
  }
  .joined(separator: "\n")
}

extension WorkloadResult {
  static let head = ["workload", "best", "to peer", "of roofline", "targets"]

  /// The figures as the table shows them, absent ones as a dash.
  var row: [String] {
    let best =
      figures[.seconds].map(Self.time)
      ?? figures[.perSecond].map { "\(Int($0.rounded())) a second" }
    return [
      name, best ?? "–",
      figures[.ratioToPeer].map { "\(short($0)) ×" } ?? "–",
      figures[.rooflineFraction].map(percent) ?? "–",
      targets.isEmpty
        ? "–"
        : targets.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value ? "met" : "MISSED")" }
          .joined(separator: "; "),
    ]
  }

  private static func time(_ seconds: Double) -> String {
    seconds < 1 ? "\(short(1000 * seconds)) ms" : "\(short(seconds)) s"
  }
}
