import Foundation
import Oracles
import Support
import Testing

/// What the oracles found of one planted fault.
struct FaultRow: Sendable {
  /// What claims to be right: a rule, a solver, a sampler.
  let subject: String
  let fault: String
  /// The greatest error over its tolerance by oracle, infinite where a thing is not a matter of
  /// degree.
  let kills: [String: Double]
  /// Why only one oracle can see it; nil where two must.
  var reasonForOne: String?
}

/// What checks find of one subject.
struct Accusations: Sendable {
  /// The error over its tolerance by check, infinite where a thing is not a matter of degree.
  private(set) var kills: [String: Double] = [:]
  private(set) var causes: [String] = []

  mutating func meet(_ name: String, _ check: () throws -> Void) {
    do {
      try check()
    } catch {
      kills[name] = (error as? PropertyViolation)?.ratio ?? .infinity
      causes.append("\(name): \(error)")
    }
  }
}

extension FaultRow {
  /// The rows of subjects with a fault, each judged on any thread; one without must be accused of
  /// nothing.
  static func all<Mutant: Sendable>(
    of mutants: [Mutant],
    naming name: (Mutant) -> (subject: String, fault: String?, reasonForOne: String?),
    judging judge: @escaping @Sendable (Mutant) -> Accusations
  ) async -> [FaultRow] {
    let found = await withTaskGroup(of: (Int, Accusations).self) { group in
      for (i, mutant) in mutants.enumerated() { group.addTask { (i, judge(mutant)) } }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }
    }
    return zip(found, mutants).compactMap { found, mutant in
      let (subject, fault, reason) = name(mutant)
      guard let fault else {
        #expect(found.1.kills.isEmpty, "\(subject) is right: \(found.1.causes)")
        return nil
      }
      return FaultRow(
        subject: subject, fault: fault, kills: found.1.kills, reasonForOne: reason)
    }
  }
}

/// A committed table of planted faults, held to what the oracles find by every run.
struct FaultTable {
  let file: URL
  /// The text above the table.
  let introduction: [String]
  /// Whether the same laws find the same faults on every machine, as of plain loops.
  var isExact = false
  let rows: [FaultRow]

  var text: String {
    var lines = introduction + ["", "| subject | fault | found by |", "|---|---|---|"]
    for row in rows {
      let found = row.kills.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { "\($0.key) (\(Self.magnitude($0.value)))" }
      let reason = row.reasonForOne.map { " — only one can: \($0)" } ?? ""
      lines.append("| \(row.subject) | \(row.fault) | \(found.joined(separator: ", "))\(reason) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every fault is found by two oracles, or by the one that can; and the committed table says so.
  ///
  /// - Parameter isWhole: whether all of the table's rows are here.
  func hold(isWhole: Bool = true) throws {
    for row in rows {
      let found = "\(row.subject), \(row.fault): found by \(row.kills.keys.sorted())"
      if row.reasonForOne == nil {
        #expect(row.kills.count >= 2, "\(found)")
      } else {
        #expect(row.kills.count == 1, "\(found)")
      }
    }
    if isWhole, ProcessInfo.processInfo.environment["SADDLE_RECORD"] == "1" {
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(file.lastPathComponent): run again without SADDLE_RECORD")
    } else {
      let found = Self.kills(in: text)
      let recorded = Self.kills(in: try String(contentsOf: file, encoding: .utf8)).filter {
        isWhole || found[$0.key] != nil
      }
      #expect(found.keys.sorted() == recorded.keys.sorted(), "faults of \(file.lastPathComponent)")
      for (fault, kills) in recorded {
        let now = Set(found[fault]?.map(\.oracle) ?? [])
        // The strongest two, where rounding decides on the weaker ones.
        let held = isExact ? kills : Array(kills.prefix(2))
        #expect(now.isSuperset(of: held.map(\.oracle)), "\(fault): found by \(now.sorted())")
        #expect(!isExact || now == Set(kills.map(\.oracle)), "\(fault): found by \(now.sorted())")
      }
    }
  }

  /// What found each fault, by subject and fault, the strongest first.
  private static func kills(in text: String) -> [String: [(oracle: String, margin: String)]] {
    var result: [String: [(oracle: String, margin: String)]] = [:]
    for line in text.split(separator: "\n").filter({ $0.hasPrefix("| ") }).dropFirst() {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      result[cells.prefix(2).joined(separator: ": ")] =
        (cells.last?.components(separatedBy: " — ").first ?? "")
        .matches(of: /([^,]+?) \((∞|1e-?[0-9]+)\)/)
        .map { ($0.1.trimmingCharacters(in: .whitespaces), String($0.2)) }
    }
    return result
  }

  private static func magnitude(_ ratio: Double) -> String {
    ratio.isFinite && ratio > 0 && ratio < 1e300 ? "1e\(Int(log10(ratio).rounded(.down)))" : "∞"
  }
}
