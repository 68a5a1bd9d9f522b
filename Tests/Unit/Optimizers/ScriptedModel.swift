import Saddle
import Support

/// A model whose gradients are given, step by step, wherever it is asked.
struct ScriptedModel<Element: Scalar>: LocalModel {
  var gradients: [[Element]]
  var gradient: [Element] = []
  var dimension: Int { gradient.count }

  init(_ gradients: [[Element]]) { self.gradients = gradients }

  mutating func evaluate(at parameters: Span<Element>) -> Element {
    gradient = gradients.removeFirst()
    return 1
  }

  func value(at parameters: Span<Element>) -> Element { 1 }
  func linearized(at parameters: Span<Element>) -> Diagonal<Element> { Diagonal([]) }
}

/// Where an optimizer stands after each of the gradients.
func path<Rule: Optimizer>(
  of optimizer: Rule, from start: [Rule.Element], gradients: [[Rule.Element]]
) throws -> [[Rule.Element]] {
  var parameters = start
  var state = optimizer.initialState(dimension: start.count)
  var model = ScriptedModel(gradients)
  return try gradients.map { _ in
    try optimizer.step(&parameters, on: &model, state: &state)
    return parameters
  }
}

/// The same in one coordinate.
func path(
  of optimizer: some Optimizer<Double>, from start: Double, gradients: [Double]
) throws -> [Double] {
  try path(of: optimizer, from: [start], gradients: gradients.map { [$0] }).flatMap { $0 }
}
