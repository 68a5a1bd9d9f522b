import RealModule

/// What rounding may have changed of the losses of some samples and of their slopes.
struct LossRounding {
  /// Over the sum of the losses: its terms' errors.
  var total = 0.0
  /// The sum of the losses' magnitudes, which the sum's own rounding is relative to.
  var magnitude = 0.0
  /// ∂ℓ/∂z·scale.
  var deltas: Bounded
  /// softmax(z); nothing for squared error.
  var probabilities: Bounded

  /// - Parameters:
  ///   - outputs: z, samples × classes, with its errors.
  ///   - scale: 1/N as it was computed.
  init(_ loss: Loss, outputs z: Bounded, _ targets: BatchTargets<Double>, classes: Int, scale: Double) {
    deltas = Bounded(zeros: z.count)
    probabilities = Bounded(zeros: loss == .softmaxCrossEntropy ? z.count : 0)
    switch targets {
    case .values(let values, let start):
      for i in 0..<z.count { addSquare(z, i, target: values[start * classes + i], scale) }
    case .classes(let labels, let start):
      for n in 0..<z.count / classes {
        let label = Int(labels[start + n])
        switch loss {
        case .softmaxCrossEntropy: addCrossEntropy(z, n * classes, classes, label: label, scale)
        case .meanSquaredError:
          for k in 0..<classes { addSquare(z, n * classes + k, target: k == label ? 1 : 0, scale) }
        }
      }
    }
  }

  private mutating func addSquare(_ z: Bounded, _ i: Int, target: Double, _ scale: Double) {
    let u = Rounding.unit
    let residual = z.values[i] - target
    let error = z.errors[i] + u * residual.magnitude
    deltas.values[i] = scale * residual
    deltas.errors[i] = scale * (error + 3 * u * residual.magnitude) + Rounding.underflow
    let square = residual * residual / 2
    magnitude += square
    total += error * (residual.magnitude + error) + 3 * u * square + Rounding.underflow
  }

  /// Exponentials have errors in their logarithm: x_k of exp(z_k − z_b), b the largest, by z's errors
  /// and the difference's rounding, and X of their sum.
  private mutating func addCrossEntropy(
    _ z: Bounded, _ row: Int, _ classes: Int, label: Int, _ scale: Double
  ) {
    let (u, lost) = (Rounding.unit, Rounding.underflow)
    var best = 0
    for k in 0..<classes where z.values[row + k] > z.values[row + best] { best = k }
    let classRange = 0..<classes
    var rest = 0.0
    var (moved, own, largest) = (0.0, 0.0, 0.0)
    var logErrors = [Double](repeating: 0, count: classes)
    for k in classRange where k != best {
      let difference = z.values[row + k] - z.values[row + best]
      let e = Double.exp(difference)
      let arithmetic = 1.1 * (u * difference.magnitude + Rounding.exponential)
      logErrors[k] = z.errors[row + k] + z.errors[row + best] + arithmetic
      largest = max(largest, logErrors[k])
      probabilities.values[row + k] = e
      rest += e
      moved += e * Double.expMinusOne(logErrors[k]) + lost
      own += e * arithmetic + lost
    }
    probabilities.values[row + best] = 1
    let summing = Rounding.gamma(classes) * rest
    let part = (moved + summing) / (1 + rest)
    let ofSum = min(part < 1 ? part / (1 - part) : .infinity, largest + Rounding.gamma(classes + 1))
    for k in classRange {
      let p = probabilities.values[row + k] / (1 + rest)
      probabilities.values[row + k] = p
      let change = p * Double.expMinusOne(logErrors[k] + ofSum + 5 * u)
      // A probability is at most 1 (0·∞ is one that is 0 to a double and may be any).
      probabilities.errors[row + k] = change < 1 ? change + lost : 1
    }

    var slopes = 0.0
    for k in classRange {
      let (p, error) = (probabilities.values[row + k], probabilities.errors[row + k])
      let delta = k == label ? p - 1 : p
      deltas.values[row + k] = scale * delta
      deltas.errors[row + k] =
        scale * (error + 5 * u * p + 2 * u * delta.magnitude) + lost
      // |∂ℓ/∂z| on the way from the computed to the true z, by the true probabilities' bounds.
      if k != label {
        slopes += min(p + error, 1) * (z.errors[row + k] + z.errors[row + label])
      }
    }
    let logarithm = Double.log(onePlus: rest)
    let gap = z.values[row + best] - z.values[row + label]
    magnitude += gap + logarithm
    total +=
      slopes + 1.1 * (own + summing) / (1 + rest)
      + (Rounding.logarithmOfOnePlus + 2 * u) * logarithm + 2 * u * gap + lost
  }
}
