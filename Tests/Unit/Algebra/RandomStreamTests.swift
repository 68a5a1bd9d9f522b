import Foundation
import Saddle
import Support
import Testing

@Suite struct RandomStreamTests {
  @Test func `the generator gives SplitMix64's known answers`() {
    // Steele, Lea, Flood 2014, as published with the reference implementation for 1234567.
    var stream = RandomStream(seed: 1_234_567)
    #expect(stream.next() == 6_457_827_717_110_365_317)
    #expect(stream.next() == 3_203_168_211_198_807_973)
    #expect(stream.next() == 9_817_491_932_198_370_423)
  }

  @Test func `streams of different names or seeds differ`() {
    let names = ["init", "shuffle", "noise", "probes"]
    let firsts = (0..<UInt64(50)).flatMap { seed in
      names.map { name in
        var stream = RandomStream(seed: seed, name: name)
        return stream.next()
      }
    }
    #expect(Set(firsts).count == firsts.count)
  }

  @Test func `uniform numbers are the top 53 bits`() {
    var bits = RandomStream(seed: 1_234_567)
    // 6457827717110365317 >> 11 = 3153236189995295, over 2⁵³.
    #expect(bits.uniform() == 3_153_236_189_995_295.0 / 9_007_199_254_740_992.0)
  }

  @Test func `an index below a count takes every value and no other`() {
    var stream = RandomStream(seed: 5)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7000 { counts[stream.index(below: 7)] += 1 }
    // Binomial(7000, 1/7) has a standard deviation of 29: five of them.
    #expect(counts.allSatisfy { abs($0 - 1000) < 146 }, "\(counts)")
  }

  @Test func `normal numbers have the moments of a standard normal`() {
    var stream = RandomStream(seed: 6)
    let draws = 20_000
    var sums = [0.0, 0, 0]
    for _ in 0..<draws {
      let x = stream.normal()
      sums[0] += x
      sums[1] += x * x
      sums[2] += x * x * x * x
    }
    // Var x = 1, Var x² = 2, Var x⁴ = 105 − 9 = 96: five standard errors.
    let root = Double(draws).squareRoot()
    expectClose(
      sums.map { $0 / Double(draws) }, [0, 1, 3],
      within: Tolerance(absolute: 5 * 96.0.squareRoot() / root, why: "5 standard errors of x⁴"))
    #expect(abs(sums[0] / Double(draws)) < 5 / root)
    #expect(abs(sums[1] / Double(draws) - 1) < 5 * 2.0.squareRoot() / root)
  }

  @Test func `the first normal numbers are the same on every platform`() {
    var stream = RandomStream(seed: 1, name: "init")
    let bits = (0..<3).map { _ in stream.normal().bitPattern }
    // Computed apart, with another language's logarithm.
    #expect(
      bits == [4_610_961_935_258_432_966, 13_822_464_599_049_707_094, 4_606_431_533_052_099_767])
  }

  @Test func `a shuffle is a permutation, and pinned`() {
    var stream = RandomStream(seed: 1, name: "shuffle")
    var order = Array(0..<10)
    stream.shuffle(&order)
    #expect(order.sorted() == Array(0..<10))
    // Computed apart, in another language.
    #expect(order == [6, 1, 5, 9, 7, 0, 4, 8, 3, 2])
  }

  @Test func `a stream resumes from its encoding`() throws {
    var stream = RandomStream(seed: 9, name: "noise")
    _ = stream.next()
    var copy = try JSONDecoder().decode(
      RandomStream.self, from: JSONEncoder().encode(stream))
    #expect(copy == stream)
    #expect(copy.next() == stream.next())
  }
}
