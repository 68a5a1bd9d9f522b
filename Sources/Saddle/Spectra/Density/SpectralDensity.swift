/// The distribution of an operator's eigenvalues as some random probes see it, with what is known
/// of its error.
public struct SpectralDensity: Codable, Equatable, Sendable {
  /// The operator's order n.
  public let dimension: Int
  public let probes: [ProbeQuadrature]
  /// How many products with a vector were taken.
  public let products: Int
  /// The unit of the arithmetic that the products were taken in.
  public let ulp: Double
  /// The mean of the probes' measures: mass 1, not renormalized.
  public let mean: DiscreteMeasure
  /// The same from the first half of the steps, to tell what more steps would change.
  public let coarseMean: DiscreteMeasure

  /// - Throws: `.noConvergence`.
  init(
    dimension: Int, probes: [ProbeQuadrature], products: Int, ulp: Double
  ) throws(SpectralEstimateError) {
    self.dimension = dimension
    self.probes = probes
    self.products = products
    self.ulp = ulp
    mean = .mixture(probes.map(\.measure))
    var coarse: [DiscreteMeasure] = []
    for probe in probes { coarse.append(try probe.coarseMeasure()) }
    coarseMean = .mixture(coarse)
  }

  /// The largest |Σw − 1| of any probe: rounding only.
  public var massDefect: Double {
    probes.reduce(0) { max($0, ($1.measure.mass - 1).magnitude) }
  }

  /// From the least to the greatest Ritz value, both inside the spectrum up to rounding.
  public var extent: ClosedRange<Double> {
    let low = mean.nodes.first ?? 0
    return low...max(low, mean.nodes.last ?? 0)
  }

  /// The largest Ritz value's magnitude: at most the spectral radius, up to rounding.
  public var radius: Double { max(extent.lowerBound.magnitude, extent.upperBound.magnitude) }

  /// What rounding moves nodes by, in practice: (k + √n)·ulp·max|θ|, for the steps and the sums
  /// within a product.
  public var resolution: Double { resolution(scale: 0) }

  /// The same for products computed from numbers of size `scale`, where that is more than max|θ|.
  func resolution(scale: Double) -> Double {
    let steps = probes.reduce(0) { max($0, $1.coefficients.steps) }
    return (Double(steps) + Double(dimension).squareRoot()) * ulp * max(radius, scale)
  }

  /// The moment (1/n)·tr Aᵏ: exact in expectation up to k = 2·steps − 1.
  public func moment(_ k: Int) -> StochasticEstimate {
    average { x in (0..<k).reduce(1) { power, _ in power * x } }
  }

  /// (1/n)·Σ f(λᵢ).
  public func average(of f: (Double) -> Double) -> StochasticEstimate {
    StochasticEstimate(
      samples: probes.map { $0.measure.integral(of: f) },
      quadratureError: (mean.integral(of: f) - coarseMean.integral(of: f)).magnitude,
      products: products)
  }

  /// Σ f(λᵢ) = tr f(A).
  public func sum(of f: (Double) -> Double) -> StochasticEstimate {
    average { Double(dimension) * f($0) }
  }

  /// The standard deviation of `average(of: f)` by the law of the probes: for vectors uniform on
  /// the sphere Var vᵀf(A)v = 2/(n + 2)·Var f over the spectrum, whose variance the density itself
  /// gives. It needs no spread, so that one probe has it too.
  public func standardErrorByLaw(of f: (Double) -> Double) -> Double {
    let average = mean.integral(of: f)
    let variance = mean.integral { x in
      let difference = f(x) - average
      return difference * difference
    }
    return (2 * variance / (Double(dimension + 2) * Double(probes.count))).squareRoot()
  }
}

/// How far a density is from the eigenvalues' own distribution, by Wasserstein-1 distance.
public struct WassersteinEstimate: Codable, Equatable, Sendable {
  /// Between the mean measure and the one that half the steps gave: what quadrature still misses,
  /// and more, while the distance falls with the steps.
  public let betweenSteps: Double
  /// The expected distance between the mean over probes and over all vectors, by the probes' law:
  /// √(2/π)·∫ σ(x) dx, where σ² = 2F(1 − F)/((n + 2)·m).
  public let byLaw: Double
  /// The same from the spread between probes; nil for one.
  public let betweenProbes: Double?

  /// Steps and probes together.
  public var total: Double { betweenSteps + max(byLaw, betweenProbes ?? 0) }
}

extension SpectralDensity {
  /// What the distance to the eigenvalues' distribution is, seen from within.
  ///
  /// - Throws: `.massesDiffer` where rounding has spoilt a rule.
  public func wassersteinError() throws(SpectralEstimateError) -> WassersteinEstimate {
    let count = Double(probes.count)
    let gaussian = (2 / Double.pi).squareRoot()
    var events: [(node: Double, weight: Double, probe: Int)] = []
    for (probe, quadrature) in probes.enumerated() {
      for (node, weight) in zip(quadrature.measure.nodes, quadrature.measure.weights) {
        events.append((node, weight, probe))
      }
    }
    events.sort { $0.node < $1.node }
    var cumulatives = [Double](repeating: 0, count: probes.count)
    var (sum, squares, byLaw, spread) = (0.0, 0.0, 0.0, 0.0)
    for (event, next) in zip(events, events.dropFirst()) {
      let old = cumulatives[event.probe]
      let new = old + event.weight
      cumulatives[event.probe] = new
      sum += event.weight
      squares += new * new - old * old
      let width = next.node - event.node
      let fraction = min(max(sum / count, 0), 1)
      byLaw +=
        width * (2 * fraction * (1 - fraction) / (Double(dimension + 2) * count)).squareRoot()
      let variance = max(0, squares - sum * sum / count) / max(count - 1, 1)
      spread += width * (variance / count).squareRoot()
    }
    return WassersteinEstimate(
      betweenSteps: try mean.wasserstein1(to: coarseMean), byLaw: gaussian * byLaw,
      betweenProbes: probes.count > 1 ? gaussian * spread : nil)
  }
}
