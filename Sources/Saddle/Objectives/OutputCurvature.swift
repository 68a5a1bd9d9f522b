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

  /// - Parameters:
  ///   - outputs: z, one row of `classes` per sample.
  ///   - deltas: ∂ℓ/∂z·`scale`, as `Loss.evaluate` leaves it.
  ///   - first: the number of the first sample in its data set, which the draws depend on.
  init(
    _ kind: CurvatureKind, of loss: Loss, outputs: [T], deltas: [T], scale: T, classes: Int,
    first: Int
  ) {
    self.classes = classes
    func probabilities() -> [T] {
      var result = [T](repeating: 0, count: outputs.count)
      var target = result.mutableSpan
      loss.probabilities(outputs: outputs.span, classes: classes, into: &target)
      return result
    }
    switch (kind, loss) {
    case (.residual, _): form = .zero
    case (.hessian, .meanSquaredError), (.gaussNewton, .meanSquaredError),
      (.fisher, .meanSquaredError):
      form = .identity
    case (.hessian, .softmaxCrossEntropy), (.gaussNewton, .softmaxCrossEntropy),
      (.fisher, .softmaxCrossEntropy):
      form = .softmax(probabilities: probabilities())
    case (.empiricalFisher, _), (.gradientCovariance, _):
      form = .outer(vectors: deltas.map { $0 / scale }, draws: 1)
    case (.monteCarloFisher(let draws, let seed), _):
      precondition(draws > 0, "\(draws) draws of a label")
      form = .outer(
        vectors: drawnDeltas(
          of: loss, probabilities: loss == .softmaxCrossEntropy ? probabilities() : [],
          samples: outputs.count / max(classes, 1), classes: classes, draws: draws, seed: seed,
          first: first),
        draws: draws)
    }
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

/// ∂ℓ/∂z at labels drawn from the model: p − e_y with y ~ softmax(z), or a standard normal vector
/// for squared error. A sample's draws depend on the seed and its number alone.
private func drawnDeltas<T: Scalar>(
  of loss: Loss, probabilities: [T], samples: Int, classes: Int, draws: Int, seed: UInt64,
  first: Int
) -> [T] {
  var seeds = RandomStream(seed: seed, name: "fisher")
  for _ in 0..<first { _ = seeds.next() }
  var vectors: [T] = []
  vectors.reserveCapacity(samples * draws * classes)
  for n in 0..<samples {
    var generator = RandomStream(seed: seeds.next())
    for _ in 0..<draws {
      switch loss {
      case .meanSquaredError:
        for _ in 0..<classes { vectors.append(T(generator.normal())) }
      case .softmaxCrossEntropy:
        let row = probabilities[n * classes..<(n + 1) * classes]
        var rest = T(generator.uniform())
        // Rounding may leave something of the last class over: it takes what is left.
        let label = row.dropLast().firstIndex { p in
          rest -= p
          return rest < 0
        }
        let drawn = (label ?? row.endIndex - 1) - row.startIndex
        for k in 0..<classes { vectors.append(row[row.startIndex + k] - (k == drawn ? 1 : 0)) }
      }
    }
  }
  return vectors
}
