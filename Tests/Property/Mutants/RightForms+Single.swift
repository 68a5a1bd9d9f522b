import Foundation
import Oracles

// The rules in single precision throughout: gradients, memory, parameters. The corrections alone,
// which are one number a step, are computed in double precision and rounded.

/// A form of a coordinatewise rule in single precision.
private func single(
  _ optimizer: String,
  _ make:
    @escaping @Sendable (Settings) ->
    @Sendable (inout Float, Float, inout SIMD4<Float>, Int) ->
    Void
) -> RightForm {
  RightForm(optimizer, "single precision throughout", in: .single) {
    coordinateRule(Float.self, make($0))
  }
}

/// x/y, and 0 where y is 0.
private func ratio(_ x: Float, _ y: Float) -> Float { y == 0 ? 0 : x / y }

/// The averages of g and g², β₁ and β₂ of them kept.
private func average(_ s: inout SIMD4<Float>, _ g: Float, _ c: MomentConstants) {
  s[0] = between(s[0], g, Float(1 - c.beta1))
  s[1] = between(s[1], g * g, Float(1 - c.beta2))
}

let singleForms: [RightForm] = [
  single("sgd") { set in
    let rate = Float(set("learningRate", 0.05))
    return { x, g, _, _ in x -= rate * g }
  },
  single("momentum") { set in
    let (rate, μ) = (Float(set("learningRate", 0.05)), Float(set("momentum", 0.9)))
    return { x, g, s, _ in
      s[0] = μ * s[0] + g
      x -= rate * s[0]
    }
  },
  single("nesterov") { set in
    let (rate, μ) = (Float(set("learningRate", 0.05)), Float(set("momentum", 0.9)))
    return { x, g, s, _ in
      s[0] = μ * s[0] + g
      x -= rate * (g + μ * s[0])
    }
  },
  single("signDescent") { set in
    let rate = Float(set("learningRate", 0.01))
    return { x, g, _, _ in if g != 0 { x -= Float(signOf: g, magnitudeOf: rate) } }
  },
  single("lion") { set in
    let rate = set("learningRate", 1e-4)
    let (beta1, beta2) = (set("beta1", 0.9), set("beta2", 0.99))
    let kept = Float(1 - rate * set("weightDecay", 0))
    return { x, g, s, _ in
      let mixed = Float(beta1) * s[0] + Float(1 - beta1) * g
      s[0] = Float(beta2) * s[0] + Float(1 - beta2) * g
      x *= kept
      if mixed != 0 { x -= Float(signOf: mixed, magnitudeOf: Float(rate)) }
    }
  },
  single("adagrad") { set in
    let (rate, epsilon) = (Float(set("learningRate", 0.01)), Float(set("epsilon", 1e-10)))
    return { x, g, s, _ in
      s[0] += g * g
      x -= rate * ratio(g, s[0].squareRoot() + epsilon)
    }
  },
  single("rmsprop") { set in
    let (rate, epsilon) = (Float(set("learningRate", 0.01)), Float(set("epsilon", 1e-8)))
    let decay = set("decay", 0.99)
    let isCentered = set("centered", 0) != 0
    return { x, g, s, _ in
      s[0] = between(s[0], g * g, Float(1 - decay))
      s[1] = between(s[1], g, Float(1 - decay))
      let spread = isCentered ? max(s[0] - s[1] * s[1], 0) : s[0]
      x -= rate * ratio(g, spread.squareRoot() + epsilon)
    }
  },
  single("adadelta") { set in
    let (rate, epsilon) = (Float(set("learningRate", 1)), Float(set("epsilon", 1e-6)))
    let decay = set("decay", 0.9)
    return { x, g, s, _ in
      s[0] = between(s[0], g * g, Float(1 - decay))
      let move = (s[1] + epsilon).squareRoot() / (s[0] + epsilon).squareRoot() * g
      s[1] = between(s[1], move * move, Float(1 - decay))
      x -= rate * move
    }
  },
  single("adam") { set in
    let c = MomentConstants(set)
    return { x, g, s, t in
      average(&s, g, c)
      let root = Float(1 / c.bias2(t).squareRoot())
      x -= Float(c.rate / c.bias1(t)) * ratio(s[0], s[1].squareRoot() * root + Float(c.epsilon))
    }
  },
  single("adamw") { set in
    let c = MomentConstants(set)
    let kept = Float(1 - c.rate * set("weightDecay", 0.01))
    return { x, g, s, t in
      average(&s, g, c)
      let root = Float(1 / c.bias2(t).squareRoot())
      x *= kept
      x -= Float(c.rate / c.bias1(t)) * ratio(s[0], s[1].squareRoot() * root + Float(c.epsilon))
    }
  },
  single("amsgrad") { set in
    let c = MomentConstants(set)
    return { x, g, s, t in
      average(&s, g, c)
      s[2] = max(s[2], s[1])
      let root = Float(1 / c.bias2(t).squareRoot())
      x -= Float(c.rate / c.bias1(t)) * ratio(s[0], s[2].squareRoot() * root + Float(c.epsilon))
    }
  },
  single("adamax") { set in
    let c = MomentConstants(set, rate: 2e-3)
    return { x, g, s, t in
      s[0] = between(s[0], g, Float(1 - c.beta1))
      s[1] = max(Float(c.beta2) * s[1], g.magnitude + Float(c.epsilon))
      x -= Float(c.rate / c.bias1(t)) * ratio(s[0], s[1])
    }
  },
  single("nadam") { set in
    let c = MomentConstants(set, rate: 2e-3)
    let psi = set("momentumDecay", 0.004)
    return { x, g, s, t in
      func momentum(_ t: Int) -> Float {
        Float(c.beta1 * (1 - 0.5 * pow(0.96, Double(t) * psi)))
      }
      average(&s, g, c)
      let (now, next) = (momentum(t), momentum(t + 1))
      s[2] = t == 1 ? now : s[2] * now
      let move = next * s[0] / (1 - s[2] * next) + (1 - now) * g / (1 - s[2])
      let root = Float(1 / c.bias2(t).squareRoot())
      x -= Float(c.rate) * ratio(move, s[1].squareRoot() * root + Float(c.epsilon))
    }
  },
  single("radam") { set in
    let c = MomentConstants(set)
    let limit = 2 / (1 - c.beta2) - 1
    return { x, g, s, t in
      average(&s, g, c)
      let c2 = c.bias2(t)
      let length = limit - 2 * Double(t) * (1 - c2) / c2
      guard length > 5 else {
        x -= Float(c.rate / c.bias1(t)) * s[0]
        return
      }
      let square = (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)
      let rate = Float(c.rate / c.bias1(t) * (square * c2).squareRoot())
      x -= rate * ratio(s[0], s[1].squareRoot() + Float(c.epsilon))
    }
  },
  single("adabelief") { set in
    let c = MomentConstants(set, epsilon: 1e-16)
    return { x, g, s, t in
      s[0] = between(s[0], g, Float(1 - c.beta1))
      let surprise = g - s[0]
      s[1] = Float(c.beta2) * s[1] + Float(1 - c.beta2) * surprise * surprise + Float(c.epsilon)
      let root = Float(1 / c.bias2(t).squareRoot())
      x -= Float(c.rate / c.bias1(t)) * ratio(s[0], s[1].squareRoot() * root + Float(c.epsilon))
    }
  },
  RightForm("normalizedGD", "single precision throughout", in: .single) { set in
    let rate = Float(set("learningRate", 0.01))
    return gradientRule { point, gradient, _ in
      let g = gradient.map { Float($0) }
      let most = g.reduce(0) { max($0, $1.magnitude) }
      guard most > 0, most.isFinite else { return }
      let size = most * g.reduce(0) { $0 + ($1 / most) * ($1 / most) }.squareRoot()
      for i in point.indices { point[i] = Double(Float(point[i]) - rate * (g[i] / size)) }
    }
  },
]
