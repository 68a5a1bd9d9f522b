import ArgumentParser
import Saddle

/// What becomes of results that are damaged.
struct DamageOption: ParsableArguments {
  @Flag(help: "Go on without results that are damaged, telling which, instead of ending there.")
  var passOverDamaged = false

  /// A store's finished runs.
  ///
  /// - Throws: `StoreDamage` where some are damaged and may not be passed over.
  func results(of store: ExperimentStore) throws -> [RunResult] {
    let (results, damaged) = try store.results()
    guard !damaged.isEmpty else { return results }
    guard passOverDamaged else { throw StoreDamage(store: store.url.path, damaged: damaged) }
    for error in damaged { tell("saddle: passed over: \(error)\n") }
    return results
  }
}

/// Results that cannot be trusted.
struct StoreDamage: Error, CustomStringConvertible {
  let store: String
  let damaged: [RunError]

  var description: String {
    "\(store): \(damaged.count) of its results are damaged (--pass-over-damaged goes on without "
      + "them):" + damaged.map { "\n  \($0)" }.joined()
  }
}
