/// Derivatives along the pre-activations of one layer l, as `LayerSweep` takes them for the
/// assembly, with bounds of what rounding does to them.
struct SweepRounding {
  /// ∂a_{m−1}/∂z_{l,i} for m = l + 1, …: φ′(z_l) of the next layer, then
  /// samples × (units·width).
  private(set) var tangents: [Bounded] = []
  /// G^{lm}_{ik} = ∂δ_{m,k}/∂z_{l,i} for m = l, …: samples × (units·width of m).
  private(set) var couplings: [Bounded] = []

  init(
    _ factors: NetworkFactors, _ pass: PassRounding, _ outputs: OutputCurvatureRounding, from l: Int
  ) {
    let (weights, layers) = (factors.weights, factors.chain.layers)
    let last = layers.count - 1
    let units = layers[l].outputs
    let rows = pass.rows.count * units
    let unit = Bounded(exact: identities(order: units, count: pass.rows.count))

    // ∂z_m/∂z_{l,i} for m = l, l + 1, …
    var preactivations = [unit]
    for m in l..<last {
      let a = Bounded.products(
        preactivations[m - l], pass.slopes[m], width: layers[m].outputs, perSample: units)
      tangents.append(m == l ? pass.slopes[l] : a)
      preactivations.append(
        Bounded.products(a, rows: rows, weights[m + 1], layers[m + 1].weightLayout.transposed))
    }

    var coupling = outputs.multiplied(preactivations[last - l], perSample: units)
    var reversed = [coupling]
    for m in (l..<last).reversed() {
      let carried = Bounded.products(coupling, rows: rows, weights[m + 1], layers[m + 1].weightLayout)
      let width = layers[m].outputs
      // φ′ and φ″ have a row a sample, for all of its tangents.
      coupling = Bounded.products(
        carried, pass.slopes[m], adding: (preactivations[m - l], pass.bends[m]), width: width,
        perSample: units)
      reversed.append(coupling)
    }
    couplings = reversed.reversed()
  }
}

/// The matrices Bₙ of `OutputCurvature`, with bounds of what rounding does to products with them.
struct OutputCurvatureRounding {
  private enum Form {
    case zero
    case identity
    case softmax(Bounded)
    case outer(Bounded)
  }

  private let form: Form
  private let classes: Int
  /// 1/N.
  private let scale: Double

  private init(_ form: Form, _ samples: OutputRounding) {
    self.form = form
    classes = samples.classes
    scale = 1 / Double(samples.samples)
  }

  /// Bₙ = 0.
  static func zero(_ samples: OutputRounding) -> Self { Self(.zero, samples) }

  /// Bₙ = ∂²ℓ/∂z².
  init(hessianOf samples: OutputRounding) {
    let form: Form =
      switch samples.loss {
      case .meanSquaredError: .identity
      case .softmaxCrossEntropy: .softmax(samples.rounding.probabilities)
      }
    self.init(form, samples)
  }

  /// Bₙ = (∂ℓ/∂z)(∂ℓ/∂z)ᵀ, from what was scaled by 1/N.
  init(outerProductsOf samples: OutputRounding) {
    let deltas = samples.rounding.deltas
    let count = Double(samples.samples)
    self.init(
      .outer(
        Bounded(
          values: deltas.values.map { $0 * count },
          errors: deltas.combined {
            count * ($1 + 4 * Rounding.unit * $0.magnitude) + Rounding.underflow
          })),
      samples)
  }

  /// (1/N)·Bₙ·t for `perSample` tangents t of each sample.
  func multiplied(_ tangents: Bounded, perSample: Int) -> Bounded {
    let (u, lost) = (Rounding.unit, Rounding.underflow)
    switch form {
    case .zero: return Bounded(zeros: tangents.count)
    case .identity:
      return Bounded(
        values: tangents.values.map { scale * $0 },
        errors: tangents.combined { scale * ($1 + 3 * u * $0.magnitude) + lost })
    case .softmax(let p):
      return forEachRow(tangents, perSample, p) { t, first, result, row in
        let mean = overlap(p, first, t, row)
        for k in 0..<classes {
          let (q, e) = (p.values[first + k], p.errors[first + k])
          let difference = t.values[row + k] - mean.value
          let error =
            t.errors[row + k] + mean.error + 2 * u * difference.magnitude
          result.values[row + k] = scale * q * difference
          result.errors[row + k] =
            scale * (e * (difference.magnitude + error) + q * error)
            + (5 * u * scale * q + lost) * (difference.magnitude + error) + lost
        }
      }
    case .outer(let vectors):
      return forEachRow(tangents, perSample, vectors) { t, first, result, row in
        let product = overlap(vectors, first, t, row)
        for k in 0..<classes {
          let (v, e) = (vectors.values[first + k], vectors.errors[first + k])
          let reach = product.value.magnitude + product.error
          result.values[row + k] = scale * product.value * v
          result.errors[row + k] =
            scale * (product.error * v.magnitude + reach * e + 5 * u * reach * v.magnitude)
            + lost * (1 + v.magnitude + e)
        }
      }
    }
  }

  /// Σ x_k·t_k over a sample's classes.
  private func overlap(
    _ x: Bounded, _ first: Int, _ t: Bounded, _ row: Int
  ) -> (value: Double, error: Double) {
    let gamma = Rounding.gamma(classes + 1)
    var (value, error) = (0.0, 0.0)
    for k in 0..<classes {
      let (a, b) = (x.values[first + k], t.values[row + k])
      value += a * b
      error +=
        x.errors[first + k] * (b.magnitude + t.errors[row + k]) + a.magnitude * t.errors[row + k]
        + gamma * (a * b).magnitude + Rounding.underflow
    }
    return (value, error)
  }

  private func forEachRow(
    _ tangents: Bounded, _ perSample: Int, _ factors: Bounded,
    _ body: (Bounded, Int, inout Bounded, Int) -> Void
  ) -> Bounded {
    var result = Bounded(zeros: tangents.count)
    for row in 0..<tangents.count / classes {
      body(tangents, row / perSample * classes, &result, row * classes)
    }
    return result
  }
}
