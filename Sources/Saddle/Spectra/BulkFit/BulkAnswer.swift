/// The fit to a spectrum's bulk, or why it has none: a small or all but flat spectrum has no bulk,
/// and that is an answer too.
public struct BulkAnswer: Sendable {
  public let fit: BulkFitReport?
  /// Nil where there is a fit.
  public let whyNoFit: String?

  /// - Throws: `BulkFitError` for settings that nothing can be fitted with.
  public init(
    of spectrum: Spectrum, options: BulkFitOptions = BulkFitOptions(),
    using generator: inout some RandomNumberGenerator
  ) throws(BulkFitError) {
    do throws(BulkFitError) {
      fit = try BulkFitReport(of: spectrum, options: options, using: &generator)
      whyNoFit = nil
    } catch {
      guard error.isOfSpectrum else { throw error }
      (fit, whyNoFit) = (nil, error.description)
    }
  }
}
