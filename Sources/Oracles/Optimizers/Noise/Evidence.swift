import Foundation

/// What tests say against a law, each by a p whose false alarms are bounded: where the law holds,
/// P(p ≤ α) ≤ α for every α and every number of draws.
///
/// Together they say min p times the number of tests (Bonferroni), for which the same is true
/// however the tests depend on one another. Logarithms of p: what is far out keeps its order.
package struct Evidence: Sendable {
  /// Into how many cells the unit interval is parted.
  private static let cells = 256

  package private(set) var tests = 0
  /// The least log p of a single test.
  private var least = 0.0
  /// The test that said the most.
  package private(set) var strongest = ""

  package init() {}

  /// log of the bound on the probability that right draws say as much.
  package var logP: Double { min(0, least + log(Double(max(tests, 1)))) }

  /// A test's own bound.
  package mutating func add(logP: Double, _ label: @autoclosure () -> String) {
    tests += 1
    // What is no number is no draw of any law.
    let logP = logP.isNaN ? -.infinity : logP
    if logP < least { (least, strongest) = (logP, label()) }
  }

  /// What must never be.
  package mutating func require(_ isRight: Bool, _ label: @autoclosure () -> String) {
    add(logP: isRight ? 0 : -.infinity, label())
  }

  /// Independent draws that are uniform on [0, 1], by Massart's bound on the supremum of |Fₙ − F|:
  /// P(D > d) ≤ 2·e^(−2nd²) (Massart 1990). What is counted by cells is at most the supremum.
  package mutating func add(uniform draws: [Double], _ label: @autoclosure () -> String) {
    guard !draws.isEmpty else { return }
    var counts = [Int](repeating: 0, count: Self.cells)
    for u in draws {
      guard u >= 0, u <= 1 else { return add(logP: -.infinity, "\(label()): \(u)") }
      counts[min(Int(u * Double(Self.cells)), Self.cells - 1)] += 1
    }
    let n = Double(draws.count)
    var (distance, below) = (0.0, 0)
    for (cell, count) in counts.enumerated() {
      below += count
      let share = Double(cell + 1) / Double(Self.cells)
      distance = max(distance, (Double(below) / n - share).magnitude)
    }
    add(logP: min(0, log(2) - 2 * n * distance * distance), label())
  }

  /// Independent throws of a fair coin, by the exact law of their number.
  package mutating func add(heads: Int, of throwing: Int, _ label: @autoclosure () -> String) {
    guard throwing > 0 else { return }
    let tails = GSL.binomialTails(heads, trials: throwing, probability: 0.5)
    add(logP: log(min(1, 2 * min(tails.lower, tails.upper))), label())
  }
}
