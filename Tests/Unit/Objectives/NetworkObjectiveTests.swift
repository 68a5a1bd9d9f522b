import Oracles
import Saddle
import Support
import Testing

@Suite struct NetworkObjectiveTests {
  private let rounding = Tolerance(absolute: 1e-14, relative: 1e-13, why: "some dozen operations")

  /// ½‖outputs‖² of one sample: its value and derivatives can be worked by hand.
  private func objective(
    _ shape: Shape, _ layers: [Layer], _ sample: [Double]
  ) throws -> NetworkObjective<Double> {
    let network = try Network(input: shape, layers: layers)
    return try NetworkObjective(
      network: network, loss: .meanSquaredError, inputs: Matrix([sample]),
      targets: .values(Matrix(rows: 1, columns: network.outputs)))
  }

  @Test func `a convolution is the one worked by hand`() throws {
    // Kernel [1 2; 3 4] on [1 2 3; 4 5 6]: 1·1 + 2·2 + 3·4 + 4·5 = 37, and 47; plus the bias 1.
    let plain = try objective(
      Shape(channels: 1, height: 2, width: 3), [.convolution(channels: 1, kernel: 2), .flatten],
      [1, 2, 3, 4, 5, 6])
    let (value, gradient) = plain.gradient(at: [1, 2, 3, 4, 1])
    expectClose(value, (38.0 * 38 + 48 * 48) / 2, within: rounding)
    expectClose(
      gradient, [38 + 2 * 48, 2 * 38 + 3 * 48, 4 * 38 + 5 * 48, 5 * 38 + 6 * 48, 38 + 48],
      within: rounding)
    // The value is ½Σ(w·x)²: the Hessian of a window's products, 1·1 + 2·2 and so on.
    expectClose(
      plain.hessian(at: [1, 2, 3, 4, 1]).row(0), [1 + 4, 2 + 6, 4 + 10, 5 + 12, 1 + 2],
      within: rounding)

    // Stride 2 down and 3 across, padding 1: windows at rows −1 and 1, columns −1 and 2.
    let strided = try objective(
      Shape(channels: 1, height: 2, width: 3),
      [
        .convolution(
          channels: 1, kernel: 2, stride: Extent(2, 3), padding: 1, hasBias: false), .flatten,
      ], [1, 2, 3, 4, 5, 6])
    // [0 0; 0 1], [0 0; 3 0], [0 4; 0 0], [6 0; 0 0] with [1 2; 3 4].
    expectClose(
      strided.value(at: [1, 2, 3, 4]), (4.0 * 4 + 9 * 9 + 8 * 8 + 6 * 6) / 2, within: rounding)
  }

  @Test func `padding is zeros around the image, and a pool of means a convolution`() throws {
    var generator = RandomStream(seed: 1)
    let image = (0..<2 * 3 * 4).map { _ in generator.normal() }
    var padded = [Double](repeating: 0, count: 2 * 7 * 6)
    for c in 0..<2 {
      for y in 0..<3 {
        for x in 0..<4 { padded[(c * 7 + y + 2) * 6 + x + 1] = image[(c * 3 + y) * 4 + x] }
      }
    }
    let tail: [Layer] = [.activation(.tanh), .flatten]
    let inside = try objective(
      Shape(channels: 2, height: 3, width: 4),
      [.convolution(channels: 3, kernel: Extent(3, 2), padding: Extent(2, 1))] + tail, image)
    let outside = try objective(
      Shape(channels: 2, height: 7, width: 6),
      [.convolution(channels: 3, kernel: Extent(3, 2))] + tail, padded)
    let θ = (0..<inside.dimension).map { _ in generator.normal() }
    expectClose(inside.gradient(at: θ).gradient, outside.gradient(at: θ).gradient, within: rounding)
    expectClose(
      inside.linearized(at: θ).apply(θ), outside.linearized(at: θ).apply(θ), within: rounding)

    func afterPool(_ pool: Layer) throws -> NetworkObjective<Double> {
      try objective(
        Shape(channels: 2, height: 7, width: 6),
        [.convolution(channels: 2, kernel: 2), .activation(.softplus), pool, .flatten], padded)
    }
    let means = try afterPool(.averagePool(size: Extent(3, 2), stride: Extent(2, 1)))
    let products = try afterPool(
      .convolution(channels: 2, kernel: Extent(3, 2), stride: Extent(2, 1), hasBias: false))
    let start = Array(θ.prefix(means.dimension))
    // Channel by channel a sixth of each element, and nothing of the other channel.
    let sixths = (0..<2).flatMap { o in
      (0..<2).flatMap { c in [Double](repeating: o == c ? 1.0 / 6 : 0, count: 6) }
    }
    let free = 0..<means.dimension
    expectClose(
      means.gradient(at: start).gradient,
      Array(products.gradient(at: start + sixths).gradient[free]), within: rounding)
    expectClose(
      means.linearized(at: start).apply(start),
      Array(
        products.linearized(at: start + sixths).apply(start + sixths.map { _ in 0 })[free]),
      within: rounding)
  }

  @Test func `of equal largest elements the first passes derivatives on`() throws {
    let network: [Layer] = [
      .convolution(channels: 1, kernel: 1), .maxPool(size: 2, stride: 2), .flatten,
    ]
    let shape = Shape(channels: 1, height: 2, width: 2)
    // w·x + b at w = 0: all equal; the first is x = 5.
    let tie = try objective(shape, network, [5, 7, -1, 9])
    expectClose(tie.gradient(at: [0, 3]).gradient, [15, 3], within: rounding)
    expectClose(tie.hessian(at: [0, 3]).elements, [25, 5, 5, 1], within: rounding)
    // Without a tie it is the largest, wherever it stands.
    expectClose(tie.gradient(at: [1, 0]).gradient, [81, 9], within: rounding)
    expectClose(tie.gradient(at: [-1, 0]).gradient, [-1, 1], within: rounding)
    // A ReLU at its kink has slope 0.
    let kink = try objective(
      shape, [.convolution(channels: 1, kernel: 1), .activation(.relu), .flatten], [0, 0, 0, 2])
    expectClose(kink.gradient(at: [1, 0]).gradient, [4, 2], within: rounding)
  }

  @Test func `what is not a number does not vanish in a pool`() throws {
    let pool = try objective(
      Shape(channels: 1, height: 2, width: 2),
      [.convolution(channels: 1, kernel: 1), .maxPool(size: 2, stride: 2), .flatten],
      [1e200, 1, 2, 3])
    // ∞ − ∞ in one element of four.
    #expect(!pool.value(at: [1e200, -.infinity]).isFinite)
    #expect(pool.gradient(at: [.nan, 0]).value.isNaN)
  }

  @Test(arguments: Precision.allCases)
  func `the kernels of dense layers and of any network agree`(precision: Precision) throws {
    switch precision {
    case .float: try checkDense(Float.self, 3e-5)
    case .double: try checkDense(Double.self, 1e-12)
    }
  }

  private func checkDense<T: Scalar>(_: T.Type, _ bound: Double) throws {
    let tolerance = Tolerance(relative: bound, why: "sums in another order")
    let network = try Network.dense([5, 4, 6, 3], .tanh)
    for (seed, loss) in Loss.allCases.enumerated() {
      var generator = RandomStream(seed: UInt64(seed))
      // More than one chunk, of unequal sizes.
      let inputs = Matrix<T>(
        rows: 67, columns: 5, elements: (0..<67 * 5).map { _ in T(generator.normal()) })
      let targets = Targets<T>.classes((0..<67).map { Int32($0 % 3) })
      let full = try NetworkObjective(
        network: network, loss: loss, inputs: inputs, targets: targets, weightDecay: 0.25)
      #expect(full.hasDenseKernel)
      let layered = full.withoutChain
      #expect(!layered.hasDenseKernel)
      let θ = (0..<full.dimension).map { _ in T(generator.normal() / 2) }
      func expectSame(_ got: [T], _ expected: [T], _ what: String) {
        expectClose(
          got.map { Double($0) }, expected.map { Double($0) }, within: tolerance, "\(what), \(loss)"
        )
      }
      let (value, gradient) = layered.gradient(at: θ)
      let expected = full.gradient(at: θ)
      expectSame([value, layered.value(at: θ)], [expected.value, expected.value], "value")
      expectSame(gradient, expected.gradient, "gradient")
      #expect(layered.evaluate(at: θ).accuracy == full.evaluate(at: θ).accuracy)
      let vectors = Matrix<T>(
        rows: 3, columns: θ.count, elements: (0..<3 * θ.count).map { _ in T(generator.normal()) })
      for kind in [
        CurvatureKind.hessian, .gaussNewton, .fisher, .monteCarloFisher(draws: 2, seed: 5),
        .empiricalFisher, .gradientCovariance, .residual,
      ] {
        for includingPenalty in [true, false] {
          expectSame(
            layered.curvature(kind, at: θ, includingPenalty: includingPenalty)
              .apply(vectors).elements,
            full.curvature(kind, at: θ, includingPenalty: includingPenalty)
              .apply(vectors).elements,
            "\(kind)")
          if T.self == Double.self {
            expectSame(
              layered.curvatureMatrix(kind, at: θ, includingPenalty: includingPenalty).elements,
              full.curvatureMatrix(kind, at: θ, includingPenalty: includingPenalty).elements,
              "assembled \(kind)")
          }
        }
      }
    }
  }

  /// One layer of each kind.
  private func mixed() throws -> (NetworkObjective<Double>, [Double]) {
    let network = try Network(
      input: Shape(channels: 1, height: 4, width: 4),
      layers: [
        .convolution(channels: 2, kernel: 3, padding: 1), .activation(.tanh),
        .residual(
          [.convolution(channels: 2, kernel: 1), .batchNorm(mean: [0.3, -1], variance: [2, 0.5])]),
        .maxPool(size: 2, stride: 1), .averagePool(size: 2, stride: 1), .flatten,
        .dense(outputs: 3),
      ])
    var generator = RandomStream(seed: 6)
    let inputs = Matrix<Double>(
      rows: 35, columns: 16, elements: (0..<35 * 16).map { _ in generator.normal() })
    let objective = try NetworkObjective(
      network: network, loss: .softmaxCrossEntropy, inputs: inputs,
      targets: .classes((0..<35).map { Int32($0 % 3) }), weightDecay: 0.1)
    return (objective, (0..<network.parameterCount).map { _ in generator.normal() / 2 })
  }

  @Test func `a block of vectors is multiplied as each vector is, kept or not`() throws {
    let (objective, θ) = try mixed()
    var generator = RandomStream(seed: 7)
    let vectors = Matrix<Double>(
      rows: 5, columns: θ.count, elements: (0..<5 * θ.count).map { _ in generator.normal() })
    let kept = objective.linearized(at: θ)
    let streamed = objective.curvature(
      .hessian, at: θ, includingPenalty: true, keepingAtMost: 0)
    #expect(kept.isKept && !streamed.isKept)
    // Filled with NaN: whatever is not written shows.
    var products = Matrix<Double>(rows: 5, columns: θ.count, repeating: .nan)
    kept.apply(vectors, into: &products)
    #expect(streamed.apply(vectors) == products, "bit for bit")
    #expect(kept.apply(vectors) == products, "buffers that were used before change nothing")
    for v in 0..<5 {
      expectClose(
        products.row(v), kept.apply(vectors.row(v)),
        within: Tolerance(relative: 1e-13, why: "sums in another order"))
    }
  }

  @Test func `Gauss–Newton and residual are the Hessian, and the penalty is a shift`() throws {
    let (objective, θ) = try mixed()
    let v = θ.map { 1 / (2 + $0) }
    func product(_ kind: CurvatureKind, _ includingPenalty: Bool = false) -> [Double] {
      objective.curvature(kind, at: θ, includingPenalty: includingPenalty).apply(v)
    }
    let hessian = product(.hessian)
    expectClose(
      zip(product(.gaussNewton), product(.residual)).map { $0 + $1 }, hessian,
      within: Tolerance(relative: 1e-13, why: "a sum in another order"))
    expectClose(
      product(.hessian, true), zip(hessian, v).map { $0 + 0.1 * $1 }, within: rounding)
    #expect(product(.residual, true) == product(.residual))
    // It is not all in one of them.
    #expect(zip(hessian, product(.gaussNewton)).contains { abs($0 - $1) > 1e-3 })
  }

  @Test func `the same sums on other calls are the same, bit for bit`() throws {
    let (objective, θ) = try mixed()
    let first = objective.gradient(at: θ)
    for _ in 0..<3 {
      let again = objective.gradient(at: θ)
      #expect(again == first)
    }
    #expect(objective.value(at: θ) == first.value)
  }

  @Test func `what is cut in tiles and pieces is the mean over single samples`() throws {
    // Windows of 20 samples take two tiles, the dense layer's products two pieces; 45 samples are
    // two chunks.
    let network = try Network(
      input: Shape(channels: 2, height: 12, width: 11),
      layers: [
        .convolution(channels: 5, kernel: Extent(5, 4), padding: Extent(0, 1)),
        .activation(.sigmoid), .flatten, .dense(outputs: 40), .activation(.tanh),
        .dense(outputs: 2),
      ])
    var generator = RandomStream(seed: 8)
    let θ: [Double] = network.initialParameters(using: &generator)
    let v = θ.map { _ in generator.normal() }
    let inputs = Matrix<Double>(
      rows: 45, columns: network.inputs,
      elements: (0..<45 * network.inputs).map { _ in generator.normal() })
    func results(_ rows: Range<Int>) throws -> [[Double]] {
      let objective = try NetworkObjective(
        network: network, loss: .softmaxCrossEntropy,
        inputs: Matrix(Array(inputs.asRows[rows])), targets: .classes(rows.map { Int32($0 % 2) }))
      let block = objective.linearized(at: θ).apply(Matrix([v, θ]))
      return [objective.gradient(at: θ).gradient, block.row(0), block.row(1)]
    }
    let whole = try results(0..<45)
    var mean = whole.map { $0.map { _ in 0.0 } }
    for n in 0..<45 {
      for (k, result) in try results(n..<n + 1).enumerated() {
        for i in result.indices { mean[k][i] += result[i] / 45 }
      }
    }
    for (got, expected) in zip(whole, mean) {
      expectClose(
        got, expected,
        within: Tolerance(relative: 1e-12, why: "sums of 45 samples in another order"))
    }
  }

  @Test(.tags(.oracle)) func `one layer of each kind is what plain loops say`() throws {
    let (objective, θ) = try mixed()
    let plain = PlainConvolution(
      input: (1, 4, 4),
      layers: [
        .convolution(
          channels: 2, kernel: (3, 3), stride: (1, 1), padding: (1, 1), hasBias: true),
        .activation(.tanh),
        .residual(
          [
            .convolution(
              channels: 2, kernel: (1, 1), stride: (1, 1), padding: (0, 0), hasBias: true),
            .batchNorm(epsilon: 1e-5, mean: [0.3, -1], variance: [2, 0.5]),
          ], shortcut: []),
        .maxPool(size: (2, 2), stride: (1, 1)), .averagePool(size: (2, 2), stride: (1, 1)),
        .flatten, .dense(outputs: 3, hasBias: true),
      ], loss: .softmaxCrossEntropy, weightDecay: 0.1, inputs: objective.inputs.asRows,
      labels: (0..<35).map { $0 % 3 })
    expectClose(objective.value(at: θ), plain.value(at: θ), within: rounding)
    let v = θ.map { 1 / (2 + $0) }
    let product = objective.linearized(at: θ).apply(v)
    let gradient = objective.gradient(at: θ).gradient
    // All of the gradient and the product in one number each, and some elements alone.
    let u = θ.indices.map { Double($0 % 5) - 1.7 }
    expectClose(
      zip(u, product).reduce(0) { $0 + $1.0 * $1.1 },
      plain.secondDirectional(at: θ, along: u, and: v),
      within: Tolerance(relative: 1e-11, why: "a sum of 51 products of both signs"))
    expectClose(
      zip(u, gradient).reduce(0) { $0 + $1.0 * $1.1 }, plain.firstDirectional(at: θ, along: u),
      within: Tolerance(relative: 1e-11, why: "a sum of 51 products of both signs"))
  }

  @Test(.tags(.oracle))
  func `layers on the samples themselves, which depend on no parameter, are what plain loops say`()
    throws
  {
    let pooled: [PlainLayer] = [
      .averagePool(size: (2, 1), stride: (1, 1)), .activation(.softplus),
    ]
    let normalization = PlainLayer.batchNorm(epsilon: 0, mean: [0.5, 2], variance: [])
    // The body alone has parameters, or the shortcut alone, or neither; then both depend on some.
    let beginnings: [[PlainLayer]] = [
      pooled + [.residual([normalization], shortcut: [])],
      pooled + [.residual([], shortcut: [normalization])],
      [],
    ]
    for beginning in beginnings {
      let own =
        [.residual([], shortcut: [.activation(.tanh)])] + beginning + [
          .residual([], shortcut: []), .maxPool(size: (1, 2), stride: (1, 1)), .flatten,
          .dense(outputs: 2, hasBias: false),
        ]
      let shape = (2, beginning.isEmpty ? 2 : 3, 3)
      var generator = RandomStream(seed: 9)
      let plain = PlainConvolution(
        input: shape, layers: own, loss: .meanSquaredError,
        inputs: (0..<3).map { _ in Draw.normals(shape.0 * shape.1 * shape.2, using: &generator) },
        labels: [0, 1, 1])
      let objective = try ConvolutionCase.objective(plain, Double.self)
      let θ = Draw.normals(objective.dimension, using: &generator)
      let v = Draw.normals(objective.dimension, using: &generator)
      expectClose(objective.value(at: θ), plain.value(at: θ), within: rounding)
      expectClose(objective.gradient(at: θ).gradient, plain.gradient(at: θ), within: rounding)
      expectClose(
        objective.linearized(at: θ).apply(v), plain.hessianVectorProduct(at: θ, along: v),
        within: rounding)
    }
  }

  @Test func `data that does not fit is refused, with the numbers`() throws {
    let network = try Network(
      input: Shape(channels: 1, height: 2, width: 2), layers: [.flatten, .dense(outputs: 3)])
    #expect(throws: ObjectiveError.inputWidth(samples: 3, network: 4)) {
      try NetworkObjective<Double>(
        network: network, loss: .softmaxCrossEntropy, inputs: Matrix([[1, 2, 3]]),
        targets: .classes([0]))
    }
    #expect(throws: ObjectiveError.labelOutOfRange(label: 3, sample: 0, outputs: 3)) {
      try NetworkObjective<Double>(
        network: network, loss: .softmaxCrossEntropy, inputs: Matrix([[1, 2, 3, 4]]),
        targets: .classes([3]))
    }
  }
}
