import RealModule

/// How a network's outputs are held against its targets. Every loss is a mean over samples.
public enum Loss: String, CaseIterable, Codable, Sendable {
  /// −log p_y with p = softmax(z), by log-sum-exp; of target probabilities y, −Σ yₖ·log pₖ.
  case softmaxCrossEntropy
  /// ½‖z − y‖², where a class label y stands for its unit vector.
  case meanSquaredError
}

extension Targets {
  /// Whether the largest of a sample's outputs is a class that is right or wrong.
  func areClasses(for loss: Loss) -> Bool {
    if case .classes = self { true } else { loss == .softmaxCrossEntropy }
  }
}

extension Loss {
  /// The sum of the losses of some samples and, for each, ∂ℓ/∂z·`scale`.
  ///
  /// - Parameters:
  ///   - outputs: z, one row of `classes` per label.
  ///   - delta: receives `scale`·∂ℓ/∂z, in the same shape.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func evaluate<T: Scalar>(
    outputs: Span<T>, labels: Span<Int32>, classes: Int, scale: T,
    delta: inout MutableSpan<T>
  ) -> Double {
    precondition(outputs.count == labels.count * classes && delta.count == outputs.count)
    var total = 0.0
    for n in labels.indices {
      let row = n * classes
      let label = Int(labels[n])
      switch self {
      case .softmaxCrossEntropy:
        let (largest, rest) = exponentiate(outputs, row..<row + classes, into: &delta)
        total += Double((largest - outputs[row + label]) + T.log(onePlus: rest))
        let factor = scale / (1 + rest)
        for k in 0..<classes { delta[row + k] *= factor }
        delta[row + label] -= scale
      case .meanSquaredError:
        var sum: T = 0
        for k in 0..<classes {
          let residual = outputs[row + k] - (k == label ? 1 : 0)
          sum += residual * residual
          delta[row + k] = scale * residual
        }
        total += Double(sum) / 2
      }
    }
    return total
  }

  /// The same for targets that are values, `classes` a sample: ½‖z − y‖² summed, and `scale`·(z − y);
  /// or, of probabilities, log Σ eᶻ − yᵀz and `scale`·(p − y).
  @specialized(where T == Float)
  @specialized(where T == Double)
  func evaluate<T: Scalar>(
    outputs: Span<T>, values: Span<T>, classes: Int, scale: T, delta: inout MutableSpan<T>
  ) -> Double {
    precondition(outputs.count == values.count && delta.count == outputs.count)
    var total = 0.0
    if self == .softmaxCrossEntropy {
      for row in stride(from: 0, to: outputs.count, by: classes) {
        let (largest, rest) = exponentiate(outputs, row..<row + classes, into: &delta)
        // Against the largest, so that a tiny loss keeps its digits; probabilities that do not quite
        // add up to 1 leave a part of it.
        var sum = T.log(onePlus: rest)
        var left: T = 1
        let factor = scale / (1 + rest)
        for k in row..<row + classes {
          sum += values[k] * (largest - outputs[k])
          left -= values[k]
          delta[k] = factor * delta[k] - scale * values[k]
        }
        total += Double(sum + left * largest)
      }
      return total
    }
    for i in outputs.indices {
      let residual = outputs[i] - values[i]
      total += Double(residual * residual)
      delta[i] = scale * residual
    }
    return total / 2
  }

  /// The softmax probabilities of each row; squared error, whose Hessian is constant, needs none.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func probabilities<T: Scalar>(
    outputs: Span<T>, classes: Int, into probabilities: inout MutableSpan<T>
  ) {
    precondition(probabilities.count == outputs.count && outputs.count % classes == 0)
    guard self == .softmaxCrossEntropy else { return }
    var row = 0
    while row < outputs.count {
      let (_, rest) = exponentiate(outputs, row..<row + classes, into: &probabilities)
      for k in 0..<classes { probabilities[row + k] /= 1 + rest }
      row += classes
    }
  }
}

/// target[k] = exp(z_k − max z) over one row of logits, so that nothing overflows.
///
/// - Returns: The largest logit, and the sum of the others' exponentials: without the largest's 1,
///   log(1 + rest) keeps the digits of a tiny loss.
@inline(__always)
private func exponentiate<T: Scalar>(
  _ outputs: Span<T>, _ row: Range<Int>, into target: inout MutableSpan<T>
) -> (largest: T, rest: T) {
  var best = row.lowerBound
  for k in row where outputs[k] > outputs[best] { best = k }
  var rest: T = 0
  for k in row where k != best {
    let e = T.exp(outputs[k] - outputs[best])
    target[k] = e
    rest += e
  }
  target[best] = 1
  return (outputs[best], rest)
}

/// Where the largest element of a row stands, the first of equals.
@inline(__always)
private func largest<T: Scalar>(_ row: Span<T>, from start: Int, count: Int) -> Int {
  var best = 0
  for k in 1..<max(count, 1) where row[start + k] > row[start + best] { best = k }
  return best
}

/// How many of the samples have their label's output largest; ties go to the lower class.
@specialized(where T == Float)
@specialized(where T == Double)
func countCorrect<T: Scalar>(outputs: Span<T>, labels: Span<Int32>, classes: Int) -> Int {
  precondition(outputs.count == labels.count * classes)
  var correct = 0
  for n in labels.indices {
    if largest(outputs, from: n * classes, count: classes) == Int(labels[n]) { correct += 1 }
  }
  return correct
}

/// How many of the samples have the output largest whose target value is.
@specialized(where T == Float)
@specialized(where T == Double)
func countCorrect<T: Scalar>(outputs: Span<T>, values: Span<T>, classes: Int) -> Int {
  precondition(outputs.count == values.count)
  var correct = 0
  for row in stride(from: 0, to: outputs.count, by: classes)
  where largest(outputs, from: row, count: classes) == largest(values, from: row, count: classes) {
    correct += 1
  }
  return correct
}
