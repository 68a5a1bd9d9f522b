enum SignDescentFault: String, CaseIterable {
  case zeroIsPositive, zeroIsNegative, smallIsZero, signOfSum, signOfLast, sizeOfGradient
  case ascends, halfDownwards, normalized, rateByNorm, rateShrinksAfter300, signInPairs
}

let signMutants = mutants(
  of: "signDescent", SignDescentFault.self, memoryFaults: [.countsReloads],
  common: [.tailOfFourStays, .tailOfSixteenTwice, .beyond512Stay, .ulpOnceInThousand, .rateInFloat]
) { set, fault in
  let rate = set("learningRate", 0.01)
  return gradientRule { point, g, memory in
    let n = point.count
    var sum = g
    var last = g
    if fault == .signOfSum {
      let old = memory["sum", n]
      for i in 0..<n { sum[i] += old[i] }
      memory["sum", n] = sum
    }
    if fault == .signOfLast {
      if memory.step > 1 { last = memory["last", n] }
      memory["last", n] = g
    }
    let length = g.reduce(0) { $0 + $1.magnitude }
    for i in 0..<n {
      let move: Double =
        switch fault {
        case .zeroIsPositive: g[i] < 0 ? -1 : 1
        case .zeroIsNegative: g[i] > 0 ? 1 : -1
        case .smallIsZero: g[i].magnitude < 1e-8 ? 0 : sign(g[i])
        case .signOfSum: sign(sum[i])
        case .signOfLast: sign(last[i])
        case .sizeOfGradient: g[i]
        case .ascends: -sign(g[i])
        case .halfDownwards: g[i] > 0 ? 0.5 : sign(g[i])
        case .normalized: sign(g[i]) / Double(n).squareRoot()
        case .rateByNorm: sign(g[i]) * length / Double(n)
        case .rateShrinksAfter300 where memory.step > 300: 0.999 * sign(g[i])
        case .signInPairs: sign(g[i - i % 2])
        default: sign(g[i])
        }
      point[i] -= rate * move
    }
  }
}
