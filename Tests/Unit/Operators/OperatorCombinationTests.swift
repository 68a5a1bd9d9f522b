import Saddle
import Support
import Testing

@Suite struct OperatorCombinationTests {
  private let tight = Tolerance(absolute: 1e-13, why: "sums of at most 6 products of order one")

  private func symmetric(_ order: Int, seed: UInt64) -> Matrix<Double> {
    var generator = RandomStream(seed: seed)
    return Matrix(
      rows: order, columns: order, elements: (0..<order * order).map { _ in generator.normal() }
    ).symmetrized()
  }

  @Test func `a sum is the sum of the matrices, shifted`() {
    let (a, b) = (symmetric(6, seed: 1), symmetric(6, seed: 2))
    let sum = OperatorSum(
      [.init(2, DenseOperator(a)), .init(-0.5, DenseOperator(b))], shift: 3)
    let expected = (0..<36).map { i -> Double in
      let diagonal: Double = i % 7 == 0 ? 3 : 0
      return 2 * a.elements[i] - 0.5 * b.elements[i] + diagonal
    }
    expectClose(sum.dense().elements, expected, within: tight)
    let scaled = DenseOperator(a).scaled(by: -1, shiftedBy: 0.25)
    expectClose(
      scaled.dense().elements,
      (0..<36).map { i -> Double in i % 7 == 0 ? 0.25 - a.elements[i] : -a.elements[i] },
      within: tight)
    let added = DenseOperator(a).adding(DenseOperator(b))
    expectClose(added.dense().elements, zip(a.elements, b.elements).map(+), within: tight)
  }

  @Test func `a restriction is the principal submatrix`() {
    let a = symmetric(6, seed: 3)
    let part = DenseOperator(a).restricted(to: 2..<5)
    #expect(part.dimension == 3)
    let expected = (2..<5).flatMap { i in (2..<5).map { a[i, $0] } }
    expectClose(part.dense(block: 2).elements, expected, within: tight)
  }

  @Test func `a restriction to blocks of a name is the submatrix of them`() {
    let a = symmetric(9, seed: 8)
    let blocks = [
      ParameterBlock(name: "0.weight", range: 0..<4), ParameterBlock(name: "0.bias", range: 4..<6),
      ParameterBlock(name: "2.weight", range: 6..<8), ParameterBlock(name: "2.bias", range: 8..<9),
    ]
    #expect(blocks.matching("*.weight").map(\.name) == ["0.weight", "2.weight"])
    #expect(blocks.matching("2.*").map(\.name) == ["2.weight", "2.bias"])
    #expect(blocks.matching("?.b*").map(\.name) == ["0.bias", "2.bias"])
    #expect(blocks.matching("weight").isEmpty)
    let coordinates = [0, 1, 2, 3, 6, 7]
    let part = DenseOperator(a).restricted(to: blocks.matching("*.weight"))
    #expect(part.dimension == 6)
    expectClose(
      part.dense(block: 4).elements, coordinates.flatMap { i in coordinates.map { a[i, $0] } },
      within: tight)
    // In their order.
    let turned = DenseOperator(a).restricted(to: [blocks[3], blocks[0]])
    let order = [8, 0, 1, 2, 3]
    expectClose(
      turned.dense().elements, order.flatMap { i in order.map { a[i, $0] } }, within: tight)
  }

  @Test func `deflation takes eigenvectors to zero and leaves the others`() throws {
    let a = symmetric(6, seed: 4)
    let system = try a.eigensystem()
    // The eigenvectors of the third and fifth eigenvalue, one a row.
    let basis = Matrix([system.vectors.row(2), system.vectors.row(4)])
    let left = try DenseOperator(a).deflated(by: basis).dense().symmetrized().eigenvalues()
    var expected = system.values
    expected[2] = 0
    expected[4] = 0
    expectClose(left, expected.sorted(), within: tight)
  }

  @Test func `memory is measured, and what the kernel says is read`() {
    #expect(
      MemoryBudget.memAvailable(in: "MemTotal: 5 kB\nMemAvailable:   20 kB\n") == 20 * 1024)
    #expect(MemoryBudget.memAvailable(in: "MemTotal: 5 kB\n") == nil)
    #expect(MemoryBudget.available() > 1 << 20)
    #expect(MemoryBudget.rows(of: .max, share: 0.5, atMost: 7) == 1)
    #expect(MemoryBudget.rows(of: 1, share: 0.5, atMost: 7) == 7)
  }
}
