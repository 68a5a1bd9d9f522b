import Oracles
import Saddle
import Support
import Testing

/// A symmetric matrix with GSL's eigenvalues, and how far they are good.
struct SpectrumCase {
  let name: String
  let matrix: Matrix<Double>
  let known: [Double]?
  /// GSL's, ascending.
  let values: [Double]
  let radius: Double
  var order: Int { matrix.rows }
  /// LAPACK's threshold for a symmetric eigensolver, 60·n·ulp·‖A‖.
  var bound: Double { Self.bound(order, radius) }

  init(_ name: String, _ rows: [[Double]], known: [Double]? = nil) throws {
    self.name = "\(name), n = \(rows.count)"
    self.known = known
    matrix = Matrix(rows)
    values = try GSL.eigenvalues(rows)
    radius = values.reduce(0) { max($0, $1.magnitude) }
  }

  /// The same of any order and norm, in a precision's own ulp.
  static func bound(_ order: Int, _ norm: Double, ulp: Double = 0x1p-52) -> Double {
    LAPACKRatios.threshold * Double(order) * ulp * norm
  }

  /// How many eigenvalues lie below `x`, as far as GSL's are accurate; and as far as `reach`.
  func below(_ x: Double, reach: Double = 0) -> ClosedRange<Int> {
    let reach = reach + bound
    return values.count { $0 < x - reach }...values.count { $0 <= x + reach }
  }

  /// Expects all eigenvalues within the bound.
  func expect(
    _ got: [Double], ulp: Double = 0x1p-52, _ route: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let bound = Self.bound(order, radius, ulp: ulp)
    expectClose(
      got, values, within: Tolerance(absolute: bound, why: "LAPACK's threshold"),
      "\(name), \(route)", sourceLocation: sourceLocation)
  }
}

/// Dense symmetric matrices up to order 400, most with a spectrum known beforehand.
enum SpectrumFamily: String, CaseIterable, Codable {
  case goe, uniform, prescribed, graded, clustered, lowRank, repeated
  case hypercube, hadamard, grid, complete, minimum, clementKac

  /// One small and one large matrix, with its eigenvalues where they are known beforehand.
  func matrices() -> [(rows: [[Double]], known: [Double]?)] {
    var generator = RandomStream(seed: 31, name: rawValue)
    func turned(_ spectrum: [Double]) -> ([[Double]], [Double]?) {
      (RandomMatrix.symmetric(spectrum: spectrum, using: &generator), spectrum.sorted())
    }
    func closed(_ form: ClosedFormMatrix) -> ([[Double]], [Double]?) {
      (form.rows, form.eigenvalues)
    }
    switch self {
    case .goe: return [33, 400].map { (RandomMatrix.goe(order: $0, using: &generator), nil) }
    case .uniform:
      return [34, 257].map { (RandomMatrix.uniform(order: $0, using: &generator), nil) }
    case .prescribed: return [35, 300].map { turned(Draw.normals($0, using: &generator)) }
    case .graded:
      return [36, 256].map { turned(RandomSpectrum.graded(count: $0, using: &generator)) }
    case .clustered:
      return [37, 300].map { turned(RandomSpectrum.clustered(count: $0, using: &generator)) }
    case .lowRank:
      return [38, 400].map {
        turned(RandomSpectrum.lowRank(count: $0, rank: $0 / 10, using: &generator))
      }
    // −3, −2, … 3, each as often as the others.
    case .repeated: return [39, 322].map { turned((0..<$0).map { Double($0 % 7 - 3) }) }
    case .hypercube: return [5, 8].map { closed(.hypercubeLaplacian(dimension: $0)) }
    case .hadamard: return [5, 8].map { closed(.hadamard(exponent: $0)) }
    case .grid: return [(5, 6), (20, 20)].map { closed(.gridLaplacian($0, $1)) }
    case .complete: return [40, 300].map { closed(.completeLaplacian(order: $0)) }
    case .minimum: return [41, 400].map { closed(.minimum(order: $0)) }
    case .clementKac: return [42, 333].map { closed(.clementKac(order: $0)) }
    }
  }
}

/// Symmetric tridiagonal matrices of order about 400.
enum TridiagonalFamily: String, CaseIterable, Codable {
  case uniform, toeplitz, path, clementKac, wilkinson, graded

  func elements() -> (diagonal: [Double], offDiagonal: [Double]) {
    var generator = RandomStream(seed: 35)
    func closed(_ form: ClosedFormMatrix) -> ([Double], [Double]) {
      let rows = form.rows
      return (
        rows.indices.map { rows[$0][$0] }, rows.indices.dropFirst().map { rows[$0][$0 - 1] }
      )
    }
    switch self {
    case .uniform:
      return (
        (0..<400).map { _ in generator.uniform(-1, 1) },
        (0..<399).map { _ in generator.uniform(-1, 1) }
      )
    case .toeplitz: return closed(.toeplitz(order: 399, diagonal: 0.5, offDiagonal: -1.5))
    case .path: return closed(.pathLaplacian(order: 400))
    case .clementKac: return closed(.clementKac(order: 398))
    // Nineteen copies of W21⁺, glued: pairs that agree to 14 digits, 19 times.
    case .wilkinson:
      let (diagonal, offDiagonal) = closed(.wilkinson21)
      let copies = (0..<19).flatMap { _ in diagonal }
      return (copies, (1..<399).map { $0 % 21 == 0 ? 1e-9 : offDiagonal[0] })
    case .graded:
      let diagonal = RandomSpectrum.graded(count: 400, using: &generator)
      return (diagonal, diagonal.dropFirst().map { $0 / 2 })
    }
  }
}
