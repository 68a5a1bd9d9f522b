import Foundation

/// What a run is led along: a start, and a function for every step.
struct Course {
  let start: [Double]
  let steps: Int
  /// Of step t = 1, …, `steps`.
  let function: (_ step: Int) -> StepFunction

  init(start: [Double], steps: Int, function: @escaping (Int) -> StepFunction) {
    self.start = start
    self.steps = steps
    self.function = function
  }

  /// One landscape for all steps.
  init(start: [Double], steps: Int, on landscape: Landscape) {
    let function = StepFunction(landscape)
    self.init(start: start, steps: steps) { _ in function }
  }

  /// What is left of it after some steps, from a point.
  func from(_ taken: Int, at point: [Double]) -> Course {
    Course(start: point, steps: steps - taken) { function($0 + taken) }
  }

  /// Gradients that are the same everywhere.
  static func gradients(_ history: OptimizerHistory) -> Course {
    Course(start: history.start, steps: history.gradients.count) {
      StepFunction(gradient: history.gradients[$0 - 1])
    }
  }

  /// Gradients ±scale·e^u, u uniform on [−5.5, 5.5): sizes spread over 11 e-folds, one in ten
  /// exactly zero, and one step in the middle all zero.
  ///
  /// - Parameter startScale: θ₀ is normal, times this.
  static func history(
    dimension: Int, steps: Int, scale: Double = 1, startScale: Double = 1,
    using generator: inout SplitMix64
  ) -> OptimizerHistory {
    let start = Draw.normals(dimension, using: &generator).map { startScale * $0 }
    let empty = 1 + Draw.integer(below: steps, using: &generator)
    var gradients = [[Double]]()
    for step in 0..<steps {
      var gradient = [Double]()
      for _ in 0..<dimension {
        let g = exp(Draw.uniform(-5.5, 5.5, using: &generator)) * Draw.sign(using: &generator)
        let isZero = Draw.once(in: 10, using: &generator) || step == empty
        gradient.append(isZero ? 0 : scale * g)
      }
      gradients.append(gradient)
    }
    return OptimizerHistory(start: start, gradients: gradients)
  }
}
