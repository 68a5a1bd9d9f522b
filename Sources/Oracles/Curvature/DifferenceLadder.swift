/// Central differences of a function along a direction at steps that fall by fours, and the best of
/// them: that which the next one confirms most closely.
///
/// At large steps differences miss by what is left of Taylor's series (and by the kinks that they step
/// over), at small ones by rounding; where both are small, two in a row agree.
struct DifferenceLadder {
  /// The best difference quotient.
  let quotient: [Double]
  /// How far the quotient before it lies from it, in the Euclidean norm.
  let disagreement: Double
  let step: Double

  /// - Parameters:
  ///   - function: from n numbers to some.
  ///   - first: the largest step, in units of `direction`.
  ///   - count: how many steps at most; it ends where rounding has taken over.
  init(
    of function: ([Double]) throws -> [Double], at x: [Double], along direction: [Double],
    first: Double, count: Int
  ) throws {
    var best: (quotient: [Double], disagreement: Double, step: Double)?
    var last: [Double]?
    var h = first
    var worse = 0
    for _ in 0..<count {
      let plus = try function(moved(x, by: h, along: direction))
      let minus = try function(moved(x, by: -h, along: direction))
      let quotient = zip(plus, minus).map { ($0 - $1) / (2 * h) }
      if let last {
        let disagreement = norm(zip(quotient, last).map { $0 - $1 })
        if disagreement < best?.disagreement ?? .infinity {
          best = (quotient, disagreement, h)
          worse = 0
        } else {
          worse += 1
        }
        // Three in a row that agree less: there rounding grows by fours.
        if worse >= 3, let best, disagreement > 16 * best.disagreement { break }
      }
      last = quotient
      h /= 4
    }
    guard let best else {
      throw OracleError.invalidArgument(message: "a ladder of \(count) steps: take two or more")
    }
    (quotient, disagreement, step) = best
  }
}
