import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// Points judged by eigenpairs from elsewhere, and what those pairs' residuals prove.
@Suite struct VerifiedEigenpairsTests {
  private func inner(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// What a distributed solver would hand over of a matrix, with its pairs moved by `change`.
  private func pairs(
    of matrix: Matrix<Double>, gradient: [Double],
    change: (inout [Double], inout Matrix<Double>) -> Void = { _, _ in }
  ) throws -> VerifiedEigenpairs {
    let system = try matrix.eigensystem()
    var (values, z) = (system.values, system.vectors)
    change(&values, &z)
    let order = matrix.rows
    var (residual, departure) = (0.0, 0.0)
    for i in 0..<order {
      let vector = z.row(i)
      for k in 0..<order {
        let off: Double = inner(matrix.row(k), vector) - values[i] * vector[k]
        residual += off * off
      }
      for j in 0..<order {
        let off: Double = inner(vector, z.row(j)) - (i == j ? 1 : 0)
        departure += off * off
      }
    }
    return VerifiedEigenpairs(
      values: values, residual: residual.squareRoot(), departure: departure.squareRoot(),
      matrixNorm: inner(matrix.elements, matrix.elements).squareRoot(),
      gradientCoefficients: (0..<order).map { inner(z.row($0), gradient) }, leastVector: z.row(0))
  }

  @Test(arguments: Seed.campaign(5))
  func `a point is judged as by its matrix`(seed: Seed) throws {
    var generator = seed.generator
    let objective = try NetworkObjective<Double>(
      network: Network.dense([5, 4, 3], .tanh), loss: .softmaxCrossEntropy,
      inputs: Matrix(rows: 20, columns: 5, elements: (0..<100).map { _ in generator.normal() }),
      targets: .classes((0..<20).map { Int32($0 % 3) }))
    let θ: [Double] = objective.network.initialParameters(using: &generator)
    let expected = try PointAnalysis(of: objective, at: θ)
    let found = try PointAnalysis(
      of: objective, at: θ,
      eigenpairs: pairs(
        of: objective.hessian(at: θ), gradient: objective.gradient(at: θ).gradient))

    expectClose(
      found.spectrum.eigenvalues, expected.spectrum.eigenvalues,
      within: Tolerance(absolute: expected.spectrum.errorBound, why: "their own bound"))
    #expect(found.spectrum.structuralZeros == expected.spectrum.structuralZeros)
    #expect(found.spectrum.errorBound >= expected.spectrum.errorBound)
    #expect(found.kind == expected.kind && found.countsAgree)
    #expect(found.secondCount.index == expected.secondCount.index)
    #expect(found.secondCount.zeros == expected.secondCount.zeros)
    #expect(found.curvature.outcome == expected.curvature.outcome)
    #expect(found.evaluation == expected.evaluation && found.rounding == expected.rounding)
    let tolerance = Tolerance(relative: 1e-6, why: "sums over modes by another eigensolver")
    expectClose(
      [
        found.criticality.newtonStep, found.criticality.newtonDecrement,
        found.criticality.gradientNorm, found.criticality.gradientError,
      ],
      [
        expected.criticality.newtonStep, expected.criticality.newtonDecrement,
        expected.criticality.gradientNorm, expected.criticality.gradientError,
      ], within: tolerance)
  }

  /// An eigenvalue that is wrong by much more than rounding, and vectors that are no basis: the bound
  /// holds the truth, and the analysis does not believe the values to the last digits.
  @Test func `what an eigensolver got wrong is in the bound`() throws {
    var generator = RandomStream(seed: 3, name: "pairs")
    var matrix = Matrix<Double>(rows: 30, columns: 30)
    for i in 0..<30 {
      for j in 0...i {
        matrix[i, j] = generator.normal()
        matrix[j, i] = matrix[i, j]
      }
    }
    let gradient = (0..<30).map { _ in generator.normal() }
    let truth = try matrix.eigenvalues()
    let moved = try pairs(of: matrix, gradient: gradient) { values, _ in values[4] += 1e-4 }
    #expect((1e-4...1.5e-4).contains(moved.errorBound))
    #expect(zip(moved.values, truth).allSatisfy { ($0 - $1).magnitude <= moved.errorBound })

    // A vector twice: its neighbour's place is then unknown, and its value may be anything.
    let doubled = try pairs(of: matrix, gradient: gradient) { _, vectors in
      for k in 0..<30 { vectors[5, k] = vectors[4, k] }
    }
    #expect(doubled.errorBound == .infinity)

    // All vectors too long by 1e-3: the residuals alone would not show it.
    let long = try pairs(of: matrix, gradient: gradient) { _, vectors in
      for k in 0..<30 { for j in 0..<30 { vectors[k, j] *= 1.001 } }
    }
    #expect(long.errorBound > 1e-3)
    let exact = try pairs(of: matrix, gradient: gradient)
    #expect(exact.errorBound < 1e-11)
    #expect(zip(exact.values, truth).allSatisfy { ($0 - $1).magnitude <= exact.errorBound })
    expectClose(
      exact.gradientShares.reduce(0, +), 1, within: Tolerance(absolute: 1e-12, why: "rounding"))
  }

  @Test func `values that the bound leaves on both sides are counted on both`() throws {
    let landscape = LandscapeObjective(.rosenbrock(dimension: 2))
    let θ = [1.0, 1.0]
    // λ = 0.4 and 1001.6 with a residual of 1e-2: both are surely positive at ε = 1e-6.
    let hessian = landscape.hessian(at: θ)
    let system = try hessian.eigensystem()
    func analysis(residual: Double) throws -> PointAnalysis {
      try PointAnalysis(
        of: landscape, at: θ,
        eigenpairs: VerifiedEigenpairs(
          values: system.values, residual: residual, departure: 0, matrixNorm: 1000,
          gradientCoefficients: [0, 0], leastVector: system.vectors.row(0)))
    }
    #expect(try analysis(residual: 1e-2).secondCount.isCertain)
    #expect(try analysis(residual: 1e-2).kind == .minimum)
    let vague = try analysis(residual: 1)
    #expect(vague.secondCount.index == 0...1 && vague.secondCount.positive == 1...2)
    #expect(vague.spectrum.errorBound >= 1)
    #expect(throws: SpectrumError.self) { try analysis(residual: .infinity) }
  }
}
