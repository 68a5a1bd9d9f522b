import Oracles
import Synchronization

/// What can be wrong with any rule: how it walks over its coordinates, how it counts its steps, in
/// what precision it keeps its numbers, and whether it repeats itself.
enum CommonFault: String, CaseIterable, Sendable {
  /// A loop over blocks of four without a remainder.
  case tailOfFourStays
  /// The same for blocks of eight, once there is a whole one.
  case tailOfEightStays
  /// The remainder after blocks of 16 is stepped along twice.
  case tailOfSixteenTwice
  /// Two coordinates at a time: of an odd number the last stays.
  case oddLastStays
  /// Every 64th coordinate stays, at the seam of two blocks.
  case seamOf64Stays
  case from256Stays, beyond512Stay

  /// A counter of eight, of 15 or of 16 bits.
  case counterWrapsAt255, counterWrapsAt32767, counterWrapsAt65535
  /// From step 330 on every correction for few steps is left out.
  case countsForeverFrom330
  /// The vectors begin anew after 1000 steps.
  case vectorsEndAt1000

  /// One step in a thousand is off by one unit in the last place, whichever run it belongs to.
  case ulpOnceInThousand

  /// Every element of the gradient is cut to ±10⁸: what no usual task has.
  case gradientClippedAt1e8

  case pointInFloat, vectorsInFloat, gradientInFloat, rateInFloat, epsilonInFloat, decaysInFloat
}

extension CommonFault {
  static let ofLayout: [CommonFault] = [
    .tailOfFourStays, .tailOfEightStays, .tailOfSixteenTwice, .oddLastStays, .seamOf64Stays,
    .from256Stays, .beyond512Stay,
  ]
  /// Of rules that correct for few steps.
  static let ofCounters: [CommonFault] = [
    .counterWrapsAt255, .counterWrapsAt32767, .counterWrapsAt65535, .countsForeverFrom330,
  ]

  /// The numbers that a rule with this fault is made with.
  func rounding(_ settings: Settings) -> Settings {
    var settings = settings
    switch self {
    case .rateInFloat: settings.singles = ["learningRate"]
    case .epsilonInFloat: settings.singles = ["epsilon"]
    case .decaysInFloat: settings.singles = ["beta1", "beta2", "decay", "momentum"]
    default: break
    }
    return settings
  }

  /// A right rule, with this fault around it.
  func spoiling(_ rule: @escaping PlainOptimizer.Rule) -> PlainOptimizer.Rule {
    let taken = StepTally()
    return { point, function, memory in
      let before = point
      let count = memory.step
      beforeStep(&memory)
      try rule(&point, seen(function), &memory)
      if self == .countsForeverFrom330, count >= 330 { memory.step = count + 1 }
      afterStep(&point, from: before, &memory, taken)
    }
  }

  private func seen(_ function: StepFunction) -> StepFunction {
    switch self {
    case .gradientInFloat: function.with { Double(Float($0)) }
    case .gradientClippedAt1e8: function.with { max(-1e8, min(1e8, $0)) }
    default: function
    }
  }

  private func beforeStep(_ memory: inout PlainMemory) {
    switch self {
    case .counterWrapsAt255 where memory.step >= 255: memory.step -= 255
    case .counterWrapsAt32767 where memory.step >= 32_767: memory.step -= 32_767
    case .counterWrapsAt65535 where memory.step >= 65_535: memory.step -= 65_535
    case .countsForeverFrom330 where memory.step >= 330: memory.step = 1 << 40
    case .vectorsEndAt1000 where memory.step == 1000: memory.vectors = [:]
    default: break
    }
  }

  private func afterStep(
    _ point: inout [Double], from before: [Double], _ memory: inout PlainMemory,
    _ taken: StepTally
  ) {
    let n = point.count
    switch self {
    case .tailOfFourStays: stay(&point, before, n - n % 4..<n)
    case .tailOfEightStays where n > 8: stay(&point, before, n - n % 8..<n)
    case .oddLastStays where n % 2 == 1: stay(&point, before, n - 1..<n)
    case .from256Stays where n > 256: stay(&point, before, 256..<n)
    case .beyond512Stay where n > 512: stay(&point, before, 512..<n)
    case .seamOf64Stays: for i in stride(from: 64, to: n, by: 64) { point[i] = before[i] }
    case .tailOfSixteenTwice where n > 16:
      for i in n - n % 16..<n { point[i] += point[i] - before[i] }
    case .ulpOnceInThousand where taken.next() % 1000 == 999 && n > 0: point[0] = point[0].nextUp
    case .pointInFloat: for i in 0..<n { point[i] = Double(Float(point[i])) }
    case .vectorsInFloat:
      memory.vectors = memory.vectors.mapValues { $0.map { Double(Float($0)) } }
    default: break
    }
  }

  private func stay(_ point: inout [Double], _ before: [Double], _ range: Range<Int>) {
    for i in range { point[i] = before[i] }
  }
}

extension StepFunction {
  /// Another gradient, element by element.
  fileprivate func with(_ change: @escaping @Sendable (Double) -> Double) -> StepFunction {
    StepFunction(
      value: value, gradient: { gradient($0).map(change) },
      hessianVectorProduct: hessianVectorProduct)
  }
}

/// Steps that were taken with an optimizer, in any of its runs.
private final class StepTally: Sendable {
  private let count = Atomic(0)

  /// 0, 1, 2, …
  func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).oldValue }
}
