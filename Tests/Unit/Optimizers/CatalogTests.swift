import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// What every optimizer of the catalog owes.
@Suite struct CatalogTests {
  private static let names = optimizerCatalog(Double.self).map(\.entry.name)

  private func entry(_ name: String) throws -> CatalogEntry {
    try #require(optimizerCatalog(Double.self).first { $0.entry.name == name }).entry
  }

  private func rule(_ name: String) throws -> any Optimizer<Double> {
    try OptimizerDescription(name).makeOptimizer(Double.self)
  }

  /// f = Σ λᵢxᵢ²/2 with curvature of both signs.
  private static let curvatures = [3.0, 1, 0.25, -0.5]
  private static let start = [1.0, -0.5, 2, 0.125]
  private static func makeModel() -> ObjectiveModel<LandscapeObjective> {
    ObjectiveModel(
      LandscapeObjective(
        Landscape(
          name: "diagonal", dimension: 4,
          value: { x in zip(curvatures, x).reduce(0) { $0 + $1.0 * $1.1 * $1.1 / 2 } },
          gradient: { x in zip(curvatures, x).map { $0 * $1 } },
          hessian: { _ in
            curvatures.indices.map { i in
              curvatures.indices.map { $0 == i ? curvatures[i] : 0 }
            }
          },
          criticalPoints: [], hasAllCriticalPoints: false)))
  }

  @Test func `names are one of a kind`() {
    #expect(Set(Self.names).count == Self.names.count)
  }

  @Test(arguments: names)
  func `every hyperparameter refuses NaN, infinity and −1, and is named`(name: String) throws {
    for parameter in try entry(name).hyperparameters {
      for bad in [Double.nan, .infinity, -1] {
        expectRefusal(of: parameter.name) { () throws(OptimizerError) in
          _ = try OptimizerDescription(name, [parameter.name: bad]).makeOptimizer(Double.self)
        }
      }
    }
  }

  @Test(arguments: names)
  func `a rate of zero is refused, and a decay of one`(name: String) throws {
    let upTo1 = ["beta1", "beta2", "beta3", "momentum", "decay"]
    for parameter in try entry(name).hyperparameters.map(\.name)
    where parameter == "learningRate" || upTo1.contains(parameter) {
      expectRefusal(of: parameter) { () throws(OptimizerError) in
        _ = try OptimizerDescription(name, [parameter: parameter == "learningRate" ? 0 : 1])
          .makeOptimizer(Double.self)
      }
    }
  }

  @Test(arguments: names)
  func `PyTorch's names work as well, and others are refused`(name: String) throws {
    for parameter in try entry(name).hyperparameters {
      guard let alias = parameter.alias else { continue }
      #expect(throws: Never.self) {
        try OptimizerDescription(name, [alias: parameter.defaultValue]).makeOptimizer(Double.self)
      }
      expectRefusal(of: parameter.name) { () throws(OptimizerError) in
        _ = try OptimizerDescription(name, [alias: .nan]).makeOptimizer(Double.self)
      }
    }
    let known = try entry(name).hyperparameters.map(\.name)
    #expect(
      throws: OptimizerError.unknownHyperparameter(
        name: "rubbish", optimizer: name, known: known)
    ) {
      try OptimizerDescription(name, ["rubbish": 1]).makeOptimizer(Double.self)
    }
  }

  /// A model whose value and gradient can be spoiled.
  private struct Spoiled<Base: LocalModel>: LocalModel where Base.Element == Double {
    var base: Base
    var badValue: Double?
    var badGradient: Double?
    var dimension: Int { base.dimension }
    var gradient: [Double] {
      get { base.gradient }
      set { base.gradient = newValue }
    }

    mutating func evaluate(at parameters: Span<Double>) -> Double {
      let value = base.evaluate(at: parameters)
      if let badGradient { base.gradient[2] = badGradient }
      return badValue ?? value
    }

    mutating func value(at parameters: Span<Double>) -> Double {
      let value = base.value(at: parameters)
      return badValue ?? value
    }

    func linearized(at parameters: Span<Double>) -> Base.Curvature {
      base.linearized(at: parameters)
    }
  }

  @Test(arguments: names)
  func `NaN and infinity reach neither parameters nor state`(name: String) throws {
    func check<Rule: Optimizer<Double>>(_ optimizer: Rule) throws {
      for bad in [Double.nan, .infinity, -.infinity] {
        for isValue in [true, false] {
          var (parameters, state) = (Self.start, optimizer.initialState(dimension: 4))
          var model = Spoiled(base: Self.makeModel())
          for _ in 0..<2 { try optimizer.step(&parameters, on: &model, state: &state) }
          if isValue { model.badValue = bad } else { model.badGradient = bad }
          let before = (parameters, state)
          var refused: OptimizerError?
          do throws(OptimizerError) {
            try optimizer.step(&parameters, on: &model, state: &state)
          } catch {
            refused = error
          }
          switch refused {
          case .notFinite(let value, let coordinate):
            #expect(isValue ? !value.isFinite : coordinate == 2)
          default: Issue.record("\(String(describing: refused))")
          }
          #expect(parameters == before.0 && state == before.1)
        }
      }
    }
    try check(rule(name))
  }

  @Test(arguments: names)
  func `a state survives JSON bit for bit, and the path goes on as it would have`(
    name: String
  ) throws {
    func check<Rule: Optimizer<Double>>(_ optimizer: Rule) throws {
      var (parameters, state) = (Self.start, optimizer.initialState(dimension: 4))
      var model = Self.makeModel()
      #expect(optimizer.accepts(state, dimension: 4))
      for _ in 0..<3 { try optimizer.step(&parameters, on: &model, state: &state) }
      #expect(optimizer.accepts(state, dimension: 4))
      var resumed = try JSONDecoder().decode(Rule.State.self, from: JSONEncoder().encode(state))
      #expect(resumed == state)
      var other = parameters
      var fresh = Self.makeModel()
      for _ in 0..<3 {
        try optimizer.step(&parameters, on: &model, state: &state)
        try optimizer.step(&other, on: &fresh, state: &resumed)
      }
      #expect(parameters.map(\.bitPattern) == other.map(\.bitPattern))
      #expect(resumed == state)
    }
    try check(rule(name))
  }

  /// Everything that a JSON value becomes when one number in it is replaced.
  private func variants(
    of json: Any, replacing isReplaced: (_ key: String, _ inArray: Bool) -> Bool, by value: Any,
    key: String = ""
  ) -> [Any] {
    if let object = json as? [String: Any] {
      return object.keys.sorted().flatMap { name -> [Any] in
        variants(of: object[name] ?? 0, replacing: isReplaced, by: value, key: name).map {
          var copy = object
          copy[name] = $0
          return copy
        }
      }
    }
    if let list = json as? [Any] {
      return list.indices.flatMap { index -> [Any] in
        let inner: [Any] =
          list[index] is NSNumber
          ? (isReplaced(key, true) ? [value] : [])
          : variants(of: list[index], replacing: isReplaced, by: value, key: key)
        return inner.map {
          var copy = list
          copy[index] = $0
          return copy
        }
      }
    }
    return isReplaced(key, false) ? [value] : []
  }

  /// Expects that each spoiled state is refused; there are at least `least` of them.
  private func expectRefusals(
    _ name: String, least: Int, by value: Any, where isReplaced: @escaping (String, Bool) -> Bool
  ) throws {
    func check<Rule: Optimizer<Double>>(_ optimizer: Rule) throws {
      var (parameters, state) = (Self.start, optimizer.initialState(dimension: 4))
      var model = Self.makeModel()
      for _ in 0..<3 { try optimizer.step(&parameters, on: &model, state: &state) }
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(state))
      let spoiled = variants(of: json, replacing: isReplaced, by: value)
      #expect(spoiled.count >= least)
      for variant in spoiled {
        let data = try JSONSerialization.data(withJSONObject: variant)
        let state = try decoder.decode(Rule.State.self, from: data)
        #expect(
          !optimizer.accepts(state, dimension: 4), "\(String(decoding: data, as: UTF8.self))")
      }
    }
    try check(rule(name))
  }

  @Test(arguments: names)
  func `a state of another dimension or with a NaN is not accepted`(name: String) throws {
    func check<Rule: Optimizer<Double>>(_ optimizer: Rule) {
      // A state that has no element per coordinate fits any dimension.
      let sizes = [3, 4].map { optimizer.initialState(dimension: $0) }
      guard sizes[0] != sizes[1] else { return }
      #expect(!optimizer.accepts(sizes[0], dimension: 4))
      #expect(!optimizer.accepts(sizes[1], dimension: 3))
    }
    try check(rule(name))
    for bad in ["nan", "inf"] { try expectRefusals(name, least: 0, by: bad) { $1 } }
  }

  @Test(arguments: names)
  func `a state with a negative step count is not accepted`(name: String) throws {
    try expectRefusals(name, least: 0, by: -1) { $0 == "step" && !$1 }
  }

  @Test(arguments: simple)
  func `a state with a step count too large to go on is not accepted`(name: String) throws {
    try expectRefusals(name, least: 1, by: Int.max) { $0 == "step" && !$1 }
  }

  @Test(
    arguments: zip(
      [
        "adagrad", "adadelta", "rmsprop", "adam", "adamw", "amsgrad", "adamax", "nadam", "radam",
        "adabelief", "ademamix", "scheduleFreeAdamW", "prodigy",
      ], [1, 2, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1]))
  func `a mean square below zero is not accepted`(name: String, arrays: Int) throws {
    let squares = ["sumOfSquares", "square", "squaredStep", "largest", "largestSquare"]
    try expectRefusals(name, least: 4 * arrays, by: -0.5) { key, _ in squares.contains(key) }
  }

  @Test(arguments: [1.0, 1.5, -0.25])
  func `NAdam's product of momenta lies in [0, 1)`(product: Double) throws {
    try expectRefusals("nadam", least: 1, by: product) { key, _ in key == "momentumProduct" }
  }

  /// The rules whose every step depends on the gradients alone.
  private static let simple = [
    "sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamw", "amsgrad",
    "adamax", "nadam", "radam", "adabelief", "lion", "signDescent", "normalizedGD",
    "ademamix", "scheduleFreeAdamW", "prodigy",
  ]

  @Test(arguments: simple)
  func `single precision agrees with double to single precision`(name: String) throws {
    // Both get the same numbers: hyperparameters and gradients that are exact in Float.
    var values: [String: Double] = [:]
    for parameter in try entry(name).hyperparameters {
      values[parameter.name] = Double(Float(parameter.defaultValue))
    }
    let description = OptimizerDescription(name, values)
    var rng = RandomStream(seed: 7, name: name)
    let gradients = (0..<60).map { _ in
      (0..<8).map { _ in Float(exp(11 * rng.uniform() - 5.5) * (rng.uniform() < 0.5 ? -1 : 1)) }
    }
    // From zero, so that what is compared are the steps alone.
    let start = [Float](repeating: 0, count: 8)
    func run<Rule: Optimizer<Float>>(_ optimizer: Rule) throws -> [[Float]] {
      try path(of: optimizer, from: start, gradients: gradients)
    }
    func run<Rule: Optimizer<Double>>(_ optimizer: Rule) throws -> [[Double]] {
      try path(
        of: optimizer, from: start.map(Double.init),
        gradients: gradients.map { $0.map(Double.init) })
    }
    let single = try run(description.makeOptimizer(Float.self))
    let double = try run(description.makeOptimizer(Double.self))
    expectClose(
      single.flatMap { $0.map(Double.init) }, double.flatMap { $0 },
      within: Tolerance(relative: 1e-5, why: "60 steps of some roundings of 6e-8"))
  }
}
