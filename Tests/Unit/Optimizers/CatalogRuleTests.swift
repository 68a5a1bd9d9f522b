import Oracles
import Saddle
import SaddleOracles
import Testing

/// What every rule of the catalog does alike.
@Suite struct CatalogRuleTests {
  private static let names = optimizerCatalog(Double.self).map(\.entry.name)
  private static let scheduled = optimizerCatalog(Double.self).map(\.entry)
    .filter { $0.hyperparameters.contains { $0.name == "learningRate" } }.map(\.name)

  @Test(arguments: scheduled)
  func `a scheduled step t is a step at the constant rate η·factor(t)`(name: String) throws {
    let (base, schedule) = (0.05, Schedule.exponential(factor: 0.7))
    func check<Rule: Optimizer<Double>>(_ scheduled: Rule) throws {
      var (point, state) = ([1.0, -0.5, 2, 0.125], scheduled.initialState(dimension: 4))
      for step in 0..<4 {
        let constant = try #require(
          OptimizerDescription(name, ["learningRate": base * schedule.factor(at: step)])
            .makeOptimizer(Double.self) as? Rule)
        var model = ObjectiveModel(LandscapeObjective(.rosenbrock(dimension: 4)))
        var (other, otherState, twin) = (point, state, model)
        try scheduled.step(&point, on: &model, state: &state)
        try constant.step(&other, on: &twin, state: &otherState)
        #expect(point == other && state == otherState, "step \(step)")
      }
    }
    try check(
      OptimizerDescription(name, ["learningRate": base], schedule: schedule)
        .makeOptimizer(Double.self))
  }

  @Test func `a catalog's defaults are those of the initializers`() throws {
    func same<Rule: Optimizer<Double>>(_ made: Rule, _ name: String) throws {
      let cataloged = try #require(OptimizerDescription(name).makeOptimizer(Double.self) as? Rule)
      #expect(String(describing: made) == String(describing: cataloged))
    }
    try same(AdaGrad<Double>(), "adagrad")
    try same(AdaDelta<Double>(), "adadelta")
    try same(RMSProp<Double>(), "rmsprop")
    try same(Adam<Double>(), "adam")
    try same(AdamW<Double>(), "adamw")
    try same(AMSGrad<Double>(), "amsgrad")
    try same(AdaMax<Double>(), "adamax")
    try same(NAdam<Double>(), "nadam")
    try same(RAdam<Double>(), "radam")
    try same(AdaBelief<Double>(), "adabelief")
    try same(Lion<Double>(), "lion")
    try same(SignDescent<Double>(), "signDescent")
    try same(NormalizedGD<Double>(), "normalizedGD")
    try same(AdEMAMix<Double>(), "ademamix")
    try same(ScheduleFreeAdamW<Double>(), "scheduleFreeAdamW")
    try same(Prodigy<Double>(), "prodigy")
    try same(ArmijoGD<Double>(), "armijoGD")
    try same(WolfeGD<Double>(), "wolfeGD")
    try same(LBFGS<Double>(), "lbfgs")
    try same(NonlinearCG<Double>(), "nonlinearCG")
    try same(SaddleFreeNewton<Double>(), "saddleFreeNewton")
    try same(KrylovSaddleFreeNewton<Double>(), "krylovSaddleFreeNewton")
    try same(DampedNewton<Double>(), "dampedNewton")
    try same(TrustRegionNewton<Double>(), "trustRegionNewton")
    try same(CubicNewton<Double>(), "cubicNewton")
    try same(Sophia<Double>(), "sophia")
    try same(ThirdOrder<Double>(), "thirdOrder")
    try same(NoisySGD<Double>(learningRate: 0.05), "noisySGD")
    try same(PerturbedGD<Double>(learningRate: 0.05), "perturbedGD")
    try same(NegativeCurvatureDescent<Double>(learningRate: 0.05), "negativeCurvatureDescent")
  }
  @Test(arguments: names)
  func `no coordinates, no crash`(name: String) throws {
    func check<Rule: Optimizer<Double>>(_ optimizer: Rule) throws {
      let nothing = Landscape(
        name: "nothing", dimension: 0, value: { _ in 0 }, gradient: { _ in [] },
        hessian: { _ in [] },
        criticalPoints: [], hasAllCriticalPoints: false)
      var model = ObjectiveModel(LandscapeObjective(nothing))
      var (point, state) = ([Double](), optimizer.initialState(dimension: 0))
      try optimizer.step(&point, on: &model, state: &state)
      #expect(optimizer.accepts(state, dimension: 0))
    }
    try check(OptimizerDescription(name).makeOptimizer(Double.self))
  }

  @Test func `a number that is given by both of its names is refused`() {
    #expect(throws: OptimizerError.self) {
      try OptimizerDescription("adam", ["lr": 0.1, "learningRate": 0.2]).makeOptimizer(Double.self)
    }
  }

  @Test func `Armijo's search goes on to the right step, however slowly it backtracks`() throws {
    var generator = SplitMix64(seed: 1)
    let bowl = Landscape.quadratic(eigenvalues: [1000], using: &generator)
    var model = ObjectiveModel(LandscapeObjective(bowl))
    let optimizer = try ArmijoGD<Double>(learningRate: 1, backtracking: 0.99)
    var (point, state) = ([1.0], optimizer.initialState(dimension: 1))
    try optimizer.step(&point, on: &model, state: &state)
    // The first η = 0.99ᵏ with f lower by the share c: 1000η ≤ 2(1 − c).
    #expect(point[0] < 0 && point[0] > -1)
  }

  @Test(arguments: [
    ("noisySGD", ["learningRate": 1e-300]), ("noisySGD", ["radius": 1e-300]),
    ("perturbedGD", ["learningRate": 1e-18]), ("perturbedGD", ["interval": 4e18]),
    ("cubicNewton", ["exactLimit": 0, "krylovDimension": 1]),
  ])
  func `extreme numbers get promises that can be tried`(
    name: String, numbers: [String: Double]
  ) throws {
    let declarations = try OptimizerPromises.declarations(of: name, hyperparameters: numbers)
    for case .escape(let promise) in declarations {
      if case .within(let steps) = promise.steps { #expect(steps <= 20_000) }
    }
    func passes(_ rule: some Optimizer<Double>) {
      let kind: OptimizerOracle.Kind = name == "cubicNewton" ? .secondOrder : .firstOrder
      for oracle in OptimizerOracle.all(for: kind) where oracle.name == "takes its known paths" {
        let verdict = oracle.verdict(on: OptimizerInProcess(rule), declaring: declarations)
        if case .failed(let violation) = verdict.outcome { Issue.record("\(violation)") }
      }
    }
    passes(try OptimizerDescription(name, numbers).makeOptimizer(Double.self))
  }
}
