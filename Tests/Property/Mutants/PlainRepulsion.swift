import Foundation

/// The test of level repulsion in plain loops, right or with one planted fault.
struct PlainRepulsion {
  enum Fault: String, CaseIterable {
    /// Neighbouring ratios share a spacing.
    case ratiosAsIfIndependent
    case deviationForError
    case oneSided
    case sidesNotDoubled
    case deviationsNotOverRootTwo
    case meanOfThreeLevels
    case classesExchanged
    case largerOverSmaller
    case spacingsForRatios
    case lastThirdLeftOut
    case wrongTail
    case neverRefuses
    case takesFewLevels
    case takesUnsortedLevels
    case ratioOfNothingIsOne
  }
  struct Refusal: Error {}

  var fault: Fault?

  func callAsFunction(_ levels: [Double]) throws -> RepulsionVerdict {
    guard levels.count >= (fault == .takesFewLevels ? 4 : 52) else { throw Refusal() }
    guard fault == .takesUnsortedLevels || zip(levels, levels.dropFirst()).allSatisfy({ $0 <= $1 })
    else { throw Refusal() }
    var ratios: [Double] = []
    for i in 2..<levels.count {
      let (a, b) = (levels[i - 1] - levels[i - 2], levels[i] - levels[i - 1])
      if max(a, b) == 0, fault == .ratioOfNothingIsOne {
        ratios.append(1)
        continue
      }
      guard max(a, b).magnitude > 0 else { throw Refusal() }
      switch fault {
      case .largerOverSmaller: ratios.append(max(a, b) / min(a, b))
      case .spacingsForRatios: ratios.append(a)
      default: ratios.append(min(a, b) / max(a, b))
      }
    }
    if fault == .lastThirdLeftOut { ratios.removeLast(ratios.count / 3) }
    let n = Double(ratios.count)
    let mean = ratios.reduce(0, +) / n
    // Independent levels, GOE, GUE: a ratio's variance, and with its neighbours'.
    let variances =
      fault == .ratiosAsIfIndependent
      ? [0.0782, 0.0647, 0.0535] : [0.10230221314939827, 0.0955, 0.0818]
    let count = fault == .deviationForError ? 1 : n
    let error = (variances.reduce(0, max) / count).squareRoot()
    var means = [2 * log(2) - 1, 0.5307, 0.5996]
    if fault == .meanOfThreeLevels { means[1] = 4 - 2 * 3.0.squareRoot() }
    if fault == .classesExchanged { means.swapAt(1, 2) }
    let pValues = zip(means, variances).map { expected, variance in
      let z = (mean - expected) / (variance / count + 1e-8).squareRoot()
      let root = fault == .deviationsNotOverRootTwo ? 1 : 2.0.squareRoot()
      let p = erfc(z.magnitude / root)
      switch fault {
      case .oneSided: return erfc(z / root) / 2
      case .sidesNotDoubled: return p / 2
      case .wrongTail: return 1 - p
      case .neverRefuses: return max(p, 0.5)
      default: return p
      }
    }
    return RepulsionVerdict(mean: mean, error: error, pValues: pValues)
  }
}
