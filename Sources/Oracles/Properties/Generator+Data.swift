/// Samples with classes.
public struct LabelledSamples: Sendable, Equatable {
  /// N × inputs.
  public let inputs: [[Double]]
  /// N classes, 0 ..< `classes`.
  public let labels: [Int]
  public let classes: Int

  public init(inputs: [[Double]], labels: [Int], classes: Int) {
    self.inputs = inputs
    self.labels = labels
    self.classes = classes
  }
}

extension Generator where Value == LabelledSamples {
  /// Data sets of 1 … `samples` normal inputs; about one in ten has an input that is always zero,
  /// one in ten a sample twice, one in ten a class that no sample has.
  ///
  /// They shrink to fewer samples and to inputs of 0, ±1 and powers of two; the number of inputs and
  /// of classes stays.
  public static func labelledSamples(samples: Int, inputs: Int, classes: Int) -> Generator {
    precondition(samples >= 1 && inputs >= 1 && classes >= 1, "an empty data set")
    let sample = Generator<([Double], Int)>(
      show: { "\($0)" },
      { _, rng in
        let entries = Draw.normals(inputs, using: &rng).map { Shrinkable($0, by: simplerReals) }
        return Shrinkable.array(entries, least: inputs)
          .with(Generator<Int>.integer(in: 0...(classes - 1)).draw(100, &rng))
      })
    let plain = sample.array(count: 1...samples)
    return Generator<LabelledSamples>(show: {
      "\($0.classes) classes, labels \($0.labels), inputs \(showMatrix($0.inputs))"
    }) { size, rng in
      let edge = Draw.integer(below: 10, using: &rng)
      let dead = Draw.integer(below: inputs, using: &rng)
      return plain.draw(size, &rng).map { drawn in
        var drawn = drawn
        for i in drawn.indices {
          if edge == 0 { drawn[i].0[dead] = 0 }
          if edge == 1 { drawn[i].1 = min(drawn[i].1, max(0, classes - 2)) }
        }
        if edge == 2, drawn.count > 1 { drawn[drawn.count - 1] = drawn[0] }
        return LabelledSamples(
          inputs: drawn.map(\.0), labels: drawn.map(\.1), classes: classes)
      }
    }
  }
}

/// What is done to an optimizer, in the order of its history.
public enum OptimizerCommand: Sendable, Equatable {
  /// A step along this gradient.
  case step(gradient: [Double])
  /// The memory, and the point, are kept as text.
  case save
  /// The last ones kept are gone back to; nothing where none were.
  case load
  /// From here on the learning rate is this multiple of what it began with.
  case changeRate(factor: Double)
}

extension Generator where Value == [Double] {
  /// Gradients whose components spread over `spread` e-folds about 1, one in ten of them zero: what
  /// shows an optimizer's faults where gradients of one size do not.
  ///
  /// They shrink to zeros, ±1 and powers of two, of the same dimension.
  public static func gradient(dimension: Int, spread: Double = 11) -> Generator {
    precondition(dimension >= 1, "\(dimension) dimensions")
    return Generator { _, rng in
      let components = (0..<dimension).map { _ in
        let size = power(2.718281828459045, Draw.uniform(-spread / 2, spread / 2, using: &rng))
        let value = Draw.once(in: 10, using: &rng) ? 0 : Draw.sign(using: &rng) * size
        return Shrinkable(value, by: simplerReals)
      }
      return Shrinkable.array(components, least: dimension)
    }
  }
}

extension Generator where Value == [OptimizerCommand] {
  /// Histories of 1 … `commands` commands: mostly steps, one in ten each a save, a load and a change
  /// of the rate between 1/16 and 4. They shrink to the commands that matter, with simpler
  /// gradients.
  public static func optimizerHistory(
    dimension: Int, commands: Int, spread: Double = 11
  ) -> Generator {
    let step = Generator<[Double]>.gradient(dimension: dimension, spread: spread)
      .map { OptimizerCommand.step(gradient: $0) }
    let change = Generator<Double>.element(of: [1, 0.5, 0.0625, 4])
      .map { OptimizerCommand.changeRate(factor: $0) }
    return Generator<OptimizerCommand>.oneOf([
      (7, step), (1, .constant(.save)), (1, .constant(.load)), (1, change),
    ]).array(count: 1...commands)
  }
}
