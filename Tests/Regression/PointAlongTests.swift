import Foundation
import Saddle
import Support
import Testing

/// Points that are measured while a network is trained.
@Suite struct PointAlongTests {
  private func experiment(epochs: Int, hidden: [Int] = [5]) throws -> PreparedExperiment {
    try Experiment(
      name: "small", data: DatasetDescription(.syntheticDigits(seed: 3, count: 80), pooling: 4),
      hidden: hidden, activation: .tanh,
      optimizer: OptimizerDescription("momentum", ["learningRate": 0.1, "momentum": 0.9]),
      plan: try TrainingPlan(epochs: epochs, batchSize: 16, seed: 8)
    ).prepared(from: DataFolder())
  }

  @Test func `records are of the points that training passes, and change none of them`() throws {
    let plain = try experiment(epochs: 5).train()
    let watched = try experiment(epochs: 5).train(spectrumEvery: 2)
    #expect(watched.parameters == plain.parameters)
    #expect(plain.along == nil)
    let along = try #require(watched.along)
    #expect(along.map(\.epoch) == [0, 2, 4, 5])
    for passed in along {
      let record = try #require(passed.point.spectrum)
      let prepared = try experiment(epochs: passed.epoch)
      let analysis = try PointAnalysis(
        of: prepared.objective(Double.self), at: prepared.train().parameters)
      #expect(record.isExact)
      // LAPACK's last bits depend on the threads that are free.
      let rounding = 2 * analysis.spectrum.errorBound
      #expect((record.least.value - analysis.spectrum.least).magnitude <= rounding)
      #expect((record.greatest.value - analysis.spectrum.greatest).magnitude <= rounding)
      for share in record.shares {
        let order = Double(analysis.spectrum.order)
        #expect(share.index.value == Double(analysis.spectrum.index(at: share.tolerance)) / order)
        #expect(
          share.degeneracy.value == analysis.spectrum.degeneracy(at: share.tolerance).fraction)
      }
    }
  }

  @Test func `a run that is gone on with keeps what it has recorded`() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder(folder.path + "/run")
      _ = try experiment(epochs: 2).train(in: run, spectrumEvery: 2)
      let resumed = try experiment(epochs: 4).train(in: run, resume: true, spectrumEvery: 2)
      let whole = try experiment(epochs: 4).train(spectrumEvery: 2)
      #expect(resumed.along == whole.along)
      #expect(try run.read([PointAlong].self, from: "spectra.json") == whole.along)
      // What is lost comes back from the checkpoint, which has the points too.
      try FileManager.default.removeItem(at: run.url.appending(path: "spectra.json"))
      let again = try experiment(epochs: 4).train(in: run, resume: true, spectrumEvery: 2)
      #expect(again.along == whole.along)
      #expect(try run.read([PointAlong].self, from: "spectra.json") == whole.along)
    }
  }

  @Test func `beyond the limit figures come with limits that hold`() throws {
    // P = 49·70 + 70 + 70·10 + 10.
    let prepared = try experiment(epochs: 1, hidden: [70])
    let result = try prepared.train(spectrumEvery: 1)
    let objective = try prepared.objective(Double.self)
    #expect(objective.dimension == 4210)
    let last = try #require(result.along?.last?.point.spectrum)
    #expect(!last.isExact)
    let spectrum = try Spectrum(
      eigenvalues: objective.hessian(at: result.parameters).eigenvalues())
    #expect((last.least.lower...last.least.upper).contains(spectrum.least))
    #expect((last.greatest.lower...last.greatest.upper).contains(spectrum.greatest))
  }

  @Test func `no epochs between spectra is refused`() throws {
    #expect(throws: TrainingError.invalidPlan("a spectrum every 0 epochs: give 1 or more")) {
      try experiment(epochs: 1).train(spectrumEvery: 0)
    }
  }
}
