/// The matrices Bₙ by which a curvature matrix joins the outputs of each of some samples.
struct OutputCurvature<T: Scalar>: Sendable {
  private enum Form {
    case zero
    case identity
    /// diag(p) − ppᵀ of each row p.
    case softmax(probabilities: [T])
    /// The mean of uuᵀ over `draws` rows u per sample.
    case outer(vectors: [T], draws: Int)
  }

  private let form: Form
  /// K.
  private let classes: Int

  private init(_ form: Form, classes: Int) {
    self.form = form
    self.classes = classes
  }

  /// Bₙ = 0.
  static func zero(_ samples: OutputSamples<T>) -> Self {
    OutputCurvature(.zero, classes: samples.classes)
  }

  /// Bₙ = ∂²ℓ/∂z².
  init(hessianOf samples: OutputSamples<T>) {
    let form: Form =
      switch samples.loss {
      case .meanSquaredError: .identity
      case .softmaxCrossEntropy: .softmax(probabilities: samples.probabilities)
      }
    self.init(form, classes: samples.classes)
  }

  /// Bₙ is the mean of uuᵀ over `draws` rows u per sample.
  init(outerProductsOf vectors: [T], draws: Int, classes: Int) {
    self.init(.outer(vectors: vectors, draws: draws), classes: classes)
  }

  /// t ← `scale`·Bₙ·t for `perSample` tangents t of each sample: (samples · perSample) × classes.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func multiply(_ tangents: inout MutableSpan<T>, perSample: Int, scale: T) {
    switch form {
    case .zero: tangents.update(repeating: 0)
    case .identity: for i in tangents.indices { tangents[unchecked: i] *= scale }
    case .softmax(let probabilities):
      multiplyBySoftmaxHessian(
        &tangents, probabilities: probabilities.span, classes: classes, perSample: perSample,
        scale: scale)
    case .outer(let vectors, let draws):
      multiplyByOuterProducts(
        &tangents, vectors: vectors.span, draws: draws, classes: classes, perSample: perSample,
        scale: scale / T(draws))
    }
  }
}

extension OutputCurvature {
  /// How many vectors u there are with Bₙ = Σ uuᵀ, the same for every sample.
  var rootCount: Int {
    switch form {
    case .zero: 0
    case .identity, .softmax: classes
    case .outer(_, let draws): draws
    }
  }

  /// The c-th of those vectors for each of some samples, samples × classes: a unit vector;
  /// √p_c(e_c − p), since Σ_c p_c(e_c − p)(e_c − p)ᵀ = diag(p) − ppᵀ; or what is given.
  func root(_ c: Int, samples: Int) -> [T] {
    var result = [T](repeating: 0, count: samples * classes)
    for n in 0..<samples {
      let row = n * classes
      switch form {
      case .zero: break
      case .identity: result[row + c] = 1
      case .softmax(let probabilities):
        let root = probabilities[row + c].squareRoot()
        for k in 0..<classes {
          result[row + k] = root * ((k == c ? 1 : 0) - probabilities[row + k])
        }
      case .outer(let vectors, let draws):
        let root = 1 / T(draws).squareRoot()
        for k in 0..<classes { result[row + k] = root * vectors[(n * draws + c) * classes + k] }
      }
    }
    return result
  }
}

/// t ← `scale`·(diag(p) − ppᵀ)·t.
@specialized(where T == Float)
@specialized(where T == Double)
private func multiplyBySoftmaxHessian<T: Scalar>(
  _ tangents: inout MutableSpan<T>, probabilities: Span<T>, classes: Int, perSample: Int, scale: T
) {
  precondition(tangents.count == probabilities.count * perSample)
  var row = 0
  var sample = 0
  while row < tangents.count {
    for _ in 0..<perSample {
      var mean: T = 0
      for k in 0..<classes {
        mean += probabilities[unchecked: sample + k] * tangents[unchecked: row + k]
      }
      for k in 0..<classes {
        tangents[unchecked: row + k] =
          scale * probabilities[unchecked: sample + k] * (tangents[unchecked: row + k] - mean)
      }
      row += classes
    }
    sample += classes
  }
}

/// t ← `scale`·Σ u(uᵀt) over the sample's vectors u.
@specialized(where T == Float)
@specialized(where T == Double)
private func multiplyByOuterProducts<T: Scalar>(
  _ tangents: inout MutableSpan<T>, vectors: Span<T>, draws: Int, classes: Int, perSample: Int,
  scale: T
) {
  precondition(tangents.count * draws == vectors.count * perSample)
  var result = [T](repeating: 0, count: classes)
  var sums = result.mutableSpan
  var row = 0
  var sample = 0
  while row < tangents.count {
    for _ in 0..<perSample {
      sums.update(repeating: 0)
      var vector = sample
      for _ in 0..<draws {
        var overlap: T = 0
        for k in 0..<classes {
          overlap += vectors[unchecked: vector + k] * tangents[unchecked: row + k]
        }
        for k in 0..<classes {
          sums[unchecked: k] += scale * overlap * vectors[unchecked: vector + k]
        }
        vector += classes
      }
      for k in 0..<classes { tangents[unchecked: row + k] = sums[unchecked: k] }
      row += classes
    }
    sample += draws * classes
  }
}

extension OutputSamples {
  /// softmax(z), row by row; nothing for squared error.
  var probabilities: [T] {
    guard loss == .softmaxCrossEntropy else { return [] }
    var result = [T](repeating: 0, count: outputs.count)
    var target = result.mutableSpan
    loss.probabilities(outputs: outputs.span, classes: classes, into: &target)
    return result
  }
}
