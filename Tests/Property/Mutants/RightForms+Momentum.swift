import Foundation
import Oracles

let momentumForms: [RightForm] = [
  RightForm("sgd", "by a fused multiplication and addition") { set in
    let rate = set("learningRate", 0.05)
    return coordinateRule(Double.self) { x, g, _, _ in x = x.addingProduct(-rate, g) }
  },
  RightForm("sgd", "g over the rate's reciprocal, backwards") { set in
    let slowness = 1 / set("learningRate", 0.05)
    return coordinateRule(Double.self, backwards: true) { x, g, _, _ in x -= g / slowness }
  },
  RightForm("sgd", "θ/η in the place of θ") { set in
    let rate = set("learningRate", 0.05)
    return coordinateRule(Double.self) { x, g, _, _ in x = rate * (x / rate - g) }
  },
  RightForm("momentum", "the rate within the velocity") { set in
    let (rate, μ) = (set("learningRate", 0.05), set("momentum", 0.9))
    return coordinateRule(Double.self) { x, g, s, _ in
      s[0] = μ * s[0] + rate * g
      x -= s[0]
    }
  },
  RightForm("momentum", "the mean gradient at the rate η/(1 − μ)") { set in
    let (rate, μ) = (set("learningRate", 0.05), set("momentum", 0.9))
    return coordinateRule(Double.self) { x, g, s, _ in
      s[0] += (1 - μ) * (g - s[0])
      x -= rate / (1 - μ) * s[0]
    }
  },
  RightForm("momentum", "the last move kept: Δ ← μΔ − ηg") { set in
    let (rate, μ) = (set("learningRate", 0.05), set("momentum", 0.9))
    return coordinateRule(Double.self) { x, g, s, _ in
      let old = x
      x += (μ * s[0]).addingProduct(-rate, g)
      s[0] = x - old
    }
  },
  RightForm("momentum", "by fused multiplications and additions, backwards") { set in
    let (rate, μ) = (set("learningRate", 0.05), set("momentum", 0.9))
    return coordinateRule(Double.self, backwards: true) { x, g, s, _ in
      s[0] = g.addingProduct(μ, s[0])
      x = x.addingProduct(-rate, s[0])
    }
  },
  RightForm("momentum", "a compensated walk") { set in
    let (rate, μ) = (set("learningRate", 0.05), set("momentum", 0.9))
    return coordinateRule(Double.self) { x, g, s, _ in
      s[0] = μ * s[0] + g
      let move = -rate * s[0] - s[1]
      let new = x + move
      s[1] = (new - x) - move
      x = new
    }
  },
  RightForm("nesterov", "Sutskever's: a velocity from the point behind the look-ahead one") { set in
    let (rate, μ) = (set("learningRate", 0.05), set("momentum", 0.9))
    return coordinateRule(Double.self) { x, g, s, _ in
      let behind = x - μ * s[0]
      s[0] = μ * s[0] - rate * g
      x = behind + s[0] + μ * s[0]
    }
  },
  RightForm("nesterov", "Nesterov's two sequences") { set in
    let (rate, μ) = (set("learningRate", 0.05), set("momentum", 0.9))
    return coordinateRule(Double.self) { y, g, s, t in
      let last = t == 1 ? y : s[0]
      s[0] = y - rate * g
      y = s[0] + μ * (s[0] - last)
    }
  },
  RightForm("nesterov", "the rate within the velocity, (1 + μ)g + μ²v₋ for g + μv") { set in
    let (rate, μ) = (set("learningRate", 0.05), set("momentum", 0.9))
    return coordinateRule(Double.self) { x, g, s, _ in
      x -= (1 + μ) * (rate * g) + μ * μ * s[0]
      s[0] = μ * s[0] + rate * g
    }
  },
  RightForm("nesterov", "the mean gradient at the rate η/(1 − μ)") { set in
    let (rate, μ) = (set("learningRate", 0.05), set("momentum", 0.9))
    return coordinateRule(Double.self) { x, g, s, _ in
      s[0] = μ * s[0] + (1 - μ) * g
      x -= rate * g + rate * μ / (1 - μ) * s[0]
    }
  },
  RightForm("lion", "m + (1 − β)(g − m), the sign by comparisons") { set in
    let c = LionConstants(set)
    return coordinateRule(Double.self) { x, g, s, _ in
      let mixed = s[0] + (1 - c.beta1) * (g - s[0])
      let u = (mixed > 0 ? 1.0 : 0) - (mixed < 0 ? 1 : 0)
      s[0] += (1 - c.beta2) * (g - s[0])
      x -= c.rate * (u + c.decay * x)
    }
  },
  RightForm("lion", "the sum of decayed gradients") { set in
    let c = LionConstants(set)
    return coordinateRule(Double.self) { x, g, s, _ in
      let mixed = c.beta1 * (1 - c.beta2) * s[0] + (1 - c.beta1) * g
      s[0] = c.beta2 * s[0] + g
      x = x * (1 - c.rate * c.decay)
      if mixed != 0 { x -= Double(signOf: mixed, magnitudeOf: c.rate) }
    }
  },
  RightForm("signDescent", "the sign by copysign") { set in
    let rate = set("learningRate", 0.01)
    return coordinateRule(Double.self) { x, g, _, _ in
      if g != 0 { x -= Double(signOf: g, magnitudeOf: rate) }
    }
  },
  RightForm("signDescent", "g/|g|") { set in
    let rate = set("learningRate", 0.01)
    return coordinateRule(Double.self, backwards: true) { x, g, _, _ in
      x -= rate * ratio(g, g.magnitude)
    }
  },
  RightForm("signDescent", "the difference of two comparisons") { set in
    let rate = set("learningRate", 0.01)
    return coordinateRule(Double.self) { x, g, _, _ in
      x += (g < 0 ? rate : 0) - (g > 0 ? rate : 0)
    }
  },
  RightForm("normalizedGD", "the norm by a chain of hypot") { set in
    normalized(set) { g in g.reduce(0) { hypot($0, $1) } }
  },
  RightForm("normalizedGD", "the norm by pairs, over the largest element") { set in
    normalized(set) { g in
      let most = g.reduce(0) { max($0, $1.magnitude) }
      return most == 0 ? 0 : most * pairwise(g.map { ($0 / most) * ($0 / most) }[...]).squareRoot()
    }
  },
  RightForm("normalizedGD", "the norm summed backwards, in units of a power of two") { set in
    normalized(set) { g in
      let most = g.reduce(0) { max($0, $1.magnitude) }
      guard most > 0 else { return 0 }
      let unit = Double(sign: .plus, exponent: most.exponent, significand: 1)
      var sum = 0.0
      for x in g.reversed() { sum = sum.addingProduct(x / unit, x / unit) }
      return unit * sum.squareRoot()
    }
  },
]

/// What Lion is made with.
private struct LionConstants {
  let rate: Double, beta1: Double, beta2: Double, decay: Double

  init(_ set: Settings) {
    rate = set("learningRate", 1e-4)
    beta1 = set("beta1", 0.9)
    beta2 = set("beta2", 0.99)
    decay = set("weightDecay", 0)
  }
}

/// θ ← θ − ηg/‖g‖.
private func normalized(
  _ set: Settings, norm: @escaping @Sendable ([Double]) -> Double
) -> PlainOptimizer.Rule {
  let rate = set("learningRate", 0.01)
  return gradientRule { point, g, _ in
    let size = norm(g)
    guard size > 0 else { return }
    for i in point.indices { point[i] -= rate * (g[i] / size) }
  }
}

/// Σx by halves.
private func pairwise(_ x: ArraySlice<Double>) -> Double {
  guard x.count > 2 else { return x.reduce(0, +) }
  let middle = x.startIndex + x.count / 2
  return pairwise(x[..<middle]) + pairwise(x[middle...])
}
