/// What a Taylor test found: an exponent for the gradient, one for the Hessian.
public struct TaylorSlopes: Sendable, Equatable {
  public struct Fit: Sendable, Equatable {
    /// The exponent of h, fitted over the smallest steps (three or four octaves) that stand above
    /// rounding; nil where fewer than three octaves do.
    public let slope: Double?
    /// How many octaves stand above rounding.
    public let octaves: Int
    /// The remainder is rounding at every step: the polynomial is the function.
    public let isExact: Bool

    func reaches(_ order: Double) -> Bool { isExact || (slope.map { $0 >= order } ?? false) }
  }

  /// The remainder after the gradient's term, order 2.
  public let withGradient: Fit
  /// The remainder after the Hessian's term, order 3.
  public let withHessian: Fit

  public var order2: Double? { withGradient.slope }
  public var order3: Double? { withHessian.slope }
  /// The function is its own Taylor polynomial of degree 2 along the direction.
  public var exact: Bool { withHessian.isExact }

  /// Order at least 1.9 with the gradient. Too few octaves is a failure, not a pass.
  public var gradientPasses: Bool { withGradient.reaches(1.9) }
  /// Order at least 2.9 with the Hessian.
  public var hessianPasses: Bool { withHessian.reaches(2.9) }
  public var passes: Bool { gradientPasses && hessianPasses }
}

extension TaylorSlopes: CustomStringConvertible {
  /// What is wrong, in words, or what is right.
  public var description: String {
    if !gradientPasses { return "the gradient: " + withGradient.complaint(order: 2) }
    if !hessianPasses { return "the Hessian: " + withHessian.complaint(order: 3) }
    let gradient = withGradient.finding
    return "gradient and Hessian are right: the remainders \(gradient) and \(withHessian.finding)"
  }
}

extension TaylorSlopes.Fit {
  fileprivate func complaint(order: Int) -> String {
    guard slope != nil else {
      return "the remainder cannot be judged: \(octaves) octaves of steps stand above rounding, and "
        + "3 are needed; take a longer direction"
    }
    return "the remainder \(finding), not \(Self.power(Double(order)))"
  }

  fileprivate var finding: String {
    if isExact { return "is rounding (exact)" }
    return slope.map { "falls like \(Self.power($0))" } ?? "cannot be judged"
  }

  /// "h²" for an exponent near 2, else with its digits.
  private static func power(_ exponent: Double) -> String {
    let whole = exponent.rounded()
    guard (exponent - whole).magnitude < 0.1, (0...3).contains(whole) else {
      return "h^" + "\((exponent * 100).rounded() / 100)"
    }
    return ["1 (it does not fall)", "h", "h²", "h³"][Int(whole)]
  }
}
