import Saddle
import Support
import Testing

@Suite struct MatrixTests {
  private let exact = Tolerance(relative: 1e-14, why: "products of a few dozen elements")

  /// A plain triple loop.
  private func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    a.map { row in
      (0..<(b.first?.count ?? 0)).map { j in row.indices.reduce(0) { $0 + row[$1] * b[$1][j] } }
    }
  }

  private func random(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Matrix<Double> {
    var stream = RandomStream(seed: seed)
    return Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows * columns).map { _ in stream.uniform(-1, 1) })
  }

  // A span cannot pass through #expect.
  private func norm(_ x: [Double]) -> Double { euclideanNorm(x.span) }
  private func isFinite(_ x: [Double]) -> Bool { allFinite(x.span) }

  @Test(arguments: [false, true], [false, true])
  func `a product reads its factors as their layouts say`(
    firstTransposed: Bool, secondTransposed: Bool
  ) {
    let (m, k, n) = (5, 7, 3)
    let a = random(firstTransposed ? k : m, firstTransposed ? m : k, 1)
    let b = random(secondTransposed ? n : k, secondTransposed ? k : n, 2)
    var c = random(m, n, 3)
    let before = c
    let layout = c.layout
    var target = c.elements.mutableSpan
    multiply(
      a.elements.span, firstTransposed ? a.layout.transposed : a.layout,
      b.elements.span, secondTransposed ? b.layout.transposed : b.layout,
      scaledBy: 2, adding: -3, into: &target, layout)
    let expected = product(
      (firstTransposed ? a.transpose : a).asRows, (secondTransposed ? b.transpose : b).asRows)
    expectClose(
      c.elements,
      zip(expected.joined(), before.elements).map { 2 * $0 - 3 * $1 }, within: exact)
  }

  @Test func `a stride leaves what lies between the rows untouched`() {
    let a = random(4, 2, 4)
    let b = random(2, 3, 5)
    var storage = [Double](repeating: .nan, count: 4 * 5)
    var target = storage.mutableSpan
    multiply(
      a.elements.span, a.layout, b.elements.span, b.layout, into: &target,
      Layout(rows: 4, columns: 3, stride: 5))
    let expected = product(a.asRows, b.asRows)
    for i in 0..<4 {
      expectClose(Array(storage[i * 5..<i * 5 + 3]), expected[i], within: exact)
      #expect(storage[i * 5 + 3].isNaN && storage[i * 5 + 4].isNaN)
    }
  }

  @Test func `shapes that do not fit end the program instead of reading on`() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Double>(rows: 2, columns: 2) * Matrix<Double>(rows: 3, columns: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Double>(rows: 2, columns: 2)[2, 0]
    }
    await #expect(processExitsWith: .failure) {
      var target = [0.0]
      var span = target.mutableSpan
      axpy(1, [1.0, 2].span, into: &span)
    }
  }

  @Test func `an empty inner dimension gives zero`() {
    let product = Matrix<Double>(rows: 2, columns: 0) * Matrix<Double>(rows: 0, columns: 3)
    #expect(product == Matrix(rows: 2, columns: 3))
  }

  @Test func `single precision multiplies as well`() {
    let a = Matrix<Float>([[1, 2], [3, 4]])
    #expect((a * a).elements == [7, 10, 15, 22])
    #expect(a * [1, -1] == [-1, -1])
  }

  @Test func `the norm neither overflows nor underflows`() {
    expectClose(norm([3e200, 4e200]) / 1e200, 5, within: exact)
    expectClose(norm([3e-200, 4e-200]) * 1e200, 5, within: exact)
    #expect(norm([1, .nan]).isNaN)
    #expect(norm([]) == 0)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `one element that is not finite is found wherever it is`(bad: Double) {
    for position in 0..<9 {
      var values = [Double](repeating: -1e308, count: 9)
      #expect(isFinite(values))
      values[position] = bad
      #expect(!isFinite(values))
    }
  }
}
