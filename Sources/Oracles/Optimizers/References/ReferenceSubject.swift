import Foundation

/// A reference rule as a subject, which walks on the whole history of gradients: slow, and as
/// right as the rule.
///
/// Its memory is the history as JSON. A point that was moved from without, by a projection, say,
/// takes the start along: as it should for rules whose moves do not depend on θ.
public struct ReferenceSubject: OptimizerSubject {
  public let rule: ReferenceRule

  public init(rule: ReferenceRule) { self.rule = rule }

  public func begin(dimension: Int) -> any OptimizerRun {
    Run(rule: rule, dimension: dimension, memory: Memory(start: [], gradients: [], place: []))
  }

  private struct Memory: Codable {
    /// Where the first step began; empty before it.
    var start: [Double]
    var gradients: [[Double]]
    /// Where the last step ended.
    var place: [Double]
  }

  private struct Run: OptimizerRun {
    let rule: ReferenceRule
    let dimension: Int
    var memory: Memory

    mutating func step(_ parameters: inout [Double], on function: StepFunction) throws {
      guard parameters.count == dimension else {
        throw OracleError.wrongLength(
          of: "point", expected: dimension, found: parameters.count)
      }
      let value = function.value(parameters)
      let gradient = function.gradient(parameters)
      if let bad = gradient.firstIndex(where: { !$0.isFinite }) {
        throw OracleError.notFiniteResult(
          of: "gradient", component: bad, result: "\(gradient[bad])", where: "\(parameters)")
      }
      guard value.isFinite else {
        throw OracleError.notFiniteResult(
          of: "value", component: 0, result: "\(value)", where: "\(parameters)")
      }
      if memory.gradients.isEmpty {
        memory.start = parameters
      } else if parameters != memory.place {
        memory.start = memory.start.indices.map { i in
          memory.start[i] + parameters[i] - memory.place[i]
        }
      }
      memory.gradients.append(gradient)
      parameters = rule(OptimizerHistory(start: memory.start, gradients: memory.gradients))
      memory.place = parameters
    }

    func save() throws -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return String(decoding: try encoder.encode(memory), as: UTF8.self)
    }

    mutating func load(_ text: String) throws {
      let loaded = try JSONDecoder().decode(Memory.self, from: Data(text.utf8))
      let rows = loaded.gradients + (loaded.gradients.isEmpty ? [] : [loaded.start, loaded.place])
      for row in rows where row.count != dimension {
        throw OracleError.wrongLength(of: "memory", expected: dimension, found: row.count)
      }
      memory = loaded
    }
  }
}
