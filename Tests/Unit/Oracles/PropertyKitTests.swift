import Foundation
import Oracles
import Support
import Testing

/// The kit that property tests stand on, against properties that are known to fail.
@Suite struct PropertyKitTests {
  /// Drawn large, so that there is something to simplify.
  private func counterexample<Value>(
    of name: String, over generator: Generator<Value>, samples: Int = 300,
    _ property: (Value) throws -> Void
  ) throws -> PropertyFailure.Counterexample {
    do {
      try checkProperty(
        name, samples: samples, over: generator, sizes: 100...100, replay: nil, property)
    } catch {
      if case .falsified(let found) = error {
        #expect(found.steps > 0 && found.original != found.simplified)
        return found
      }
      throw error
    }
    throw PropertyViolation("\(name) was not falsified")
  }

  @Test func `an array shrinks to the boundary of what fails`() throws {
    let found = try counterexample(
      of: "sums are small", over: Generator.integer(in: 0...1000).array(count: 0...40)
    ) { if $0.reduce(0, +) >= 1500 { throw PropertyViolation("sum") } }
    #expect(found.isLocallyMinimal)
    let left = found.simplified.split { !$0.isNumber }.compactMap { Int($0) }
    // To take one of them less by one, or out, would pass.
    #expect(left.reduce(0, +) == 1500 && !left.contains(0), "\(found.simplified)")
  }

  @Test func `duplicates shrink to two zeros`() throws {
    let found = try counterexample(
      of: "all are distinct", over: Generator.integer(in: -50...50).array(count: 0...40)
    ) { if Set($0).count < $0.count { throw PropertyViolation("twice") } }
    #expect(found.simplified == "[0,\n 0]" && found.isLocallyMinimal)
  }

  @Test func `an indefinite matrix shrinks to one that has nothing to spare`() throws {
    let found = try counterexample(of: "no matrix is indefinite", over: .symmetric(order: 8)) {
      guard let least = try GSL.eigenvalues($0).min(), least < -1e-9 else { return }
      throw PropertyViolation("negative")
    }
    #expect(
      ["1 × 1\n  -1.0", "2 × 2\n  0.0  1.0\n  1.0  0.0"].contains(found.simplified),
      "\(found.simplified)")
    #expect(found.isLocallyMinimal)
  }

  @Test func `an off-diagonal entry shrinks to a symmetric pair of ones`() throws {
    let found = try counterexample(of: "all are diagonal", over: .symmetric(order: 8)) { rows in
      for i in rows.indices {
        for j in rows.indices where i != j && rows[i][j] != 0 {
          #expect(rows[i][j] == rows[j][i])
          throw PropertyViolation("not diagonal")
        }
      }
    }
    #expect(found.simplified == "2 × 2\n  0.0  1.0\n  1.0  0.0", "\(found.simplified)")
  }

  // A solver that loses an eigenvalue where two are equal.
  @Test func `a solver's repeated eigenvalue shrinks to the least matrix that has one`() throws {
    let found = try counterexample(of: "n eigenvalues", over: .symmetric(order: 10)) { rows in
      let values = try GSL.eigenvalues(rows)
      if Set(values).count < rows.count { throw PropertyViolation("lost") }
    }
    #expect(found.simplified == "2 × 2\n  0.0  0.0\n  0.0  0.0", "\(found.simplified)")
  }

  @Test func `definite matrices stay definite`() throws {
    let found = try counterexample(of: "large ones are well conditioned", over: .positiveDefinite(order: 8)) {
      let values = try GSL.eigenvalues($0)
      #expect(values.min()! > 0)
      if $0.count > 3, values.max()! / values.min()! > 10 { throw PropertyViolation("condition") }
    }
    #expect(found.simplified.hasPrefix("4 × 4") && found.isLocallyMinimal, "\(found.simplified)")
  }

  private enum Command: CaseIterable { case add, double, save, load }

  // A subject that forgets to save twice in a row.
  @Test func `commands shrink to the sequence that matters`() throws {
    let commands = Generator<Command>(simpler: { _ in [] }) { _, rng in
      Command.allCases[Draw.integer(below: 4, using: &rng)]
    }
    let found = try counterexample(of: "a counter", over: commands.array(count: 0...30)) {
      var (model, kept) = (0, 0)
      var (subject, stored, isFresh) = (0, 0, true)
      for command in $0 {
        switch command {
        case .add: (model, subject, isFresh) = (model + 1, subject + 1, isFresh)
        case .double: (model, subject) = (2 * model, 2 * subject)
        case .save:
          kept = model
          if isFresh { (stored, isFresh) = (subject, false) }
        case .load: (model, subject, isFresh) = (kept, stored, true)
        }
        if model != subject { throw PropertyViolation("differs", "\(model), \(subject)") }
      }
    }
    // What is added or doubled between two saves, and a load that brings back the first.
    #expect(
      ["[save,\n add,\n save,\n load]", "[add,\n save,\n double,\n save,\n load]"].contains(
        found.simplified), "\(found.simplified)")
    #expect(found.isLocallyMinimal && found.steps > 0)
  }

  @Test func `shrinking keeps to the failure it began with`() throws {
    let found = try counterexample(
      of: "two faults", over: Generator.integer(in: 0...100_000).map { $0 }, samples: 50
    ) {
      if $0 >= 1000 { throw PropertyViolation("large") }
      if $0 <= 10 { throw PropertyViolation("small") }
    }
    #expect(found.simplified == "1000" && found.cause == "large")
  }

  @Test func `one line draws a failure again, alone and first`() throws {
    let generator = Generator<Double>.real()
    func property(_ x: Double) throws {
      if x > 100 { throw PropertyViolation("large") }
    }
    let found = try counterexample(of: "numbers are small", over: generator, property)
    let line = "\(found.replay)"
    var seen: [Double] = []
    let failure = try #require(
      #expect(throws: PropertyFailure.self) {
        try checkProperty("numbers are small", over: generator, replay: line) {
          seen.append($0)
          try property($0)
        }
      })
    #expect("\(seen[0])" == found.original)
    #expect(failure.description.contains("SADDLE_REPLAY='\(line)'"))
    // Another property is not tried on what it would draw otherwise, and does not pass.
    seen = []
    let other = try #require(
      #expect(throws: PropertyFailure.self) {
        try checkProperty("others", samples: 20, over: generator, replay: line) { seen.append($0) }
      })
    #expect(seen.isEmpty && other.description.contains("SADDLE_REPLAY is of 'numbers are small'"))
    // From the corpus the same value comes before all that are drawn.
    seen = []
    #expect(throws: PropertyFailure.self) {
      try checkProperty(
        "numbers are small", over: generator, corpus: Replay.corpus("# a remark\n\n\(line)\n"),
        replay: nil
      ) {
        seen.append($0)
        try property($0)
      }
    }
    #expect("\(seen[0])" == found.original)
    #expect(throws: OracleError.self) { try Replay.corpus("no numbers here") }
  }

  @Test func `floors, caps and deadlines are kept`() throws {
    let numbers = Generator.integer(in: 0...99)
    func failure(_ work: () throws -> Void) throws -> String {
      try #require(#expect(throws: PropertyFailure.self) { try work() }).description
    }
    #expect(
      try failure {
        try checkProperty(
          "uncovered", over: numbers, coverage: [CoverageFloor("tiny", atLeast: 0.2) { $0 < 5 }]
        ) { _ in }
      }.contains("are tiny, at least 20.0 % wanted"))
    let outcome = try checkProperty(
      "covered", samples: 400, over: numbers,
      coverage: [CoverageFloor("even", atLeast: 0.3) { $0.isMultiple(of: 2) }]
    ) { _ in }
    #expect(try #require(outcome.coverage["even"]) >= 0.3)
    #expect(
      try failure { try checkProperty("discards", over: numbers) { _ in throw Discard() } }
        .contains("101 values discarded for 0 kept"))
    let some = try checkProperty("discards some", samples: 50, over: numbers) {
      if $0 < 50 { throw Discard() }
    }
    #expect(some.samples == 50 && some.discarded > 10)
    #expect(
      try failure {
        try checkProperty("slow", over: numbers, deadline: 0.01) { _ in
          Thread.sleep(forTimeInterval: 0.02)
        }
      }.contains("time was up after 1 of 100 values"))
  }

  // What the generators are for: at least 20 % indefinite, 5 % clustered and 5 % singular ones.
  @Test func `symmetric matrices cover what they should`() throws {
    let outcome = try checkProperty(
      "coverage of symmetric matrices", samples: 400, over: .symmetric(order: 12),
      coverage: [
        CoverageFloor("indefinite", atLeast: 0.2) { rows in
          guard let values = try? GSL.eigenvalues(rows), let least = values.min(),
            let greatest = values.max()
          else { return false }
          return least < 0 && greatest > 0
        },
        CoverageFloor("clustered", atLeast: 0.05) { rows in
          guard let values = try? GSL.eigenvalues(rows).sorted(), values.count > 2,
            let radius = values.map(\.magnitude).max(), radius > 0
          else { return false }
          return zip(values, values.dropFirst()).contains { $1 - $0 < 1e-10 * radius }
        },
        CoverageFloor("singular", atLeast: 0.05) { rows in
          guard let values = try? GSL.eigenvalues(rows), !values.isEmpty else { return false }
          let radius = values.map(\.magnitude).max() ?? 0
          return values.contains { $0.magnitude <= 1e-12 * radius }
        },
      ]
    ) { rows in
      for i in rows.indices {
        for j in rows.indices where rows[i][j] != rows[j][i] {
          throw PropertyViolation("symmetric", "(\(i), \(j))")
        }
      }
    }
    #expect(outcome.samples == 400)
  }

  @Test func `seeds have their meaning on every machine`() {
    var rng = SplitMix64(seed: 1)
    let drawn = Generator.integer(in: 0...1_000_000).array(count: 5...5).draw(50, &rng).value
    var again = SplitMix64(seed: 1)
    #expect(drawn == (0..<6).map { _ in again.next() }.dropFirst().map { Int($0 % 1_000_001) })
  }
}
