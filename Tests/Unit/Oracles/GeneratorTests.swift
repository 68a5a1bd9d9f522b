import Oracles
import Support
import Testing

/// What is drawn, and everything that it shrinks to, keeps its structure.
@Suite struct GeneratorTests {
  /// Walks `depth` shrinks from values of all sizes, always the last or the first one, and holds
  /// each to `keeps`.
  private func expectKept<Value>(
    _ generator: Generator<Value>, draws: Int = 40, _ keeps: (Value) throws -> Bool
  ) rethrows {
    for draw in 0..<draws {
      var rng = SplitMix64(seed: UInt64(draw))
      var current = generator.draw(draw * 100 / draws, &rng)
      for step in 0..<12 {
        let isKept = try keeps(current.value)
        #expect(isKept, "\(generator.show(current.value))")
        let next = current.shrinks()
        for candidate in next.prefix(4) + next.suffix(4) {
          let isKept = try keeps(candidate.value)
          #expect(isKept, "\(generator.show(candidate.value))")
        }
        guard let following = step.isMultiple(of: 2) ? next.first : next.last else { break }
        current = following
      }
    }
  }

  private func isSymmetric(_ rows: [[Double]]) -> Bool {
    rows.indices.allSatisfy { i in
      rows[i].count == rows.count && rows.indices.allSatisfy { rows[i][$0] == rows[$0][i] }
    }
  }

  @Test(arguments: [0, 1, 3])
  func `banded matrices stay within their band`(width: Int) {
    expectKept(.banded(order: 9, bandwidth: width)) { rows in
      isSymmetric(rows) && !rows.isEmpty
        && rows.indices.allSatisfy { i in
          rows.indices.allSatisfy { (i - $0).magnitude <= width || rows[i][$0] == 0 }
        }
    }
  }

  @Test func `prescribed inertia is kept`() throws {
    try expectKept(.symmetric(negative: 2, zero: 1, positive: 4)) { rows in
      let values = try GSL.eigenvalues(rows)
      return isSymmetric(rows) && values.count { $0 < -0.4 } == 2
        && values.count { $0 > 0.4 } == 4 && values.count { $0.magnitude < 1e-12 } == 1
    }
  }

  @Test func `definite matrices stay definite`() throws {
    try expectKept(.positiveDefinite(order: 8)) { try GSL.eigenvalues($0).allSatisfy { $0 > 0 } }
  }

  @Test func `low rank, clusters and grading are kept`() throws {
    func radius(_ values: [Double]) -> Double { values.reduce(0) { max($0, $1.magnitude) } }
    try expectKept(.symmetric(spectrum: .lowRankSpectrum(count: 9, rank: 3))) { rows in
      let values = try GSL.eigenvalues(rows)
      return values.count { $0.magnitude > 1e-13 * radius(values) } == 3
    }
    try expectKept(.symmetric(spectrum: .clusteredSpectrum(count: 15))) { rows in
      let values = try GSL.eigenvalues(rows)
      let clusters = 1 + zip(values, values.dropFirst()).count { $1 - $0 > 1e-12 }
      // Sizes 1, 2, 4, 8: n eigenvalues in ⌈log₂(n + 1)⌉ clusters.
      let expected = (1...4).first { (1 << $0) > values.count }
      return clusters == expected
    }
    try expectKept(.symmetric(spectrum: .gradedSpectrum(count: 9))) { rows in
      let values = try GSL.eigenvalues(rows)
      return (radius(values) - 1).magnitude < 1e-12
        && (values.count == 1 || values.contains { $0.magnitude < 1e-14 })
    }
  }

  @Test func `orthogonal matrices stay orthogonal`() {
    expectKept(.orthogonal(order: 8)) { LAPACKRatios.orthogonality($0) < 60 }
  }

  @Test func `networks keep parameters, data and labels that fit`() {
    expectKept(.network()) { network in
      var count = 0
      for (inputs, outputs) in zip(network.widths, network.widths.dropFirst()) {
        count += (inputs + 1) * outputs
      }
      return network.parameters.count == count && network.widths.allSatisfy { $0 > 0 }
        && network.inputs.count == network.labels.count && !network.inputs.isEmpty
        && network.inputs.allSatisfy { $0.count == network.widths[0] }
        && network.labels.allSatisfy { (0..<network.widths[network.widths.count - 1]).contains($0) }
        && network.reference.value(at: network.parameters).isFinite
    }
  }

  @Test func `a network's loss without what is taken out is the loss with zeros there`() {
    // A hidden unit whose weights forward are zero does nothing.
    var rng = SplitMix64(seed: 5)
    var (units, seen) = (0, 0)
    for _ in 0..<200 where seen < 20 {
      let drawn = Generator<RandomNetwork>.network(loss: .softmaxCrossEntropy).draw(50, &rng)
      let network = drawn.value
      guard network.widths.count == 3, network.widths[1] > 1, network.weightDecay == 0 else {
        continue
      }
      seen += 1
      let (inputs, hidden, outputs) = (network.widths[0], network.widths[1], network.widths[2])
      var muted = network.parameters
      let behind = (inputs + 1) * hidden
      for o in 0..<outputs { muted[behind + o * hidden] = 0 }
      let expected = network.reference.value(at: muted)
      for shrunk in drawn.shrinks() where shrunk.value.widths == [inputs, hidden - 1, outputs] {
        let loss = shrunk.value.reference.value(at: shrunk.value.parameters)
        units += (loss - expected).magnitude <= 1e-12 * (1 + expected) ? 1 : 0
        break
      }
    }
    // The first unit is the first that is taken out.
    #expect(seen == 20 && units == seen, "\(units) of \(seen)")
  }

  @Test func `data sets keep their inputs and classes`() {
    expectKept(.labelledSamples(samples: 7, inputs: 3, classes: 4)) { data in
      !data.inputs.isEmpty && data.inputs.count == data.labels.count && data.classes == 4
        && data.inputs.allSatisfy { $0.count == 3 }
        && data.labels.allSatisfy { (0..<4).contains($0) }
    }
  }

  @Test func `gradients spread over the e-folds they should, some exactly zero`() {
    var rng = SplitMix64(seed: 3)
    let drawn = (0..<500).flatMap { _ in
      Generator<[Double]>.gradient(dimension: 4).draw(100, &rng).value
    }
    let sizes = drawn.map(\.magnitude).filter { $0 > 0 }
    // e^±5.5 = 245 and 1/245; 200 of 2000 are zero, ± 6·√180.
    #expect(sizes.max()! > 150 && sizes.max()! <= 245 && sizes.min()! < 1 / 150)
    #expect((120...280).contains(drawn.count - sizes.count))
  }

  @Test func `a failing network shrinks to the least that fails`() throws {
    do {
      try checkProperty(
        "networks are linear", samples: 100, over: .network(), sizes: 100...100, replay: nil
      ) { network in
        if network.widths.count > 2, network.parameters.contains(where: { $0.magnitude > 1.5 }) {
          throw PropertyViolation("hidden")
        }
      }
      Issue.record("not found")
    } catch {
      guard case .falsified(let found) = error else { throw error }
      #expect(found.isLocallyMinimal && found.steps > 5)
      #expect(
        found.simplified.hasPrefix("1-1-1,") && found.simplified.contains("weight decay 0.0"),
        "\(found.simplified)")
    }
  }
}
