import Foundation
import Oracles
import Support
import Testing

/// What is promised of a rule, held against the rule's reference: sums of the whole history against
/// closed forms, which are independent of each other.
struct OptimizerReferencePromiseTests {
  /// A rule of one gradient a step with a set of hyperparameters.
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let hyperparameters: [String: Double]
    var testDescription: String { "\(name) \(hyperparameters)" }

    static let all: [Case] = OptimizerPromises.names.flatMap { name in
      ((try? OptimizerPromises.cases(of: name)) ?? []).map { Case(name: name, hyperparameters: $0) }
    }
    static let firstOrder = all.filter {
      (try? OptimizerPromises.reference(of: $0.name, factor: { _ in 1 })) != nil
    }

    func declarations() throws -> [OptimizerDeclaration] {
      try OptimizerPromises.declarations(of: name, hyperparameters: hyperparameters)
    }

    func rule() throws -> ReferenceRule {
      try #require(
        try OptimizerPromises.reference(
          of: name, hyperparameters: hyperparameters, factor: { _ in 1 }))
    }
  }

  @Test(.tags(.oracle), arguments: Case.firstOrder)
  func `a reference takes its rule's known paths`(_ item: Case) throws {
    let subject = ReferenceSubject(rule: try item.rule())
    var count = 0
    for case .knownPath(let known) in try item.declarations() {
      count += 1
      var run = subject.begin(dimension: known.start.count)
      var point = known.start
      var largest = point.map(\.magnitude).max() ?? 0
      for t in 1...known.steps {
        try run.step(&point, on: known.function(t))
        let expected = known.position(t)
        largest = expected.reduce(largest) { max($0, $1.magnitude) }
        expectClose(
          point, expected,
          within: Tolerance(absolute: known.tolerance * largest, why: known.why),
          "\(known.name), step \(t)")
      }
    }
    #expect(count >= 2, "two closed forms at least")
  }

  @Test(arguments: Case.all)
  func `every rule says of each invariance whether it holds, but where that is open`(
    _ item: Case
  ) throws {
    var stated: [Invariance] = []
    for declaration in try item.declarations() {
      switch declaration {
      case .holds(let invariance), .breaks(let invariance): stated.append(invariance)
      default: break
      }
    }
    #expect(Set(stated).count == stated.count)
    #expect(stated.count == Invariance.allCases.count)
  }

  @Test(.tags(.oracle), arguments: Case.firstOrder)
  func `no reference moves further in a step than its bound`(_ item: Case) throws {
    let rule = try item.rule()
    for case .stepBound(let name, let bound) in try item.declarations() {
      var generator = SplitMix64(seed: 5)
      for _ in 0..<6 {
        let gradients = (0..<12).map { _ in
          (0..<3).map { _ in
            Draw.normal(using: &generator) * exp(Draw.uniform(-5, 6, using: &generator))
          }
        }
        let start = [0.0, 0, 0]
        var before = start
        for t in 1...12 {
          let history = OptimizerHistory(start: start, gradients: Array(gradients.prefix(t)))
          let after = rule(history)
          let move = zip(after, before).map { ($0 - $1).magnitude }.max() ?? 0
          #expect(move <= bound(history) * (1 + 1e-9), "\(name), step \(t)")
          before = after
        }
      }
    }
  }

  @Test(.tags(.oracle), arguments: Case.firstOrder)
  func `a reference takes the paths of its equals`(_ item: Case) throws {
    for case .sameAs(let name, let other) in try item.declarations() {
      var generator = SplitMix64(seed: 7)
      var runs = try [ReferenceSubject(rule: try item.rule()), other].map {
        try $0.begin(dimension: 3)
      }
      var points = [[Double]](repeating: [1, -2, 3], count: 2)
      for _ in 0..<20 {
        let gradient = Draw.normals(3, using: &generator)
        for i in 0..<2 { try runs[i].step(&points[i], on: StepFunction(gradient: gradient)) }
      }
      expectClose(
        points[0], points[1], within: Tolerance(relative: 1e-12, why: "20 sums"), "\(name)")
    }
  }

  // (1 − β₁)/√((1 − β₂)(1 − β₁²/β₂)) = 7.27 at the defaults; the paper's bound is 3.16.
  @Test func `gradients that grow by β₂/β₁ take Adam to its step bound, past the paper's`() throws {
    let bound = try #require(
      try OptimizerPromises.declarations(
        of: "adam", hyperparameters: ["learningRate": 1, "epsilon": 0]
      ).compactMap {
        if case .stepBound(_, let bound) = $0 { bound } else { nil }
      }.first)
    let gradients = (0..<400).map { [pow(0.999 / 0.9, Double($0))] }
    let rule = ReferenceRules.adam(
      rate: { _ in 1 }, AdamConstants(beta1: 0.9, beta2: 0.999, epsilon: 0))
    let history = OptimizerHistory(start: [0], gradients: gradients)
    let before = OptimizerHistory(start: [0], gradients: Array(gradients.dropLast()))
    let move = rule(before)[0] - rule(history)[0]
    expectClose(move, bound(history), within: Tolerance(relative: 1e-11, why: "the bound is met"))
    #expect(move > 0.1 / 0.001.squareRoot() && move < 7.27)
    let long = OptimizerHistory(start: [0], gradients: [[Double]](repeating: [1], count: 20_000))
    expectClose(bound(long), 7.27, within: Tolerance(absolute: 0.01, why: "the limit"))
  }

  @Test func `the published rates at κ = 100`() throws {
    func factors(_ name: String, _ momentum: Double) throws -> [Double] {
      try OptimizerPromises.declarations(of: name, hyperparameters: ["momentum": momentum])
        .compactMap { if case .contraction(_, let factor) = $0 { factor } else { nil } }
    }
    let digits = Tolerance(absolute: 5e-6, why: "five digits")
    expectClose(try factors("momentum", 81.0 / 121), [0.81818], within: digits)
    expectClose(try factors("nesterov", 9.0 / 11), [0.9, 0.9], within: digits)
    let best = (301.0.squareRoot() - 2) / (301.0.squareRoot() + 2)
    expectClose(try factors("nesterov", best), [0.88472, 0.88472], within: digits)
  }

  /// The exact counts that a rule promises.
  private func counts(_ name: String, _ hyperparameters: [String: Double]) throws -> [Int] {
    try OptimizerPromises.declarations(of: name, hyperparameters: hyperparameters).compactMap {
      if case .escape(let promise) = $0, case .exactly(let steps) = promise.steps {
        steps
      } else {
        nil
      }
    }
  }

  @Test func `gradient descent leaves a strict saddle after 145 and 13823 steps`() throws {
    #expect(try counts("sgd", ["lr": 0.1]) == [145, 1389, 13823])
  }

  @Test func `saddle-free Newton leaves after 20 steps, whatever the curvature`() throws {
    #expect(try counts("saddleFreeNewton", ["damping": 0]) == [20, 20, 20])
  }

  // x₁ = 10⁻⁶ + 2γ/M at γ = M = 1: out at once, from the saddle itself too.
  @Test func `cubic Newton leaves at once`() throws {
    #expect(try counts("cubicNewton", [:]) == [1, 3, 1, 3])
  }

  @Test func `an unknown rule or hyperparameter is refused by name, an alias is taken`() throws {
    #expect(throws: OracleError.self) { try OptimizerPromises.declarations(of: "adamx") }
    let error = #expect(throws: OracleError.self) {
      try OptimizerPromises.declarations(of: "adam", hyperparameters: ["mu": 1])
    }
    #expect("\(try #require(error))".contains("'mu'"))
    let alias = try #require(
      try OptimizerPromises.reference(
        of: "rmsprop", hyperparameters: ["lr": 1, "alpha": 0.75, "eps": 0.5], factor: { _ in 1 }))
    let place = alias(OptimizerHistory(start: [0], gradients: [[2], [1]]))
    expectClose(place, [-2], within: Tolerance(absolute: 1e-14, why: "worked by hand"))
  }

  @Test(arguments: OptimizerPromises.names)
  func `one case sets every number away from its default, and every number has values to refuse`(
    _ name: String
  ) throws {
    let parameters = try OptimizerPromises.hyperparameters(of: name)
    #expect(
      try OptimizerPromises.cases(of: name).contains { set in
        parameters.allSatisfy { set[$0.name].map { $0 as Double? != nil } ?? false }
          && parameters.allSatisfy { set[$0.name] != $0.defaultValue }
      })
    let invalid = try OptimizerPromises.invalid(of: name)
    #expect(parameters.allSatisfy { parameter in invalid.contains { $0.name == parameter.name } })
    #expect(
      parameters.allSatisfy { parameter in
        invalid.contains { $0.name == parameter.name && $0.value.isNaN }
      })
  }
}
