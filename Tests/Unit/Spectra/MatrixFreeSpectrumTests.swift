import Foundation
import Oracles
import Saddle
import Support
import Testing

/// What is said of a spectrum from products with vectors, on spectra that are known.
@Suite struct MatrixFreeSpectrumTests {
  private func spectrum(
    _ values: [Double], seed: UInt64 = 1, steps: Int = 30, pairs: Int = 3, semidefinite: Bool = false,
    zeros: Int = 0
  ) throws -> MatrixFreeSpectrum {
    var settings = MatrixFreeSettings()
    settings.pairs = pairs
    settings.steps = steps
    settings.takesSecondOpinion = false
    return try MatrixFreeSpectrum(
      diagonal: values, settings: settings, seed: seed, isPositiveSemidefinite: semidefinite,
      structuralZeros: zeros)
  }

  @Test func `the zero operator has index 0 and is all degenerate`() throws {
    for pairs in [1, 3, 40] {
      let found = try spectrum([Double](repeating: 0, count: 60), pairs: pairs)
      for counts in found.counts + [found.counts(at: 0)] {
        #expect(counts.index == EstimatedCount(value: 0, certain: 0...0, likely: 0...0))
        #expect(counts.zeros == EstimatedCount(value: 60, certain: 60...60, likely: 60...60))
        #expect(counts.positive == EstimatedCount(value: 0, certain: 0...0, likely: 0...0))
      }
      #expect(found.trace.interval.contains(0) && found.trace.upper < 1e-290)
    }
  }

  // Once the pairs are taken out nothing but rounding is left.
  @Test(arguments: [1.0, 1e-12, 1e12])
  func `a second opinion on what is rounding alone is none, and no error`(scale: Double) throws {
    var settings = MatrixFreeSettings()
    settings.pairs = 6
    for zeros in [1, 40, 300] {
      let values = [Double](repeating: 0, count: zeros) + [1, 1, 1, -1, -1].map { $0 * scale }
      let found = try MatrixFreeSpectrum(diagonal: values, settings: settings, seed: 1)
      #expect(found.counts(at: 1e-6).index.certain == 2...2, "\(zeros) zeros")
      #expect(found.trace.interval.contains(scale))
    }
  }

  @Test(arguments: Seed.campaign(20))
  func `rank one has its trace and its norm within a thousandth`(seed: Seed) throws {
    let found = try spectrum(
      [1] + [Double](repeating: 0, count: 79), seed: seed.value, steps: 8, pairs: 2)
    for figure in [found.trace, found.squaredFrobeniusNorm] {
      #expect(figure.interval.contains(1) && figure.upper - figure.lower < 1e-3, "\(figure)")
    }
    let counts = found.counts(at: 1e-3)
    #expect(counts.index.value == 0 && counts.zeros.value == 79 && counts.positive.value == 1)
  }

  @Test func `a semidefinite operator has index 0, surely`() throws {
    let values = (0..<80).map { exp(-Double($0) / 2) }
    let found = try spectrum(values, steps: 6, semidefinite: true)
    #expect(found.surelyNegative == 0)
    for counts in found.counts {
      #expect(counts.index == EstimatedCount(value: 0, certain: 0...0, likely: 0...0))
    }
    // It is not known of any other.
    let unknown = try spectrum(values, steps: 6).counts(at: 1e-6)
    #expect(!unknown.index.isCertain)
  }

  @Test func `structural zeros are a floor, and a cap of the index`() throws {
    let values = [Double](repeating: 0, count: 30) + (0..<50).map { cos(Double($0)) }
    for steps in [2, 30] {
      for counts in try spectrum(values, steps: steps, zeros: 30).counts {
        #expect(counts.zeros.certain.lowerBound >= 30)
        #expect(counts.index.certain.upperBound <= 50 && counts.positive.certain.upperBound <= 50)
        #expect(counts.index.limits.contains(values.count { $0 < 0 }))
      }
    }
  }

  @Test func `what few steps cannot resolve has no value, and certain limits only`() throws {
    // Eigenvalues through zero: no moment of five says on which side of 1e-6 they lie.
    let values = (0..<120).map { pow(cos(Double($0)), 9) }
    let counts = try spectrum(values, steps: 5).counts(at: 1e-6)
    for count in [counts.index, counts.zeros, counts.positive] {
      #expect(count.value == nil && count.likely == nil && !count.isResolved)
      #expect(count.limits == count.certain)
    }
    #expect(counts.index.certain.contains(values.count { $0 < -1e-6 }))
    #expect(counts.index.certain.lowerBound >= 3, "the three least pairs are surely negative")
  }

  @Test func `a chance of having missed a pair that says nothing is not printed`() throws {
    var generator = RandomStream(seed: 1)
    let objective = try NetworkObjective<Double>(
      network: Network.dense([5, 6, 3], .tanh),
      loss: .softmaxCrossEntropy,
      inputs: Matrix(rows: 20, columns: 5, elements: (0..<100).map { _ in generator.normal() }),
      targets: .classes((0..<20).map { Int32($0 % 3) }))
    let θ: [Double] = objective.network.initialParameters(using: &generator)
    var settings = MatrixFreeSettings()
    settings.pairs = 2
    settings.steps = 10
    let found = try MatrixFreeAnalysis(of: objective, at: θ, settings: settings)
    try #require(found.spectrum.ending == .converged)
    func bounds(missing probability: Double) throws -> String {
      let json = try JSONSerialization.jsonObject(with: JSON.encode(found))
      var object = try #require(json as? [String: Any])
      var spectrum = try #require(object["spectrum"] as? [String: Any])
      spectrum["missProbability"] = probability
      object["spectrum"] = spectrum
      let edited = try JSONDecoder().decode(
        MatrixFreeAnalysis.self, from: JSONSerialization.data(withJSONObject: object))
      return try #require(edited.table().first { $0.name == "  bounds" }).value
    }
    #expect(try bounds(missing: 1e-7).contains("missed with probability at most 1e-07"))
    for probability in [0.5, 0.97, 1] {
      let text = try bounds(missing: probability)
      #expect(text.contains("missed") && !text.contains("probability"), "\(text)")
    }
  }

  @Test func `where all pairs are known so are all figures`() throws {
    let values = [-2, -1, 0, 0.5, 3.0]
    let found = try spectrum(values, pairs: 3)
    #expect(found.rest == nil)
    let counts = found.counts(at: 1e-3)
    #expect(counts.index.certain == 2...2 && counts.zeros.certain == 1...1)
    #expect(counts.positive.certain == 2...2 && counts.positive.value == 2)
    expectClose(
      [found.trace.lower, found.trace.upper], [0.5, 0.5],
      within: Tolerance(absolute: 1e-12, why: "rounding"))
    #expect(found.trace.interval.contains(0.5))
  }

  @Test(arguments: Seed.campaign(12))
  func `counts add up to the order, and hold the truth`(seed: Seed) throws {
    var rng = seed.generator
    let n = 10 + Int(seed.value) * 7
    let values = (0..<n).map { i in
      i % 3 == 0 ? 0 : rng.normal() * pow(10, rng.uniform(-5, 0))
    }
    let radius = values.reduce(0) { max($0, $1.magnitude) }
    let found = try spectrum(values, seed: seed.value, steps: 12, zeros: values.count { $0 == 0 })
    for counts in found.counts {
      let t = counts.tolerance * radius
      let truth = (
        values.count { $0 < -t }, values.count { $0.magnitude <= t }, values.count { $0 > t }
      )
      #expect(counts.index.certain.contains(truth.0), "\(truth): \(counts)")
      #expect(counts.zeros.certain.contains(truth.1), "\(truth): \(counts)")
      #expect(counts.positive.certain.contains(truth.2), "\(truth): \(counts)")
      if let a = counts.index.value, let b = counts.zeros.value, let c = counts.positive.value {
        #expect(a + b + c == n)
      }
    }
  }

  @Test func `spectra of any size have the same counts`() throws {
    let values = (0..<60).map { cos(Double($0)) }
    let plain = try spectrum(values).counts(at: 1e-3)
    for power in [-900, 300] {
      let scaled = try spectrum(values.map { $0 * pow(2, Double(power)) }).counts(at: 1e-3)
      #expect(scaled.index == plain.index && scaled.zeros == plain.zeros)
    }
  }

  @Test func `a spectrum survives encoding bit for bit`() throws {
    let found = try spectrum((0..<40).map { cos(Double($0)) })
    let again = try JSONDecoder().decode(
      MatrixFreeSpectrum.self, from: JSONEncoder().encode(found))
    #expect(again == found && again.counts(at: 1e-4) == found.counts[1])
  }
}
