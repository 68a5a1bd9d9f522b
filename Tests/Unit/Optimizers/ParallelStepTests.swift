import Saddle
import Testing

/// From 2¹⁸ parameters on, a step is cut in pieces for several threads.
@Suite struct ParallelStepTests {
  private static let threshold = 1 << 18
  private static let rules = [
    "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "radam", "lion",
    "signDescent",
  ]

  private func gradient(_ seed: UInt64, count: Int) -> [Float] {
    var generator = RandomStream(seed: seed, name: "gradient")
    return (0..<count).map { _ in Float(generator.uniform()) - 0.5 }
  }

  // Parts this short stay on one thread, so that each coordinate is stepped in both ways.
  @Test(arguments: rules, [threshold - 1, threshold + 33])
  func `steps on several threads are those on one, bit for bit`(name: String, count: Int) throws {
    try Workers.$forced.withValue(2) { try compare(name, count) }
  }

  private func compare(_ name: String, _ count: Int) throws {
    let optimizer = try OptimizerDescription(name).makeOptimizer(Float.self)
    let gradients = [gradient(1, count: count), gradient(2, count: count)]
    let start = gradient(3, count: count)
    let parts = stride(from: 0, to: count, by: 10000).map { $0..<min($0 + 10000, count) }
    func check(_ optimizer: some Optimizer<Float>) throws {
      let whole = try path(of: optimizer, from: start, gradients: gradients)
      let pieced = try parts.map { part in
        try path(
          of: optimizer, from: Array(start[part]), gradients: gradients.map { Array($0[part]) })
      }
      for step in gradients.indices {
        let bits = whole[step].map(\.bitPattern)
        #expect(bits == pieced.flatMap { $0[step] }.map(\.bitPattern), "step \(step)")
      }
    }
    try check(optimizer)
  }

  @Test(arguments: [
    [0], [threshold / 2 - 1], [threshold / 2], [threshold], [5, threshold / 2 + 7],
    [threshold / 2 + 7, threshold],
  ])
  func `of NaN in any piece the first is named, and nothing moves`(places: [Int]) throws {
    let optimizer = try Adam<Float>()
    var bad = [Float](repeating: 1, count: Self.threshold + 1)
    for place in places { bad[place] = .nan }
    var model = ScriptedModel([bad])
    var parameters = [Float](repeating: 2, count: bad.count)
    var state = optimizer.initialState(dimension: bad.count)
    let before = state
    #expect(throws: OptimizerError.notFinite(value: 1, coordinate: places[0])) {
      try optimizer.step(&parameters, on: &model, state: &state)
    }
    #expect(parameters.allSatisfy { $0 == 2 } && state == before)
  }
}
