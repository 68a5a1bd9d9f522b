import Foundation
import Saddle
import Support
import Testing

@Suite struct ExperimentGridTests {
  @Test func `settings are the product of the lists in their order`() throws {
    var group = smallGrid(optimizers: [OptimizerChoice("sgd"), OptimizerChoice("adam")]).groups[0]
    group.batches = [10, 20]
    group.initializations = [.glorotUniform, .heNormal]
    group.networks.append(.dense(hidden: [3], activation: .relu))
    let settings = group.settings
    #expect(settings.count == 16)
    #expect(Set(settings).count == 16)
    #expect(settings[0].optimizer.name == "sgd" && settings[1].optimizer.name == "adam")
    #expect(settings[1].batch == 10 && settings[2].batch == 20)
    #expect(settings[8].network == group.networks[1])
  }

  @Test func `a seed seeds order weights and noise`() throws {
    let group = smallGrid().groups[0]
    let run = try group.experiment(group.settings[0], learningRate: 0.25, seed: 7)
    #expect(run.plan?.seed == 7)
    #expect(run.optimizer?.seed == 7)
    #expect(run.optimizer?.hyperparameters == ["learningRate": 0.25])
  }

  @Test func `a key knows every field but the name`() throws {
    let group = smallGrid().groups[0]
    let run = try group.experiment(group.settings[0], learningRate: nil, seed: 1)
    let key = try GridRun(run, measure: EndMeasurement()).key
    var renamed = run
    renamed.name = "another"
    #expect(try GridRun(renamed, measure: EndMeasurement()).key == key)
    // What a store holds must be found again by later versions.
    #expect(key == "1c78d5947a1a848e")

    var changed: [Experiment] = []
    func change(_ body: (inout Experiment) throws -> Void) rethrows {
      var other = run
      try body(&other)
      changed.append(other)
    }
    change { $0.weightDecay = 1e-3 }
    change { $0.precision = .float }
    change { $0.loss = .meanSquaredError }
    change { $0.test = nil }
    change { $0.architecture = .dense(hidden: [3], activation: .tanh) }
    changed.append(try group.experiment(group.settings[0], learningRate: nil, seed: 2))
    changed.append(try group.experiment(group.settings[0], learningRate: 0.05, seed: 1))
    changed.append(try group.experiment(group.settings[0], learningRate: nil, seed: 1, epochs: 3))
    var keys = try changed.map { try GridRun($0, measure: EndMeasurement()).key }
    keys.append(try GridRun(run, measure: EndMeasurement(refine: true)).key)
    keys.append(try GridRun(run, measure: EndMeasurement(spectrum: .matrixFree)).key)
    #expect(Set(keys + [key]).count == keys.count + 1)
  }

  @Test func `a grid reads back as it was written`() throws {
    let grid = smallGrid(
      optimizers: [OptimizerChoice("adam", set: ["beta1": 0.8], learningRates: [0.01, 0.1])])
    #expect(try ExperimentGrid(json: JSON.encode(grid), path: "grid") == grid)
  }

  @Test func `the grids of the project are read`() throws {
    let folder = projectFolder.appending(path: "experiments")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") }
    #expect(names.contains("synthetic.json"))
    for name in names {
      let grid = try ExperimentGrid(from: folder.appending(path: name).path)
      #expect(grid.name + ".json" == name)
    }
  }

  @Test(arguments: [
    ("\"epochs\"", "\"epoch\"", "epochs"), ("\"extensions\"", "\"extension\"", "tuning.extension"),
    ("\"pooling\" : 7", "\"pooling\" : 7, \"pool\" : 2", "data.pool"),
    ("\"sgd\"", "\"sdg\"", "sdg"), ("[\n        1,\n        2\n      ]", "[]", "seeds is empty"),
    ("\"seed\" : 1000", "\"seed\" : 1", "tuning seed 1 "), ("0.01", "0.2", "larger"),
    ("\"networks\"", "\"network\"", "networks"), ("0.1", "-0.1", "larger"),
    ("0.01", "-1", "learningRate"),
  ])
  func `a mistake is named`(_ right: String, _ wrong: String, _ named: String) throws {
    let grid = smallGrid(optimizers: [OptimizerChoice("sgd", learningRates: [0.01, 0.1])])
    let text = String(decoding: try JSON.encode(grid), as: UTF8.self)
    #expect(text.contains(right))
    let broken = text.replacing(right, with: wrong)
    let error = #expect(throws: GridError.self) {
      try ExperimentGrid(json: Data(broken.utf8), path: "grid.json")
    }
    #expect(error?.description.contains(named) == true, "\(String(describing: error))")
  }

  @Test func `a file that is not there is named`() {
    let error = #expect(throws: GridError.self) { try ExperimentGrid(from: "/no/grid.json") }
    #expect(error?.description.contains("/no/grid.json: cannot be read") == true)
  }
}

@Suite struct TuningTests {
  /// Follows a tuning whose rates end at these losses.
  private func follow(
    _ tuning: Tuning, _ loss: (Double) -> Double?
  ) -> (choice: Tuning.Choice?, tried: [Double]) {
    var losses: [Double: Double?] = [:]
    var tried: [Double] = []
    for _ in 0..<20 {
      switch tuning.next(losses) {
      case .chosen(let choice): return (choice, tried)
      case .try(let rates):
        tried += rates
        for rate in rates { losses.updateValue(loss(rate), forKey: rate) }
      }
    }
    return (nil, tried)
  }

  @Test func `the least loss inside the list is taken`() {
    let (choice, tried) = follow(Tuning(rates: [0.01, 0.1, 1], extensions: 2)) { abs($0 - 0.1) }
    #expect(choice?.learningRate == 0.1)
    #expect(choice?.isAtEdge == false)
    #expect(tried == [0.01, 0.1, 1])
  }

  @Test func `the list grows where the best is at its end`() {
    let up = follow(Tuning(rates: [0.01, 0.1], extensions: 2)) { abs($0 - 1) }
    #expect(up.choice?.learningRate == 1)
    #expect(up.choice?.isAtEdge == false)
    #expect(up.tried == [0.01, 0.1, 1, 10])
    let down = follow(Tuning(rates: [0.01, 0.1], extensions: 3)) { abs($0 - 0.0009) }
    #expect(down.choice?.learningRate == 0.001)
    #expect(down.choice?.trials.map(\.learningRate) == [0.0001, 0.001, 0.01, 0.1])
  }

  @Test func `an edge that is left is told`() {
    let (choice, tried) = follow(Tuning(rates: [0.01, 0.1], extensions: 1)) { -$0 }
    #expect(choice?.learningRate == 1)
    #expect(choice?.isAtEdge == true)
    #expect(tried.count == 3)
  }

  @Test func `rates that diverge are not taken`() {
    let (choice, _) = follow(Tuning(rates: [0.01, 0.1, 1], extensions: 0)) { $0 > 0.05 ? nil : $0 }
    #expect(choice?.learningRate == 0.01)
    let none = follow(Tuning(rates: [0.01, 0.1], extensions: 1)) { _ in nil }
    #expect(none.choice?.learningRate == 0.001)
    #expect(none.choice?.isAtEdge == true)
    let infinite = follow(Tuning(rates: [0.1, 1, 10], extensions: 0)) { $0 < 1 ? -.infinity : $0 }
    #expect(infinite.choice?.learningRate == 1)
  }
}

@Suite struct SummaryTests {
  @Test func `networks and images are named in a few words`() throws {
    let network = try Network(
      input: Shape(channels: 3, height: 8, width: 8),
      layers: [
        .convolution(channels: 4, kernel: 3, padding: 1), .activation(.tanh),
        .averagePool(size: 2, stride: 2), .convolution(channels: 8, kernel: 3),
        .activation(.tanh), .flatten, .dense(outputs: 10),
      ])
    #expect(Architecture.network(network).summary == "convolution 4, convolution 8, dense 10, tanh")
    #expect(
      Architecture.dense(hidden: [32, 16], activation: .relu).summary == "32 16 relu")
    let files = CIFAR10.File.allCases
    let training = files.filter { $0.rawValue.hasPrefix("data_batch") }
    #expect(
      DatasetDescription(.cifar10(files: training, firstOfEach: 9), pooling: 4).summary
        == "CIFAR-10, first 9 of data_batch_1 … data_batch_5, 8 × 8")
    #expect(
      DatasetDescription(.cifar10(files: [training[1]], firstOfEach: nil)).summary
        == "CIFAR-10, all of data_batch_2, 32 × 32")
  }
}
