import Foundation
import Oracles
import Saddle
import Testing

/// Correct optimizers pass everything; what is not declared is passed over.
struct OptimizerOracleTests {
  static let linear: [OptimizerDeclaration] = [
    .holds(.translation), .holds(.permutation), .rotationEquivariant, .breaks(.affine),
    .breaks(.gradientScale),
  ]

  @Test(arguments: OptimizerOracle.all(for: .firstOrder, isQuick: true))
  func `SGD passes`(oracle: OptimizerOracle) throws {
    let η = 0.05
    let verdict = try oracle.check(
      SGD(learningRate: 0.05),
      declaring: Self.linear + [
        .reference { history in
          history.start.indices.map { i in
            history.start[i] - η * history.gradients.reduce(0) { $0 + $1[i] }
          }
        },
        .contraction(curvatures: [1, 4, 20], factor: 0.95),
        .sameAs(name: "plain descent", BreakableOptimizer.descent()),
        .stepBound(name: "η·max|g|") { history in
          η * (history.gradients.last ?? []).reduce(0) { max($0, $1.magnitude) }
        },
      ])
    if case .passed(let margin) = verdict.outcome { #expect(margin <= 1) }
  }

  @Test(arguments: OptimizerOracle.all(for: .firstOrder, isQuick: true))
  func `momentum and Nesterov pass`(oracle: OptimizerOracle) throws {
    try oracle.check(
      Momentum(learningRate: 0.05),
      declaring: Self.linear + [.sameAs(name: "heavy ball", BreakableOptimizer.heavyBall())])
    try oracle.check(Nesterov(learningRate: 0.05), declaring: Self.linear)
  }

  @Test(arguments: OptimizerOracle.all(for: .firstOrder, isQuick: true))
  func `plain first-order rules pass`(oracle: OptimizerOracle) throws {
    try oracle.check(BreakableOptimizer.descent(), declaring: Self.linear)
    try oracle.check(BreakableOptimizer.heavyBall(), declaring: Self.linear)
    try oracle.check(
      BreakableOptimizer.signs(),
      declaring: [
        .holds(.translation), .holds(.permutation), .holds(.gradientScale), .breaks(.rotation),
        .breaks(.affine),
      ])
    try oracle.check(
      BreakableOptimizer.adam(1e-3, 0.9, 0.999),
      declaring: [
        .holds(.translation), .holds(.permutation), .breaks(.rotation), .breaks(.gradientScale),
      ])
  }

  @Test(arguments: OptimizerOracle.all(for: .lineSearch, isQuick: true))
  func `descent with Armijo's search passes`(oracle: OptimizerOracle) throws {
    try oracle.check(
      BreakableOptimizer.armijo,
      declaring: [.holds(.translation), .holds(.permutation), .rotationEquivariant])
  }

  @Test(
    arguments: OptimizerOracle.all(for: .secondOrder, isQuick: true).filter { $0.name != "begins downhill" })
  func `Newton passes, affine changes and all`(oracle: OptimizerOracle) throws {
    try oracle.check(
      BreakableOptimizer.newton, declaring: Invariance.allCases.map { .holds($0) })
  }

  @Test func `what is not declared is passed over, and never passed`() {
    let passedOver = OptimizerOracle.all(for: .firstOrder).filter {
      $0.verdict(on: BreakableOptimizer.descent(), declaring: []).outcome == .notDeclared
    }
    #expect(
      passedOver.map(\.name) == [
        "is not impossibly fast", "follows its reference rule",
        "follows its reference rule for 66,000 steps", "takes its known paths", "steps by its law",
        "steps by its law for 33,000 steps",
        "takes the path of its equal", "keeps its step bound", "contracts at its rate",
        "never rises", "keeps nothing in mind", "leaves saddles as it says", "fails as published",
        "perturbs when it is due", "draws noise of the right lengths",
        "draws noise of the right moments", "draws noise of the right projections",
        "draws its noise evenly", "draws each noise anew", "draws no noise twice",
        "draws noise apart from the gradient", "draws other noise from another seed",
        "follows translation or not, as it says", "follows permutation or not, as it says",
        "follows rotation or not, as it says", "follows affine or not, as it says",
        "follows gradientScale or not, as it says", "refuses invalid hyperparameters",
        "is the same in another process", "steps from the point that it is sent",
      ])
  }

  @Test func `oracles have distinct names and laws, the same for every kind`() {
    let all = OptimizerOracle.Kind.allCases.map { OptimizerOracle.all(for: $0) }
    for oracles in all {
      #expect(Set(oracles.map(\.name)).count == oracles.count)
      #expect(Set(oracles.map(\.law)).count == oracles.count)
      #expect(oracles.map(\.name) == all[0].map(\.name))
    }
  }

  @Test func `an optimizer of another kind is sent to its own oracles`() throws {
    let violation = try #require(throws: OptimizerViolation.self) {
      try OptimizerOracle.named("gets on", .secondOrder).check(SGD(learningRate: 0.1))
    }
    #expect(violation.detail.contains("all(for: .firstOrder)"))
  }

  @Test func `a violation tells property, step, coordinate, numbers and seed`() throws {
    let broken = BreakableOptimizer.firstOrder { g, _, memory in
      g.indices.map { memory.step == 6 && $0 == 2 ? 0 : -0.1 * g[$0] }
    }
    let oracle = OptimizerOracle.named("takes the path of its equal")
    let violation = try #require(throws: OptimizerViolation.self) {
      try oracle.check(
        broken, declaring: [.sameAs(name: "descent", BreakableOptimizer.descent(0.1))], seed: 5)
    }
    #expect(violation.step == 7 && violation.coordinate == 2 && violation.seed == 5)
    let text = violation.description
    #expect(text.hasPrefix("it takes the path of descent, step 7, coordinate 2: expected "))
    #expect(text.hasSuffix("; replay with seed 5"))
    #expect(text.contains("× the tolerance"))
    let again = oracle.violation(
      of: broken, declaring: [.sameAs(name: "descent", BreakableOptimizer.descent(0.1))], seed: 5)
    #expect(again == violation)
    let data = try JSONEncoder().encode(violation)
    #expect(try JSONDecoder().decode(OptimizerViolation.self, from: data) == violation)
    var endless = violation
    endless.ratio = .infinity
    endless.got = -.infinity
    let coded = try JSONEncoder().encode(endless)
    #expect(try JSONDecoder().decode(OptimizerViolation.self, from: coded) == endless)
  }
}
