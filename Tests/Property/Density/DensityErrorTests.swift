import Foundation
import Oracles
import Saddle
import Support
import Testing

/// The Wasserstein distance to the exact spectrum: the planner's, and the one seen from within.
@Suite struct DensityErrorTests {
  enum Shape: String, CaseIterable, Codable {
    case goe, pathLaplacian, nineTenthsZero, twoClusters, graded

    func eigenvalues(_ n: Int) throws -> [Double] {
      var generator = RandomStream(seed: 21, name: rawValue)
      switch self {
      case .goe: return try GSL.eigenvalues(RandomMatrix.goe(order: n, using: &generator))
      case .pathLaplacian: return ClosedFormMatrix.pathLaplacian(order: n).eigenvalues
      case .nineTenthsZero:
        return RandomSpectrum.lowRank(count: n, rank: n / 10, using: &generator)
      case .twoClusters:
        return (0..<n).map { ($0 % 2 == 0 ? -1 : 1) + 1e-6 * generator.normal() }
      case .graded: return RandomSpectrum.graded(count: n, using: &generator)
      }
    }

    /// With those eigenvalues in random directions.
    func matrix(_ n: Int) throws -> (operator: DenseOperator<Double>, truth: DiscreteMeasure) {
      var generator = RandomStream(seed: 22, name: rawValue)
      let eigenvalues = try eigenvalues(n)
      let rows = RandomMatrix.symmetric(spectrum: eigenvalues, using: &generator)
      return (DenseOperator(Matrix(rows)), try DiscreteMeasure(eigenvalues: eigenvalues))
    }
  }

  @Test(arguments: Shape.allCases)
  func `a plan's distance is kept with its probability`(shape: Shape) throws {
    let n = 120
    let (matrix, truth) = try shape.matrix(n)
    let plan = try DensityPlan(dimension: n, error: 0.2, failureProbability: 0.1)
    let range = try #require(truth.nodes.last) - truth.nodes[0]
    let method = try StochasticLanczosQuadrature(plan)
    let seeds = 60
    var (failures, worst) = (0, 0.0)
    for seed in 1...seeds {
      var generator = RandomStream(seed: UInt64(seed), name: "plan")
      let found = try method.density(of: matrix, using: &generator)
      let distance = try found.mean.wasserstein1(to: truth) / range
      worst = max(worst, distance)
      if distance > plan.error { failures += 1 }
      #expect(found.massDefect < 1e-12)
    }
    // A false alarm in 1e-6 if the probability was just the promised one.
    let behind = GSL.proportion(hits: failures, trials: seeds, confidence: 1 - 1e-6)
    #expect(behind.lowerBound <= plan.failureProbability)
    // Too good is a bug as well: no method sees this spectrum to ten digits through 16 probes.
    #expect(worst > 1e-10)
    #expect(worst < plan.error / 2, "the bound is known to be loose")
  }

  @Test(arguments: Shape.allCases)
  func `single precision sees the same spectrum`(shape: Shape) throws {
    let n = 120
    let (matrix, truth) = try shape.matrix(n)
    let range = try #require(truth.nodes.last) - truth.nodes[0]
    let method = try StochasticLanczosQuadrature(steps: 60, probes: 10)
    var (first, second) = (RandomStream(seed: 1), RandomStream(seed: 1))
    let double = try method.density(of: matrix, using: &first)
    let single = try method.density(
      of: DenseOperator(matrix.matrix.converted(to: Float.self)), using: &second)
    // Once orthogonality is lost, in single precision earlier, nodes go their own ways between
    // eigenvalues: by no more than quadrature leaves open.
    let apart = try double.mean.wasserstein1(to: single.mean) / range
    let open = try double.wassersteinError().betweenSteps / range
    #expect(apart < 1e-5 + open, "the same probes, \(apart) apart")
    #expect(single.massDefect < 1e-12)
  }

  @Test(arguments: Shape.allCases)
  func `the error seen from within is the error, within a factor`(shape: Shape) throws {
    let n = 120
    let (matrix, truth) = try shape.matrix(n)
    for (steps, probes) in [(6, 8), (40, 2), (40, 16)] {
      let method = try StochasticLanczosQuadrature(steps: steps, probes: probes)
      var (seen, actual) = (0.0, 0.0)
      for seed in 1...40 {
        var generator = RandomStream(seed: UInt64(seed), name: "within")
        let found = try method.density(of: matrix, using: &generator)
        seen += try found.wassersteinError().total / 40
        actual += try found.mean.wasserstein1(to: truth) / 40
      }
      #expect(seen > 0.8 * actual && seen < 6 * actual, "\(seen) for \(actual)")
    }
  }

  @Test func `on a spectrum that is nine tenths zero stairs differ by half, not by distance`()
    throws
  {
    // Why degenerate spectra are compared by Wasserstein distance.
    let (matrix, truth) = try Shape.nineTenthsZero.matrix(120)
    var generator = RandomStream(seed: 3)
    let found = try StochasticLanczosQuadrature(steps: 40, probes: 10)
      .density(of: matrix, using: &generator)
    let stairs = found.mean.nodes.map {
      (found.mean.cumulative(at: $0) - truth.cumulative(at: $0)).magnitude
    }
    #expect(try #require(stairs.max()) > 0.2)
    #expect(try found.mean.wasserstein1(to: truth) < 0.02)
    #expect((found.atom().fraction - 0.9).magnitude < 4 * found.atom().standardError)
  }

  @Test(arguments: Shape.allCases)
  func `the kernel polynomial method gives the same density`(shape: Shape) throws {
    let (matrix, truth) = try shape.matrix(120)
    var generator = RandomStream(seed: 5)
    let lanczos = try StochasticLanczosQuadrature(steps: 40, probes: 10)
      .density(of: matrix, using: &generator)
    let chebyshev = try KernelPolynomialMethod(moments: 160, probes: 10)
      .density(of: matrix, using: &generator)
    let agreement = lanczos.agreement(with: chebyshev)
    let noise = try 2 * lanczos.wassersteinError().total
    #expect(agreement.wasserstein1 < noise + agreement.resolution)
    // The same against the truth: distances of distribution functions over a grid.
    let (low, high) = (chebyshev.bounds.lowerBound, chebyshev.bounds.upperBound)
    let grid = (0..<4000).map { low + (high - low) * (Double($0) + 0.5) / 4000 }
    let distance = zip(chebyshev.cumulative(at: grid), grid).reduce(0) {
      $0 + ($1.0 - truth.cumulative(at: $1.1)).magnitude * (high - low) / 4000
    }
    #expect(distance < noise + agreement.resolution)
  }
}
