import Foundation

// Curvature matrices of the mean loss, P × P and without the penalty, from their definitions as
// sums over samples: no tangents, no output Hessians but the one of a quadratic.

extension PlainNetwork {
  /// (1/N) Σ E[ggᵀ], g the sample's gradient at a label of the model: every class with its
  /// probability, or for squared error a normal vector about the outputs, for which E[ggᵀ] = JᵀJ.
  public func fisher(at θ: [Double]) -> [[Double]] {
    var result = zeros()
    for input in inputs {
      let trace = forward(θ, input)
      for k in trace.outputs.indices {
        switch loss {
        case .softmaxCrossEntropy:
          let error = outputError(trace.outputs, .label(k))
          // p_k − 1 stands where the label does.
          let g = backpropagate(error, through: trace, at: θ)
          addSquare(of: g, times: 1 + error[k], to: &result)
        case .meanSquaredError:
          var unit = [Double](repeating: 0, count: trace.outputs.count)
          unit[k] = 1
          addSquare(of: backpropagate(unit, through: trace, at: θ), times: 1, to: &result)
        }
      }
    }
    return result.map { $0.map { $0 / Double(inputs.count) } }
  }

  /// (1/N) Σ gₙgₙᵀ over the samples' own gradients.
  public func empiricalFisher(at θ: [Double]) -> [[Double]] {
    var result = zeros()
    for g in sampleGradients(at: θ) { addSquare(of: g, times: 1, to: &result) }
    return result.map { $0.map { $0 / Double(inputs.count) } }
  }

  /// (1/N) Σ (gₙ − ḡ)(gₙ − ḡ)ᵀ.
  public func gradientCovariance(at θ: [Double]) -> [[Double]] {
    let gradients = sampleGradients(at: θ)
    let mean = θ.indices.map { p in
      gradients.reduce(0) { $0 + $1[p] } / Double(inputs.count)
    }
    var result = zeros()
    for g in gradients {
      addSquare(of: zip(g, mean).map { $0 - $1 }, times: 1, to: &result)
    }
    return result.map { $0.map { $0 / Double(inputs.count) } }
  }

  private func zeros() -> [[Double]] {
    [[Double]](repeating: [Double](repeating: 0, count: dimension), count: dimension)
  }

  private func addSquare(of g: [Double], times weight: Double, to matrix: inout [[Double]]) {
    for i in g.indices {
      for j in g.indices { matrix[i][j] += weight * g[i] * g[j] }
    }
  }
}
