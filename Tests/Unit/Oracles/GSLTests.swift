import Oracles
import Testing

struct GSLTests {
  @Test func `a matrix of order 0 has no eigenvalues`() throws {
    #expect(try GSL.eigenvalues([]) == [])
    let system = try GSL.eigensystem([])
    #expect(system.values.isEmpty && system.vectors.isEmpty)
  }

  @Test func `a matrix of order 1 is its own eigenvalue`() throws {
    #expect(try GSL.eigenvalues([[-2.5]]) == [-2.5])
    let system = try GSL.eigensystem([[-2.5]])
    #expect(system.values == [-2.5])
    #expect(system.vectors.map { $0.map(\.magnitude) } == [[1]])
  }

  // [[2, 1], [1, 2]]: eigenvalues 1 and 3, eigenvectors (1, −1)/√2 and (1, 1)/√2. By hand.
  @Test func `vectors[k] belongs to the k-th smallest value`() throws {
    let (values, vectors) = try GSL.eigensystem([[2, 1], [1, 2]])
    #expect(gap(values[0], 1) < 1e-15)
    #expect(gap(values[1], 3) < 1e-15)
    #expect(gap(vectors[0][0], -vectors[0][1]) < 1e-15)
    #expect(gap(vectors[1][0], vectors[1][1]) < 1e-15)
  }

  @Test func `random matrices pass LAPACK's ratios`() throws {
    var rng = SplitMix64(seed: 1)
    for order in [1, 2, 3, 5, 20] {
      let a = RandomMatrix.goe(order: order, using: &rng)
      let (values, vectors) = try GSL.eigensystem(a)
      #expect(LAPACKRatios.residual(a, values: values, vectors: vectors) < LAPACKRatios.threshold)
      #expect(LAPACKRatios.orthogonality(vectors) < LAPACKRatios.threshold)
      #expect(LAPACKRatios.values(values, try GSL.eigenvalues(a)) < LAPACKRatios.threshold)
    }
  }

  @Test(arguments: [-1060, -1000, -500, 500, 1000])
  func `scaling by a power of two scales eigenvalues bit for bit`(exponent: Int) throws {
    var rng = SplitMix64(seed: 2)
    // Short significands, so that no bit is lost among the subnormals.
    let a = RandomMatrix.uniform(order: 6, using: &rng).map { row in
      row.map { ($0 * 64).rounded() / 64 }
    }
    func scaled(_ x: Double) -> Double { Double(sign: .plus, exponent: exponent, significand: x) }
    let expected = try GSL.eigenvalues(a).map(scaled)
    #expect(try GSL.eigenvalues(a.map { $0.map(scaled) }) == expected)
  }

  // At 2^-1039 GSL's QR iteration ran for ever before vanishing entries were dropped.
  @Test(arguments: [-1073, -1039, -1000, -950, -899, -500])
  func `a block of vanishing entries beside a large one ends in bounded time`(
    exponent: Int
  ) throws {
    var rng = SplitMix64(seed: 4)
    for order in 3...8 {
      var a = RandomMatrix.goe(order: order, using: &rng).map { row in
        row.map { Double(sign: .plus, exponent: exponent, significand: $0) }
      }
      for j in 0..<order {
        a[0][j] = 0
        a[j][0] = 0
      }
      a[0][0] = 1
      let values = try GSL.eigenvalues(a)
      #expect(values.last == 1)
      #expect(values.dropLast().allSatisfy { $0.magnitude <= 1e-100 })
      #expect(try GSL.eigensystem(a).values.last == 1)
    }
  }

  @Test func `entries of every magnitude at once end in bounded time and keep the trace`() throws {
    var rng = SplitMix64(seed: 3)
    for _ in 0..<200 {
      let n = 1 + Draw.integer(below: 7, using: &rng)
      var a = RandomMatrix.uniform(order: n, using: &rng)
      for i in 0..<n {
        for j in 0...i {
          let exponent = -Draw.integer(below: 1074, using: &rng)
          a[i][j] *= Double(sign: .plus, exponent: exponent, significand: 1)
          a[j][i] = a[i][j]
        }
      }
      let values = try GSL.eigenvalues(a)
      let scale = values.reduce(0) { max($0, $1.magnitude) }
      let trace = (0..<n).reduce(0) { $0 + a[$1][$1] }
      #expect(gap(values.reduce(0, +), trace) <= 1e-14 * scale)
    }
  }

  @Test func `an eigenvalue beyond the largest Double is refused`() {
    let big = Double.greatestFiniteMagnitude
    #expect(throws: OracleError.self) { try GSL.eigenvalues([[big, big], [big, big]]) }
  }

  @Test func `a ragged matrix is refused with its row`() {
    #expect(throws: OracleError.notSquare(rows: 2, row: 1, columns: 1)) {
      try GSL.eigenvalues([[1, 2], [3]])
    }
  }

  @Test func `NaN and infinity are refused with their place`() {
    #expect(throws: OracleError.notFinite(row: 0, column: 1, entry: "nan")) {
      try GSL.eigenvalues([[1, .nan], [.nan, 1]])
    }
    #expect(throws: OracleError.notFinite(row: 1, column: 1, entry: "-inf")) {
      try GSL.eigensystem([[1, 0], [0, -.infinity]])
    }
  }

  @Test func `asymmetry of one ulp is refused, not averaged away`() {
    let next = 1.0.nextUp
    #expect(throws: OracleError.notSymmetric(row: 1, column: 0, entry: next, mirrored: 1)) {
      try GSL.eigenvalues([[0, 1], [next, 0]])
    }
  }

  @Test func `every refusal says what to do`() {
    let errors: [OracleError] = [
      .notSquare(rows: 2, row: 1, columns: 1),
      .notSymmetric(row: 1, column: 0, entry: 1, mirrored: 2),
      .notFinite(row: 0, column: 1, entry: "nan"),
    ]
    #expect("\(errors[0])".contains("pass a square matrix"))
    #expect("\(errors[1])".contains("(1, 0) is 1.0 but (0, 1) is 2.0"))
    #expect("\(errors[2])".contains("entry (0, 1) is nan"))
  }
}
