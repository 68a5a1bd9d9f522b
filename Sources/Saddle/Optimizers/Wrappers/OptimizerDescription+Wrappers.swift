extension OptimizerDescription {
  /// An optimizer in the wrappers that are asked for, from the inside out: clipping by norm, by
  /// value (which is then done first), weight decay, sharpness.
  func wrapped<T: Scalar>(_ rule: any Optimizer<T>) throws(OptimizerError) -> any Optimizer<T> {
    var rule = rule
    if let clipNorm {
      rule = try clipped(firstOrder(rule, "clipNorm", clipNorm), norm: T(clipNorm))
    }
    if let clipValue {
      rule = try clipped(firstOrder(rule, "clipValue", clipValue), value: T(clipValue))
    }
    if let decoupledWeightDecay {
      guard let scheduled = rule as? any ScheduledOptimizer<T> else {
        throw refusal(of: "decoupledWeightDecay", decoupledWeightDecay)
      }
      rule = try decayed(scheduled, T(decoupledWeightDecay))
    }
    if let sharpnessRadius {
      let base = try firstOrder(rule, "sharpnessRadius", sharpnessRadius)
      rule = try sharpnessAware(base, T(sharpnessRadius))
    }
    return rule
  }

  private func firstOrder<T: Scalar>(
    _ rule: any Optimizer<T>, _ wrapper: String, _ value: Double
  ) throws(OptimizerError) -> any FirstOrderOptimizer<T> {
    guard let rule = rule as? any FirstOrderOptimizer<T> else {
      throw refusal(of: wrapper, value)
    }
    return rule
  }

  private func refusal(of wrapper: String, _ value: Double) -> OptimizerError {
    .invalidHyperparameter(
      name: wrapper, value: "\(value)", expected: "absent, since \(name) is no first-order rule")
  }
}

// Each gives the wrapped optimizer its type.

private func clipped<Base: FirstOrderOptimizer>(
  _ base: Base, norm: Base.Element
) throws(OptimizerError) -> any Optimizer<Base.Element> { try Clipped(base, by: .norm(norm)) }

private func clipped<Base: FirstOrderOptimizer>(
  _ base: Base, value: Base.Element
) throws(OptimizerError) -> any Optimizer<Base.Element> { try Clipped(base, by: .value(value)) }

private func decayed<Base: ScheduledOptimizer>(
  _ base: Base, _ decay: Base.Element
) throws(OptimizerError) -> any Optimizer<Base.Element> {
  try DecoupledWeightDecay(base, weightDecay: decay)
}

private func sharpnessAware<Base: FirstOrderOptimizer>(
  _ base: Base, _ radius: Base.Element
) throws(OptimizerError) -> any Optimizer<Base.Element> {
  try SharpnessAware(base, radius: radius)
}
