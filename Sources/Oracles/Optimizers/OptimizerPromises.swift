/// What the rules of the field promise, by the names that Saddle's catalog has for them.
public enum OptimizerPromises {
  /// What the rule called `name` promises with these hyperparameters; what is left out has the
  /// rule's default.
  ///
  /// - Throws: `OracleError.invalidArgument` for a name or a hyperparameter that is not known.
  public static func declarations(
    of name: String, hyperparameters: [String: Double] = [:]
  ) throws(OracleError) -> [OptimizerDeclaration] {
    throw .invalidArgument(message: "no promises of '\(name)' are known")
  }
}
