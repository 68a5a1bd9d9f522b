import Support
import Testing

@Suite struct ToleranceTests {
  private let tight = Tolerance(absolute: 0.5, why: "by hand")

  @Test func `the worst element is found and measured in tolerances`() {
    let worst = worstDeviation([1, 2, 5], [1, 2.25, 4], within: tight)
    #expect(worst == Deviation(position: 2, ratio: 2))
  }

  @Test func `NaN is infinitely far from everything, itself included`() {
    #expect(worstDeviation([.nan], [.nan], within: tight)?.ratio == .infinity)
    #expect(worstDeviation([1], [.nan], within: tight)?.ratio == .infinity)
  }

  @Test func `an infinity is far from any number and equal to itself`() {
    #expect(worstDeviation([.infinity], [1], within: tight)?.ratio == .infinity)
    #expect(worstDeviation([.infinity], [.infinity], within: tight)?.ratio == 0)
  }

  @Test func `lists of different lengths never agree`() {
    #expect(worstDeviation([1], [1, 2], within: tight)?.ratio == .infinity)
  }

  @Test func `a relative tolerance is of the largest expected magnitude`() {
    let relative = Tolerance(relative: 0.1, why: "by hand")
    #expect(worstDeviation([1, -10.5], [1, -10], within: relative)?.ratio == 0.5)
  }

  @Test func `a comparison that is too far off is recorded as an issue`() {
    withKnownIssue { expectClose(1, 2, within: tight) }
    withKnownIssue { expectClose([.nan], [1], within: tight) }
    withKnownIssue { expectClose([1, 2], [1], within: tight) }
  }
}
