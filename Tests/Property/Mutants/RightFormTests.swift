import Foundation
import Support
import Testing

/// The oracles against optimizers that are right, though in no bit the same.
@Suite struct RightFormTests {
  static let all = adamForms + momentForms + momentumForms + modelForms + singleForms

  /// Those that every test run meets, as of mutants.
  private static let met =
    MutantTests.isWhole ? all : all.filter { ["sgd", "momentum", "adam"].contains($0.optimizer) }

  @Test(.tags(.oracle, .slow))
  func `no right form of a rule is accused, in double or in single precision`() async throws {
    let records = try await withThrowingTaskGroup(of: (Int, MutantRecord).self) { group in
      for (i, form) in Self.met.enumerated() { group.addTask { (i, try form.met()) } }
      return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
    for (form, record) in zip(Self.met, records) {
      let accused = "\(form.optimizer), \(form.form): \(record.firstViolation ?? "")"
      #expect(record.kills.isEmpty, "\(accused)")
    }
    #expect(Self.all.count >= 60 && Set(Self.all.map(\.optimizer)).count >= 20)
    if MutantTests.isWhole { try hold(Self.table(records)) }
  }

  /// The table of `docs/optimizer-forms.md`.
  static func table(_ records: [MutantRecord]) -> String {
    let rows = zip(all, records).map { form, record in
      let accusers = record.kills.keys.sorted().joined(separator: ", ")
      return "| \(form.optimizer) | \(form.form) | \(form.precision.rawValue) "
        + "| \(accusers.isEmpty ? "none" : accusers) |"
    }
    let introduction = [
      "# Right forms, which no oracle may accuse", "",
      "\(all.count) right implementations, each in another form than the formula as it is printed",
      "or in single precision, meet every oracle with what their rule promises.", "",
      "Written by `SADDLE_RECORD=1 swift test -c release --filter RightFormTests`, and held to what",
      "the oracles say by every test run.", "",
      "| rule | form | precision | accused by |", "|---|---|---|---|",
    ]
    return (introduction + rows).joined(separator: "\n") + "\n"
  }

  private func hold(_ text: String) throws {
    let file = projectFolder.appending(path: "docs/optimizer-forms.md")
    if ProcessInfo.processInfo.environment["SADDLE_RECORD"] == "1" {
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(file.lastPathComponent): run again without SADDLE_RECORD")
    } else {
      #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }
  }
}
