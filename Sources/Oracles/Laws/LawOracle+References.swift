import Foundation

/// What a law's parts are compared with.
extension LawOracle {
  static let references = [
    moments, momentsOfTails, knownDensity, knownValues, knownQuantiles, tails, drawn,
  ]

  private static func requireMoments(
    _ found: [Double], _ reference: LawReference
  ) throws(PropertyViolation) {
    let reach = max(
      reference.support.lowerBound.magnitude, reference.support.upperBound.magnitude)
    for (k, expected) in reference.moments.enumerated() where k < found.count {
      // Odd moments may be zero: the next even one has their scale.
      let scale =
        k.isMultiple(of: 2) || k + 1 >= reference.moments.count
        ? expected.magnitude : max(expected.magnitude, reference.moments[k + 1] / reach)
      try PropertyViolation.require(
        (found[k] - expected).magnitude, atMost: reference.momentTolerance * scale,
        "moment \(k)", "\(found[k]), not \(expected)")
    }
  }

  static let moments = LawOracle(
    "moments", law: "the density has the moments of the law's free cumulants, or closed forms"
  ) { subject, _ in
    guard let density = subject.density else { return false }
    let reference = try LawReference(subject.law)
    guard !reference.moments.isEmpty else { return false }
    let found = try reference.moments.indices.map { k in
      try reference.pieces.reduce(
        (reference.atom?.mass ?? 0) * pow(reference.atom?.position ?? 0, Double(k))
      ) { sum, piece in
        sum
          + (try integral(
            of: { try density($0) * pow($0, Double(k)) }, from: piece.low, to: piece.high))
      }
    }
    try requireMoments(found, reference)
    return true
  }

  // By parts: E Xᵏ = bᵏ − ∫ k·xᵏ⁻¹·F(x) dx up to any b that nothing lies above, from any a that
  // nothing lies below.
  static let momentsOfTails = LawOracle(
    "moments of the distribution function", law: "so has P(X ≤ x), by parts"
  ) { subject, _ in
    guard let cumulative = subject.cumulative else { return false }
    let reference = try LawReference(subject.law)
    guard reference.moments.count > 1 else { return false }
    var pieces = reference.pieces
    var (low, high) = (reference.support.lowerBound, reference.support.upperBound)
    if let position = reference.atom?.position {
      if position < low { pieces.insert((position, low), at: 0) }
      if position > high { pieces.append((high, position)) }
      (low, high) = (min(low, position), max(high, position))
    }
    let found: [Double] = try (0..<min(4, reference.moments.count)).map { k in
      guard k > 0 else { return 1 }
      let order = Double(k)
      func slope(_ x: Double) throws -> Double { order * pow(x, order - 1) * (try cumulative(x)) }
      let parts = try pieces.map { try integral(of: slope, from: $0.low, to: $0.high) }
      return pow(high, order) - parts.reduce(0, +)
    }
    try requireMoments(found, reference)
    return true
  }

  static let knownDensity = LawOracle(
    "known density", law: "the density is that of another way of taking it"
  ) { subject, _ in
    let reference = try LawReference(subject.law)
    guard let density = subject.density, let expected = reference.density else { return false }
    let greatest = try reference.points.map(expected).max() ?? 0
    for x in reference.points {
      try PropertyViolation.require(
        (try density(x) - expected(x)).magnitude, atMost: reference.densityTolerance * greatest,
        "the density", "at \(x)")
    }
    return true
  }

  static let knownValues = LawOracle(
    "known values", law: "P(X ≤ x) is that of another way of taking it"
  ) { subject, _ in
    let reference = try LawReference(subject.law)
    guard let cumulative = subject.cumulative, let expected = reference.cumulative else {
      return false
    }
    for x in reference.points {
      let value = try expected(x)
      try PropertyViolation.require(
        (try cumulative(x) - value).magnitude, atMost: reference.cumulativeTolerance, "P(X ≤ x)",
        "at \(x): \(value) is right")
    }
    return true
  }

  static let knownQuantiles = LawOracle(
    "known quantiles", law: "quantile(p) is x again for p = P(X ≤ x) taken another way"
  ) { subject, _ in
    let reference = try LawReference(subject.law)
    guard let quantile = subject.quantile, let expected = reference.cumulative else {
      return false
    }
    let width = reference.support.upperBound - reference.support.lowerBound
    let mass = reference.atom.map { ($0.position, $0.mass) }
    for x in reference.points {
      let p = try expected(x)
      // Far out and in gaps p has not the digits for x.
      guard p > 0.01, p < 0.99, let density = try reference.density?(x) ?? subject.density?(x),
        density * width > 0.05
      else { continue }
      try PropertyViolation.require(
        (try quantile(p) - x).magnitude,
        atMost: 2 * reference.cumulativeTolerance / density + 1e-13 * width, "the quantile",
        "of \(p)")
    }
    // An atom is the quantile of every p within it.
    guard let (position, share) = mass, share > 0 else { return true }
    let below = position <= reference.support.lowerBound ? 0 : 1 - share
    for p in [below + 0.1 * share, below + 0.9 * share] {
      try PropertyViolation.require(
        (try quantile(p) - position).magnitude, atMost: 1e-12 * width, "the atom's quantile")
    }
    return true
  }

  static let tails = LawOracle(
    "tails", law: "P(X > x) far out has the digits of another way of taking it"
  ) { subject, _ in
    guard let survival = subject.survival else { return false }
    let reference = try LawReference(subject.law)
    for tail in reference.tails {
      try PropertyViolation.require(
        (try survival(tail.x) / tail.mass - 1).magnitude, atMost: 1e-9, "the upper tail",
        "at \(tail.x)")
    }
    return !reference.tails.isEmpty
  }

  static let drawn = LawOracle(
    "draws", law: "matrices drawn with GSL's generator have levels that follow the law"
  ) { subject, seed in
    let reference = try LawReference(subject.law)
    guard subject.cumulative != nil || subject.density != nil,
      let draws = try reference.draws?(seed)
    else { return false }
    var (sum, from) = (0.0, reference.support.lowerBound)
    for (x, share) in draws.shares {
      let value: Double
      if let cumulative = subject.cumulative {
        value = try cumulative(x)
      } else if let density = subject.density {
        sum += try integral(of: density, from: from, to: x)
        from = x
        value = sum
      } else {
        return false
      }
      try PropertyViolation.require(
        (value - share).magnitude, atMost: draws.bound, "the levels' law", "at \(x): \(share)")
    }
    return true
  }
}
