import Foundation
import Oracles
import Support
import Testing

/// The oracles against optimizers that are wrong on purpose.
@Suite struct MutantTests {
  static let all =
    adamMutants + adamKinMutants + momentumMutants + scalingMutants + signMutants
    + searchMutants + memoryMethodMutants + escapingMutants + newtonMutants + trustMutants
    + curvatureMutants + noisyMutants + wrapperMutants + scheduleMutants

  /// Those that every test run meets; all of them where SADDLE_ALL_MUTANTS is 1, as `script/regress` has
  /// it: they take half an hour.
  static let isWhole = ProcessInfo.processInfo.environment["SADDLE_ALL_MUTANTS"] == "1"
  private static let met =
    isWhole ? all : all.filter { ["sgd", "momentum", "adam"].contains($0.optimizer) }

  @Test(.tags(.oracle, .slow))
  func `every fault is found, by two checks where two can, and nothing right is accused`()
    async throws
  {
    let records = try await withThrowingTaskGroup(of: (Int, MutantRecord).self) { group in
      for (i, mutant) in Self.met.enumerated() {
        group.addTask { (i, try mutant.met()) }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
    for record in records where record.mutant.fault == nil {
      #expect(record.kills.isEmpty, "\(record.mutant.id): \(record.firstViolation ?? "")")
    }
    let table = FaultTable.optimizers(records)
    if Self.isWhole {
      #expect(table.rows.count >= 250 && Set(table.rows.map(\.subject)).count >= 20)
    }
    try table.hold(isWhole: Self.isWhole)
  }
}
