/// What a list of approximate eigenvalues with error bounds claims about a known spectrum, checked
/// by counting. Plain loops.
public enum EigenpairClaims {
  /// The first value whose interval [value − bound, value + bound] has no eigenvalue in it, NaN
  /// anywhere included; nil if all have.
  public static func firstEmptyInterval(
    _ values: [Double], bounds: [Double], spectrum: [Double]
  ) -> Int? {
    precondition(values.count == bounds.count, "\(values.count) values, \(bounds.count) bounds")
    return values.indices.first { k in
      !spectrum.contains { ($0 - values[k]).magnitude <= bounds[k] }
    }
  }

  /// Whether each value can be given an eigenvalue of its own within `bound`: no copy of a multiple
  /// eigenvalue is counted twice.
  public static func canBePaired(
    _ values: [Double], spectrum: [Double], within bound: Double
  ) -> Bool {
    guard values.allSatisfy({ $0.isFinite }) else { return false }
    // On a line, taking the least eigenvalue that still fits pairs as many as can be.
    let spectrum = spectrum.sorted()
    var next = 0
    for value in values.sorted() {
      while next < spectrum.count, spectrum[next] < value - bound { next += 1 }
      guard next < spectrum.count, spectrum[next] <= value + bound else { return false }
      next += 1
    }
    return true
  }
}
