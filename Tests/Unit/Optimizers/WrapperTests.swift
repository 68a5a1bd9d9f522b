import Foundation
import Saddle
import Support
import Testing

@Suite struct WrapperTests {
  private let rounding = Tolerance(relative: 1e-15, why: "a handful of operations")

  @Test func `a gradient longer than the norm's limit is shortened to it, a shorter one not`()
    throws
  {
    let optimizer = try Clipped(SGD<Double>(learningRate: 1), by: .norm(1))
    let path = try path(of: optimizer, from: [0, 0], gradients: [[3, 4], [-0.3, -0.4]])
    expectClose(path[0], [-0.6, -0.8], within: rounding)
    #expect(path[1] == [path[0][0] + 0.3, path[0][1] + 0.4])
  }

  @Test func `elements beyond the limit are cut to it`() throws {
    let optimizer = try Clipped(SGD<Double>(learningRate: 1), by: .value(1))
    let path = try path(of: optimizer, from: [0, 0, 0], gradients: [[3, -0.5, -7]])
    #expect(path == [[-1, 0.5, 1]])
  }

  @Test func `clipping lets pass what the rule alone refuses`() throws {
    let gradients = [[1e200, -1e200]]
    #expect(throws: OptimizerError.self) {
      try path(of: Adam<Double>(), from: [0, 0], gradients: gradients)
    }
    let byNorm = try path(
      of: Clipped(Adam<Double>(), by: .norm(1)), from: [0, 0], gradients: gradients)
    let byValue = try path(
      of: Clipped(Adam<Double>(), by: .value(1)), from: [0, 0], gradients: gradients)
    for path in [byNorm, byValue] {
      expectClose(path[0], [-0.001, 0.001], within: Tolerance(relative: 2e-8, why: "ε = 1e-8"))
    }
  }

  @Test func `decay around Adam is AdamW bit for bit, on any schedule`() throws {
    let rate = LearningRate<Double>(0.1, .cosine(warmUp: 2, steps: 9, final: 0.1))
    let gradients = (0..<12).map { step in [sin(Double(step)), 1, exp(Double(step) - 6)] }
    let start = [1.0, -2, 3]
    let around = try path(
      of: DecoupledWeightDecay(Adam(learningRate: rate), weightDecay: 0.3), from: start,
      gradients: gradients)
    let within = try path(
      of: AdamW(learningRate: rate, weightDecay: 0.3), from: start, gradients: gradients)
    #expect(around == within)
  }

  @Test func `without decay AdamW is Adam bit for bit`() throws {
    let gradients = (0..<12).map { step in [sin(Double(step)), exp(Double(step) - 6)] }
    let without = try path(
      of: AdamW<Double>(weightDecay: 0), from: [1, 2], gradients: gradients)
    let plain = try path(of: Adam<Double>(), from: [1, 2], gradients: gradients)
    #expect(without == plain)
  }

  /// x²/2 + 2·y², which is NaN beyond x = 4.
  private struct Bowl: LocalModel {
    var gradient = [0.0, 0]
    var evaluations = 0
    var dimension: Int { 2 }

    func value(at point: Span<Double>) -> Double {
      point[0] > 4 ? .nan : point[0] * point[0] / 2 + 2 * point[1] * point[1]
    }

    mutating func evaluate(at point: Span<Double>) -> Double {
      evaluations += 1
      gradient = [point[0], 4 * point[1]]
      return value(at: point)
    }

    func linearized(at parameters: Span<Double>) -> Diagonal<Double> { Diagonal([1, 4]) }
  }

  @Test func `sharpness is seen from the worst point nearby`() throws {
    // g = (3, 4), e = (0.3, 0.4), ∇f(θ + e) = (3.3, 5.6).
    let optimizer = try SharpnessAware(SGD<Double>(learningRate: 0.1), radius: 0.5)
    var (parameters, state, model) = ([3.0, 1], optimizer.initialState(dimension: 2), Bowl())
    let value = try optimizer.step(&parameters, on: &model, state: &state)
    expectClose([value] + parameters, [6.5, 2.67, 0.44], within: rounding)
    #expect(model.evaluations == 2 && state.step == 1)
  }

  @Test func `at a critical point sharpness takes one evaluation and no step`() throws {
    let optimizer = try SharpnessAware(SGD<Double>(learningRate: 0.1), radius: 0.5)
    var (parameters, state, model) = ([0.0, 0], optimizer.initialState(dimension: 2), Bowl())
    try optimizer.step(&parameters, on: &model, state: &state)
    #expect(parameters == [0, 0] && model.evaluations == 1 && state.step == 1)
  }

  @Test func `a worst point that is not finite is refused with everything as it was`() throws {
    let optimizer = try SharpnessAware(Momentum<Double>(learningRate: 0.1), radius: 2)
    var (parameters, state, model) = ([3.0, 0], optimizer.initialState(dimension: 2), Bowl())
    #expect(throws: OptimizerError.self) {
      try optimizer.step(&parameters, on: &model, state: &state)
    }
    #expect(parameters == [3, 0] && state == optimizer.initialState(dimension: 2))
  }

  @Test func `limits, decay and radius out of range are refused by name`() throws {
    let base = try SGD<Double>(learningRate: 1)
    for bad in [Double.nan, .infinity, -1] {
      for (name, make) in wrappers(of: base, with: bad) {
        expectRefusal(of: name, make)
      }
    }
    for (name, make) in wrappers(of: base, with: 0) where name != "decoupledWeightDecay" {
      expectRefusal(of: name, make)
    }
    #expect(throws: Never.self) { try DecoupledWeightDecay(base, weightDecay: 0) }
  }

  private func wrappers(
    of base: SGD<Double>, with value: Double
  ) -> [(String, () throws(OptimizerError) -> Void)] {
    [
      ("clipNorm", { () throws(OptimizerError) in _ = try Clipped(base, by: .norm(value)) }),
      ("clipValue", { () throws(OptimizerError) in _ = try Clipped(base, by: .value(value)) }),
      (
        "decoupledWeightDecay",
        { () throws(OptimizerError) in _ = try DecoupledWeightDecay(base, weightDecay: value) }
      ),
      (
        "sharpnessRadius",
        { () throws(OptimizerError) in _ = try SharpnessAware(base, radius: value) }
      ),
    ]
  }

  @Test func `a description's wrappers are all around its rule`() throws {
    let description = OptimizerDescription(
      "adam",
      wrappers: [
        .clipNorm(1), .clipValue(2), .decoupledWeightDecay(0.1), .sharpnessRadius(0.05),
      ])
    let optimizer = try description.makeOptimizer(Double.self)
    let inner = try #require(
      optimizer as? SharpnessAware<DecoupledWeightDecay<Clipped<Clipped<Adam<Double>>>>>)
    #expect(inner.radius == 0.05 && inner.base.weightDecay == 0.1)
    #expect(inner.base.base.limit == .value(2) && inner.base.base.base.limit == .norm(1))
    #expect(
      description.description
        == "adam,clipNorm=1.0,clipValue=2.0,decoupledWeightDecay=0.1,sharpnessRadius=0.05")
  }

  @Test func `first-order wrappers around another kind of rule are refused`() throws {
    for item in optimizerCatalog(Double.self) {
      let name = item.entry.name
      if try OptimizerDescription(name).makeOptimizer(Double.self)
        is any FirstOrderOptimizer<Double>
      {
        continue
      }
      let wrappers: [OptimizerWrapper] = [
        .clipNorm(1), .clipValue(1), .decoupledWeightDecay(1), .sharpnessRadius(1),
      ]
      for wrapper in wrappers {
        expectRefusal(of: wrapper.name) { () throws(OptimizerError) in
          _ = try OptimizerDescription(name, wrappers: [wrapper]).makeOptimizer(Double.self)
        }
      }
    }
  }

  @Test func `a description without wrappers is encoded as it was, and read back`() throws {
    let plain = OptimizerDescription("momentum", ["momentum": 0.5])
    let text = String(decoding: try JSONEncoder().encode(plain), as: UTF8.self)
    #expect(!text.contains("clip") && !text.contains("sharpness") && !text.contains("decoupled"))
    #expect(try JSONDecoder().decode(OptimizerDescription.self, from: Data(text.utf8)) == plain)
    let wrapped = OptimizerDescription(
      "adam", wrappers: [.clipNorm(1), .decoupledWeightDecay(0.1), .sharpnessRadius(0.2)])
    let encoded = try JSONEncoder().encode(wrapped)
    #expect(try JSONDecoder().decode(OptimizerDescription.self, from: encoded) == wrapped)
  }

  @Test func `wrappers are applied in the list's order, and as often as it has them`() throws {
    let twice = OptimizerDescription(
      "sgd", wrappers: [.decoupledWeightDecay(0.1), .clipNorm(2), .clipNorm(1)])
    let outer = try #require(
      twice.makeOptimizer(Double.self) as? Clipped<Clipped<DecoupledWeightDecay<SGD<Double>>>>)
    #expect(outer.limit == .norm(1) && outer.base.limit == .norm(2))
    // A sharpness-aware rule asks for two gradients a step, which nothing here can wrap.
    expectRefusal(of: "clipValue") { () throws(OptimizerError) in
      _ = try OptimizerDescription("sgd", wrappers: [.sharpnessRadius(0.1), .clipValue(1)])
        .makeOptimizer(Double.self)
    }
  }

  @Test func `descriptions with a key a wrapper are read as ever, and others refused`() throws {
    func read(_ more: String) throws -> OptimizerDescription {
      let text = """
        {"name": "adam", "hyperparameters": {}, "schedule": {"constant": {}}, "seed": 3, \(more)}
        """
      return try JSONDecoder().decode(OptimizerDescription.self, from: Data(text.utf8))
    }
    #expect(
      try read(#""sharpnessRadius": 0.2, "clipNorm": 1"#)
        == OptimizerDescription("adam", seed: 3, wrappers: [.clipNorm(1), .sharpnessRadius(0.2)]))
    #expect(
      try read(#""wrappers": [{"clipValue": 2}]"#).wrappers == [.clipValue(2)])
    for wrong in [#"{"clip": 1}"#, #"{"clipNorm": 1, "clipValue": 2}"#, "{}", "1"] {
      #expect(throws: DecodingError.self, "\(wrong)") { try read(#""wrappers": [\#(wrong)]"#) }
    }
  }
}

/// Expects that what is made is refused for the hyperparameter of this name.
func expectRefusal(
  of name: String, _ make: () throws(OptimizerError) -> Void,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  do throws(OptimizerError) {
    try make()
    Issue.record("\(name): nothing was refused", sourceLocation: sourceLocation)
  } catch {
    if case .invalidHyperparameter(name, _, _) = error { return }
    Issue.record("\(name): \(error)", sourceLocation: sourceLocation)
  }
}
