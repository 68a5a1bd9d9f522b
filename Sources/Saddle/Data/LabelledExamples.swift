/// What a network is trained on.
public struct LabelledExamples<T: Scalar>: Equatable, Sendable {
  /// The inputs, samples × features.
  public let inputs: Matrix<T>
  /// One label for each sample, below `classes`.
  public let labels: [Int]
  public let classes: Int

  public init(inputs: Matrix<T>, labels: [Int], classes: Int) {
    precondition(
      labels.count == inputs.rows, "\(labels.count) labels for \(inputs.rows) samples")
    precondition(labels.allSatisfy { 0..<classes ~= $0 }, "a label outside \(classes) classes")
    self.inputs = inputs
    self.labels = labels
    self.classes = classes
  }

  public var count: Int { labels.count }

  /// The features that are zero in all samples: their weights cannot matter.
  public var deadFeatures: [Int] {
    var isDead = [Bool](repeating: true, count: inputs.columns)
    var i = 0
    for value in inputs.elements {
      if value != 0 { isDead[i] = false }
      i += 1
      if i == inputs.columns { i = 0 }
    }
    return isDead.indices.filter { isDead[$0] }
  }
}

/// `values` rounded to `T`. The loops are over concrete types: generic ones crawl in debug.
func rounded<T: Scalar>(_ values: [Double], to _: T.Type) -> [T] {
  if let same = values as? [T] { return same }
  if T.self == Float.self {
    var singles = [Float](repeating: 0, count: values.count)
    var i = 0
    while i < values.count {
      singles[i] = Float(values[i])
      i += 1
    }
    if let same = singles as? [T] { return same }
  }
  return values.map { T($0) }
}
