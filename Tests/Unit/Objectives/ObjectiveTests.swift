import Saddle
import SaddleOracles
import Support
import Testing

@Suite struct ObjectiveTests {
  private func network(_ widths: [Int] = [2, 3]) throws -> Network {
    try Network.dense(widths, .tanh)
  }

  private func expectRefused(
    _ expected: ObjectiveError, loss: Loss = .softmaxCrossEntropy, inputs: Matrix<Double>,
    targets: Targets<Double>, weightDecay: Double = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let network = try network()
    #expect(throws: expected, sourceLocation: sourceLocation) {
      try NetworkObjective(
        network: network, loss: loss, inputs: inputs, targets: targets, weightDecay: weightDecay)
    }
  }

  @Test func `data that does not fit is refused, with the numbers`() throws {
    let two = Matrix<Double>([[1, 2], [3, 4]])
    try expectRefused(.noSamples, inputs: Matrix(rows: 0, columns: 2), targets: .classes([]))
    try expectRefused(
      .inputWidth(samples: 3, network: 2), inputs: Matrix([[1, 2, 3]]), targets: .classes([0]))
    try expectRefused(
      .targetCount(targets: 1, samples: 2), inputs: two, targets: .classes([0]))
    try expectRefused(
      .labelOutOfRange(label: 3, sample: 1, outputs: 3), inputs: two, targets: .classes([2, 3]))
    try expectRefused(
      .labelOutOfRange(label: -1, sample: 0, outputs: 3), inputs: two, targets: .classes([-1, 0]))
    try expectRefused(
      .noDistribution(sample: 0, sum: 0), inputs: two,
      targets: .values(Matrix(rows: 2, columns: 3)))
    try expectRefused(
      .noDistribution(sample: 1, sum: 1), inputs: two,
      targets: .values(Matrix([[0.25, 0.5, 0.25], [1.5, -0.5, 0]])))
    try expectRefused(
      .noDistribution(sample: 1, sum: 1.0625), inputs: two,
      targets: .values(Matrix([[0.25, 0.5, 0.25], [0.5, 0.25, 0.3125]])))
    try expectRefused(
      .targetWidth(targets: 2, network: 3), loss: .meanSquaredError, inputs: two, targets: .values(two))
    try expectRefused(
      .invalidWeightDecay(-1), inputs: two, targets: .classes([0, 1]), weightDecay: -1)
    try expectRefused(
      .nonFiniteInput(sample: 1, feature: 0), inputs: Matrix([[1, 2], [.nan, 4]]),
      targets: .classes([0, 1]))
  }

  @Test func `accuracy counts the samples whose label wins`() throws {
    // With no weights, the biases decide: class 2 always wins.
    let objective = try NetworkObjective<Double>(
      network: network(), loss: .softmaxCrossEntropy,
      inputs: Matrix(rows: 4, columns: 2), targets: .classes([2, 0, 2, 1]))
    let evaluation = objective.evaluate(at: [0, 0, 0, 0, 0, 0, -1, 0, 1])
    #expect(evaluation.accuracy == 0.5)
  }

  @Test func `a label's probability is the label, and smoothed labels are theirs`() throws {
    var generator = RandomStream(seed: 4)
    let θ = (0..<9).map { _ in generator.normal() }
    let inputs = Matrix<Double>(
      rows: 5, columns: 2, elements: (0..<10).map { _ in generator.normal() })
    let labels = Targets<Double>.classes([2, 0, 2, 1, 1])
    func objective(_ targets: Targets<Double>) throws -> NetworkObjective<Double> {
      try NetworkObjective(
        network: network(), loss: .softmaxCrossEntropy, inputs: inputs, targets: targets,
        weightDecay: 0.1)
    }
    #expect(labels.smoothed(by: 0, classes: 3) == labels)
    let rounding = Tolerance(absolute: 1e-15, relative: 1e-14, why: "sums of five")
    let plain = try objective(labels)
    var certain = labels.smoothed(by: 1e-300, classes: 3)
    guard case .values(let rows) = certain else {
      Issue.record("labels stayed labels")
      return
    }
    certain = .values(
      Matrix(rows: 5, columns: 3, elements: rows.elements.map { $0.rounded() }))
    let same = try objective(certain)
    expectClose(same.value(at: θ), plain.value(at: θ), within: rounding)
    expectClose(same.gradient(at: θ).gradient, plain.gradient(at: θ).gradient, within: rounding)
    expectClose(same.hessian(at: θ).elements, plain.hessian(at: θ).elements, within: rounding)
    #expect(same.evaluate(at: θ).accuracy == plain.evaluate(at: θ).accuracy)

    // (1 − ε)·ℓ_y + (ε/K)·Σ ℓ_k: by losses of labels alone.
    let smoothed = try objective(labels.smoothed(by: 0.3, classes: 3))
    let all = try (0..<3).map { k in
      try objective(.classes([Int32](repeating: Int32(k), count: 5))).value(at: θ)
    }
    expectClose(
      smoothed.value(at: θ), 0.7 * plain.value(at: θ) + 0.1 * all.reduce(0, +), within: rounding)
    #expect(smoothed.evaluate(at: θ).accuracy == plain.evaluate(at: θ).accuracy)
    #expect(smoothed.rounding(at: θ) == nil, "its rounding is not analyzed")
  }

  @Test func `targets that are values have no accuracy`() throws {
    let objective = try NetworkObjective<Double>(
      network: network(), loss: .meanSquaredError, inputs: Matrix([[1, 0]]),
      targets: .values(Matrix([[1, 2, 3]])))
    let evaluation = objective.evaluate(at: [Double](repeating: 0, count: 9))
    #expect(evaluation.accuracy == nil)
    #expect(evaluation.loss == 7)
  }

  @Test func `a block of vectors is multiplied as each vector is`() throws {
    var generator = RandomStream(seed: 3)
    let objective = try NetworkObjective<Double>(
      network: network([4, 5, 3]), loss: .softmaxCrossEntropy,
      inputs: Matrix(rows: 6, columns: 4, elements: (0..<24).map { _ in generator.normal() }),
      targets: .classes([0, 1, 2, 0, 1, 2]))
    let count = objective.dimension
    let hessian = objective.linearized(at: (0..<count).map { _ in generator.normal() })
    let vectors = Matrix<Double>(
      rows: 5, columns: count, elements: (0..<5 * count).map { _ in generator.normal() })
    // Filled with NaN: whatever is not written shows.
    var products = Matrix<Double>(rows: 5, columns: count, repeating: .nan)
    hessian.apply(vectors, into: &products)
    for v in 0..<5 {
      expectClose(
        products.row(v), hessian.apply(vectors.row(v)),
        within: Tolerance(relative: 1e-13, why: "sums in another order"))
    }
  }

  @Test func `the Hessian as an operator has its objective's products, and its own matrix`() throws {
    let objective = try NetworkObjective<Double>(
      network: network([2, 3, 2]), loss: .softmaxCrossEntropy, inputs: Matrix([[1, 2], [3, -4]]),
      targets: .classes([1, 0]))
    var generator = RandomStream(seed: 1)
    let point = (0..<objective.dimension).map { _ in generator.normal() }
    let hessian = HessianOperator(of: objective, at: point)
    #expect(hessian.dimension == objective.dimension)
    #expect(hessian.apply(point) == objective.linearized(at: point).apply(point))
    #expect(hessian.assembled() == objective.hessian(at: point))
    // What has no matrix of its own takes it from its products.
    let plain = PlainOperator(rows: [[1, 2.5], [2.5, -3]])
    #expect(plain.assembled() == Matrix([[1, 2.5], [2.5, -3]]))
  }
}
