/// A point of a network's loss in twice the working precision: what the digits of faster code are
/// held against.
public struct HigherPrecisionPoint: Sendable {
  /// The mean loss with its penalty.
  public let loss: DoubleDouble
  /// ∇L, P numbers, the penalty's part among them.
  public let gradient: [DoubleDouble]
  /// P × P, the penalty's part among it.
  public let hessian: [[DoubleDouble]]
  /// (1/N) Σ JᵀBJ with B = ∂²ℓ/∂z², the penalty's part among it.
  public let gaussNewton: [[DoubleDouble]]
  /// (1/N) Σ gₙgₙᵀ of the samples' own gradients, with the penalty's α·I.
  public let empiricalFisher: [[DoubleDouble]]
  /// (1/N) Σ (gₙ − ḡ)(gₙ − ḡ)ᵀ, which no penalty changes.
  public let gradientCovariance: [[DoubleDouble]]

  /// ‖∇L‖₂.
  public var gradientNorm: DoubleDouble { gradient.norm }
}

extension [DoubleDouble] {
  /// ‖x‖₂.
  public var norm: DoubleDouble {
    // Over a power of two, so that no square over- or underflows.
    let largest = reduce(0) { Swift.max($0, $1.high.magnitude) }
    guard largest > 0, largest.isFinite else { return DoubleDouble(largest) }
    let power = Int(largest.exponent)
    let squares = reduce(DoubleDouble(0)) { sum, element in
      let ratio = element.scaled(byPowerOfTwo: -power)
      return sum + ratio * ratio
    }
    return squares.squareRoot.scaled(byPowerOfTwo: power)
  }
}

extension PlainNetwork {
  /// Loss and ∇L in double-double, of exactly these inputs, targets and parameters: P passes. A
  /// ReLU's slope is by the sign of the double-double before it, and 0 at 0.
  public func lossAndGradientInHigherPrecision(
    at θ: [DoubleDouble]
  ) -> (loss: DoubleDouble, gradient: [DoubleDouble]) {
    let passes = θ.indices.map { p in
      zip(inputs, targets).map { sampleJet(θ, $0, $1, p, p).loss }
    }
    let loss = mean(passes[0].map(\.value))
    return (
      loss + penalty(θ), θ.indices.map { mean(passes[$0].map(\.alongU)) + decay(θ[$0]) }
    )
  }

  /// Everything at a point in double-double, by P(P + 1)/2 passes over the samples: for small P.
  public func inHigherPrecision(at θ: [Double]) -> HigherPrecisionPoint {
    inHigherPrecision(at: θ.map { DoubleDouble($0) })
  }

  public func inHigherPrecision(at θ: [DoubleDouble]) -> HigherPrecisionPoint {
    let (loss, gradient) = lossAndGradientInHigherPrecision(at: θ)
    let sampleGradients = zip(inputs, targets).map { input, target in
      θ.indices.map { sampleJet(θ, input, target, $0, $0).loss.alongU }
    }
    let means = θ.indices.map { p in mean(sampleGradients.map { $0[p] }) }
    let shift = DoubleDouble(weightDecay)
    func matrix(
      shift: DoubleDouble, _ entry: (Int, Int) -> DoubleDouble
    ) -> [[DoubleDouble]] {
      var rows = θ.map { _ in θ.map { _ in DoubleDouble(0) } }
      for i in θ.indices {
        for j in 0...i {
          let value = entry(i, j)
          rows[i][j] = i == j ? value + shift : value
          rows[j][i] = rows[i][j]
        }
      }
      return rows
    }
    var linearized = [[DoubleDouble]]()
    let hessian = matrix(shift: shift) { i, j in
      let jets = zip(inputs, targets).map { sampleJet(θ, $0, $1, i, j) }
      if j == 0 { linearized.append([]) }
      linearized[i].append(mean(jets.map(\.linearized)))
      return mean(jets.map(\.loss.mixed))
    }
    return HigherPrecisionPoint(
      loss: loss, gradient: gradient, hessian: hessian,
      gaussNewton: matrix(shift: shift) { linearized[$0][$1] },
      empiricalFisher: matrix(shift: shift) { i, j in
        mean(sampleGradients.map { $0[i] * $0[j] })
      },
      gradientCovariance: matrix(shift: DoubleDouble(0)) { i, j in
        mean(sampleGradients.map { ($0[i] - means[i]) * ($0[j] - means[j]) })
      })
  }

  /// One sample's loss with its derivatives by parameters i and j, and the mixed one of the loss of
  /// outputs that are linear in the parameters.
  private func sampleJet(
    _ θ: [DoubleDouble], _ input: [Double], _ target: Target, _ i: Int, _ j: Int
  ) -> (loss: Jet<DoubleDouble>, linearized: DoubleDouble) {
    requireCount(θ)
    let parameters = θ.indices.map { p in
      Jet(
        θ[p], alongU: DoubleDouble(p == i ? 1 : 0),
        alongV: DoubleDouble(p == j ? 1 : 0))
    }
    let z = outputs(parameters, input)
    let tangents = z.map { Jet($0.value, alongU: $0.alongU, alongV: $0.alongV) }
    return (loss.ofSample(z, target), loss.ofSample(tangents, target).mixed)
  }

  private func mean(_ terms: [DoubleDouble]) -> DoubleDouble {
    terms.reduce(DoubleDouble(0), +) / DoubleDouble(Double(inputs.count))
  }

  private func decay(_ parameter: DoubleDouble) -> DoubleDouble {
    DoubleDouble(weightDecay) * parameter
  }

  private func penalty(_ θ: [DoubleDouble]) -> DoubleDouble {
    θ.reduce(DoubleDouble(0)) { $0 + decay($1) * $1 } * DoubleDouble(0.5)
  }
}
