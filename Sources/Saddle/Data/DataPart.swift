/// One of several equal parts of a source's images, so that runs can have samples apart.
///
/// The images take turns: part k of n has those at the places k − 1, k − 1 + n, k − 1 + 2n, …, so that
/// every part is spread over the whole source.
public struct DataPart: Hashable, Codable, Sendable {
  /// 1 to `of`.
  public let number: Int
  public let of: Int

  /// - Throws: `DataError.invalidPart` unless 1 ≤ number ≤ of.
  public init(number: Int, of: Int) throws(DataError) {
    guard of >= 1, (1...of).contains(number) else { throw .invalidPart(number: number, of: of) }
    self.number = number
    self.of = of
  }

  private enum CodingKeys: CodingKey { case number, of }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      number: container.decode(Int.self, forKey: .number),
      of: container.decode(Int.self, forKey: .of))
  }

  /// The part's images, known by where all of them were read from.
  ///
  /// - Throws: `DataError.tooFewRecords` where the part has none.
  func taken(from images: ImageSet) throws(DataError) -> ImageSet {
    let places = Array(stride(from: number - 1, to: images.count, by: of))
    guard !places.isEmpty else {
      throw .tooFewRecords(path: images.name, asked: number, found: images.count)
    }
    return ImageSet(
      name: images.name + ", part \(number) of \(of)", shape: images.shape,
      classes: images.classes, pixels: places.flatMap { Array(images.image($0)) },
      labels: places.map { images.labels[$0] }, sources: images.sources)
  }
}
