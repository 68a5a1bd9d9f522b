/// How far a sample's outputs bend along unit directions of parameter space, over a ball about θ.
///
/// With A₁, A₂, A₃ for the first three derivatives' norms of what a layer receives along a unit
/// direction of the parameters before it, and Z₁, Z₂, Z₃ after the layer,
///
///     Z₁ = √(‖a‖² + 1 + ‖W‖²A₁²),  Z₂ = A₁ + ‖W‖A₂,  Z₃ = (2/√3)A₂ + ‖W‖A₃
///     A₁ = φ₁Z₁,  A₂ = φ₂Z₁² + φ₁Z₂,  A₃ = φ₃Z₁³ + 3φ₂Z₁Z₂ + φ₁Z₃     (Faà di Bruno; ‖x∘y‖ ≤ ‖x‖‖y‖)
///
/// with φₖ = sup|φ⁽ᵏ⁾|, all zero at the inputs. For along θ + t·v with ‖v‖ = 1, where the layer's part
/// of v has the norm s and the parts before it c, s² + c² ≤ 1, z′ is at most s√(‖a‖² + 1) + c‖W‖A₁, z″
/// at most 2sc·A₁ + c²‖W‖A₂ and z‴ at most 3sc²·A₂ + c³‖W‖A₃, where 2sc ≤ 1 and 3sc² ≤ 2/√3. In the ball
/// ‖W‖ grows by its radius r at most, and ‖a‖ by r·A₁. Sums and products of some numbers a layer that
/// are not negative: what they lose to rounding is for `Rounding.inflation` to make up for, in what is
/// made of them.
struct OutputDerivativeBounds {
  struct Sample {
    /// Of the outputs' first three derivatives, at the end.
    fileprivate(set) var first = 0.0, second = 0.0, third = 0.0
    /// ‖∂ℓ/∂z‖ at θ.
    let residual: Double
  }

  let samples: [Sample]

  /// - Returns: nil where the network is more than dense layers or an activation is not three times
  ///   differentiable, and where LAPACK gives up.
  init?(_ objective: NetworkObjective<Double>, at parameters: [Double], radius r: Double) {
    guard let factors = NetworkFactors(objective, at: parameters) else { return nil }
    let layers = factors.chain.layers
    let bounds = factors.chain.activations.compactMap(\.derivativeBounds)
    guard bounds.count == factors.chain.activations.count else { return nil }
    var norms: [Double] = []
    for layer in layers {
      let weights = Matrix(
        rows: layer.outputs, columns: layer.inputs, elements: Array(parameters[layer.weights]))
      guard let norm = try? weights.spectralNormBound() else { return nil }
      norms.append(norm + r)
    }
    let count = Double(objective.samples)
    var samples: [Sample] = []
    for rows in objective.chunks {
      let pass = PassRounding(objective, at: parameters, factors, rows: rows)
      let sizes = layers.indices.map { l in
        let received = pass.received[l]
        return rowNorms(
          received.reach.span.extracting(received.range), columns: layers[l].inputs)
      }
      let residuals = rowNorms(
        pass.deltas[layers.count - 1].reach.span, columns: factors.chain.outputs)
      for n in 0..<rows.count {
        var sample = Sample(residual: count * residuals[n] * Rounding.inflation)
        var (a1, a2, a3) = (0.0, 0.0, 0.0)
        for l in layers.indices {
          let size = sizes[l][n] + r * a1
          let carried = norms[l] * a1
          let z1 = (size * size + 1 + carried * carried).squareRoot()
          let z2 = a1 + norms[l] * a2
          let z3 = 1.154701 * a2 + norms[l] * a3
          (sample.first, sample.second, sample.third) = (z1, z2, z3)
          guard l < bounds.count else { break }
          let φ = bounds[l]
          a1 = φ.first * z1
          a2 = φ.second * z1 * z1 + φ.first * z2
          a3 = φ.third * z1 * z1 * z1 + 3 * φ.second * z1 * z2 + φ.first * z3
        }
        samples.append(sample)
      }
    }
    self.samples = samples
  }
}

/// The rows' norms.
private func rowNorms(_ matrix: Span<Double>, columns: Int) -> [Double] {
  (0..<matrix.count / columns).map {
    euclideanNorm(matrix.extracting($0 * columns..<($0 + 1) * columns))
  }
}
