import Foundation

extension PlainNetwork {
  /// ∇L, P numbers in the parameters' order, by backpropagation. At a ReLU's kink the slope is 0.
  public func gradient(at θ: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: θ.count)
    for sample in sampleGradients(at: θ) {
      for p in θ.indices { result[p] += sample[p] }
    }
    for p in θ.indices { result[p] = result[p] / Double(inputs.count) + weightDecay * θ[p] }
    return result
  }

  /// The gradient of every sample's own loss, N × P, without the penalty's.
  public func sampleGradients(at θ: [Double]) -> [[Double]] {
    zip(inputs, targets).map { input, target in
      let trace = forward(θ, input)
      return backpropagate(outputError(trace.outputs, target), through: trace, at: θ)
    }
  }

  /// Jᵀδ for one sample, where J = ∂z/∂θ and δ stands on its outputs.
  func backpropagate(_ outputDelta: [Double], through trace: Trace, at θ: [Double]) -> [Double] {
    let layers = layers
    var result = [Double](repeating: 0, count: θ.count)
    var delta = outputDelta
    for l in layers.indices.reversed() {
      let layer = layers[l]
      let a = trace.read[l]
      for i in 0..<layer.outputs {
        for j in 0..<layer.inputs {
          result[layer.weights + i * layer.inputs + j] += delta[i] * a[j]
        }
        result[layer.biases + i] += delta[i]
      }
      guard l > 0 else { break }
      var below = [Double](repeating: 0, count: layer.inputs)
      for j in 0..<layer.inputs {
        for i in 0..<layer.outputs {
          below[j] += θ[layer.weights + i * layer.inputs + j] * delta[i]
        }
        below[j] *= slope(trace.sums[l - 1][j])
      }
      delta = below
    }
    return result
  }

  /// ∂ℓ/∂z for one sample.
  func outputError(_ z: [Double], _ target: Target) -> [Double] {
    var error = z
    if loss == .softmaxCrossEntropy {
      let largest = z.reduce(-Double.infinity, max)
      error = z.map { exp($0 - largest) }
      let total = error.reduce(0, +)
      error = error.map { $0 / total }
    }
    return error.indices.map { error[$0] - target[$0] }
  }

  private func slope(_ x: Double) -> Double {
    switch activation {
    case .tanh:
      let t = Foundation.tanh(x)
      return 1 - t * t
    case .relu: return x > 0 ? 1 : 0
    case .sigmoid: return logistic(x) * logistic(-x)
    case .softplus: return logistic(x)
    case .gelu:
      let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
      return 0.5 * erfc(-x / 2.0.squareRoot()) + x * density
    case .identity: return 1
    }
  }
}
