import Oracles
import Saddle
import Support
import Testing

/// Every route of the core's to a spectrum against GSL's eigenvalues, up to order 400: LAPACK works
/// in blocks there, which it does not at the orders of `EigensolverTests`.
@Suite(.tags(.oracle)) struct DenseSpectraTests {
  /// GSL's eigenvalues are found once for all tests.
  private static let cases = Result {
    try Dictionary(
      uniqueKeysWithValues: SpectrumFamily.allCases.map { family in
        (
          family,
          try family.matrices().map { try SpectrumCase(family.rawValue, $0.rows, known: $0.known) }
        )
      })
  }

  private func cases(_ family: SpectrumFamily) throws -> [SpectrumCase] {
    try #require(Self.cases.get()[family])
  }

  @Test(arguments: SpectrumFamily.allCases)
  func `every reduction gives GSL's eigenvalues, in both precisions`(family: SpectrumFamily) throws {
    for a in try cases(family) {
      if let known = a.known { a.expect(known, "known beforehand") }
      for reduction in [nil] + TridiagonalReduction.allCases {
        a.expect(try a.matrix.eigenvalues(reduction: reduction), "\(reduction as Any)")
        let single = try a.matrix.converted(to: Float.self).eigenvalues(reduction: reduction)
        // Rounding A to Float is within the bound: ‖E‖_F ≤ ½·ulp·‖A‖_F ≤ ½·√n·ulp·‖A‖.
        a.expect(single.map { Double($0) }, ulp: 0x1p-23, "\(reduction as Any) in Float")
      }
      a.expect(try a.matrix.eigensystem().values, "with vectors")
    }
  }

  @Test func `the reductions are two routes, and the order decides between them`() throws {
    let a = try cases(.goe)[1].matrix
    let one = try a.eigenvalues(reduction: .oneStage)
    #expect(one != (try a.eigenvalues(reduction: .twoStage)), "bit for bit: one route twice?")
    let automatic = TridiagonalReduction.automatic(order: a.rows)
    #expect(try a.eigenvalues() == a.eigenvalues(reduction: automatic))
    // Measured: two stages take 1.3 s where one takes 2.3, at order 3000, and lose at 400.
    #expect(automatic == .oneStage && TridiagonalReduction.automatic(order: 6000) == .twoStage)
  }

  @Test(arguments: SpectrumFamily.allCases)
  func `the inertia of a factorization is GSL's count, away from the spectrum`(
    family: SpectrumFamily
  ) throws {
    for a in try cases(family) {
      var generator = RandomStream(seed: 32, name: a.name)
      // What LDLᵀ may move an eigenvalue by, in LAPACK's own norm.
      let norm = (0..<a.order).reduce(0) { most, i in
        max(most, a.matrix.row(i).reduce(0) { $0 + $1.magnitude })
      }
      let distance = SpectrumCase.bound(a.order, norm)
      var shifts = [0] + (0..<6).map { _ in a.radius * generator.uniform(-1.1, 1.1) }
      for _ in 0..<6 {
        let side = generator.uniform() < 0.5 ? -2.0 : 2
        shifts.append(a.values[generator.index(below: a.order)] + side * distance)
      }
      var judged = 0
      for shift in shifts where a.values.allSatisfy({ ($0 - shift).magnitude > distance }) {
        let negative = a.values.count { $0 < shift }
        #expect(
          try SymmetricFactorization(a.matrix, shift: shift).inertia
            == Inertia(negative: negative, zero: 0, positive: a.order - negative),
          "\(a.name) at \(shift)")
        judged += 1
      }
      #expect(judged >= 6, "\(a.name): \(judged)")
    }
  }

  @Test(arguments: SpectrumFamily.allCases)
  func `counts at every tolerance have GSL's in them, and are no wider than they say`(
    family: SpectrumFamily
  ) throws {
    for a in try cases(family) {
      var generator = RandomStream(seed: 33, name: a.name)
      var counter = try ShiftedInertia(a.matrix)
      let tolerances = [1e-10, 1e-6, 1e-3, 0.03, 0.5]
      let spectrum = try Spectrum(eigenvalues: a.matrix.eigenvalues())
      #expect(spectrum.degeneracy(at: 1).zeros == a.order, "none is beyond the largest")
      for (doubt, known) in [(0, a.radius), (1e-9, nil)] {
        let found = try EigenvalueCounts(
          of: a.matrix, tolerances: tolerances, radius: known, doubt: doubt, using: &generator)
        #expect(
          found.radius.lower <= a.radius + a.bound && a.radius <= found.radius.upper + a.bound)
        #expect(found.radius.value >= a.radius * (1 - 1e-4), "\(a.name): \(found.radius)")
        for count in found.counts {
          let t = count.threshold
          // LDLᵀ's error is at most (n + 20)·u·36·n²·ρ of the radius, 3e-7·ρ, with a growth ρ of 1
          // or so (Higham 2002, §11.1).
          let isFar = a.values.allSatisfy { ($0.magnitude - t).magnitude > 1e-6 * a.radius }
          #expect(count.isCertain || !isFar, "\(a.name): \(count)")
          let (low, high) = (a.below(-t), a.below(t))
          let zeros = max(0, high.lowerBound - low.upperBound)...high.upperBound - low.lowerBound
          #expect(
            count.index.overlaps(low) && count.zeros.overlaps(zeros)
              && count.positive.overlaps(a.order - high.upperBound...a.order - high.lowerBound),
            "\(a.name): \(count), \(low), \(zeros)")
          let (wideLow, wideHigh) = (
            a.below(-t, reach: 2 * count.errorBound), a.below(t, reach: 2 * count.errorBound)
          )
          #expect(
            wideLow.contains(count.index) && wideHigh.contains(a.order - count.positive.lowerBound)
              && wideHigh.contains(a.order - count.positive.upperBound), "\(a.name): \(count)")
          #expect(
            a.below(-count.tolerance * spectrum.radius).contains(
              spectrum.index(at: count.tolerance)), "\(a.name): \(count.tolerance)")
          #expect(zeros.contains(spectrum.degeneracy(at: count.tolerance).zeros), "\(a.name): \(t)")
        }
        // Where counting is hard: within the bounds of an eigenvalue, ours of GSL's and its own.
        var reach = a.bound
        for _ in 0..<4 {
          let shift = a.values[generator.index(below: a.order)] + reach * generator.uniform(-1, 1)
          let count = try counter.count(below: shift, doubt: doubt, using: &generator)
          #expect(
            count.below.overlaps(a.below(shift))
              && a.below(shift, reach: 2 * count.errorBound).contains(count.below),
            "\(a.name) at \(shift): \(count), \(a.below(shift))")
          reach = count.errorBound
          // One factorization is enough only where no eigenvalue is as near.
          let isNear = a.values.contains { ($0 - shift).magnitude + a.bound < reach }
          #expect(count.nearest == nil || !isNear, "\(a.name) at \(shift): \(count)")
        }
      }
    }
  }

  @Test(arguments: SpectrumFamily.allCases)
  func `the eigensolver for the ends finds GSL's, within its own bounds`(family: SpectrumFamily)
    throws
  {
    let ends: [SpectralEnds] = [.least(4), .greatest(3), .bothEnds(3), .largestMagnitude(5)]
    for a in try cases(family) {
      var generator = RandomStream(seed: 34, name: a.name)
      let map = DenseOperator(a.matrix)
      for ends in ends {
        for block in [1, 3] {
          let result = try ThickRestartLanczos<Double>(
            ends: ends, block: block, maximumProducts: 2000
          ).run(on: map, using: &generator)
          let name = "\(a.name), \(ends), block \(block)"
          // Neighbours 4·10⁻⁶ apart beside 65,000 take more products than these: it must say so.
          let isHard = family == .minimum && result.ending == .budgetSpent
          let found =
            result.residuals.count { $0 <= result.threshold } == ends.count(order: a.order)
          #expect(found || isHard, "\(name): \(result.ending), \(result.products) products")
          expectHolds(
            result, ends, of: a.values, knownWithin: a.bound, missesNone: !isHard, name)
        }
      }
    }
  }

  @Test(arguments: TridiagonalFamily.allCases)
  func `a tridiagonal matrix's eigenvalues are GSL's`(family: TridiagonalFamily) throws {
    let (diagonal, offDiagonal) = family.elements()
    for n in [1, 2, 3, 40, diagonal.count] {
      var rows = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
      for i in 0..<n { rows[i][i] = diagonal[i] }
      for i in 1..<max(n, 1) {
        (rows[i][i - 1], rows[i - 1][i]) = (offDiagonal[i - 1], offDiagonal[i - 1])
      }
      let a = try SpectrumCase(family.rawValue, rows)
      let beside = offDiagonal.prefix(n - 1)
      a.expect(
        try tridiagonalEigenvalues(
          diagonal: Array(diagonal.prefix(n)), offDiagonal: Array(beside)), "tridiagonal")
      let single = try tridiagonalEigenvalues(
        diagonal: diagonal.prefix(n).map { Float($0) }, offDiagonal: beside.map { Float($0) })
      a.expect(single.map { Double($0) }, ulp: 0x1p-23, "tridiagonal in Float")
    }
  }

  /// A network on data with two constant inputs, with and without the penalty.
  private func network(
    _ widths: [Int], _ activation: Activation, _ loss: Loss
  ) throws -> (plain: PlainNetwork, objective: NetworkObjective<Double>, θ: [Double]) {
    var generator = RandomStream(seed: 36)
    let inputs = (0..<20).map { _ in [0, -1.5] + Draw.normals(widths[0] - 2, using: &generator) }
    let labels = inputs.indices.map { $0 % widths[widths.count - 1] }
    let objective = try NetworkObjective<Double>(
      network: Network.dense(widths, activation), loss: loss,
      inputs: Matrix(inputs), targets: .classes(labels.map { Int32($0) }), weightDecay: 0.3)
    let plain = PlainNetwork(
      widths: widths, activation: .init(rawValue: activation.rawValue)!,
      loss: .init(rawValue: loss.rawValue)!, inputs: inputs, labels: labels)
    return (plain, objective, Draw.normals(objective.dimension, using: &generator).map { $0 / 2 })
  }

  @Test(
    arguments: zip(
      [[5, 5, 4, 3], [12, 14, 9, 4], [9, 20, 8, 3], [24, 15]],
      [
        (Activation.gelu, Loss.softmaxCrossEntropy), (.tanh, .softmaxCrossEntropy),
        (.relu, .meanSquaredError), (.tanh, .softmaxCrossEntropy),
      ]))
  func `a network's curvature matrices have their definitions' spectra, structural zeros apart`(
    widths: [Int], kind: (Activation, Loss)
  ) throws {
    let (plain, objective, θ) = try network(widths, kind.0, kind.1)
    func products(_ kind: CurvatureKind) -> [[Double]] {
      objective.curvature(kind, at: θ, includingPenalty: false).dense().asRows
    }
    let fisher = plain.fisher(at: θ)
    // Taylor arithmetic takes P² passes: of large networks, products stand in for it.
    let hessian = θ.count < 100 ? plain.hessian(at: θ) : products(.hessian)
    let drawn = CurvatureKind.monteCarloFisher(draws: 2, seed: 7)
    let definitions: [(kind: CurvatureKind, rows: [[Double]])] = [
      (.hessian, hessian), (.gaussNewton, fisher), (.fisher, fisher), (drawn, products(drawn)),
      (.empiricalFisher, plain.empiricalFisher(at: θ)),
      (.gradientCovariance, plain.gradientCovariance(at: θ)),
      (.residual, zip(hessian, fisher).map { zip($0, $1).map { $0 - $1 } }),
    ]
    let expected = try definitions.map {
      try SpectrumCase("\($0.kind)", Matrix($0.rows).symmetrized().asRows)
    }
    // A difference is as accurate as its parts, so all are held to the largest.
    let radius = expected.reduce(0) { max($0, $1.radius) }
    let space = objective.structuralNullSpace
    #expect(space.dimension >= 2 * widths[1])
    for (a, (kind, _)) in zip(expected, definitions) {
      let shift = kind.seesPenalty ? objective.weightDecay : 0
      let matrix = objective.curvatureMatrix(kind, at: θ, includingPenalty: true)
      let spectrum = try Spectrum(of: matrix, nullSpace: space, shift: shift)
      #expect(spectrum.structuralZeros == (shift == 0 ? space.dimension : 0))
      #expect(spectrum.eigenvalues.count { $0 == shift } >= space.dimension)
      let routes =
        [spectrum.eigenvalues] + (try TridiagonalReduction.allCases.map(matrix.eigenvalues))
      for (number, route) in routes.enumerated() {
        expectClose(
          route, a.values.map { $0 + shift },
          within: Tolerance(
            absolute: SpectrumCase.bound(a.order, radius + shift), why: "LAPACK's threshold"),
          "\(a.name) of \(widths), route \(number)")
      }
    }
  }

  @Test(arguments: [0, 0.25])
  func `a known null space is taken out of any matrix that has it`(shift: Double) throws {
    let (_, objective, _) = try network([14, 15, 9, 5], .tanh, .softmaxCrossEntropy)
    let space = objective.structuralNullSpace
    var generator = RandomStream(seed: 37)
    var orthonormal: [[Double]] = []
    for row in space.basis(Double.self).asRows {
      var v = row
      for q in orthonormal {
        let along = zip(q, v).reduce(0) { $0 + $1.0 * $1.1 }
        v = zip(v, q).map { $0 - along * $1 }
      }
      let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      orthonormal.append(v.map { $0 / length })
    }
    var projector = Matrix(orthonormal).transpose * Matrix(orthonormal)
    for at in projector.elements.indices { projector.elements[at].negate() }
    for i in 0..<projector.rows { projector[i, i] += 1 }
    let goe = Matrix(RandomMatrix.goe(order: projector.rows, using: &generator))
    var matrix = (projector * goe * projector).symmetrized()
    for i in 0..<matrix.rows { matrix[i, i] += shift }
    let a = try SpectrumCase("projected", matrix.asRows)
    a.expect(try Spectrum(of: matrix, nullSpace: space, shift: shift).eigenvalues, "taken out")
  }
}
