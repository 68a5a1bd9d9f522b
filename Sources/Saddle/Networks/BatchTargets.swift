/// The targets of a batch: those of the whole, from sample `start` on.
enum BatchTargets<T: Scalar> {
  case classes([Int32], start: Int)
  case values([T], start: Int)

  init(_ targets: Targets<T>, start: Int) {
    switch targets {
    case .classes(let labels): self = .classes(labels, start: start)
    case .values(let matrix): self = .values(matrix.elements, start: start)
    }
  }

  /// How many of the first samples have the output largest that their target says.
  func countCorrect(_ outputs: Span<T>, rows: Int, classes: Int) -> Int {
    switch self {
    case .classes(let labels, let start):
      return Saddle.countCorrect(
        outputs: outputs, labels: labels.span.extracting(start..<start + rows), classes: classes)
    case .values(let values, let start):
      return Saddle.countCorrect(
        outputs: outputs,
        values: values.span.extracting(start * classes..<(start + rows) * classes),
        classes: classes)
    }
  }

  /// Those of the samples from number `count` on.
  func advanced(by count: Int) -> Self {
    switch self {
    case .classes(let labels, let start): .classes(labels, start: start + count)
    case .values(let values, let start): .values(values, start: start + count)
    }
  }
}

extension Loss {
  /// The sum of the losses of a batch's samples, and ∂ℓ/∂z·`scale` of each (samples × classes).
  func evaluate<T: Scalar>(
    outputs: Span<T>, _ targets: BatchTargets<T>, samples: Int, classes: Int, scale: T,
    delta: inout MutableSpan<T>
  ) -> Double {
    switch targets {
    case .classes(let labels, let start):
      return evaluate(
        outputs: outputs, labels: labels.span.extracting(start..<start + samples),
        classes: classes, scale: scale, delta: &delta)
    case .values(let values, let start):
      let first = start * classes
      return evaluate(
        outputs: outputs, values: values.span.extracting(first..<first + samples * classes),
        classes: classes, scale: scale, delta: &delta)
    }
  }
}
