import ArgumentParser
import Foundation
import Oracles

/// What a library of optimizers is known to do otherwise than the oracles ask, and why that is so.
///
/// With a profile a known departure is said once, in a note, and is no failure. The tables are all
/// that is known: whatever else a program does wrong fails as without a profile.
enum ValidationProfile: String, CaseIterable, ExpressibleByArgument {
  case torch

  var allowances: [Allowance] {
    switch self {
    case .torch: Self.torchAllowances
    }
  }

  /// Of `torch.optim`, as its constructors compare in PyTorch 2.x.
  private static let torchAllowances: [Allowance] = [
    Allowance(
      .takes("lr", [0]),
      why: "its constructors refuse lr < 0 alone, and schedulers go through 0"),
    Allowance(.takes("lr", [.infinity]), why: "its constructors refuse lr < 0 alone"),
    Allowance(
      .takes("lr", [.nan]), of: ["sgd", "momentum", "nesterov"],
      why: "SGD asks whether lr < 0, which NaN is not"),
    Allowance(
      .takes("momentum", [1, 1.5, .nan]), of: ["momentum", "nesterov"],
      why: "SGD asks whether momentum < 0, and has no upper limit"),
    Allowance(.takes("eps", [.infinity]), why: "its constructors have no upper limit for eps"),
    Allowance(
      .takes("eps", [0]), of: ["adadelta"],
      why: "Adadelta takes eps = 0, with which it never moves"),
    Allowance(.takes("rho", [1]), of: ["adadelta"], why: "Adadelta's range for rho includes 1"),
    Allowance(
      .takes("alpha", [1, 1.5]), of: ["rmsprop"], why: "RMSprop has no upper limit for alpha"),
    Allowance(
      .takes("centered", [0.5, 2, -1, .nan]), of: ["rmsprop"],
      why: "a switch is whatever Python takes for true"),
    Allowance(
      .takes("weight_decay", [.infinity]), of: ["adamw"],
      why: "AdamW has no upper limit for weight_decay"),
    Allowance(
      .takes("momentum_decay", [.infinity]), of: ["nadam"],
      why: "NAdam has no upper limit for momentum_decay"),
    Allowance(
      .stepsOnNonFinite,
      why: "its steps look neither at the value nor for NaN in the gradient, to save time"),
    Allowance(
      .isNaNAtZeroEpsilon,
      of: ["adagrad", "adam", "adamax", "adamw", "amsgrad", "nadam", "radam", "rmsprop"],
      why: "it divides 0 by 0, where the papers' limit is no step"),
  ]
}

/// A departure from what the oracles ask that a profile allows.
struct Allowance: Sendable {
  enum Departure: Sendable {
    /// It takes these values of a hyperparameter, which are out of its range.
    case takes(String, [Double])
    /// It steps where the value or the gradient is not finite.
    case stepsOnNonFinite
    /// With ε = 0 a coordinate that has had no gradient becomes NaN.
    case isNaNAtZeroEpsilon
  }

  let departure: Departure
  /// By the catalog's names; nil for all.
  let rules: Set<String>?
  let why: String

  init(_ departure: Departure, of rules: Set<String>? = nil, why: String) {
    self.departure = departure
    self.rules = rules
    self.why = why
  }

  func concerns(_ rule: String) -> Bool { rules?.contains(rule) ?? true }

  /// What is allowed, and why: a note.
  var note: String {
    switch departure {
    case .takes(let name, let values):
      let list = values.map { "\($0)" }.joined(separator: ", ")
      return "it takes \(name) = \(list): \(why)"
    case .stepsOnNonFinite: return "it steps on numbers that are not finite: \(why)"
    case .isNaNAtZeroEpsilon:
      return "with eps = 0 a coordinate that has had no gradient becomes NaN: \(why)"
    }
  }

  /// Whether it is that the program takes this value of a hyperparameter.
  func takes(_ name: String, _ value: Double) -> Bool {
    guard case .takes(name, let values) = departure else { return false }
    return values.contains { $0 == value || $0.isNaN && value.isNaN }
  }

  /// Whether it explains how a check failed.
  ///
  /// - Parameter breaches: what each process did last that the protocol does not allow.
  func explains(
    _ violation: OptimizerViolation, by check: String, with hyperparameters: [String: Double],
    breaches: [ProgramError]
  ) -> Bool {
    switch departure {
    case .takes: return false
    case .stepsOnNonFinite:
      return check == OptimizerOracle.refusingNonFinite && violation.isAcceptance
    case .isNaNAtZeroEpsilon:
      guard hyperparameters["eps"] == 0 || hyperparameters["epsilon"] == 0 else { return false }
      return breaches.contains {
        guard case .notFinite(_, "nan") = $0.cause else { return false }
        return violation.detail.contains("\($0)")
      }
    }
  }
}

extension OptimizerOracle {
  /// The check that numbers which are not finite are refused.
  fileprivate static let refusingNonFinite = "refuses numbers that are not finite"
  /// The check that hyperparameters out of their range are refused.
  static let refusingHyperparameters = "refuses invalid hyperparameters"
}

extension OptimizerViolation {
  /// Whether it is that something was taken, rather than that a refusal left its trace.
  fileprivate var isAcceptance: Bool { detail.hasSuffix("was taken") }
}
