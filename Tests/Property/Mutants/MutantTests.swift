import Foundation
import Oracles
import Support
import Testing

/// The oracles against optimizers that are wrong on purpose.
@Suite struct MutantTests {
  static let all =
    adamMutants + momentumMutants + scalingMutants + escapingMutants
    + noisyMutants

  @Test(.tags(.oracle, .slow))
  func `every fault is found, by two checks where two can, and nothing right is accused`()
    async throws
  {
    let records = try await withThrowingTaskGroup(of: (Int, MutantRecord).self) { group in
      for (i, mutant) in Self.all.enumerated() {
        group.addTask { (i, try mutant.met()) }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
    for record in records {
      let id = record.mutant.id
      if record.mutant.fault == nil {
        #expect(record.kills.isEmpty, "\(id): \(record.firstViolation ?? "")")
      } else if MutantTable.singleKills[id] == nil {
        #expect(record.kills.count >= 2, "\(id): found by \(record.kills.keys.sorted())")
      } else {
        #expect(record.kills.count == 1, "\(id): found by \(record.kills.keys.sorted())")
      }
    }
    let faults = records.filter { $0.mutant.fault != nil }
    #expect(faults.count >= 60 && Set(faults.map(\.mutant.optimizer)).count >= 8)

    let text = MutantTable(records: records).text
    if ProcessInfo.processInfo.environment["SADDLE_RECORD"] == "1" {
      try Data(text.utf8).write(to: MutantTable.file)
      Issue.record(
        "recorded \(MutantTable.file.lastPathComponent): run again without SADDLE_RECORD")
    } else {
      let recorded = try String(contentsOf: MutantTable.file, encoding: .utf8)
      #expect(MutantTable.names(in: text) == MutantTable.names(in: recorded))
    }
  }
}
