import Foundation

private typealias Constants = MomentConstants

let momentForms: [RightForm] = [
  RightForm("adamax", "the maximum's logarithm kept, from 2⁰") { set in
    let c = Constants(set, rate: 2e-3)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] + (1 - c.beta1) * g
      // Zero is no logarithm's: none yet.
      let faded = s[2] == 0 ? -Double.infinity : s[1] + log2(c.beta2)
      let now = log2(g.magnitude + c.epsilon)
      if max(faded, now) > -.infinity { (s[1], s[2]) = (max(faded, now), 1) } else { s[2] = 0 }
      x -= c.rate * (s[2] == 0 ? 0 : s[0] / c.bias1(t) / exp2(s[1]))
    }
  },
  RightForm("adamax", "sums of weights, and the correction in the rate") { set in
    let c = Constants(set, rate: 2e-3)
    return coordinateRule(Double.self) { x, g, s, _ in
      s[0] = c.beta1 * s[0] + g
      s[2] = c.beta1 * s[2] + 1
      s[1] *= c.beta2
      if g.magnitude + c.epsilon > s[1] { s[1] = g.magnitude + c.epsilon }
      x -= ratio(c.rate / s[2] * s[0], s[1])
    }
  },
  RightForm("nadam", "Πμ by a sum of logarithms") { set in
    let c = Constants(set, rate: 2e-3)
    let psi = set("momentumDecay", 0.004)
    return coordinateRule(Double.self) { x, g, s, t in
      let (now, next) = (nesterovMomentum(c, psi, t), nesterovMomentum(c, psi, t + 1))
      s[0] = between(s[0], g, 1 - c.beta1)
      s[1] = between(s[1], g * g, 1 - c.beta2)
      // Where β₁ = 0 there is no product.
      if now > 0 { s[2] += log(now) }
      let product = now > 0 ? exp(s[2]) : 0
      let move = next * s[0] / (1 - product * next) + (1 - now) * g / (1 - product)
      x -= c.rate * ratio(move, (s[1] / c.bias2(t)).squareRoot() + c.epsilon)
    }
  },
  RightForm("nadam", "the shares of g and m before their sum, 0.96ˣ by exp") { set in
    let c = Constants(set, rate: 2e-3)
    let psi = set("momentumDecay", 0.004)
    return coordinateRule(Double.self) { x, g, s, t in
      let pace = psi * log(0.96)
      let now = c.beta1 - c.beta1 / 2 * exp(Double(t) * pace)
      let next = c.beta1 - c.beta1 / 2 * exp(Double(t + 1) * pace)
      s[2] = t == 1 ? now : s[2] * now
      s[0] = c.beta1 * s[0] + g
      s[1] = c.beta2 * s[1] + g * g
      let ofMean = c.rate * next * (1 - c.beta1) / (1 - s[2] * next)
      let ofGradient = c.rate * (1 - now) / (1 - s[2])
      let size = ((1 - c.beta2) * s[1] / c.bias2(t)).squareRoot() + c.epsilon
      x -= ratio(ofMean * s[0] + ofGradient * g, size)
    }
  },
  RightForm("radam", "r by a product of roots, 1 − βᵗ by expm1") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] + (1 - c.beta1) * g
      s[1] = c.beta2 * s[1] + (1 - c.beta2) * g * g
      let c2 = -expm1(Double(t) * log(c.beta2))
      let m = s[0] / c.bias1(t)
      guard let r = rectification(c, t, c2) else {
        x -= c.rate * m
        return
      }
      x -= c.rate * r * ratio(m * c2.squareRoot(), s[1].squareRoot() + c.epsilon)
    }
  },
  RightForm("radam", "v̂ and ε/√(1 − β₂ᵗ) in the place of v and ε") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] += (1 - c.beta1) * (g - s[0])
      s[1] += (1 - c.beta2) * (g * g - s[1])
      let c2 = c.bias2(t)
      let rate = c.rate / c.bias1(t)
      if let r = rectification(c, t, c2) {
        x -= ratio(rate * r * s[0], (s[1] / c2).squareRoot() + c.epsilon / c2.squareRoot())
      } else {
        x -= rate * s[0]
      }
    }
  },
  RightForm("radam", "sums of weights") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] + g
      s[1] = c.beta2 * s[1] + g * g
      s[2] = c.beta1 * s[2] + 1
      s[3] = c.beta2 * s[3] + 1
      let c2 = (1 - c.beta2) * s[3]
      let m = s[0] / s[2]
      let size = ((1 - c.beta2) * s[1]).squareRoot() + c.epsilon
      x -= c.rate * (rectification(c, t, c2).map { $0 * ratio(m * c2.squareRoot(), size) } ?? m)
    }
  },
  RightForm("adabelief", "g − m as β₁(g − m₋)") { set in
    let c = Constants(set, epsilon: 1e-16)
    return coordinateRule(Double.self) { x, g, s, t in
      let surprise = c.beta1 * (g - s[0])
      s[0] += (1 - c.beta1) * (g - s[0])
      s[1] = c.beta2 * s[1] + (1 - c.beta2) * surprise * surprise + c.epsilon
      x -= c.rate * ratio(s[0] / c.bias1(t), (s[1] / c.bias2(t)).squareRoot() + c.epsilon)
    }
  },
  RightForm("adabelief", "the sum of the εs apart: ŝ + ε/(1 − β₂)") { set in
    let c = Constants(set, epsilon: 1e-16)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] + (1 - c.beta1) * g
      let surprise = g - s[0]
      s[1] += (1 - c.beta2) * (surprise * surprise - s[1])
      let square = s[1] / c.bias2(t) + c.epsilon / (1 - c.beta2)
      x -= c.rate * ratio(s[0] / c.bias1(t), square.squareRoot() + c.epsilon)
    }
  },
  RightForm("rmsprop", "v + (1 − α)(g² − v), from the nearer end") { set in
    let c = Squares(set)
    return coordinateRule(Double.self) { x, g, s, _ in
      s[0] = between(s[0], g * g, 1 - c.decay)
      s[1] = between(s[1], g, 1 - c.decay)
      let spread = c.isCentered ? max(s[0] - s[1] * s[1], 0) : s[0]
      x -= c.rate * ratio(g, spread.squareRoot() + c.epsilon)
    }
  },
  RightForm("rmsprop", "the spread kept: σ² ← α(σ² + (1 − α)(g − m₋)²)") { set in
    let c = Squares(set)
    return coordinateRule(Double.self) { x, g, s, _ in
      let surprise = g - s[1]
      s[0] =
        c.isCentered
        ? c.decay * (s[0] + (1 - c.decay) * surprise * surprise)
        : c.decay * s[0] + (1 - c.decay) * g * g
      s[1] += (1 - c.decay) * surprise
      x -= c.rate * ratio(g, s[0].squareRoot() + c.epsilon)
    }
  },
  RightForm("rmsprop", "sums of decayed squares, by reciprocals") { set in
    let c = Squares(set)
    return coordinateRule(Double.self) { x, g, s, _ in
      s[0] = c.decay * s[0] + g * g
      s[1] = c.decay * s[1] + g
      let mean = (1 - c.decay) * s[1]
      let square = (1 - c.decay) * s[0]
      let spread = c.isCentered ? max(square.addingProduct(-mean, mean), 0) : square
      x -= g * ratio(c.rate, spread.squareRoot() + c.epsilon)
    }
  },
  RightForm("adagrad", "the root kept, by hypot") { set in
    let (rate, epsilon) = (set("learningRate", 0.01), set("epsilon", 1e-10))
    return coordinateRule(Double.self) { x, g, s, _ in
      s[0] = hypot(s[0], g)
      x -= rate * ratio(g, s[0] + epsilon)
    }
  },
  RightForm("adagrad", "a compensated sum") { set in
    let (rate, epsilon) = (set("learningRate", 0.01), set("epsilon", 1e-10))
    return coordinateRule(Double.self, backwards: true) { x, g, s, _ in
      let more = g * g - s[1]
      let new = s[0] + more
      s[1] = (new - s[0]) - more
      s[0] = new
      x -= rate * ratio(g, s[0].squareRoot() + epsilon)
    }
  },
  RightForm("adagrad", "t times the mean of the squares") { set in
    let (rate, epsilon) = (set("learningRate", 0.01), set("epsilon", 1e-10))
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] += (g * g - s[0]) / Double(t)
      x -= rate * ratio(g, (Double(t) * s[0]).squareRoot() + epsilon)
    }
  },
  RightForm("adadelta", "both averages as x + (1 − ρ)(y − x), from the nearer end") { set in
    let (rate, decay) = (set("learningRate", 1), set("decay", 0.9))
    let epsilon = set("epsilon", 1e-6)
    return coordinateRule(Double.self) { x, g, s, _ in
      s[0] = between(s[0], g * g, 1 - decay)
      let move = g * (s[1] + epsilon).squareRoot() / (s[0] + epsilon).squareRoot()
      s[1] = between(s[1], move * move, 1 - decay)
      x -= rate * move
    }
  },
  RightForm("adadelta", "v + ε and u + ε kept, one root of the quotient") { set in
    let (rate, decay) = (set("learningRate", 1), set("decay", 0.9))
    let epsilon = set("epsilon", 1e-6)
    return coordinateRule(Double.self) { x, g, s, t in
      if t == 1 { (s[0], s[1]) = (epsilon, epsilon) }
      s[0] = decay * s[0] + (1 - decay) * (g * g + epsilon)
      let move = (s[1] / s[0]).squareRoot() * g
      s[1] = decay * s[1] + (1 - decay) * (move * move + epsilon)
      x -= rate * move
    }
  },
]

/// What RMSProp is made with.
private struct Squares {
  let rate: Double, decay: Double, epsilon: Double, isCentered: Bool

  init(_ set: Settings) {
    rate = set("learningRate", 0.01)
    decay = set("decay", 0.99)
    epsilon = set("epsilon", 1e-8)
    isCentered = set("centered", 0) != 0
  }
}

/// NAdam's μ_t.
private func nesterovMomentum(_ c: Constants, _ psi: Double, _ t: Int) -> Double {
  c.beta1 * (1 - 0.5 * pow(0.96, Double(t) * psi))
}

/// RAdam's r_t; nil where there are too few steps to rectify.
private func rectification(_ c: Constants, _ t: Int, _ bias: Double) -> Double? {
  let limit = (1 + c.beta2) / (1 - c.beta2)
  let length = limit - 2 * Double(t) * (1 - bias) / bias
  guard length > 5 else { return nil }
  let (first, second) = ((length - 4) / (limit - 4), (length - 2) / (limit - 2))
  return first.squareRoot() * second.squareRoot() * (limit / length).squareRoot()
}
