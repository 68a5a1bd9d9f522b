import Foundation

/// Which images a pinned experiment means, the same on the originals and on shorter copies.
public enum DataSource: Hashable, Codable, Sendable {
  /// The first `first` images of a file of MNIST, or all.
  case mnist(file: MNIST.File, first: Int?)
  /// The first `firstOfEach` images of each of these files of CIFAR-10, or all.
  case cifar10(files: [CIFAR10.File], firstOfEach: Int?)
  /// `count` figures drawn from `seed`.
  case syntheticDigits(seed: UInt64, count: Int)
  /// A user's own numbers.
  case files(arrays: TensorFiles)

  /// Reads or draws the images.
  ///
  /// - Throws: `DataError`: what is missing or wrong, `.notImages` where the source has numbers.
  public func load(from folder: DataFolder = DataFolder()) throws(DataError) -> ImageSet {
    switch self {
    case .mnist(let file, let first):
      let (images, labels) = try folder.mnist(file)
      return try IDX.read(images: images, labels: labels, first: first, name: name)
    case .cifar10(let files, let first):
      guard let start = files.first else { throw .noFilesNamed(.cifar10) }
      var images = try CIFAR10.read(try folder.cifar10(start), first: first, name: name)
      for file in files.dropFirst() {
        let more = try CIFAR10.read(try folder.cifar10(file), first: first, name: name)
        images = try images.appending(more)
      }
      return images
    case .syntheticDigits(let seed, let count):
      guard 1...SyntheticDigits.largestCount ~= count else { throw .invalidCount(asked: count) }
      return SyntheticDigits(seed: seed).images(count)
    case .files: throw .notImages(name: name)
    }
  }

  /// How many classes its labels tell apart; nil where that is not known before it is read.
  public var classes: Int? {
    switch self {
    case .mnist, .cifar10, .syntheticDigits: 10
    case .files: nil
    }
  }

  /// The source in words: "MNIST, first 5000 of train".
  public var name: String {
    switch self {
    case .mnist(let file, let first):
      "MNIST, \(amount(first)) of \(file.rawValue)"
    case .cifar10(let files, let first):
      "CIFAR-10, \(amount(first)) of \(files.map(\.title).joined(separator: ", "))"
    case .syntheticDigits(let seed, let count):
      "SyntheticDigits, first \(count) of seed \(seed)"
    case .files(let files):
      "\(files.inputs.source.name), \(amount(files.first)), with \(files.targets.source.name)"
    }
  }

  /// The same, with files that follow one another by the first and the last alone.
  public var shortName: String {
    let all = CIFAR10.File.allCases
    guard case .cifar10(let files, let first) = self, files.count > 2,
      let start = all.firstIndex(of: files[0]), all[start...].starts(with: files)
    else { return name }
    return "CIFAR-10, \(amount(first)) of \(files[0].title) … \(files[files.count - 1].title)"
  }

  /// The published data set that must be there; none for figures that are drawn and own files.
  public var dataset: Dataset? {
    switch self {
    case .mnist: .mnist
    case .cifar10: .cifar10
    case .syntheticDigits, .files: nil
    }
  }

  /// The source with a user's own files changed; any other as it is.
  func withFiles(_ change: (TensorFiles) -> TensorFiles) -> DataSource {
    if case .files(let arrays) = self { .files(arrays: change(arrays)) } else { self }
  }

  private func amount(_ first: Int?) -> String { first.map { "first \($0)" } ?? "all" }
}

extension CIFAR10.File {
  /// The file's name without what all of them end with.
  fileprivate var title: String { rawValue.replacing(".bin", with: "") }
}

/// What a pinned experiment names: images, and how they become the inputs of a network.
public struct DatasetDescription: Hashable, Codable, Sendable {
  public internal(set) var source: DataSource
  /// Whether three channels become one: ITU-R BT.601 luma, 0.299 R + 0.587 G + 0.114 B.
  public let grayscale: Bool
  /// The side of the squares of pixels that are averaged; 1 leaves the image as it is.
  public let pooling: Int
  public let standardization: Standardization
  /// Nil leaves the labels as they are.
  public let labelNoise: LabelNoise?
  /// Nil takes all images of the source.
  public internal(set) var part: DataPart?

  public init(
    _ source: DataSource, grayscale: Bool = false, pooling: Int = 1,
    standardization: Standardization = .none, labelNoise: LabelNoise? = nil,
    part: DataPart? = nil
  ) {
    self.source = source
    self.grayscale = grayscale
    self.pooling = pooling
    self.standardization = standardization
    self.labelNoise = labelNoise
    self.part = part
  }

  /// The same with all images of the source.
  var whole: DatasetDescription {
    var whole = self
    whole.part = nil
    return whole
  }

  /// Reads or draws the images, as bytes.
  ///
  /// - Throws: `DataError`: what is missing or wrong.
  public func load(from folder: DataFolder = DataFolder()) throws(DataError) -> ImageSet {
    var images = try source.load(from: folder)
    if let part { images = try part.taken(from: images) }
    return labelNoise?.applied(to: images) ?? images
  }

  /// Reads or draws the samples: images as bytes, a user's own numbers as they are.
  ///
  /// - Throws: `DataError`: what is missing or wrong, `.notImages` where numbers are to be treated
  ///   like images.
  public func samples(from folder: DataFolder = DataFolder()) throws(DataError) -> SampleSet {
    guard case .files(let files) = source else { return .images(try load(from: folder)) }
    guard !grayscale, pooling == 1, standardization == .none, labelNoise == nil, part == nil else {
      throw .notImages(name: source.name)
    }
    let folders = folder.roots + [FileManager.default.currentDirectoryPath]
    return .table(try files.load(name: source.name, from: folders))
  }

  /// The standardization of `images`, to be applied to test images too.
  ///
  /// - Throws: `DataError.poolingDoesNotDivide`.
  public func standardizer(fitting images: ImageSet) throws(DataError) -> Standardizer {
    Standardizer(
      fitting: try PixelSums(images, grayscale: grayscale, pooling: pooling), standardization)
  }

  /// `images` as inputs of a network: grey, pooled and standardized as described, computed in
  /// double precision and then rounded to `T`.
  ///
  /// - Parameter standardizer: The one fitted on the training images; nil fits it on `images`.
  /// - Throws: `DataError.poolingDoesNotDivide`.
  public func examples<T: Scalar>(
    _: T.Type, of images: ImageSet, standardizer: Standardizer? = nil
  ) throws(DataError) -> LabelledExamples<T> {
    let sums = try PixelSums(images, grayscale: grayscale, pooling: pooling)
    let fitted = standardizer ?? Standardizer(fitting: sums, standardization)
    let inputs = Matrix(
      rows: images.count, columns: sums.shape.count,
      elements: rounded(fitted.features(of: sums), to: T.self))
    return LabelledExamples(
      inputs: inputs, labels: images.labels.map(Int.init), classes: images.classes)
  }

  /// What `examples` are before they are rounded.
  ///
  /// - Parameters:
  ///   - images: those that become the examples.
  ///   - training: those that the standardization was fitted on.
  /// - Returns: Nil where the numbers are too large to be exact in double precision.
  /// - Throws: `DataError.poolingDoesNotDivide`.
  func unrounded(
    _ images: ImageSet, standardizedBy training: ImageSet
  ) throws(DataError) -> WholeNumberInputs? {
    WholeNumberInputs(
      try PixelSums(images, grayscale: grayscale, pooling: pooling),
      standardizedBy: try PixelSums(training, grayscale: grayscale, pooling: pooling),
      standardization)
  }

  /// The described images as inputs of a network.
  ///
  /// - Throws: `DataError`: what is missing or wrong.
  public func examples<T: Scalar>(
    _ type: T.Type, from folder: DataFolder = DataFolder()
  ) throws(DataError) -> LabelledExamples<T> {
    try examples(type, of: try load(from: folder))
  }
}
