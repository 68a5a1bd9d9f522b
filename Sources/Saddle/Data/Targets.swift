/// What the samples of a data set should give.
public enum Targets<T: Scalar>: Equatable, Sendable {
  /// One class per sample, each in 0 ..< the network's outputs.
  case classes([Int32])
  /// One row of values per sample: of outputs for squared error, of the classes' probabilities for
  /// cross-entropy.
  case values(Matrix<T>)

  public var count: Int {
    switch self {
    case .classes(let labels): labels.count
    case .values(let matrix): matrix.rows
    }
  }

  /// Label smoothing (Szegedy et al. 2016, §7): (1 − ε)·e_y + ε/K in place of a class y of K; values
  /// stay as they are.
  ///
  /// - Parameter share: ε, from 0 to 1.
  public func smoothed(by share: T, classes: Int) -> Targets {
    guard case .classes(let labels) = self, share > 0 else { return self }
    var rows = Matrix<T>(rows: labels.count, columns: classes, repeating: share / T(classes))
    for (n, label) in labels.enumerated() {
      rows.elements[n * classes + Int(label)] = 1 - share + share / T(classes)
    }
    return .values(rows)
  }
}
