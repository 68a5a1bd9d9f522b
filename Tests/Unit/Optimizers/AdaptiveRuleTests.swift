import Saddle
import Support
import Testing

/// Two steps or more of each adaptive rule worked by hand, with every hyperparameter away from its
/// default and ε = 1 or 2, so that its place shows.
@Suite struct AdaptiveRuleTests {
  private let rounding = Tolerance(relative: 1e-15, why: "a handful of operations")

  @Test func `AdaGrad's steps match the recurrence`() throws {
    // v = 9, 25; g/(√v + 1) = 3/4, 4/6.
    let path = try path(
      of: AdaGrad<Double>(learningRate: 0.1, epsilon: 1), from: 1, gradients: [3, 4])
    expectClose(path, [1 - 0.075, 1 - 0.075 - 0.4 / 6], within: rounding)
  }

  @Test func `AdaDelta's steps match the recurrence`() throws {
    // v = 8, 6; Δ = √(1/9)·4 = 4/3, u = 8/9; Δ = √(17/9)/√7·2.
    let path = try path(
      of: AdaDelta<Double>(learningRate: 0.1, decay: 0.5, epsilon: 1), from: 1, gradients: [4, 2])
    let first = 1 - 0.4 / 3
    let second = (17.0 / 9).squareRoot() / 7.0.squareRoot() * 2
    expectClose(path, [first, first - 0.1 * second], within: rounding)
  }

  @Test func `RMSProp's steps match the recurrence`() throws {
    // v = 1, 1; g/(√v + 1) = 1, 1/2.
    let path = try path(
      of: RMSProp<Double>(learningRate: 0.1, decay: 0.75, epsilon: 1), from: 1, gradients: [2, 1])
    expectClose(path, [0.9, 0.85], within: rounding)
  }

  @Test func `centered RMSProp's steps match the recurrence`() throws {
    // v = 2, 2.125; m = 1, 1.25; √(v − m²) = 1, 0.75; g/(… + 1) = 1, 1.5/1.75.
    let path = try path(
      of: RMSProp<Double>(learningRate: 0.1, decay: 0.5, epsilon: 1, centered: true), from: 1,
      gradients: [2, 1.5])
    expectClose(path, [0.9, 0.9 - 0.15 / 1.75], within: rounding)
  }

  @Test func `centered RMSProp takes a variance that rounding made negative for zero`() throws {
    // Constant gradients: v − m² → 0 from above, and in rounded arithmetic below.
    let gradients = [Double](repeating: 0.3, count: 20000)
    let path = try path(
      of: RMSProp<Double>(learningRate: 1e-12, centered: true), from: 1, gradients: gradients)
    #expect(path.allSatisfy { $0.isFinite })
  }

  @Test func `Adam's steps match the recurrence`() throws {
    // m̂ = 2, −2/3; v̂ = 4, 4; steps 2/3, −2/9.
    let path = try path(
      of: Adam<Double>(learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 1), from: 1,
      gradients: [2, -2])
    expectClose(path, [1 - 0.2 / 3, 1 - 0.2 / 3 + 0.2 / 9], within: rounding)
  }

  @Test func `AdamW's steps shrink the weights first`() throws {
    // 1 − ηλ = 0.95; steps as Adam's.
    let path = try path(
      of: AdamW<Double>(
        learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 1, weightDecay: 0.5),
      from: 1, gradients: [2, -2])
    let first = 0.95 - 0.2 / 3
    expectClose(path, [first, 0.95 * first + 0.2 / 9], within: rounding)
  }

  @Test func `AMSGrad's second moment does not fall`() throws {
    // v = 1, 0.75, w = 1, 1; ŵ = 4, 16/7; m̂ = 2, 2/3.
    let path = try path(
      of: AMSGrad<Double>(learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 1), from: 1,
      gradients: [2, 0])
    let first = 1 - 0.2 / 3
    let second = (2.0 / 3) / (4 / 7.0.squareRoot() + 1)
    expectClose(path, [first, first - 0.1 * second], within: rounding)
  }

  @Test func `AdaMax's steps match the recurrence`() throws {
    // u = max(0, 3), max(2.25, 2); m̂ = 2, 4/3; steps 2/3, 16/27.
    let path = try path(
      of: AdaMax<Double>(learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 1), from: 1,
      gradients: [2, 1])
    expectClose(path, [1 - 0.2 / 3, 1 - 0.2 / 3 - 1.6 / 27], within: rounding)
  }

  @Test func `NAdam's steps match the recurrence`() throws {
    // m = 1, −1/2; √v̂ = 2, 2.
    let path = try path(
      of: NAdam<Double>(
        learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 1, momentumDecay: 2),
      from: 1, gradients: [2, -2])
    // μ_t = ½ − ¼·0.96^(2t).
    let μ = [0.5 - 0.25 * 0.9216, 0.5 - 0.25 * 0.84934656, 0.5 - 0.25 * 0.782757789696]
    let left = [1 - μ[0] * μ[1], 1 - μ[0] * μ[1] * μ[2]]
    let first = (2 + μ[1] / left[0]) / 3
    let second = (-2 * (1 - μ[1]) / left[0] - μ[2] * 0.5 / left[1]) / 3
    expectClose(path, [1 - 0.1 * first, 1 - 0.1 * first - 0.1 * second], within: rounding)
  }

  @Test func `RAdam is momentum until the eighth step at β₂ = 3∕4`() throws {
    // ρ∞ = 7; ρ_t = 4.843 at t = 7, 5.220 at t = 8. At a constant gradient m̂ = 2, √v = 2·√(1 −
    // β₂ᵗ).
    let path = try path(
      of: RAdam<Double>(learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 1), from: 1,
      gradients: [Double](repeating: 2, count: 8))
    let rest = 6561.0 / 65536
    let ρ = 7 - 16 * rest / (1 - rest)
    let r = ((ρ - 4) * (ρ - 2) * 7 / (3 * 5 * ρ)).squareRoot()
    let root = (1 - rest).squareRoot()
    let plain = (1...7).map { 1 - 0.2 * Double($0) }
    expectClose(
      path, plain + [plain[6] - 0.1 * r * 2 * root / (2 * root + 1)],
      within: Tolerance(relative: 1e-14, why: "eight steps"))
  }

  @Test func `AdaBelief's steps match the recurrence`() throws {
    // m = 1, −1/2; s = 1/4 + 2, 3·2.25/4 + 2.25/4 + 2 = 4.25; ŝ = 9, 68/7; m̂ = 2, −2/3.
    let path = try path(
      of: AdaBelief<Double>(learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 2), from: 1,
      gradients: [2, -2])
    let second = (-2.0 / 3) / ((68.0 / 7).squareRoot() + 2)
    expectClose(path, [0.96, 0.96 - 0.1 * second], within: rounding)
  }

  @Test func `Lion's steps match the recurrence`() throws {
    // u = 1, sign(½·½ − ½·½) = 0, −1; m = 1/2, 1/4.
    let path = try path(
      of: Lion<Double>(learningRate: 0.1, beta1: 0.5, beta2: 0.75, weightDecay: 0.5), from: 1,
      gradients: [2, -0.5, -1])
    expectClose(path, [0.85, 0.95 * 0.85, 0.95 * 0.95 * 0.85 + 0.1], within: rounding)
  }

  @Test func `sign descent moves by η whatever the size, and not at zero`() throws {
    let path = try path(
      of: SignDescent<Double>(learningRate: 0.25), from: [1, 1, 1, 1],
      gradients: [[1e300, -.leastNonzeroMagnitude, 0, -0.0]])
    #expect(path == [[0.75, 1.25, 1, 1]])
  }

  @Test(arguments: [1, Double.leastNonzeroMagnitude, 1e300])
  func `normalized descent moves by η whatever the size`(scale: Double) throws {
    let path = try path(
      of: NormalizedGD<Double>(learningRate: 0.5), from: [1, 1],
      gradients: [[3 * scale, -4 * scale], [0, 0]])
    expectClose(path[0], [0.7, 1.4], within: rounding)
    #expect(path[1] == path[0])
  }

  @Test func `a coordinate without any gradient stays where ε = 0`() throws {
    func expectStays(_ optimizer: some Optimizer<Double>) throws {
      let path = try path(of: optimizer, from: 1, gradients: [0, 0])
      #expect(path == [1, 1])
    }
    try expectStays(AdaGrad(epsilon: 0))
    try expectStays(RMSProp(epsilon: 0))
    try expectStays(RMSProp(epsilon: 0, centered: true))
    try expectStays(Adam(epsilon: 0))
    try expectStays(AdamW(epsilon: 0, weightDecay: 0))
    try expectStays(AMSGrad(epsilon: 0))
    try expectStays(AdaMax(epsilon: 0))
    try expectStays(NAdam(epsilon: 0))
    try expectStays(RAdam(epsilon: 0))
    try expectStays(AdaBelief(epsilon: 0))
  }

  @Test func `a gradient whose square would overflow is refused, up to there the state is finite`()
    throws
  {
    let optimizer = try Adam<Float>()
    var (parameters, state) = ([Float(1)], optimizer.initialState(dimension: 1))
    var model = ScriptedModel<Float>([[4e15], [5e15]])
    try optimizer.step(&parameters, on: &model, state: &state)
    #expect(optimizer.accepts(state, dimension: 1))
    #expect(abs(parameters[0] - 0.999) < 1e-6)
    let before = (parameters, state)
    var refused: OptimizerError?
    do throws(OptimizerError) {
      try optimizer.step(&parameters, on: &model, state: &state)
    } catch {
      refused = error
    }
    guard case .gradientTooLarge(coordinate: 0, value: Double(Float(5e15)), _) = refused else {
      Issue.record("\(String(describing: refused))")
      return
    }
    #expect(parameters == before.0 && state == before.1)
  }
}
