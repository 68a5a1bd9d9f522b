import Foundation

private typealias Constants = MomentConstants

let adamForms: [RightForm] = [
  RightForm("adam", "v + (1 − β)(g² − v), from the nearer end") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = between(s[0], g, 1 - c.beta1)
      s[1] = between(s[1], g * g, 1 - c.beta2)
      x -= c.rate * ratio(s[0] / c.bias1(t), (s[1] / c.bias2(t)).squareRoot() + c.epsilon)
    }
  },
  RightForm("adam", "corrections in the rate, η√(1 − β₂ᵗ)/(1 − β₁ᵗ), and ε√(1 − β₂ᵗ)") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] + (1 - c.beta1) * g
      s[1] = c.beta2 * s[1] + (1 - c.beta2) * g * g
      let root = c.bias2(t).squareRoot()
      let rate = c.rate * root / c.bias1(t)
      x -= ratio(rate * s[0], s[1].squareRoot() + c.epsilon * root)
    }
  },
  RightForm("adam", "βᵗ by a running product") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] + (1 - c.beta1) * g
      s[1] = c.beta2 * s[1] + (1 - c.beta2) * g * g
      s[2] = t == 1 ? c.beta1 : s[2] * c.beta1
      s[3] = t == 1 ? c.beta2 : s[3] * c.beta2
      x -= c.rate * ratio(s[0] / (1 - s[2]), (s[1] / (1 - s[3])).squareRoot() + c.epsilon)
    }
  },
  RightForm("adam", "1 − βᵗ by expm1") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] + (1 - c.beta1) * g
      s[1] = c.beta2 * s[1] + (1 - c.beta2) * g * g
      let (c1, c2) = (-expm1(Double(t) * log(c.beta1)), -expm1(Double(t) * log(c.beta2)))
      x -= c.rate * ratio(s[0] / c1, (s[1] / c2).squareRoot() + c.epsilon)
    }
  },
  RightForm("adam", "sums Σβᵗ⁻ᵏg and sums of weights Σβᵗ⁻ᵏ") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, _ in
      s[0] = c.beta1 * s[0] + g
      s[1] = c.beta2 * s[1] + g * g
      s[2] = c.beta1 * s[2] + 1
      s[3] = c.beta2 * s[3] + 1
      x -= c.rate * ratio(s[0] / s[2], (s[1] / s[3]).squareRoot() + c.epsilon)
    }
  },
  RightForm("adam", "means that are corrected already, by weights that fall") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = between(s[0], g, (1 - c.beta1) / c.bias1(t))
      s[1] = between(s[1], g * g, (1 - c.beta2) / c.bias2(t))
      x -= c.rate * ratio(s[0], max(s[1], 0).squareRoot() + c.epsilon)
    }
  },
  RightForm("adam", "the root of v kept, by hypot") { set in
    let c = Constants(set)
    let (old, new) = (c.beta2.squareRoot(), (1 - c.beta2).squareRoot())
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] + (1 - c.beta1) * g
      s[1] = hypot(old * s[1], new * g)
      x -= c.rate * ratio(s[0] / c.bias1(t), s[1] / c.bias2(t).squareRoot() + c.epsilon)
    }
  },
  RightForm("adam", "in units of 2¹⁰, backwards") { set in
    let c = Constants(set)
    return coordinateRule(Double.self, backwards: true) { x, g, s, t in
      s[0] = c.beta1 * s[0] + (1 - c.beta1) * (1024 * g)
      s[1] = c.beta2 * s[1] + (1 - c.beta2) * (1024 * g) * (1024 * g)
      let size = (s[1] / c.bias2(t)).squareRoot() + 1024 * c.epsilon
      x -= c.rate * ratio(s[0] / c.bias1(t), size)
    }
  },
  RightForm("adam", "by reciprocals") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] + (1 - c.beta1) * g
      s[1] = c.beta2 * s[1] + (1 - c.beta2) * g * g
      let size = (s[1] * (1 / c.bias2(t))).squareRoot() + c.epsilon
      x -= c.rate * (1 / c.bias1(t)) * s[0] * ratio(1, size)
    }
  },
  RightForm("adam", "by fused multiplications and additions, βᵗ by repeated squaring") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = (c.beta1 * s[0]).addingProduct(1 - c.beta1, g)
      s[1] = (c.beta2 * s[1]).addingProduct((1 - c.beta2) * g, g)
      let (c1, c2) = (1 - squaredPower(c.beta1, t), 1 - squaredPower(c.beta2, t))
      x = x.addingProduct(-c.rate, ratio(s[0] / c1, (s[1] / c2).squareRoot() + c.epsilon))
    }
  },
  RightForm("adam", "ascent along −g") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] - (1 - c.beta1) * g
      s[1] = c.beta2 * s[1] + g * g - c.beta2 * (g * g)
      x += c.rate * ratio(s[0] / c.bias1(t), (s[1] / c.bias2(t)).squareRoot() + c.epsilon)
    }
  },
  RightForm("adamw", "θ − η(λθ + u), v + (1 − β)(g² − v)") { set in
    let (c, decay) = (Constants(set), set("weightDecay", 0.01))
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] += (1 - c.beta1) * (g - s[0])
      s[1] += (1 - c.beta2) * (g * g - s[1])
      let u = ratio(s[0] / c.bias1(t), (s[1] / c.bias2(t)).squareRoot() + c.epsilon)
      x -= c.rate * (decay * x + u)
    }
  },
  RightForm("adamw", "the step first, from which the decay is taken") { set in
    let (c, decay) = (Constants(set), set("weightDecay", 0.01))
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] + g
      s[1] = c.beta2 * s[1] + g * g
      let old = x
      let (m, v) = ((1 - c.beta1) * s[0] / c.bias1(t), (1 - c.beta2) * s[1] / c.bias2(t))
      x -= c.rate * ratio(m, v.squareRoot() + c.epsilon)
      x -= old * (c.rate * decay)
    }
  },
  RightForm("adamw", "θ's decay by exp(log1p(−ηλ))") { set in
    let (c, decay) = (Constants(set), set("weightDecay", 0.01))
    let kept = exp(log1p(-c.rate * decay))
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] + (1 - c.beta1) * g
      s[1] = c.beta2 * s[1] + (1 - c.beta2) * g * g
      let u = ratio(s[0] / c.bias1(t), (s[1] / c.bias2(t)).squareRoot() + c.epsilon)
      x = (kept * x).addingProduct(-c.rate, u)
    }
  },
  RightForm("amsgrad", "the largest root kept") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] + (1 - c.beta1) * g
      s[1] = c.beta2 * s[1] + (1 - c.beta2) * g * g
      s[2] = max(s[2], s[1].squareRoot())
      x -= c.rate * ratio(s[0] / c.bias1(t), s[2] / c.bias2(t).squareRoot() + c.epsilon)
    }
  },
  RightForm("amsgrad", "the largest sum of weights' squares") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] = c.beta1 * s[0] + g
      s[1] = c.beta2 * s[1] + g * g
      s[2] = s[1] > s[2] ? s[1] : s[2]
      let m = (1 - c.beta1) * s[0] / c.bias1(t)
      x -= c.rate * ratio(m, ((1 - c.beta2) * s[2] / c.bias2(t)).squareRoot() + c.epsilon)
    }
  },
  RightForm("amsgrad", "corrections in the rate, ε√(1 − β₂ᵗ)") { set in
    let c = Constants(set)
    return coordinateRule(Double.self) { x, g, s, t in
      s[0] += (1 - c.beta1) * (g - s[0])
      s[1] += (1 - c.beta2) * (g * g - s[1])
      s[2] = max(s[2], s[1])
      let root = c.bias2(t).squareRoot()
      x -= ratio(c.rate * root / c.bias1(t) * s[0], s[2].squareRoot() + c.epsilon * root)
    }
  },
]

/// xᵗ by repeated squaring.
func squaredPower(_ x: Double, _ t: Int) -> Double {
  var (result, square, left) = (1.0, x, t)
  while left > 0 {
    if left % 2 == 1 { result *= square }
    square *= square
    left /= 2
  }
  return result
}
