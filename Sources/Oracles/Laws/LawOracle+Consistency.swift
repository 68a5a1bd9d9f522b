import Foundation

/// What the parts of a law say of one another.
extension LawOracle {
  static let consistency = [mass, integrals, distribution, quantiles, edges, symmetry, exponents]

  // GSL's quadrature at 1e-10 of each piece.
  private static let quadrature = 1e-9

  static let mass = LawOracle(
    "mass", law: "the density and the atom add to one, and the density is nowhere negative"
  ) { subject, _ in
    guard let density = subject.density else { return false }
    let reference = try LawReference(subject.law)
    let sum = try reference.pieces.reduce(reference.atom?.mass ?? 0) {
      $0 + (try integral(of: density, from: $1.low, to: $1.high))
    }
    try PropertyViolation.require((sum - 1).magnitude, atMost: quadrature, "mass one", "\(sum)")
    for x in reference.grid(100) {
      try PropertyViolation.require(-(try density(x)), atMost: 0, "a density ≥ 0", "at \(x)")
    }
    return true
  }

  static let integrals = LawOracle(
    "integral", law: "P(X ≤ x) is the density's integral, and the atom where x has passed it"
  ) { subject, _ in
    guard let density = subject.density, let cumulative = subject.cumulative else { return false }
    let reference = try LawReference(subject.law)
    var sum = 0.0
    for piece in reference.pieces {
      sum += try integral(of: density, from: piece.low, to: piece.high)
      let passed = reference.atom.map { $0.position <= piece.high ? $0.mass : 0 } ?? 0
      try PropertyViolation.require(
        (try cumulative(piece.high) - sum - passed).magnitude, atMost: quadrature,
        "the density's integral", "to \(piece.high)")
    }
    return true
  }

  static let distribution = LawOracle(
    "distribution function", law: "P(X ≤ x) ascends within [0, 1], and P(X > x) is what it leaves"
  ) { subject, _ in
    guard let cumulative = subject.cumulative else { return false }
    let reference = try LawReference(subject.law)
    var last = 0.0
    for x in reference.grid(150) {
      let value = try cumulative(x)
      // Rounding alone may step back.
      try PropertyViolation.require(last - value, atMost: 1e-13, "F ascends", "at \(x)")
      try PropertyViolation.require(value, atMost: 1, "F ≤ 1", "at \(x)")
      last = value
      guard let survival = subject.survival else { continue }
      try PropertyViolation.require(
        (try survival(x) + value - 1).magnitude, atMost: 1e-14, "both tails are one", "at \(x)")
    }
    return true
  }

  static let quantiles = LawOracle(
    "quantile", law: "P(X ≤ quantile(p)) = p, and ≥ p at an atom"
  ) { subject, _ in
    guard let cumulative = subject.cumulative, let quantile = subject.quantile else { return false }
    let reference = try LawReference(subject.law)
    let width = reference.support.upperBound - reference.support.lowerBound
    for p in [1e-6, 0.01, 0.25, 0.5, 0.77, 0.99] {
      let x = try quantile(p)
      let found = try cumulative(x)
      if let atom = reference.atom, x == atom.position {
        try PropertyViolation.require(
          max(p - found, try cumulative(x.nextDown) - p), atMost: 1e-13, "the atom's quantile")
      } else {
        // A few ulp of the width move F by that times the density.
        let slack = 1e-13 + 4e-15 * width * (try subject.density?(x) ?? 1)
        try PropertyViolation.require(
          (found - p).magnitude, atMost: slack, "F(quantile(p)) = p", "p = \(p)")
      }
    }
    return true
  }

  static let edges = LawOracle(
    "edges", law: "all of the mass, and none else, lies within the support"
  ) { subject, _ in
    guard subject.density != nil || subject.cumulative != nil else { return false }
    let reference = try LawReference(subject.law)
    let (low, high) = (reference.support.lowerBound, reference.support.upperBound)
    let width = high - low
    let atom = reference.atom
    for share in [1e-9, 0.01, 1] {
      let (below, above) = (low - share * width, high + share * width)
      if let density = subject.density {
        for x in [below, above] {
          try PropertyViolation.require(
            (try density(x)).magnitude * width, atMost: 1e-12, "no density outside", "at \(x)")
        }
      }
      if let cumulative = subject.cumulative {
        let under = atom.map { $0.position <= below ? $0.mass : 0 } ?? 0
        let over = atom.map { $0.position > above ? $0.mass : 0 } ?? 0
        try PropertyViolation.require(
          (try cumulative(below) - under).magnitude, atMost: 1e-12, "no mass below", "\(below)")
        try PropertyViolation.require(
          (try cumulative(above) - 1 + over).magnitude, atMost: 1e-12, "no mass above", "\(above)")
      }
    }
    guard reference.isBounded, let density = subject.density else { return true }
    for x in [low + 1e-6 * width, high - 1e-6 * width] {
      guard try density(x) > 0 else { throw PropertyViolation("density inside", "at \(x)") }
    }
    return true
  }

  static let symmetry = LawOracle(
    "symmetry", law: "a law that is symmetric about a point has equal densities and tails there"
  ) { subject, _ in
    let reference = try LawReference(subject.law)
    guard let center = reference.center, subject.density != nil || subject.cumulative != nil else {
      return false
    }
    for x in reference.grid(40) {
      let mirror = 2 * center - x
      if let density = subject.density {
        try PropertyViolation.require(
          (try density(x) - density(mirror)).magnitude * (reference.support.upperBound - center),
          atMost: 1e-6, "equal densities", "at \(x)")
      }
      if let cumulative = subject.cumulative, let upper = try subject.upper(mirror) {
        try PropertyViolation.require(
          (try cumulative(x) - upper).magnitude, atMost: 1e-13, "equal tails", "at \(x)")
      }
    }
    guard let quantile = subject.quantile else { return true }
    for p in [0.1, 0.4] {
      try PropertyViolation.require(
        (try quantile(p) + quantile(1 - p) - 2 * center).magnitude,
        atMost: 1e-12 * (reference.support.upperBound - reference.support.lowerBound),
        "quantiles about the centre", "p = \(p)")
    }
    return true
  }

  // Twice as deep the density is 2^e times as large, up to a share of the depth.
  static let exponents = LawOracle(
    "exponents",
    law: "densities are like depth^½ at soft edges and depth^−½ at hard ones, and like s^β at s = 0"
  ) { subject, _ in
    let reference = try LawReference(subject.law)
    guard reference.lowerExponent != nil || reference.upperExponent != nil else { return false }
    let width = reference.support.upperBound - reference.support.lowerBound
    let depth = reference.edgeDepth * width
    func hold(
      _ exponent: Double, _ value: (Double) throws -> Double?, _ label: String
    ) throws {
      guard let near = try value(depth), let far = try value(2 * depth) else { return }
      try PropertyViolation.require(
        (log2(far / near) - exponent).magnitude, atMost: 0.05, label, "not \(exponent)")
    }
    if let exponent = reference.lowerExponent {
      let edge = reference.support.lowerBound
      try hold(exponent, { try subject.density?(edge + $0) }, "the lower edge's density")
      let below = reference.atom.map { $0.position <= edge ? $0.mass : 0 } ?? 0
      // Beside an atom the distribution function has no digits left for the edge.
      if below == 0 {
        try hold(exponent + 1, { try subject.cumulative?(edge + $0) }, "the lower edge's mass")
      }
    }
    if let exponent = reference.upperExponent {
      let edge = reference.support.upperBound
      try hold(exponent, { try subject.density?(edge - $0) }, "the upper edge's density")
      if let survival = subject.survival, reference.atom.map({ $0.position < edge }) ?? true {
        try hold(exponent + 1, { try survival(edge - $0) }, "the upper edge's mass")
      }
    }
    return subject.density != nil || subject.cumulative != nil
  }
}
