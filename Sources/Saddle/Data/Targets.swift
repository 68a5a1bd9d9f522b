/// What the samples of a data set should give.
public enum Targets<T: Scalar>: Equatable, Sendable {
  /// One class per sample, each in 0 ..< the network's outputs.
  case classes([Int32])
  /// One row of output values per sample (mean squared error only).
  case values(Matrix<T>)

  public var count: Int {
    switch self {
    case .classes(let labels): labels.count
    case .values(let matrix): matrix.rows
    }
  }
}
