extension NetworkObjective {
  /// The diagonal of a curvature matrix that is a mean of squares, exact, without the matrix:
  /// (1/N) Σₙ Σ_u (Jₙᵀu)² with Bₙ = Σ uuᵀ (Dangel, Kunstner, Hennig 2020, §2.3), in as many backward
  /// passes as Bₙ has vectors. Of `.monteCarloFisher` it is an unbiased estimate of Fisher's.
  ///
  /// Where all parameters belong to dense layers, chunks of samples are taken at once; else each by
  /// itself. `LinearOperator.diagonal()` has the Hessian's.
  ///
  /// - Throws: `ApproximationError.unsupported` for the Hessian, the residual and the covariance.
  public func curvatureDiagonal(
    _ kind: CurvatureKind, at parameters: [T], includingPenalty: Bool
  ) throws(ApproximationError) -> [T] {
    let isDense = program.isDense
    let roots = try CurvatureRoots(of: self, at: parameters, kind, chunk: isDense ? nil : 1)
    let order = dimension
    let parts = roots.sums(from: [T].zeros(order), size: order) { sum, pass, _ in
      var target = sum.mutableSpan
      if isDense {
        pass.addSquaresOfDenseGradients(parameters.span, into: &target)
      } else {
        var gradient = [T].zeros(order)
        var span = gradient.mutableSpan
        pass.backward(parameters.span, into: &span)
        addSquares(of: gradient.span, into: &target)
      }
    }
    let shift = penaltyShift(of: kind, includingPenalty: includingPenalty)
    let count = T(samples)
    return total(of: parts).map { $0 / count + shift }
  }
}

extension NetworkProgram {
  /// Whether all parameters belong to dense layers.
  fileprivate var isDense: Bool {
    steps.allSatisfy { step in
      switch step.operation {
      case .affine(let map): map.positions == 1
      case .normalization, .lookup, .offset: false
      case .activation, .maxPool, .averagePool, .map, .sum: true
      }
    }
  }
}

extension ProgramPass {
  /// Adds Σₙ gₙ² of a network of dense layers: of δxᵀ it is δ²(x²)ᵀ.
  fileprivate mutating func addSquaresOfDenseGradients(
    _ parameters: Span<T>, into target: inout MutableSpan<T>
  ) {
    carryBack(parameters) { step, x, delta, n in
      guard case .affine(let map) = step.operation else { return }
      let (squares, inputs) = (squared(delta), squared(x))
      var weights = target._mutatingExtracting(map.weights)
      multiplyOnThisThread(
        squares.span, Layout(rows: map.outputs, columns: n), inputs.span,
        Layout(rows: map.fanIn, columns: n).transposed, adding: 1, into: &weights,
        Layout(rows: map.outputs, columns: map.fanIn))
      guard let range = map.biases else { return }
      var biases = target._mutatingExtracting(range)
      addRowSums(of: squares.span, into: &biases)
    }
  }
}

func squared<T: Scalar>(_ x: Span<T>) -> [T] {
  var result = [T](copying: x)
  var target = result.mutableSpan
  multiplyElements(of: &target, by: x)
  return result
}

private func addSquares<T: Scalar>(of x: Span<T>, into target: inout MutableSpan<T>) {
  for i in x.indices { target[i] += x[i] * x[i] }
}
