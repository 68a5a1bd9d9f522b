/// A run of a grid: what is trained and what is measured. Equal runs are one run, whatever they
/// are called and whichever group asks for them.
public struct GridRun: Hashable, Sendable {
  public let experiment: Experiment
  public let measure: EndMeasurement
  /// The first 16 hexadecimal digits of the SHA-256 of the run's JSON without its name: by this
  /// the store knows it.
  public let key: String

  /// - Throws: `DataError.digestUnavailable`, or what the encoder throws for numbers that are not
  ///   finite.
  public init(_ experiment: Experiment, measure: EndMeasurement) throws {
    self.experiment = experiment
    self.measure = measure
    var nameless = experiment
    nameless.name = ""
    let json = try JSON.encode(
      Content(experiment: nameless, measure: measure), isForPeople: false)
    key = String(try Digest(.sha256, of: [UInt8](json)).hexadecimal.prefix(16))
  }

  private struct Content: Encodable {
    let experiment: Experiment
    let measure: EndMeasurement
  }
}
