import Foundation

extension OptimizerPromises {
  static let saddleFreeNewton = RulePromises(
    name: "saddleFreeNewton",
    hyperparameters: [.rate(1), PromisedHyperparameter("damping", 0.1, .notNegative)],
    cases: [["learningRate": 0.7, "damping": 0.3], ["damping": 0]],
    declarations: { s in
      saddleFreeInvariances(s)
        + [.law(.saddleFree(rate: s.rate, damping: s["damping"]))]
        + [.memoryless, saddleFreeWells(s, tolerance: 1e-10)]
        + [4, 33].map { saddleFreeModes(s, dimension: $0, tolerance: 1e-10) }
        + saddleFreeEscapes(s).map { .escape($0) }
    })

  static let krylovSaddleFreeNewton = RulePromises(
    name: "krylovSaddleFreeNewton",
    hyperparameters: [
      .rate(1), PromisedHyperparameter("damping", 0.1, .notNegative), krylovDimension,
    ],
    cases: [
      ["learningRate": 0.7, "damping": 0.3, "krylovDimension": 7], ["damping": 0],
    ],
    declarations: { s in
      // In a space of all that the gradient has a share of it is the exact method.
      let k = s["krylovDimension"]
      return saddleFreeInvariances(s)
        + [.law(.saddleFree(rate: s.rate, damping: s["damping"]) { Double($0) <= k })]
        + (s["krylovDimension"] >= 4
          ? [saddleFreeWells(s, tolerance: 1e-8)]
            + [4, 33, 257, 1000].map { saddleFreeModes(s, dimension: $0, tolerance: 1e-8) } : [])
        + saddleFreeEscapes(s).map { .escape($0) }
    })

  static let dampedNewton = RulePromises(
    name: "dampedNewton",
    hyperparameters: [
      PromisedHyperparameter("damping", 1e-3, .notNegative),
      PromisedHyperparameter("factor", 10, .aboveOne),
    ],
    cases: [["damping": 0.2, "factor": 3], ["damping": 0]],
    declarations: { s in
      s["damping"] == 0
        ? .invariances(Invariance.allCases) + [.memoryless] + newtonOnQuadratics(s)
        : .invariances(.translation, .permutation, .rotation)
          + [.neverRises, .law(.marquardt(damping: s["damping"], factor: s["factor"]))]
          + marquardtOnQuadratics(s)
    })

  static let trustRegionNewton = RulePromises(
    name: "trustRegionNewton",
    hyperparameters: [
      PromisedHyperparameter("radius", 1, .positive),
      PromisedHyperparameter("maximumRadius", 100, .positive),
      PromisedHyperparameter("iterations", 100, .count),
    ],
    cases: [["radius": 0.3, "maximumRadius": 0.8, "iterations": 7]],
    declarations: { s in
      // On a quadratic the model is exact: the radius doubles up to its maximum.
      let (radius, largest) = (s["radius"], s["maximumRadius"])
      @Sendable func step(_ t: Int) -> Double { min(radius * pow(2, Double(t - 1)), largest) }
      let distance = 5.5 * radius
      // The conjugate gradients' end, ‖r‖ ≤ min(½, √‖g‖)‖g‖, has a scale, unless they may take one
      // step only.
      let free: [Invariance] = s["iterations"] == 1 ? [.gradientScale] : []
      return .invariances([.translation, .permutation, .rotation] + free) + [
        .neverRises,
        .law(
          .trustRegion(
            radius: radius, maximum: largest, iterations: Int(min(s["iterations"], 1e6)))),
        .escape(.counted(curvature: 1, start: 1e-6) { step($1) }),
        .escape(.counted(curvature: 0.01, start: 1e-6) { step($1) }),
      ]
        + radial(
          "down a bowl by radii that double", curvature: 3, radius: distance, steps: 10
        ) { t in
          var left = distance
          for k in 1..<t + 1 { left -= min(left, step(k)) }
          return left / distance
        }
    })

  static let cubicNewton = RulePromises(
    name: "cubicNewton",
    hyperparameters: [
      PromisedHyperparameter("regularization", 1, .positive),
      PromisedHyperparameter("exactLimit", 500, .whole(limit: 4096)), krylovDimension,
    ],
    cases: [
      ["regularization": 3, "exactLimit": 0, "krylovDimension": 9],
      ["regularization": 0.02],
    ],
    declarations: { s in
      let (limit, k) = (s["exactLimit"], s["krylovDimension"])
      let law = StepLaw.cubic(regularization: s["regularization"]) { Double($0) <= max(limit, k) }
      return .invariances(.translation, .permutation, .rotation) + [.neverRises, .law(law)]
        // A Krylov space that holds all there is, or none.
        + (s["exactLimit"] >= 4 || s["krylovDimension"] >= 4
          ? cubicOnQuadratics(s["regularization"]) : [])
        + cubicEscapes(s["regularization"], fromSaddle: s["exactLimit"] >= 2).map { .escape($0) }
    },
    staysAt: Landscape.degenerateSaddles)

  static let krylovDimension = PromisedHyperparameter("krylovDimension", 32, .count)

  private static func saddleFreeInvariances(_ s: PromisedSettings) -> [OptimizerDeclaration] {
    s["damping"] == 0
      ? .invariances(.translation, .permutation, .rotation, .gradientScale)
      : .invariances(.translation, .permutation, .rotation)
  }

  /// Each mode by 1 − ηλ/(|λ| + α): at η = 1 and α = 0 what is positive is gone, and what is
  /// negative doubles, ×32 in five steps. Four curvatures, so that a Krylov space of four is all there
  /// is in any number of coordinates.
  private static func saddleFreeModes(
    _ s: PromisedSettings, dimension n: Int, tolerance: Double
  ) -> OptimizerDeclaration {
    let curvatures = [3, 0.2, -0.5, -8.0]
    let all = ClosedForm.tiled(curvatures, n)
    let factors = curvatures.map { 1 - s.rate * $0 / ($0.magnitude + s["damping"]) }
    return .knownPath(
      KnownPath(
        name: "the modes of a quadratic form, \(n) coordinates",
        start: ClosedForm.tiled([1, 2, 3, -1], n), steps: 5,
        function: { _ in .diagonalQuadratic(all) },
        position: { t in
          ClosedForm.tiled(zip([1, 2, 3, -1], factors).map { $0 * pow($1, Double(t)) }, n)
        },
        tolerance: tolerance, why: "an eigensystem of four curvatures at every step"))
  }

  /// Wells Σ wᵢ(yᵢ⁴/4 − yᵢ²/2) in reflected coordinates y = x − 2u(uᵀx): the curvatures change on
  /// the way, and each yᵢ goes as if it were alone.
  private static func saddleFreeWells(
    _ s: PromisedSettings, tolerance: Double
  ) -> OptimizerDeclaration {
    let weights = [2, 0.7, 1.5, 0.4]
    let start = [1.4, 0.2, -0.9, 2.0]
    @Sendable func reflected(_ x: [Double]) -> [Double] {
      let u = [0.1, 0.5, -0.5, 0.7]
      let share = 2 * dot(u, x)
      return zip(x, u).map { $0 - share * $1 }
    }
    @Sendable func moved(_ y: Double, _ w: Double) -> Double {
      y - s.rate * w * (y * y * y - y) / ((w * (3 * y * y - 1)).magnitude + s["damping"])
    }
    return .knownPath(
      KnownPath(
        name: "wells in reflected coordinates", start: reflected(start), steps: 6,
        function: { _ in
          StepFunction(
            value: { x in
              zip(reflected(x), weights).reduce(0) { sum, next in
                let (y, w) = next
                return sum + w * (y * y * y * y / 4 - y * y / 2)
              }
            },
            gradient: { x in
              reflected(zip(reflected(x), weights).map { y, w in w * (y * y * y - y) })
            },
            hessianVectorProduct: { x, v in
              let along = reflected(v)
              return reflected(
                zip(reflected(x), weights).enumerated().map { i, next in
                  next.1 * (3 * next.0 * next.0 - 1) * along[i]
                })
            })
        },
        position: { t in
          reflected(zip(start, weights).map { y, w in (0..<t).reduce(y) { y, _ in moved(y, w) } })
        },
        tolerance: tolerance, why: "an eigensystem of order 4 at every step"))
  }

  /// 20 steps at η = 1 and α = 0, whatever the curvature.
  private static func saddleFreeEscapes(_ s: PromisedSettings) -> [EscapePromise] {
    EscapePromise.growing { gamma in s.rate * gamma / (gamma + s["damping"]) }
  }

  /// Onto the critical point in a step, whatever its index.
  private static func newtonOnQuadratics(_ s: PromisedSettings) -> [OptimizerDeclaration] {
    [[3, 0.5, 40], [3, -0.5, 40], [-3, -0.5, -40]].map { curvatures in
      .knownPath(
        KnownPath(
          name: "onto the critical point of curvatures \(curvatures)", start: [1, -2, 3], steps: 1,
          function: { _ in .diagonalQuadratic(curvatures) }, position: { _ in [0, 0, 0] },
          tolerance: 1e-12, why: "one solution of three equations"))
    } + [
      .escape(.strict("lands on the saddle", curvature: 1, start: 1e-6, steps: .notWithin(50)))
    ]
  }

  /// On a quadratic the model is exact, and μ falls by ν after a step, but H + μI stays positive
  /// definite: in step t it is μ₀ν^max(j, 1 − t), j the least with μ₀νʲ > −λ₁.
  private static func marquardtOnQuadratics(_ s: PromisedSettings) -> [OptimizerDeclaration] {
    let (damping, nu) = (s["damping"], s["factor"])
    @Sendable func mu(_ t: Int, _ lowest: Double) -> Double {
      let least = lowest < 0 ? (log(-lowest / damping) / log(nu)).rounded(.down) + 1 : -.infinity
      return damping * pow(nu, max(least, Double(1 - t)))
    }
    let paths: [OptimizerDeclaration] = [[3, 0.5, 40], [3, -0.47, 40]].map { curvatures in
      .knownPath(
        KnownPath(
          name: "the modes of a quadratic form of curvatures \(curvatures)", start: [1, -2, 3],
          steps: 5, function: { _ in .diagonalQuadratic(curvatures) },
          position: { t in
            zip([1.0, -2, 3], curvatures).map { start, lambda in
              (1..<t + 1).reduce(start) { place, k in
                let mu = mu(k, curvatures[1])
                return place * mu / (lambda + mu)
              }
            }
          },
          tolerance: 1e-10, why: "five solutions of three equations"))
    }
    return paths
      + [0.9, 0.07].map { gamma in
        .escape(
          .counted(curvature: gamma, start: 1e-6) { y, t in y * gamma / (mu(t, -gamma) - gamma) })
      }
  }

  /// The minimizer s > 0 of −|g|s + ½hs² + M|s|³/6.
  private static func cubicStep(_ g: Double, _ h: Double, _ m: Double) -> Double {
    let root = (h * h + 2 * m * g.magnitude).squareRoot()
    return h > 0 ? 2 * g.magnitude / (h + root) : (root - h) / m
  }

  /// On a quadratic f falls by more than the cubic model foretells, and M halves at every step.
  static func cubicOnQuadratics(
    _ first: Double, dimensions: [Int] = [3, 65, 1000]
  ) -> [OptimizerDeclaration] {
    let bowls: [OptimizerDeclaration] = [2, -0.5].flatMap { curvature in
      radial(
        "along a radius of curvature \(curvature)", curvature: curvature, steps: 3,
        dimensions: dimensions
      ) { t in
        var distance = 2.0
        for k in 1..<t + 1 {
          let m = first * pow(0.5, Double(k - 1))
          distance -=
            signum(curvature)
            * cubicStep(curvature * distance, curvature, m)
        }
        return distance / 2
      }
    }
    // Worked backwards: any s, λ = M‖s‖/2 above −λ₁, and the gradient −(H + λI)s at the start.
    let step = [2, -1, 2.0].map { $0 / min(first, 1) }
    let curvatures = [3, -1.2, 0.1]
    let shift = 1.5 * first / min(first, 1)
    let start = [1.0, -1, 0.5]
    let center = start.indices.map { i in
      start[i] + (curvatures[i] + shift) * step[i] / curvatures[i]
    }
    let backwards = KnownPath(
      name: "a step worked backwards", start: start, steps: 1,
      function: { _ in .quadratic(curvatures: curvatures, center: center) },
      position: { _ in zip(start, step).map { $0 + $1 } },
      tolerance: 1e-9, why: "the root of a scalar equation")
    return bowls + [.knownPath(backwards)]
  }

  /// From y = 0 the hard case, 2γ/M along y.
  static func cubicEscapes(_ first: Double, fromSaddle: Bool) -> [EscapePromise] {
    ([1e-6] + (fromSaddle ? [0] : [])).flatMap { start in
      [1, 0.1].map { gamma in
        EscapePromise.counted(curvature: gamma, start: start) { y, t in
          cubicStep(gamma * y, -gamma, first * pow(0.5, Double(t - 1)))
        }
      }
    }
  }
}
