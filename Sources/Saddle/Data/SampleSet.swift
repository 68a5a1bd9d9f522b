/// Samples of a user's own, in numbers.
public struct SampleTable: Equatable, Sendable {
  /// What the samples should give.
  public enum Targets: Equatable, Sendable {
    /// One label a sample, each below `of`.
    case classes([Int], of: Int)
    /// Samples × outputs.
    case values(Matrix<Double>)
  }

  /// What the samples are, for people.
  public let name: String
  /// The axes of one sample, such as channels, height and width; empty for a single number.
  public let featureShape: [Int]
  /// Samples × features.
  public let inputs: Matrix<Double>
  public let targets: Targets
  public let sources: [RecordSource]

  public init(
    name: String, featureShape: [Int], inputs: Matrix<Double>, targets: Targets,
    sources: [RecordSource] = []
  ) {
    precondition(
      featureShape.reduce(1, *) == inputs.columns,
      "\(inputs.columns) features in shape \(featureShape)")
    self.name = name
    self.featureShape = featureShape
    self.inputs = inputs
    self.targets = targets
    self.sources = sources
  }

  /// How many numbers a sample should give.
  public var outputs: Int {
    switch targets {
    case .classes(_, let classes): classes
    case .values(let values): values.columns
    }
  }

  /// Some of the samples, with all of the table's sources.
  func samples(_ range: Range<Int>) -> SampleTable {
    func rows(_ matrix: Matrix<Double>) -> Matrix<Double> {
      Matrix(
        rows: range.count, columns: matrix.columns,
        elements: Array(
          matrix.elements[range.lowerBound * matrix.columns..<range.upperBound * matrix.columns]))
    }
    let part: Targets =
      switch targets {
      case .classes(let labels, let count): .classes(Array(labels[range]), of: count)
      case .values(let values): .values(rows(values))
      }
    return SampleTable(
      name: name, featureShape: featureShape, inputs: rows(inputs), targets: part, sources: sources)
  }

  /// The SHA-256 of shapes, inputs and targets: the same for the same numbers, whatever file or
  /// precision they were read from.
  ///
  /// The bytes that are hashed: the axes, the outputs and the count as decimals with a space after
  /// each, "classes " or "values ", then inputs and targets as little-endian doubles, labels too.
  ///
  /// - Throws: `DataError.digestUnavailable`.
  public func contentSHA256() throws(DataError) -> String {
    var header = (featureShape + [outputs, inputs.rows]).map { "\($0) " }.joined()
    let numbers: [Double]
    switch targets {
    case .classes(let labels, _):
      header += "classes "
      numbers = labels.map { Double($0) }
    case .values(let values):
      header += "values "
      numbers = values.elements
    }
    var hasher = try Digest.Hasher(.sha256)
    try hasher.update(Array(header.utf8), count: header.utf8.count)
    for elements in [inputs.elements, numbers] {
      var bytes: [UInt8] = []
      TensorValues.double(elements).append(to: &bytes)
      try hasher.update(bytes, count: bytes.count)
    }
    return try hasher.finish().hexadecimal
  }
}

/// What an experiment's data source gives: images as bytes, or numbers as they are.
public enum SampleSet: Equatable, Sendable {
  case images(ImageSet)
  case table(SampleTable)

  /// What the samples are, for people.
  public var name: String {
    switch self {
    case .images(let images): images.name
    case .table(let table): table.name
    }
  }

  /// How many there are.
  public var count: Int {
    switch self {
    case .images(let images): images.count
    case .table(let table): table.inputs.rows
    }
  }

  func samples(_ range: Range<Int>) -> SampleSet {
    switch self {
    case .images(let images): .images(images.images(range))
    case .table(let table): .table(table.samples(range))
    }
  }

  /// Where they were read from, in order; empty when they were made.
  public var sources: [RecordSource] {
    switch self {
    case .images(let images): images.sources
    case .table(let table): table.sources
    }
  }

  /// What the samples are known by.
  ///
  /// - Throws: `DataError.digestUnavailable`.
  public func contentSHA256() throws(DataError) -> String {
    switch self {
    case .images(let images): try images.contentSHA256()
    case .table(let table): try table.contentSHA256()
    }
  }
}
