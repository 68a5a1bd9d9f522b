/// Why no random matrix was drawn, or no statistic taken of a spectrum.
public enum RandomMatrixError: Error, Equatable, CustomStringConvertible {
  case invalidOrder(Int, domain: String)
  case invalidParameter(name: String, value: String, domain: String)
  case tooFewLevels(count: Int, needed: Int)
  case levelNotFinite(position: Int)
  case notAscending(position: Int)
  /// Three equal levels in a row, where a ratio of spacings would be 0/0.
  case repeated(position: Int)
  case eigensolver(LinearAlgebraError)

  public var description: String {
    switch self {
    case .invalidOrder(let order, let domain): "a matrix of order \(order): pass \(domain)"
    case .invalidParameter(let name, let value, let domain):
      "\(name) is \(value): pass \(domain)"
    case .tooFewLevels(let count, let needed): "\(count) levels where \(needed) are needed"
    case .levelNotFinite(let position): "level \(position) is not a finite number"
    case .notAscending(let position): "level \(position) is below the one before it: sort them"
    case .repeated(let position):
      "three equal levels from \(position) on: the ratio of their spacings is 0/0; take repeated "
        + "eigenvalues out first"
    case .eigensolver(let error): "a random matrix's eigenvalues: \(error)"
    }
  }
}
