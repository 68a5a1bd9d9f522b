import Foundation

extension PlainNetwork {
  /// The third derivative of the loss along v: a central difference of second derivatives by Taylor
  /// arithmetic, all in double-double.
  ///
  /// - Parameters:
  ///   - θ: P numbers.
  ///   - v: likewise, ‖v‖ about 1.
  /// - Accuracy: about 1e-12 of the fifth derivative, and 1e-20 of the terms' magnitudes. No penalty
  ///   comes in, since it is quadratic.
  public func thirdDirectional(at θ: [Double], along v: [Double]) -> Double {
    let step = DoubleDouble(0x1p-20)
    func second(_ h: DoubleDouble) -> DoubleDouble {
      let parameters = θ.indices.map { p in
        Jet(
          DoubleDouble(θ[p]) + h * DoubleDouble(v[p]), alongU: DoubleDouble(v[p]),
          alongV: DoubleDouble(v[p]))
      }
      let total = zip(inputs, targets).reduce(DoubleDouble(0)) {
        $0 + loss.ofSample(outputs(parameters, $1.0), $1.1).mixed
      }
      return total / DoubleDouble(Double(inputs.count))
    }
    return Double((second(step) - second(-step)) / (step + step))
  }

  /// A Lipschitz constant of the Hessian in the ball of radius r about θ, by plain loops and GSL's
  /// singular values; infinite for a ReLU between layers. Not rounded outward: what a claim's M may
  /// fall below by a rounding, and not by more.
  ///
  /// With Aₖ and Zₖ the k-th derivatives' norms before and after a layer along unit directions:
  /// Z₁ = √(‖a‖² + 1 + ‖W‖²A₁²), Z₂ = A₁ + ‖W‖A₂, Z₃ = (2/√3)A₂ + ‖W‖A₃, the greatest over how a unit
  /// direction is shared between the layer and those before it, and Faà di Bruno's formula for the
  /// activation.
  ///
  /// - Throws: `OracleError` where parameters are not finite.
  public func hessianLipschitz(at θ: [Double], radius r: Double) throws(OracleError) -> Double {
    requireCount(θ)
    var norms: [Double] = []
    for layer in layers {
      let rows = (0..<layer.outputs).map { i in
        Array(θ[layer.weights + i * layer.inputs..<layer.weights + (i + 1) * layer.inputs])
      }
      norms.append((try GSL.singularValues(rows).first ?? 0) + r)
    }
    let (f, s, t) = activation.derivativeSuprema
    var total = 0.0
    for (input, target) in zip(inputs, targets) {
      let trace = forward(θ, input)
      var (a1, a2, a3) = (0.0, 0.0, 0.0)
      var (z1, z2, z3) = (0.0, 0.0, 0.0)
      for l in layers.indices {
        let size = norm(trace.read[l]) + r * a1
        (z1, z2, z3) = (
          hypot(hypot(size, 1), norms[l] * a1), a1 + norms[l] * a2,
          2 / 3.0.squareRoot() * a2 + norms[l] * a3
        )
        if l + 1 < layers.count {
          (a1, a2, a3) = (
            f * z1, s * z1 * z1 + f * z2, t * z1 * z1 * z1 + 3 * s * z1 * z2 + f * z3
          )
        }
      }
      let residual = norm(outputError(trace.outputs, target))
      switch loss {
      case .meanSquaredError: total += 3 * z1 * z2 + (residual + r * z1) * z3
      case .softmaxCrossEntropy:
        let q = min(2.0.squareRoot(), residual + r * z1 / 2)
        let variance = min(0.5, 2 * q)
        total += 2.0.squareRoot() * variance * pow(z1, 3) + 3 * variance * z1 * z2 + q * z3
      }
    }
    return total / Double(inputs.count)
  }
}

extension PlainNetwork.Activation {
  /// sup|φ′|, sup|φ″| and sup|φ‴| where they are attained.
  public var derivativeSuprema: (Double, Double, Double) {
    let bend = 1 / (6 * 3.0.squareRoot())
    func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }
    switch self {
    case .tanh: return (1, 8 * bend, 2)
    case .sigmoid: return (0.25, bend, 0.125)
    case .softplus: return (1, 0.25, bend)
    case .gelu:
      let (root, x) = (2.0.squareRoot(), ((7 - 33.0.squareRoot()) / 2).squareRoot())
      return (
        erfc(-1) / 2 + root * density(root), 2 * density(0), (4 * x - x * x * x) * density(x)
      )
    case .identity: return (1, 0, 0)
    case .relu: return (.infinity, .infinity, .infinity)
    }
  }
}
