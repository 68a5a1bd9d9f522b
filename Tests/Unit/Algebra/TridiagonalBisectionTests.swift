import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Eigenvalues by counting, which large tridiagonal matrices get, against Sturm counts by another
/// recurrence and against closed forms.
@Suite struct TridiagonalBisectionTests {
  /// Rows and what lies beside them, of the orders that are counted rather than iterated.
  enum Family: String, CaseIterable, Sendable {
    case toeplitz, clementKac, gluedWilkinson, diagonal, decoupled, graded, clustered, hermite
    case oneElement, negative

    func elements(_ n: Int) -> (diagonal: [Double], offDiagonal: [Double]) {
      var rng = RandomStream(seed: 5, name: rawValue)
      let beside = 0..<n - 1
      func numbers(_ range: Range<Int>, _ body: (Int) -> Double) -> [Double] { range.map(body) }
      switch self {
      case .toeplitz: return (numbers(0..<n) { _ in 1.5 }, numbers(beside) { _ in 0.75 })
      case .clementKac:
        return (
          numbers(0..<n) { _ in 0 },
          numbers(beside) { (Double($0 + 1) * Double(n - 1 - $0)).squareRoot() }
        )
      case .gluedWilkinson:
        // W21+ over and over, hardly coupled: clusters within an ulp.
        return (
          numbers(0..<n) { Double(abs($0 % 21 - 10)) }, numbers(beside) { $0 % 21 == 20 ? 1e-9 : 1 }
        )
      case .diagonal: return (numbers(0..<n) { Double(($0 * 7) % n) }, numbers(beside) { _ in 0 })
      case .decoupled:
        return (numbers(0..<n) { _ in 2 }, numbers(beside) { $0 % 3 == 0 ? 0 : 1e-200 })
      case .graded:
        return (
          numbers(0..<n) { exp2(-Double($0) / 8) }, numbers(beside) { exp2(-Double($0) / 8 - 2) }
        )
      case .clustered:
        return (numbers(0..<n) { $0 < n / 2 ? 1 : -1 }, numbers(beside) { _ in 1e-14 })
      case .hermite:
        return (
          numbers(0..<n) { _ in 2.0.squareRoot() * rng.normal() },
          numbers(beside) { Double(n - 1 - $0).squareRoot() * (1 + 0.1 * rng.normal()) }
        )
      case .oneElement:
        return (numbers(0..<n) { _ in 0 }, numbers(beside) { $0 == n / 2 ? 3 : 0 })
      case .negative: return (numbers(0..<n) { _ in -5 }, numbers(beside) { -1 / Double($0 + 1) })
      }
    }
  }

  // A count is exact for elements within three ulp of these (Demmel, Dhillon, Ren 1995), which
  // moves eigenvalues by 3·3 ulp of the largest at most; what is counted below is within a ninth.
  private func expectCertified(
    _ values: [Double], _ diagonal: [Double], _ offDiagonal: [Double], _ name: String
  ) throws {
    let refuted = try SturmCount(diagonal: diagonal, offDiagonal: offDiagonal)
      .firstRefuted(values, tolerance: 8)
    #expect(refuted == nil, "\(name): \(String(describing: refuted))")
  }

  @Test(.tags(.oracle), arguments: Family.allCases, [256, 257, 300])
  func `each interval about a value holds as many eigenvalues as values`(
    family: Family, order: Int
  ) throws {
    let (diagonal, offDiagonal) = family.elements(order)
    for scale in [1, 0x1p-1000, 0x1p+1000, 0x1p-1040] {
      let (d, e) = (diagonal.map { scale * $0 }, offDiagonal.map { scale * $0 })
      let values = try tridiagonalEigenvalues(diagonal: d, offDiagonal: e)
      #expect(values.count == order)
      #expect(zip(values, values.dropFirst()).allSatisfy(<=))
      try expectCertified(values, d, e, "\(family.rawValue) × \(scale)")
    }
  }

  @Test(.tags(.oracle)) func `closed forms are met to the last digits`() throws {
    let n = 300
    func check(_ family: Family, _ expected: [Double]) throws {
      let (diagonal, offDiagonal) = family.elements(n)
      let sorted = expected.sorted()
      let largest = sorted.map(\.magnitude).max()!
      expectClose(
        try tridiagonalEigenvalues(diagonal: diagonal, offDiagonal: offDiagonal), sorted,
        within: Tolerance(absolute: 8 * Double.ulpOfOne * largest, why: "8 ulp of the largest"))
    }
    try check(.toeplitz, (1...n).map { 1.5 + 1.5 * cos(Double.pi * Double($0) / Double(n + 1)) })
    try check(.clementKac, (0..<n).map { Double(n - 1 - 2 * $0) })
    try check(.diagonal, (0..<n).map { Double(($0 * 7) % n) })
    try check(.oneElement, [-3, 3] + [Double](repeating: 0, count: n - 2))
  }

  @Test func `a matrix of zeros has the eigenvalue zero`() throws {
    let zeros = [Double](repeating: 0, count: 400)
    #expect(
      try tridiagonalEigenvalues(diagonal: zeros, offDiagonal: Array(zeros.dropLast())) == zeros)
  }

  @Test func `in single precision the values are those in double, rounded`() throws {
    let (diagonal, offDiagonal) = Family.hermite.elements(300)
    let single = (diagonal.map { Float($0) }, offDiagonal.map { Float($0) })
    let values = try tridiagonalEigenvalues(diagonal: single.0, offDiagonal: single.1)
    let double = try tridiagonalEigenvalues(
      diagonal: single.0.map { Double($0) }, offDiagonal: single.1.map { Double($0) })
    #expect(values == double.map { Float($0) })
  }
}
