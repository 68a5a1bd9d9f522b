import Foundation
import Saddle
import Testing

@Suite struct SignificanceTests {
  @Test(arguments: [(5, 5, 1.0 / 32), (0, 5, 1), (4, 5, 6.0 / 32), (8, 10, 56.0 / 1024)])
  func `the sign test is the binomial tail`(_ count: Int, _ trials: Int, _ p: Double) {
    #expect(abs(Significance.sign(count, of: trials) - p) < 1e-15)
  }

  @Test func `five seeds of five decide and four do not`() {
    let (yes, no) = (Verdict.reproduced, Verdict.notReproduced)
    #expect(Significance.majority([yes, yes, yes, yes, yes]) == .reproduced)
    #expect(Significance.majority([no, no, no, no, no]) == .notReproduced)
    #expect(Significance.majority([yes, yes, yes, yes, no]) == .undecided)
    #expect(Significance.majority([yes, yes, yes, yes, .undecided]) == .undecided)
    #expect(Significance.majority([yes, yes, yes, yes]) == .undecided)
    #expect(Significance.majority([]) == .undecided)
    #expect(Significance.majority(Array(repeating: yes, count: 9) + [no]) == .reproduced)
  }

  /// Every order of the values, by plain recursion.
  private func orders(_ values: [Double]) -> [[Double]] {
    guard values.count > 1 else { return [values] }
    return values.indices.flatMap { i in
      var rest = values
      let first = rest.remove(at: i)
      return orders(rest).map { [first] + $0 }
    }
  }

  private func jonckheere(_ values: [Double], _ sizes: [Int]) -> Double {
    var groups: [[Double]] = []
    var start = 0
    for size in sizes {
      groups.append(Array(values[start..<start + size]))
      start += size
    }
    var sum = 0.0
    for a in groups.indices {
      for b in groups.indices where b > a {
        for x in groups[a] { for y in groups[b] { sum += y > x ? 1 : y < x ? -1 : 0 } }
      }
    }
    return sum
  }

  @Test(arguments: [
    [[1.0, 2], [3, 4], [5, 6]], [[1, 5], [3, 2], [4, 6]], [[6, 5], [3, 4], [2, 2]],
    [[1, 1], [1], [1, 2]],
  ])
  func `the trend's p-value is that of all permutations`(_ groups: [[Double]]) {
    let (values, sizes) = (groups.flatMap { $0 }, groups.map(\.count))
    let observed = jonckheere(values, sizes)
    let all = orders(values).map { jonckheere($0, sizes) }
    let trend = Significance.trend(groups)
    // Four standard deviations of a share of 9,999 draws.
    let noise = 4 * 0.5 / 100
    #expect(
      abs(trend.pRise - Double(all.filter { $0 >= observed }.count) / Double(all.count)) < noise)
    #expect(
      abs(trend.pFall - Double(all.filter { $0 <= observed }.count) / Double(all.count)) < noise)
  }

  @Test func `a trend has a direction and a strength`() {
    let rising: [[Double]] = [
      [1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12, 13, 14, 15], [16, 17, 18, 19, 20],
    ]
    let rise = Significance.trend(rising)
    #expect(rise.direction == 1 && rise.strength == 1 && rise.runs == 20)
    #expect(Significance.trend(rising.reversed()).direction == -1)
    let flat = Significance.trend([[1, 1, 1], [1, 1, 1], [1, 1, 1]])
    #expect(flat.direction == 0 && flat.strength == 0 && flat.pRise == 1)
  }

  @Test func `strata are not compared with one another`() {
    // No relation within, a strong one between.
    var strata: [[(x: Double, y: Double)]] = []
    for k in 0..<6 {
      let base = 100 * Double(k)
      strata.append([
        (x: base + 1, y: base + 2), (x: base + 2, y: base + 4), (x: base + 3, y: base + 1),
        (x: base + 4, y: base + 3),
      ])
    }
    #expect(Significance.correlation(strata).direction == 0)
    #expect(Significance.correlation([strata.flatMap { $0 }]).direction == 1)
  }
}
