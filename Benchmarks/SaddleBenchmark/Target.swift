import Saddle

/// A figure that a workload should reach. The suite says whether it did; nothing fails by it.
struct Target {
  let figure: Figure
  let bound: Bound
  /// The target in words, as results name it.
  let text: String

  enum Bound {
    case atLeast(Double)
    case atMost(Double)
  }

  static func seconds(atMost bound: Double) -> Target {
    Target(figure: .seconds, bound: .atMost(bound), text: "at most \(short(bound)) s")
  }

  static func rooflineFraction(atLeast bound: Double) -> Target {
    Target(
      figure: .rooflineFraction, bound: .atLeast(bound),
      text: "at least \(short(100 * bound)) % of the roofline")
  }

  static func ratioToPeer(atLeast bound: Double) -> Target {
    Target(
      figure: .ratioToPeer, bound: .atLeast(bound), text: "at least \(short(bound)) × the peer")
  }

  static func timesBandwidthBound(atMost bound: Double) -> Target {
    Target(
      figure: .timesBandwidthBound, bound: .atMost(bound),
      text: "at most \(short(bound)) × the memory's bound")
  }

  static func productFraction(atLeast bound: Double) -> Target {
    Target(
      figure: .productFraction, bound: .atLeast(bound),
      text: "at least \(short(100 * bound)) % of gemm")
  }

  static func productFractionOfEight(atLeast bound: Double) -> Target {
    Target(
      figure: .productFractionOfEight, bound: .atLeast(bound),
      text: "eight at least \(short(100 * bound)) % of gemm")
  }

  static func peakMemory(atMostGiB bound: Double) -> Target {
    Target(
      figure: .peakMemory, bound: .atMost(bound * 0x1p30), text: "at most \(short(bound)) GiB")
  }

  /// Whether the figures reach it; nil where the figure was not measured.
  func isMet(by figures: [Figure: Double]) -> Bool? {
    guard let value = figures[figure] else { return nil }
    return switch bound {
    case .atLeast(let least): value >= least
    case .atMost(let most): value <= most
    }
  }
}
