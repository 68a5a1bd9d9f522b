/// One law of laws, by name, that a law of random matrices is held to.
///
///     @Test(arguments: LawOracle.all)
///     func mySemicircle(_ oracle: LawOracle) throws {
///       try oracle.check(
///         LawSubject(.semicircle(radius: 2), density: { … }, cumulative: { … }, quantile: { … }))
///     }
///
/// What it is compared with takes other ways than formulas of the law: GSL's quadrature, free
/// cumulants, Painlevé's equation, determinants, and matrices drawn with GSL's generator. A right
/// law is accused with a probability of at most 10⁻⁶ over seeds where something is drawn, and
/// otherwise never.
public struct LawOracle: Sendable, CustomStringConvertible {
  /// Whether it speaks of the subject.
  typealias Check = @Sendable (LawSubject, UInt64) throws -> Bool

  public let name: String
  /// What must hold, in a sentence.
  public let law: String
  public var description: String { name }
  private let body: Check

  init(_ name: String, law: String, body: @escaping Check) {
    self.name = name
    self.law = law
    self.body = body
  }

  public static let all: [LawOracle] = consistency + references + levels

  /// Holds a law to this one.
  ///
  /// - Parameter seed: of what is drawn.
  /// - Returns: whether it speaks of what the subject says that it is, and can do.
  /// - Throws: `PropertyViolation` with the error over its tolerance, or what the subject throws.
  @discardableResult
  public func check(_ subject: LawSubject, seed: UInt64 = 1) throws -> Bool {
    try body(subject, seed)
  }
}

/// ∫ f over [low, high] by GSL, with what f throws.
func integral(
  of function: (Double) throws -> Double, from low: Double, to high: Double
) throws -> Double {
  var failure: (any Error)?
  let value = Result {
    try GSL.integral(
      of: { x in
        do { return try function(x) } catch {
          failure = failure ?? error
          return .nan
        }
      }, from: low, to: high, absolute: 1e-12, relative: 1e-10
    ).value
  }
  if let failure { throw failure }
  return try value.get()
}
