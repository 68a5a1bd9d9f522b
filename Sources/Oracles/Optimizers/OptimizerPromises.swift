/// What the rules of the field promise, by the names that Saddle's catalog has for them.
public enum OptimizerPromises {
  static let rules: [RulePromises] = [
    sgd, momentum, nesterov, adagrad, adadelta, rmsprop, adam, adamw, amsgrad, adamax, nadam, radam,
    adabelief, lion, signDescent, normalizedGD, ademamix, scheduleFreeAdamW, prodigy,
    armijoGD, wolfeGD, lbfgs, nonlinearCG, saddleFreeNewton, krylovSaddleFreeNewton, dampedNewton,
    trustRegionNewton, cubicNewton, sophia, noisySGD, perturbedGD, negativeCurvatureDescent,
    thirdOrder,
  ]

  /// The rules that promises are known of.
  public static var names: [String] { rules.map(\.name) }

  /// What the rule called `name` promises with these hyperparameters; what is left out has the
  /// rule's default.
  ///
  /// - Throws: `OracleError.invalidArgument` for a name or a hyperparameter that is not known.
  public static func declarations(
    of name: String, hyperparameters: [String: Double] = [:]
  ) throws(OracleError) -> [OptimizerDeclaration] {
    let rule = try rule(name)
    let settings = try rule.settings(hyperparameters)
    let reference = rule.reference.map { $0(settings) { _ in settings.rate } }
    let stays = EscapePromise.staying(at: rule.staysAt)
    return (reference.map { [.reference($0)] } ?? []) + rule.declarations(settings)
      + stays.map { .escape($0) }
  }

  /// The reference of the rule called `name` at the rates η·`factor`(t), t = 1, 2, …; nil for a
  /// rule that asks for more than one gradient a step.
  ///
  /// - Throws: `OracleError.invalidArgument` for a name or a hyperparameter that is not known.
  public static func reference(
    of name: String, hyperparameters: [String: Double] = [:], factor: @escaping RateOfStep
  ) throws(OracleError) -> ReferenceRule? {
    let rule = try rule(name)
    let settings = try rule.settings(hyperparameters)
    return rule.reference.map { $0(settings) { settings.rate * factor($0) } }
  }

  /// The numbers of the rule called `name` that can be set.
  public static func hyperparameters(
    of name: String
  ) throws(OracleError) -> [PromisedHyperparameter] {
    try rule(name).hyperparameters
  }

  /// What a full validation sets: nothing; every number away from its default; and what the rule's
  /// closed forms, equivalences and rates want.
  public static func cases(of name: String) throws(OracleError) -> [[String: Double]] {
    [[:]] + (try rule(name).cases)
  }

  /// Values that must be refused, each with an error that names it.
  public static func invalid(
    of name: String
  ) throws(OracleError) -> [(name: String, value: Double)] {
    try rule(name).hyperparameters.flatMap { parameter in
      parameter.domain.invalid.map { (name: parameter.name, value: $0) }
    }
  }

  private static func rule(_ name: String) throws(OracleError) -> RulePromises {
    guard let rule = rules.first(where: { $0.name == name }) else {
      throw .invalidArgument(
        message: "no promises of '\(name)' are known, only of \(names.joined(separator: ", "))")
    }
    return rule
  }
}
