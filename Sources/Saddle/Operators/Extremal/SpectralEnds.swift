/// Which eigenpairs are asked for.
public enum SpectralEnds: Codable, Equatable, Sendable {
  /// The k least.
  case least(Int)
  /// The k greatest.
  case greatest(Int)
  /// The k least and the k greatest.
  case bothEnds(Int)
  /// The k largest by |λ|.
  case largestMagnitude(Int)

  /// k.
  public var k: Int {
    switch self {
    case .least(let k), .greatest(let k), .bothEnds(let k), .largestMagnitude(let k): k
    }
  }

  /// How many pairs that is of an operator of the given order.
  public func count(order: Int) -> Int {
    if case .bothEnds(let k) = self { return k < order - k ? 2 * k : order }
    return min(k, order)
  }

  /// The positions of values in ascending order, the most wanted first.
  func preference<T: Scalar>(_ values: [T]) -> [Int] {
    let last = values.count - 1
    switch self {
    case .least: return Array(values.indices)
    case .greatest: return values.indices.reversed()
    case .bothEnds: return values.indices.map { $0 % 2 == 0 ? $0 / 2 : last - $0 / 2 }
    case .largestMagnitude:
      return values.indices.sorted {
        (values[$0].magnitude, $0) > (values[$1].magnitude, $1)
      }
    }
  }

  /// How far `value` lies on the inner side of the least wanted of `wanted` (ascending) that it
  /// would have to replace; negative where it lies outside.
  func separation<T: Scalar>(of value: T, from wanted: [T]) -> T {
    guard let first = wanted.first, let last = wanted.last else { return 0 }
    switch self {
    case .least: return value - last
    case .greatest: return first - value
    case .bothEnds:
      let middle = wanted.count / 2
      guard middle > 0 else { return 0 }
      return min(value - wanted[middle - 1], wanted[middle] - value)
    case .largestMagnitude:
      return (wanted.map(\.magnitude).min() ?? 0) - value.magnitude
    }
  }

  /// The positions of those of the wanted values (ascending) that the rest of the spectrum is next
  /// to.
  func innermost<T: Scalar>(of wanted: [T]) -> [Int] {
    switch self {
    case .least: return [wanted.count - 1]
    case .greatest: return [0]
    case .bothEnds: return [wanted.count / 2 - 1, wanted.count / 2]
    case .largestMagnitude:
      let middle = wanted.count { $0 < 0 }
      return [middle - 1, middle]
    }
  }
}
