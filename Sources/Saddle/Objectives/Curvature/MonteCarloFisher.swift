/// Fisher's information with its expectation over labels replaced by the mean over some draws per
/// sample: Bₙ = mean of (∂ℓ/∂z)(∂ℓ/∂z)ᵀ at labels y ~ softmax(z), or y ~ N(z, I) for squared error
/// (Kunstner, Balles, Hennig 2019, eq. 5).
struct MonteCarloFisher: CurvatureMatrix {
  let draws: Int
  let seed: UInt64

  var title: String { "Monte-Carlo Fisher, \(draws) draws a sample" }

  func outputs<T: Scalar>(_ samples: OutputSamples<T>) -> OutputCurvature<T> {
    precondition(draws > 0, "\(draws) draws of a label")
    return OutputCurvature(
      outerProductsOf: drawnDeltas(samples), draws: draws, classes: samples.classes)
  }

  /// None is known: a label that rounding turns is another.
  func rounding(_ samples: OutputRounding) -> OutputCurvatureRounding? { nil }

  /// ∂ℓ/∂z at labels drawn from the model: p − e_y, or a standard normal vector. A sample's draws
  /// depend on the seed and its number alone.
  private func drawnDeltas<T: Scalar>(_ samples: OutputSamples<T>) -> [T] {
    let classes = samples.classes
    let count = samples.outputs.count / max(classes, 1)
    let probabilities = samples.probabilities
    var seeds = RandomStream(seed: seed, name: "fisher")
    for _ in 0..<samples.first { _ = seeds.next() }
    var vectors: [T] = []
    vectors.reserveCapacity(count * draws * classes)
    for n in 0..<count {
      var generator = RandomStream(seed: seeds.next())
      for _ in 0..<draws {
        switch samples.loss {
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
}
