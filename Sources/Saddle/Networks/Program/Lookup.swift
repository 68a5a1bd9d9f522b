/// A vector for every token: column `token` of a table, channels × tokens, for each of some places.
/// What it reads are the tokens' numbers.
struct Lookup: Hashable, Sendable {
  /// How many tokens there are, and how many of them a sample is.
  let tokens: Int
  let places: Int
  let channels: Int
  /// Where the table stands, tokens × channels.
  let table: Range<Int>

  /// y ← the vectors of a table, channels × places × samples.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func apply<T: Scalar>(_ table: Span<T>, _ x: Span<T>, samples n: Int, into y: inout MutableSpan<T>) {
    for place in 0..<places {
      for k in place * n..<(place + 1) * n {
        let row = Int(x[k]) * channels
        for c in 0..<channels { y[c * places * n + k] = table[row + c] }
      }
    }
  }

  /// Adds every vector of y to its token's in the table.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func add<T: Scalar>(_ y: Span<T>, of x: Span<T>, samples n: Int, to table: inout MutableSpan<T>) {
    for place in 0..<places {
      for k in place * n..<(place + 1) * n {
        let row = Int(x[k]) * channels
        for c in 0..<channels { table[row + c] += y[c * places * n + k] }
      }
    }
  }
}
