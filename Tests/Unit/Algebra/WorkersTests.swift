import Saddle
import Support
import Testing

/// Results are the same, bit for bit, whatever number of threads they were computed on.
@Suite struct WorkersTests {
  /// What `body` gives on one thread, on two and on eight.
  private func expectSame<Value: Equatable>(_ body: () throws -> Value) rethrows {
    let alone = try Workers.$forced.withValue(1) { try body() }
    for workers in [2, 8] {
      let together = try Workers.$forced.withValue(workers) { try body() }
      #expect(together == alone, "\(workers) threads")
    }
  }

  @Test(arguments: Seed.campaign(6))
  func `gradients, products, enclosures and Hessians of networks`(seed: Seed) throws {
    let drawn = try ConvolutionCase(seed: seed)
    let (objective, parameters) = (drawn.objective, drawn.parameters)
    var generator = RandomStream(seed: 1, name: "directions")
    let directions = Matrix((0..<9).map { _ in drawn.direction(&generator) })
    expectSame { objective.gradient(at: parameters).gradient.map(\.bitPattern) }
    expectSame { objective.hessian(at: parameters).elements.map(\.bitPattern) }
    expectSame {
      objective.linearized(at: parameters).apply(directions).elements.map(\.bitPattern)
    }
  }

  @Test func `eigenvalues by counting`() throws {
    var generator = RandomStream(seed: 3, name: "tridiagonal")
    let diagonal = (0..<300).map { _ in generator.normal() }
    let offDiagonal = (0..<299).map { _ in generator.normal() }
    try expectSame {
      try tridiagonalEigenvalues(diagonal: diagonal, offDiagonal: offDiagonal).map(\.bitPattern)
    }
  }

  @Test func `a long vector's steps`() throws {
    let count = 9 << 17
    var generator = RandomStream(seed: 2, name: "gradient")
    let gradient = (0..<count).map { _ in Float(generator.uniform()) - 0.5 }
    let rule = try Adam<Float>()
    try expectSame {
      var model = ScriptedModel([gradient, gradient])
      var parameters = gradient
      var state = rule.initialState(dimension: count)
      for _ in 0..<2 { _ = try rule.step(&parameters, on: &model, state: &state) }
      return parameters.map(\.bitPattern)
    }
  }
}
