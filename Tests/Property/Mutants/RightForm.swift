import Oracles

/// A right implementation of a rule: the paper's formula in another form, or in another precision.
struct RightForm: Sendable {
  /// The catalog's name of the rule.
  let optimizer: String
  /// In what it differs from the formula as it is printed.
  let form: String
  var precision = OptimizerPrecision.double
  let make: @Sendable (Settings) -> PlainOptimizer.Rule

  init(
    _ optimizer: String, _ form: String, in precision: OptimizerPrecision = .double,
    _ make: @escaping @Sendable (Settings) -> PlainOptimizer.Rule
  ) {
    self.optimizer = optimizer
    self.form = form
    self.precision = precision
    self.make = make
  }

  /// Meets every oracle with what the rule promises, and its precision.
  func met() throws -> MutantRecord {
    let rule = try OptimizerClaims.catalog(optimizer)
    let claims = OptimizerClaims(
      kind: rule.kind, cases: rule.cases,
      declarations: { try rule.declarations($0) + [.precision(precision)] })
    let control = Mutant(optimizer: optimizer, fault: nil, claims: claims) {
      PlainOptimizer(rule: make($0))
    }
    return try control.met(longCases: 1)
  }
}

/// A rule that walks in every coordinate by itself and keeps up to four numbers in each, all in the
/// precision of `T`. A gradient beyond its numbers is refused.
func coordinateRule<T: BinaryFloatingPoint & SIMDScalar & Sendable>(
  _ type: T.Type, backwards: Bool = false,
  _ step:
    @escaping @Sendable (_ place: inout T, _ gradient: T, _ kept: inout SIMD4<T>, _ t: Int) -> Void
) -> PlainOptimizer.Rule {
  { point, function, memory in
    let n = point.count
    let gradient = function.gradient(point).map { T($0) }
    guard gradient.allSatisfy(\.isFinite) else { throw RefusedStep() }
    memory.step += 1
    var kept = (0..<4).map { memory["\($0)", n] }
    for place in 0..<n {
      let i = backwards ? n - 1 - place : place
      var own = SIMD4<T>(T(kept[0][i]), T(kept[1][i]), T(kept[2][i]), T(kept[3][i]))
      var x = T(point[i])
      step(&x, gradient[i], &own, memory.step)
      point[i] = Double(x)
      for k in 0..<4 { kept[k][i] = Double(own[k]) }
    }
    for k in 0..<4 where kept[k].contains(where: { $0 != 0 }) || memory.vectors["\(k)"] != nil {
      memory["\(k)", n] = kept[k]
    }
  }
}

/// x + w(y − x) from the nearer end, so that w = 1 gives y whatever x was.
func between<T: BinaryFloatingPoint>(_ x: T, _ y: T, _ w: T) -> T {
  w < 0.5 ? x + w * (y - x) : y - (1 - w) * (y - x)
}
