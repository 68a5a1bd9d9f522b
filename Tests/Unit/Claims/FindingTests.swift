import Foundation
import Saddle
import Support
import Testing

@Suite struct FindingTests {
  private func analysis(
    _ eigenvalues: [Double], structural: Int = 0, newtonStep: Double = 1e-6, loss: Double = 0.01,
    curvature: NegativeCurvature? = nil
  ) throws -> PointAnalysis {
    try madeUpAnalysis(
      eigenvalues, structuralZeros: structural,
      evaluation: Evaluation(loss: loss, accuracy: 0.9, gradientNorm: 1e-7),
      newtonStep: newtonStep, curvature: curvature)
  }

  private func verdicts(_ analysis: PointAnalysis, from loss: Double = 1) -> [Verdict] {
    Claim.all(for: PointRecord(analysis), startingLoss: loss).map(\.verdict)
  }

  @Test func `a certified saddle with many zeros and a low loss reproduces every claim`() throws {
    let point = try analysis([-1, 0, 0, 0, 1])
    #expect(verdicts(point) == [.reproduced, .reproduced, .reproduced, .reproduced])
  }

  @Test func `a regular minimum with a high loss refutes every claim`() throws {
    let point = try analysis([1, 2, 3], loss: 0.5)
    #expect(
      verdicts(point) == [.notReproduced, .notReproduced, .notReproduced, .notReproduced])
  }

  @Test func `a figure that is limits alone is shown by them, and an estimate with them`() throws {
    let record = PointRecord(try analysis([-1, -0.5, 0, 0.25, 0.5, 1, 1, 1, 1, 1]))
    func evidence(isResolved: Bool) throws -> [String] {
      let json = try JSONSerialization.jsonObject(with: JSON.encode(record))
      var object = try #require(json as? [String: Any])
      var spectrum = try #require(object["spectrum"] as? [String: Any])
      spectrum["isExact"] = false
      spectrum["shares"] = try #require(spectrum["shares"] as? [[String: Any]]).map { share in
        let figure: [String: Any] = [
          "value": 0.5, "lower": 0.1, "upper": 0.9, "isResolved": isResolved,
        ]
        return share.merging(["index": figure, "degeneracy": figure]) { $1 }
      }
      object["spectrum"] = spectrum
      let edited = try JSONDecoder().decode(
        PointRecord.self, from: JSONSerialization.data(withJSONObject: object))
      return Claim.all(for: edited, startingLoss: 1).map(\.evidence)
    }
    let limits = try evidence(isResolved: false)
    #expect(limits[0].hasPrefix("index between 1 and 9 of 10 at ε = 1e-6;"), "\(limits[0])")
    #expect(
      limits[1].hasPrefix(
        "between 10.0 % and 90.0 % at ε = 1e-6, between 10.0 % and 90.0 % at 1e-3"), "\(limits[1])")
    let estimates = try evidence(isResolved: true)
    #expect(estimates[0].hasPrefix("index 5 (1 … 9) of 10 at ε = 1e-6;"), "\(estimates[0])")
  }

  @Test func `a slope is not a saddle`() throws {
    let point = try analysis(
      [-1, 0, 0, 0, 1], newtonStep: 1e-2)
    #expect(verdicts(point)[0] == .reproduced)
    #expect(verdicts(point)[3] == .undecided)
  }

  @Test func `a negative eigenvalue without a valid certificate decides nothing`() throws {
    for found in [.notFound, NegativeCurvature(madeUpWitness(isValid: false))] {
      let point = try analysis([-1, 0, 1], curvature: found)
      #expect(verdicts(point)[0] == .undecided)
      #expect(verdicts(point)[3] == .undecided)
    }
  }

  @Test func `degeneracy that depends on the tolerance is undecided`() throws {
    let point = try analysis([1e-5, 1e-5, 1e-5, 1])
    #expect(verdicts(point)[1] == .undecided)
  }

  @Test func `structural zeros do not count as degeneracy that training found`() throws {
    // Three of five are zero, but they would be zero anywhere.
    #expect(verdicts(try analysis([0, 0, 0, 1, 1], structural: 3))[1] == .notReproduced)
    #expect(verdicts(try analysis([0, 0, 0, 1, 1]))[1] == .reproduced)
  }

  @Test func `a pinned figure is missed by NaN and by anything beyond its tolerance`() {
    let figure = PinnedFigure(name: "x", value: 2, tolerance: 0.5, reason: "by hand")
    #expect(figure.deviation(of: 2.25) == 0.5)
    #expect(figure.deviation(of: 3) == 2)
    #expect(figure.deviation(of: .nan) == .infinity)
    let exact = PinnedFigure(name: "n", value: 3, tolerance: 0, reason: "a count")
    #expect(exact.deviation(of: 3) == 0)
    #expect(exact.deviation(of: 4) == .infinity)
  }

  @Test func `a figure that is gone is a miss`() throws {
    let point = try analysis([-1, 0, 1])
    let images = try DataSource.syntheticDigits(seed: 1, count: 10).load()
    let finding = Finding(
      experiment: try .onSyntheticDigits(),
      provenance: try Provenance(
        command: "saddle pin", commit: "none", toolchain: "none", blas: "none", samples: .images(images)),
      analysis: point, startingLoss: 1,
      test: Evaluation(loss: 1, accuracy: 0.5, gradientNorm: 1))
    let without = try analysis([-1, 0, 1], curvature: .notFound)
    let misses = finding.misses(of: without, startingLoss: 1, test: nil)
    #expect(
      Set(misses.map(\.figure.name)) == [
        "Rayleigh quotient of the witness", "test loss", "test accuracy",
      ])
    #expect(misses.allSatisfy { $0.deviation == .infinity })
    #expect(
      finding.misses(
        of: point, startingLoss: 1, test: Evaluation(loss: 1, accuracy: 0.5, gradientNorm: 1)
      ).isEmpty)

    try withTemporaryFolder { folder in
      let fixture = Fixture(finding: finding, parameters: [0.1, -0.0], witness: [1])
      try fixture.write(to: folder.path)
      #expect(try Fixture(from: folder.path) == fixture)
      let bare = Fixture(finding: finding, parameters: [0.1], witness: nil)
      try bare.write(to: folder.path)
      #expect(try Fixture(from: folder.path) == bare)
    }
  }

  @Test func `a folder that cannot be read or written says which file and why`() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder(folder.path)
      #expect {
        try run.trained()
      } throws: { error in
        if case .unreadable(let path, _) = error as? RunError {
          path.hasSuffix("run.json")
        } else {
          false
        }
      }
      try JSON.encode(
        Experiment.onSyntheticDigits().prepared(from: DataFolder()).description()
      ).write(to: run.url.appending(path: "run.json"))
      #expect(throws: RunError.nothingTrained(path: run.path)) { try run.trained() }
      // A file where the folder should be.
      let blocked = RunFolder(folder.path + "/run.json")
      #expect {
        try blocked.write(analysis([-1, 0, 1]))
      } throws: { error in
        if case .notWritable = error as? RunError { true } else { false }
      }
    }
  }

  @Test func `an experiment reads back what was written`() throws {
    let experiment = try Experiment.onSyntheticDigits()
    let data = try JSON.encode(experiment)
    #expect(try JSONDecoder().decode(Experiment.self, from: data) == experiment)
  }
}
