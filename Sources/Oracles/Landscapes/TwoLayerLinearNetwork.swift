/// L(θ) = (1/2N) Σ ‖W₂W₁x − y‖² without biases, with the Hessian's whole spectrum at the origin.
///
/// At θ = 0 both weight matrices vanish and with them the gradient; the Hessian couples W₁ and W₂
/// through −YXᵀ/N alone. Its eigenvalues are ±σᵢ(YXᵀ/N), each once per hidden unit, and zeros: a
/// strict saddle with an exactly degenerate Hessian (Baldi and Hornik 1989; Saxe et al. 2014).
public struct TwoLayerLinearNetwork: Sendable {
  /// d, M and K: widths of input, hidden layer and output.
  public let inputs, hidden, outputs: Int
  /// XXᵀ/N, d × d.
  let covariance: [[Double]]
  /// YXᵀ/N, K × d.
  let correlation: [[Double]]
  /// tr YYᵀ/N.
  let targetSquare: Double

  /// - Parameters:
  ///   - hidden: M ≥ 1.
  ///   - samples: N ≥ 1 inputs of d numbers.
  ///   - targets: N outputs of K numbers.
  public init(hidden: Int, samples: [[Double]], targets: [[Double]]) {
    precondition(
      hidden > 0 && !samples.isEmpty && targets.count == samples.count,
      "\(hidden) hidden units, \(samples.count) samples, \(targets.count) targets")
    let d = samples[0].count
    let k = targets[0].count
    precondition(
      samples.allSatisfy { $0.count == d } && targets.allSatisfy { $0.count == k },
      "samples or targets of unequal lengths")
    self.inputs = d
    self.hidden = hidden
    self.outputs = k
    self.covariance = DeepLinearNetwork.meanProduct(samples, samples)
    self.correlation = DeepLinearNetwork.meanProduct(targets, samples)
    self.targetSquare = targets.reduce(0) { $0 + dot($1, $1) } / Double(targets.count)
  }

  /// The number of parameters, M(d + K): W₁ (M × d) row by row, then W₂ (K × M).
  public var dimension: Int { hidden * (inputs + outputs) }

  /// All eigenvalues of the Hessian at the origin, ascending, from the singular values of YXᵀ/N
  /// (`GSL.singularValues`), without forming that Hessian.
  ///
  /// - Throws: `OracleError` where samples or targets are not finite.
  public func spectrumAtOrigin() throws(OracleError) -> [Double] {
    let singular = try GSL.singularValues(correlation)
    var result = [Double]()
    for σ in singular {
      for _ in 0..<hidden { result += [σ, -σ] }
    }
    result += [Double](repeating: 0, count: dimension - result.count)
    return result.sorted()
  }

  /// The loss with its closed forms; the origin is its critical point of index M·rank(YXᵀ).
  ///
  /// - Parameter relativeTolerance: singular values below this part of the largest count as zero.
  /// - Throws: as `spectrumAtOrigin`.
  public func landscape(relativeTolerance: Double = 1e-12) throws(OracleError) -> Landscape {
    let singular = try GSL.singularValues(correlation)
    let cut = relativeTolerance * (singular.first ?? 0)
    let index = hidden * singular.count { $0 > cut }
    return Landscape(
      name: "linear network \(inputs)-\(hidden)-\(outputs)", dimension: dimension,
      value: value, gradient: gradient, hessian: hessian,
      criticalPoints: [
        CriticalPoint(
          location: [Double](repeating: 0, count: dimension), index: index,
          nullity: dimension - 2 * index, value: targetSquare / 2)
      ],
      hasAllCriticalPoints: false)
  }

  /// The loss at M(d + K) parameters.
  @Sendable public func value(at θ: [Double]) -> Double {
    // ½ tr(B Sxx Bᵀ) − tr(B Syxᵀ) + ½ tr(Syy), with B = W₂W₁.
    let b = product(θ)
    var sum = targetSquare / 2
    for k in 0..<outputs {
      for j in 0..<inputs {
        sum += b[k][j] * (0.5 * dot(covariance[j], b[k]) - correlation[k][j])
      }
    }
    return sum
  }

  /// ∇W₁ = W₂ᵀG and ∇W₂ = GW₁ᵀ with G = W₂W₁Sxx − Syx.
  @Sendable public func gradient(at θ: [Double]) -> [Double] {
    let g = error(θ)
    var result = [Double](repeating: 0, count: dimension)
    for m in 0..<hidden {
      for j in 0..<inputs {
        for k in 0..<outputs {
          result[first(m, j)] += θ[second(k, m)] * g[k][j]
          result[second(k, m)] += g[k][j] * θ[first(m, j)]
        }
      }
    }
    return result
  }

  /// The dense Hessian, exactly symmetric.
  @Sendable public func hessian(at θ: [Double]) -> [[Double]] {
    let g = error(θ)
    let p = dimension
    var h = [[Double]](repeating: [Double](repeating: 0, count: p), count: p)
    // W₁Sxx, M × d.
    let image = (0..<hidden).map { m in
      covariance.map { row in dot(row, (0..<inputs).map { θ[first(m, $0)] }) }
    }
    for m in 0..<hidden {
      for n in 0..<hidden {
        // One order for each pair, so that the result is symmetric bit for bit.
        let (low, high) = (min(m, n), max(m, n))
        var outer = 0.0
        for k in 0..<outputs { outer += θ[second(k, low)] * θ[second(k, high)] }
        var inner = 0.0
        for j in 0..<inputs { inner += θ[first(low, j)] * image[high][j] }
        for j in 0..<inputs {
          for i in 0..<inputs { h[first(m, j)][first(n, i)] = outer * covariance[j][i] }
          for k in 0..<outputs {
            let mixed = (m == n ? g[k][j] : 0) + θ[second(k, m)] * image[n][j]
            h[first(m, j)][second(k, n)] = mixed
            h[second(k, n)][first(m, j)] = mixed
          }
        }
        for k in 0..<outputs { h[second(k, m)][second(k, n)] = inner }
      }
    }
    return h
  }

  private func first(_ m: Int, _ j: Int) -> Int { m * inputs + j }
  private func second(_ k: Int, _ m: Int) -> Int { hidden * inputs + k * hidden + m }

  private func product(_ θ: [Double]) -> [[Double]] {
    precondition(θ.count == dimension, "\(θ.count) parameters for a network of \(dimension)")
    var b = [[Double]](repeating: [Double](repeating: 0, count: inputs), count: outputs)
    for k in 0..<outputs {
      for j in 0..<inputs {
        for m in 0..<hidden { b[k][j] += θ[second(k, m)] * θ[first(m, j)] }
      }
    }
    return b
  }

  private func error(_ θ: [Double]) -> [[Double]] {
    let b = product(θ)
    return (0..<outputs).map { k in
      (0..<inputs).map { j in dot(covariance[j], b[k]) - correlation[k][j] }
    }
  }
}
