/// Why no law was fitted.
public enum BulkFitError: Error, Equatable, CustomStringConvertible {
  /// After zeros and known outliers are taken out.
  case tooFew(eigenvalues: Int, needed: Int)
  /// At least half of the eigenvalues are equal, to the rounding of the greatest.
  case noSpread(at: Double)
  /// Squares of the eigenvalues would over- or underflow.
  case badlyScaled(radius: Double, interquartileRange: Double)
  case invalidOption(name: String, value: String, domain: String)
  case eigensolver(LinearAlgebraError)
  /// Of Tracy and Widom's law.
  case edges(RandomMatrixError)

  public var description: String {
    switch self {
    case .tooFew(let eigenvalues, let needed):
      "\(eigenvalues) eigenvalues in the bulk, too few to fit a law to: at least \(needed), "
        + "not counting zeros and outliers"
    case .noSpread(let value):
      "half of the bulk's eigenvalues are \(value), or no further from it than rounding of the "
        + "greatest: no law with a density fits them; if they are about zero, raise the tolerance for "
        + "zeros, and if all are far from it, subtract what they have in common"
    case .badlyScaled(let radius, let range):
      "eigenvalues up to \(radius) and quartiles \(range) apart: scale them so that both lie "
        + "between 1e-100 and 1e100"
    case .invalidOption(let name, let value, let domain): "\(name) is \(value): pass \(domain)"
    case .eigensolver(let error): "a random matrix's eigenvalues: \(error)"
    case .edges(let error): "the law of extreme eigenvalues: \(error)"
    }
  }
}

extension BulkFitError {
  /// Whether the spectrum is what the error is about, not the options or the machine.
  public var isOfSpectrum: Bool {
    switch self {
    case .tooFew, .noSpread, .badlyScaled: true
    case .invalidOption, .eigensolver, .edges: false
    }
  }
}
