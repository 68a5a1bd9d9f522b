import Saddle
import Testing

/// The largest magnitude against a plain search, on one thread and several: what is not a number is
/// never passed over, wherever it stands.
@Suite struct LargestMagnitudeTests {
  private func plain<T: Scalar>(_ x: [T]) -> T {
    x.contains(where: \.isNaN) ? .nan : x.reduce(0) { $1.magnitude > $0 ? $1.magnitude : $0 }
  }

  private func expectSame<T: Scalar>(_ x: [T], _ name: String) {
    let (found, expected) = (largestMagnitude(x.span), plain(x))
    #expect(found == expected || found.isNaN && expected.isNaN, "\(T.self): \(name)")
    #expect(found.sign == .plus || found.isNaN)
    #expect(allFinite(x.span) == x.allSatisfy(\.isFinite), "\(T.self): \(name)")
  }

  private func check<T: Scalar>(_: T.Type) {
    let special: [T] = [
      .nan, -.nan, .signalingNaN, .infinity, -.infinity, .greatestFiniteMagnitude,
      -.greatestFiniteMagnitude, .leastNonzeroMagnitude, -.leastNormalMagnitude, 0, -0.0,
    ]
    var random = RandomStream(seed: 1, name: "magnitudes")
    for count in [0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 100] {
      let x = (0..<count).map { _ in T(random.normal()) }
      expectSame(x, "\(count) of them")
      for value in special {
        expectSame([T](repeating: value, count: count), "\(count) × \(value)")
        for at in x.indices {
          var changed = x
          changed[at] = value
          expectSame(changed, "\(value) at \(at) of \(count)")
        }
      }
    }
  }

  @Test func `in double`() { check(Double.self) }

  @Test func `in single precision`() { check(Float.self) }

  @Test(arguments: [1, 2, 3]) func `of long vectors, over threads`(threads: Int) {
    Workers.$forced.withValue(threads) {
      var random = RandomStream(seed: 2, name: "magnitudes")
      let x = (0..<500_001).map { _ in Float(random.uniform()) }
      expectSame(x, "as drawn")
      for at in [0, 249_999, 250_000, 333_334, 500_000] {
        for value in [-2, .infinity, .nan] as [Float] {
          var changed = x
          changed[at] = value
          expectSame(changed, "\(value) at \(at)")
        }
        // A number that comes after a NaN elsewhere does not hide it.
        var changed = x
        (changed[at], changed[500_000 - at]) = (.nan, .infinity)
        expectSame(changed, "NaN at \(at) and infinity")
      }
    }
  }
}
