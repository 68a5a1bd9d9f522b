// Objectives that follow from one: what certificates of claims compare a network with.

extension NetworkObjective {
  /// The same network on the same samples without the penalty.
  func withoutPenalty() throws(ObjectiveError) -> NetworkObjective {
    try NetworkObjective(network: network, loss: loss, inputs: inputs, targets: targets)
  }

  /// The objective of the network with one more unit in its first hidden layer, and θ with that unit
  /// idle: all of its weights and its bias zero.
  ///
  /// Where θ is critical and φ(0) = 0, so is the new point, penalty or not: what goes in is multiplied
  /// by what goes out, and the penalty's gradient is zero with them (Fukumizu, Amari 2000, §3, their
  /// third kind). Along the new unit's weights the Hessian is [[α, C], [Cᵀ, α]] with
  /// C = mean ∂ℓ/∂z·φ′(0)xᵀ: eigenvalues α ± σᵢ(C), negative ones as soon as σᵢ(C) > α.
  ///
  /// A unit that is duplicated and its outgoing weights shared gives a critical point too, but only
  /// without a penalty, and then a line of them: none is isolated, and none can be certified.
  /// - Returns: nil where the network is not one of dense layers, without a hidden one, and where
  ///   φ(0) ≠ 0.
  func withIdleUnit(at θ: [T]) throws -> (objective: NetworkObjective, point: [T])? {
    guard let (narrow, activation) = network.denseWidths, narrow.count > 2,
      activation.vanishesAtZero
    else { return nil }
    var widths = narrow
    widths[1] += 1
    let wider = try Network.dense(widths, activation)
    guard let old = DenseChain(network), let new = DenseChain(wider) else { return nil }
    var point = [T](repeating: 0, count: wider.parameterCount)
    for (old, new) in zip(old.layers, new.layers) {
      for i in 0..<old.outputs {
        for j in 0...old.inputs {
          // The bias follows the last weight, of which there may be one more.
          point[new.parameter(i, j < old.inputs ? j : new.inputs)] = θ[old.parameter(i, j)]
        }
      }
    }
    return (
      try NetworkObjective(
        network: wider, loss: loss, inputs: inputs, targets: targets, weightDecay: weightDecay),
      point
    )
  }

  /// The mean over samples of the gradient of output k, for each list of samples and its k.
  ///
  /// By squared error's gradient mean Jᵀ(z − y), which is linear in y: its value at y = −eₖ less that
  /// at y = 0.
  func meanOutputGradients(
    _ groups: [(samples: [Int], output: Int)], at θ: [T]
  ) throws -> [[T]] {
    try groups.map { group in
      let rows = group.samples.count
      let part = Matrix<T>(
        rows: rows, columns: inputs.columns, elements: group.samples.flatMap { inputs.row($0) })
      func gradient(_ y: T) throws -> [T] {
        var values = Matrix<T>(rows: rows, columns: network.outputs)
        for n in 0..<rows { values[n, group.output] = y }
        return try NetworkObjective(
          network: network, loss: .meanSquaredError, inputs: part, targets: .values(values)
        ).gradient(at: θ).gradient
      }
      return try gradient(-1).adding(-1, times: gradient(0))
    }
  }
}

extension Activation {
  fileprivate var vanishesAtZero: Bool {
    switch self {
    case .tanh, .relu, .gelu, .identity: true
    case .sigmoid, .softplus: false
    }
  }
}
