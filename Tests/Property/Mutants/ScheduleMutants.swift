import Foundation
import Oracles

/// The schedules that scheduled rules are tried with.
enum PlainSchedule: Double, CaseIterable {
  /// ½^⌊t/7⌋.
  case step
  /// 0.9ᵗ.
  case exponential
  /// Five steps up, and a cosine to 0.1 at step 30.
  case cosine
  /// The same over 300 steps.
  case longCosine
  /// 1/√(t + 1).
  case inverseRoot

  var length: Int { self == .longCosine ? 300 : 30 }

  /// The factor of step t = 0, 1, ….
  func factor(_ t: Int, _ fault: ScheduleFault? = nil) -> Double {
    let t =
      switch fault {
      case .oneStepEarly: t + 1
      case .oneStepLate: max(t - 1, 0)
      case .restartsAtEnd where t >= length: t % length
      default: t
      }
    switch self {
    case .step: return pow(0.5, Double(t / (fault == .intervalOneMore ? 8 : 7)))
    case .exponential: return pow(fault == .factorTwice ? 0.81 : 0.9, Double(t))
    case .inverseRoot:
      return fault == .rootForgotten ? 1 / Double(t + 1) : 1 / Double(t + 1).squareRoot()
    case .cosine, .longCosine: return cosine(t, fault)
    }
  }

  private func cosine(_ t: Int, _ fault: ScheduleFault?) -> Double {
    let up = fault == .warmUpForgotten ? 0 : 5
    if t < up { return Double(t + (fault == .warmUpFromZero ? 0 : 1)) / Double(up + 1) }
    let end = fault == .endsOneEarly ? length - 1 : length
    let final = fault == .finalForgotten ? 0 : 0.1
    if t >= end, fault != .risesAgain { return final }
    let share = Double(t - up) / Double(end - up)
    let height = fault == .linear ? 1 - share : (1 + cos(.pi * share)) / 2
    return final + (1 - final) * height
  }
}

enum ScheduleFault: String, CaseIterable {
  case oneStepEarly, oneStepLate, restartsAtEnd, intervalOneMore, factorTwice, rootForgotten
  case warmUpForgotten, warmUpFromZero, endsOneEarly, finalForgotten, risesAgain, linear
  case factorInFloat, ignored, factorOfRoot
  /// v ← μv + ηg, as if η were constant.
  case rateInVelocity
}

/// What can be wrong with AdamW on a schedule.
enum ScheduledDecayFault: String, CaseIterable {
  case oneStepEarly, oneStepLate, restartsAtEnd, endsOneEarly, risesAgain, factorInFloat, ignored
  /// θ decays by the rate without its schedule.
  case decayUnscheduled, decayAlone
}

extension OptimizerClaims {
  static let scheduledMomentum = scheduled(
    { ReferenceRules.momentum(rate: $0, momentum: 0.9) }, rate: 0.05)

  static let scheduledAdamW = scheduled(
    {
      ReferenceRules.adam(
        rate: $0, AdamConstants(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), weightDecay: 0.3)
    }, rate: 0.01, more: [.movesAtZeroGradient])

  /// What a rule promises along its reference at the rates η·factor(t).
  private static func scheduled(
    _ rule: @escaping @Sendable (@escaping RateOfStep) -> ReferenceRule, rate: Double,
    more: [OptimizerDeclaration] = []
  ) -> OptimizerClaims {
    OptimizerClaims(
      cases: PlainSchedule.allCases.map { ["schedule": $0.rawValue] },
      declarations: { values in
        let schedule = values["schedule"].flatMap(PlainSchedule.init) ?? .step
        let reference = rule { rate * schedule.factor($0 - 1) }
        // Beyond the end of every schedule.
        let gradients = (1...400).map { t in [1, -0.3 * Double(t % 5)] }
        let path = reference.path(OptimizerHistory(start: [1, -2], gradients: gradients))
        return more + [
          .reference(reference),
          .knownPath(
            KnownPath(
              name: "to the end of its schedule", start: [1, -2], steps: 400,
              function: { StepFunction(gradient: gradients[$0 - 1]) },
              position: { path[$0 - 1] }, tolerance: 1e-11, why: "400 steps")),
        ]
      })
  }
}

/// The rate of every step.
private func rates(_ set: Settings, _ fault: ScheduleFault?) -> @Sendable (Int) -> Double {
  let schedule = PlainSchedule(rawValue: set("schedule", 0)) ?? .step
  return { t in
    let factor = schedule.factor(t - 1, fault)
    return switch fault {
    case .factorInFloat: inFloat(factor)
    case .ignored: 1
    case .factorOfRoot: factor.squareRoot()
    default: factor
    }
  }
}

let scheduleMutants =
  mutants(
    of: "momentum on a schedule", ScheduleFault.self,
    memoryFaults: [.losesStepCount, .countsReloads],
    common: [.counterWrapsAt255, .ulpOnceInThousand, .rateInFloat],
    claims: .scheduledMomentum
  ) { set, fault in
    let rate = set("learningRate", 0.05)
    let factor = rates(set, fault)
    return gradientRule { point, g, memory in
      let η = rate * factor(memory.step)
      if fault == .rateInVelocity {
        let v = sum(g.map { η * $0 }, 0.9, memory["v", point.count])
        memory["v", point.count] = v
        point = sum(point, -1, v)
      } else {
        let v = sum(g, 0.9, memory["v", point.count])
        memory["v", point.count] = v
        point = sum(point, -η, v)
      }
    }
  }
  + mutants(
    of: "adamw on a schedule", ScheduledDecayFault.self, memoryFaults: [.countsReloads],
    common: [.counterWrapsAt255],
    claims: .scheduledAdamW
  ) { set, fault in
    let rate = set("learningRate", 0.01)
    let factor = rates(set, fault.flatMap { ScheduleFault(rawValue: $0.rawValue) })
    return gradientRule { point, g, memory in
      let t = memory.step
      let η = rate * factor(t)
      let m = averaged(memory["m", point.count], g, 0.9)
      let v = averaged(memory["v", point.count], g.map { $0 * $0 }, 0.999)
      (memory["m", point.count], memory["v", point.count]) = (m, v)
      let (c1, c2) = (1 - pow(0.9, Double(t)), 1 - pow(0.999, Double(t)))
      let shrink = (fault == .decayUnscheduled ? rate : η) * 0.3
      let size = fault == .decayAlone ? rate : η
      for i in point.indices {
        let step = ratio(m[i] / c1, (v[i] / c2).squareRoot() + 1e-8)
        point[i] = point[i] * (1 - shrink) - size * step
      }
    }
  }
