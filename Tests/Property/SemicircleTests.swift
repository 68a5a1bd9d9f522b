import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Wigner's semicircle law on spectra that LAPACK takes of random matrices.
@Suite struct SemicircleTests {
  /// n·KS for GOE averages 2.4 at n = 100 and 2.8 at 300 and peaks near 4.4; the gate is 6.
  private let gate = 6.0

  private func scaledDistance(_ rows: [[Double]], radius: Double) throws -> Double {
    let values = try Matrix(rows).eigenvalues()
    return Double(values.count) * (try Semicircle(radius: radius).distance(to: values))
  }

  @Test(.tags(.statistical), arguments: [100, 300], Seed.campaign(10))
  func `GOE spectra follow the semicircle`(order: Int, seed: Seed) throws {
    var generator = seed.generator
    let distance = try scaledDistance(
      RandomMatrix.goe(order: order, using: &generator), radius: 2 * Double(order).squareRoot())
    #expect(distance <= gate, "n·KS = \(distance)")
  }

  @Test(.tags(.statistical), arguments: Seed.campaign(5))
  func `a semicircle of the wrong radius is refused`(seed: Seed) throws {
    var generator = seed.generator
    let distance = try scaledDistance(
      RandomMatrix.goe(order: 300, using: &generator), radius: 2.2 * 300.0.squareRoot())
    #expect(distance > gate, "n·KS = \(distance)")
  }

  @Test(.tags(.statistical), arguments: Seed.campaign(5))
  func `evenly spread eigenvalues are refused`(seed: Seed) throws {
    var generator = seed.generator
    let spectrum = (0..<300).map { _ in generator.uniform(-1, 1) }
    let distance = try scaledDistance(
      RandomMatrix.symmetric(spectrum: spectrum, using: &generator), radius: 1)
    #expect(distance > gate, "n·KS = \(distance)")
  }

  @Test(.tags(.statistical), arguments: Seed.campaign(5))
  func `a heavy tail is refused`(seed: Seed) throws {
    var generator = seed.generator
    let order = 300
    // Symmetric with infinite variance (tail index 1.5); scaled by its median magnitude, 2^(2/3).
    var matrix = Matrix<Double>(rows: order, columns: order)
    for i in 0..<order {
      for j in 0...i {
        let sign = generator.uniform() < 0.5 ? -1.0 : 1
        matrix[i, j] = sign * pow(1 - generator.uniform(), -2.0 / 3)
        matrix[j, i] = matrix[i, j]
      }
    }
    let distance = try scaledDistance(
      matrix.asRows, radius: 2 * 1.59 * Double(order).squareRoot())
    #expect(distance > gate, "n·KS = \(distance)")
  }
}
