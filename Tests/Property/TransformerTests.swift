import Oracles
import Saddle
import Support
import Testing

/// A transformer's exact Hessian, and one that learns.
@Suite struct TransformerTests {
  /// Two layers on images of 6 × 5, for three classes: 395 parameters.
  private func small(_ loss: Loss) throws -> (NetworkObjective<Double>, [Double]) {
    let network = try Network.transformer(
      rowsOf: Shape(channels: 1, height: 6, width: 5), width: 4, heads: 2, classes: 3)
    var generator = RandomStream(seed: 3)
    let objective = try NetworkObjective<Double>(
      network: network, loss: loss,
      inputs: Matrix((0..<7).map { _ in Draw.normals(30, using: &generator) }),
      targets: .classes((0..<7).map { Int32($0 % 3) }), weightDecay: 0.01)
    let start: [Double] = network.initialParameters(using: &generator)
    return (objective, start.map { $0 + 0.1 * generator.normal() })
  }

  @Test(.tags(.oracle), arguments: Loss.allCases)
  func `its assembled Hessian is that of finite differences`(loss: Loss) throws {
    let (objective, θ) = try small(loss)
    let hessian = objective.hessian(at: θ)
    #expect(hessian == hessian.transpose)
    var generator = RandomStream(seed: 5)
    for column in (0..<24).map({ _ in generator.index(below: θ.count) }) {
      var direction = [Double](repeating: 0, count: θ.count)
      direction[column] = 1
      let estimates = try FiniteDifferences(firstStep: 0x1p-6).hessianVectorProduct(
        fromGradient: { objective.gradient(at: $0).gradient }, at: θ, along: direction)
      for (row, estimate) in estimates.enumerated() {
        #expect(
          estimate.admits(hessian[row, column], factor: 10, slack: 1e-12),
          "[\(row), \(column)] is \(hessian[row, column]) against \(estimate)")
        #expect(estimate.error < 1e-6, "a difference that says nothing")
      }
    }
  }

  /// What is assembled and what is multiplied share no path through the layers but their maps.
  @Test(arguments: Loss.allCases)
  func `all its curvature matrices are the products', column by column`(loss: Loss) throws {
    let (objective, θ) = try small(loss)
    for kind in [
      CurvatureKind.hessian, .gaussNewton, .monteCarloFisher(draws: 2, seed: 5), .empiricalFisher,
      .gradientCovariance, .residual,
    ] {
      expectClose(
        objective.curvatureMatrix(kind, at: θ, includingPenalty: true).elements,
        objective.curvature(kind, at: θ, includingPenalty: true).dense().elements,
        within: Tolerance(absolute: 1e-14, relative: 1e-11, why: "sums in another order"),
        "\(kind)")
    }
  }

  @Test(.tags(.oracle))
  func `biases of keys and rows of absent tokens are seen by nothing`() throws {
    let network = try Network(
      input: Shape(channels: 5),
      layers: [
        .embedding(tokens: 4, channels: 4), .offset,
        .residual([.layerNorm(), .attention(heads: 2)]), .averagePool(size: Extent(5, 1), stride: 1),
        .flatten, .dense(outputs: 3),
      ])
    var generator = RandomStream(seed: 7)
    // No sample has token 2.
    let objective = try NetworkObjective<Double>(
      network: network, loss: .softmaxCrossEntropy,
      inputs: Matrix((0..<40).map { _ in (0..<5).map { _ in [0.0, 1, 3][generator.index(below: 3)] } }),
      targets: .classes((0..<40).map { Int32($0 % 3) }))
    let θ = (0..<objective.dimension).map { _ in generator.normal() }
    let space = objective.structuralNullSpace
    #expect(space.parts.map(\.name).contains("key biases of attention"), "\(space)")
    #expect(space.parts.map(\.count) == [5, 4, 4] && space.isExact, "\(space)")
    let basis = space.basis(Double.self)
    let gradient = objective.gradient(at: θ).gradient
    let hessian = objective.hessian(at: θ)
    let scale = hessian.elements.reduce(0) { max($0, $1.magnitude) }
    for k in 0..<basis.rows {
      let direction = basis.row(k)
      func dot(_ x: [Double]) -> Double { zip(x, direction).reduce(0) { $0 + $1.0 * $1.1 } }
      #expect(dot(gradient).magnitude < 1e-14)
      #expect((0..<hessian.rows).allSatisfy { dot(hessian.row($0)).magnitude < 1e-13 * scale })
    }
    // The value, too, whatever the others are.
    for direction in (0..<basis.rows).map(basis.row) {
      let moved = zip(θ, direction).map { $0 + 3 * $1 }
      expectClose(
        objective.value(at: moved), objective.value(at: θ),
        within: Tolerance(relative: 1e-13, why: "sums of 40 samples"))
    }
    let all = try hessian.eigenvalues().filter { $0.magnitude < 1e-13 * scale }
    #expect(all.count >= space.dimension)
  }

  @Test(.requiresMNIST)
  func `one of two layers learns MNIST row by row, and has its whole spectrum`() throws {
    let examples = try DatasetDescription(
      .mnist(file: .train, first: 300), pooling: 2, standardization: .global
    )
    .examples(Double.self)
    let network = try Network.transformer(
      rowsOf: Shape(channels: 1, height: 14, width: 14), width: 8, heads: 2)
    let objective = try NetworkObjective(
      network: network, loss: .softmaxCrossEntropy, inputs: examples.inputs,
      targets: .classes(examples.labels.map { Int32($0) }))
    let trainer = Trainer(
      objective: objective, optimizer: try Adam(learningRate: 0.005),
      plan: try TrainingPlan(epochs: 30, batchSize: 30, seed: 1))
    var state = trainer.initialState()
    try trainer.run(&state)
    let end = try #require(state.history.last).evaluation
    // Guessing gives ln 10 = 2.30 and 0.1.
    #expect(end.loss < 0.8 && (end.accuracy ?? 0) > 0.7, "\(end)")
    let hessian = objective.hessian(at: state.parameters)
    let eigenvalues = try hessian.eigenvalues()
    #expect(eigenvalues.count == network.parameterCount)
    let trace = (0..<hessian.rows).reduce(0) { $0 + hessian[$1, $1] }
    expectClose(
      eigenvalues.reduce(0, +), trace,
      within: Tolerance(relative: 1e-10, why: "the sum of all eigenvalues is the trace"))
    // The biases of four keys in two layers, and what adds the same to all logits.
    let space = objective.structuralNullSpace
    #expect(space.parts.suffix(2).map(\.count) == [9, 16], "\(space)")
    let scale = try #require(eigenvalues.last)
    #expect(eigenvalues.count { $0.magnitude < 1e-13 * scale } >= space.dimension)
  }
}
