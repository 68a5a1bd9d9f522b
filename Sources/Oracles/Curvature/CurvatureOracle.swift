import Foundation

/// One law of values, gradients and curvature products, by name, that whoever computes them is held
/// to at a point. Nothing but their answers is used.
///
///     for (oracle, outcome) in try CurvatureOracle.outcomes(for: subject, at: θ) {
///       print(oracle.name, outcome)
///     }
public struct CurvatureOracle: Sendable, CustomStringConvertible {
  public enum Outcome: Sendable, Equatable {
    /// What was found, in words.
    case passed(String)
    case failed(PropertyViolation)
    /// What is in the way of a verdict.
    case undecided(String)
    /// The law does not speak of the subject.
    case notAsked
  }

  public let name: String
  /// The law, in a sentence.
  public let law: String
  public var description: String { name }
  private let body: @Sendable (CurvatureSubject, CurvatureTrial) throws -> Outcome

  init(
    _ name: String, law: String,
    _ body: @escaping @Sendable (CurvatureSubject, CurvatureTrial) throws -> Outcome
  ) {
    self.name = name
    self.law = law
    self.body = body
  }

  /// In the order in which they are best asked: what one finds explains the next.
  public static let all: [CurvatureOracle] = [
    repetition, symmetry, linearity, digits, samples, gradient, derivative, semidefinite,
  ]

  /// Holds a subject to this law.
  ///
  /// - Parameters:
  ///   - point: n numbers.
  ///   - seed: of the directions that are drawn.
  /// - Throws: what the subject throws.
  public func outcome(
    for subject: CurvatureSubject, at point: [Double], seed: UInt64 = 1
  ) throws -> Outcome {
    try outcome(for: subject, in: CurvatureTrial(subject, at: point, seed: seed))
  }

  /// Holds a subject to every law; the products that they have in common are asked for once.
  ///
  /// - Throws: what the subject throws.
  public static func outcomes(
    for subject: CurvatureSubject, at point: [Double], seed: UInt64 = 1
  ) throws -> [(oracle: CurvatureOracle, outcome: Outcome)] {
    let trial = try CurvatureTrial(subject, at: point, seed: seed)
    return try all.map { ($0, try $0.outcome(for: subject, in: trial)) }
  }

  private func outcome(
    for subject: CurvatureSubject, in trial: CurvatureTrial
  ) throws -> Outcome {
    do {
      return try body(subject, trial)
    } catch let violation as PropertyViolation {
      return .failed(violation)
    }
  }
}

/// What the laws have in common: a point, directions, and the matrix's size along them.
struct CurvatureTrial {
  let point: [Double]
  /// Random directions of norm 1.
  let u: [Double]
  let v: [Double]
  /// A·u, A·v.
  let Au: [Double]
  let Av: [Double]
  /// A lower bound of ‖A‖ that is nearly reached: of three steps of the power method too.
  let scale: Double
  /// How long a direction is that changes the function noticeably.
  let reach: Double

  /// - Throws: `OracleError.wrongLength`, or what the subject throws.
  init(_ subject: CurvatureSubject, at point: [Double], seed: UInt64) throws {
    guard point.count == subject.dimension else {
      throw OracleError.wrongLength(of: "point", expected: subject.dimension, found: point.count)
    }
    self.point = point
    var rng = SplitMix64(seed: seed)
    (u, v) = (Self.direction(subject.dimension, &rng), Self.direction(subject.dimension, &rng))
    let products = try subject.checkedProducts(point, [u, v])
    (Au, Av) = (products[0], products[1])
    var (vector, size) = (Au, norm(Au))
    for _ in 0..<3 where norm(vector) > 0 {
      let length = norm(vector)
      vector = try subject.checkedProducts(point, [vector.map { $0 / length }])[0]
      size = max(size, norm(vector))
    }
    scale = size
    reach = Self.reach(at: point)
  }

  /// Near 0, parameters of this size in the mean: far less than what layers are started with, and
  /// enough for a change that rounding does not drown.
  private static let leastParameter = 0x1p-7

  /// By the point's own length, but not where that is next to nothing: steps that are parts of it
  /// would change the function by less than its rounding.
  private static func reach(at point: [Double]) -> Double {
    let length = norm(point)
    guard length > 0 else { return 1 }
    return max(length, leastParameter * Double(point.count).squareRoot()) / 16
  }

  static func direction(_ count: Int, _ rng: inout SplitMix64) -> [Double] {
    let numbers = (0..<count).map { _ in gaussian(&rng) }
    let length = norm(numbers)
    return length > 0 ? numbers.map { $0 / length } : numbers
  }

  /// A normal number (Box and Muller 1958).
  private static func gaussian(_ rng: inout SplitMix64) -> Double {
    let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &rng))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &rng))
  }
}

extension CurvatureSubject {
  /// Products that are as many and as long as they must be, and finite.
  func checkedProducts(_ point: [Double], _ vectors: [[Double]]) throws -> [[Double]] {
    let products = try products(point, vectors)
    guard products.count == vectors.count else {
      throw PropertyViolation("a product for each vector", "\(products.count) of \(vectors.count)")
    }
    for product in products {
      _ = try checked(product, "product", expecting: dimension, at: "the point")
    }
    return products
  }
}

func - (x: [Double], y: [Double]) -> [Double] { zip(x, y).map { $0 - $1 } }
