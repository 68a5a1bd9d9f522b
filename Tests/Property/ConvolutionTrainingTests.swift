import Saddle
import Support
import Testing

/// Convolutional networks learn real images.
@Suite struct ConvolutionTrainingTests {
  @Test(.requiresMNIST, arguments: Seed.campaign(2))
  func `LeNet-5 learns the first 2,000 images of MNIST`(seed: Seed) throws {
    let run = try train(
      Network.leNet5, on: DatasetDescription(.mnist(file: .train, first: 2000)), seed,
      epochs: 2, learningRate: 0.05)
    // Seeds 1 to 8 end between 0.930 and 0.955; guessing gives 0.1.
    #expect(try #require(run.accuracy) > 0.9, "\(run)")
  }

  @Test(.requiresCIFAR10, arguments: Seed.campaign(2))
  func `a small convolutional network learns the first 2,000 images of CIFAR-10`(
    seed: Seed
  ) throws {
    let run = try train(
      Network.smallCIFAR,
      on: DatasetDescription(
        .cifar10(files: [.dataBatch1], firstOfEach: 2000), standardization: .global),
      seed, epochs: 3, learningRate: 0.02)
    // Seeds 1 to 8 end between 1.57 and 1.88; guessing gives ln 10 = 2.30.
    #expect(run.loss < 2, "\(run)")
  }

  private func train(
    _ network: Network, on data: DatasetDescription, _ seed: Seed, epochs: Int,
    learningRate: Double
  ) throws -> Evaluation {
    let examples = try data.examples(Float.self)
    let trainer = Trainer(
      objective: try NetworkObjective(
        network: network, loss: .softmaxCrossEntropy, inputs: examples.inputs,
        targets: .classes(examples.labels.map { Int32($0) })),
      optimizer: try Momentum(
        learningRate: LearningRate(Float(learningRate)), momentum: 0.9),
      plan: try TrainingPlan(epochs: epochs, batchSize: 32, seed: seed.value))
    var state = trainer.initialState()
    try trainer.run(&state)
    return try #require(state.history.last).evaluation
  }
}
