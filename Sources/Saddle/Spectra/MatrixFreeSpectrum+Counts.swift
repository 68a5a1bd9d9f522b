extension MatrixFreeSpectrum {
  /// How many eigenvalues surely lie below x: as many of the least as span a space on which the
  /// form of A is below x, by their residuals (Courant, Fischer).
  func surely(below x: Double) -> Int { Self.reach(eigenvalues) { $0 < x } }

  /// How many surely lie above x.
  func surely(above x: Double) -> Int {
    Self.reach(
      eigenvalues.reversed().map { BoundedEigenvalue(value: -$0.value, bound: $0.bound) }
    ) { -$0 > x }
  }

  private static func reach(
    _ ascending: [BoundedEigenvalue], _ holds: (Double) -> Bool
  ) -> Int {
    var (count, squares) = (0, 0.0)
    for (i, pair) in ascending.enumerated() {
      squares += pair.bound * pair.bound
      if holds(pair.value + squares.squareRoot()) { count = i + 1 }
    }
    return count
  }

  /// How many eigenvalues are surely negative.
  public var surelyNegative: Int { isPositiveSemidefinite ? 0 : surely(below: 0) }

  /// max|λ| from at least to at most, but for a probability of 1e-6 over the probes.
  var radiusLimits: ClosedRange<Double> {
    let scale = radius
    var low = eigenvalues.reduce(0) { max($0, $1.value.magnitude - $1.bound) }
    var high = deflated.radius
    if let rest {
      low = max(low, rest.radius - rest.resolution(scale: scale))
      let range = rest.range(scale: scale)
      high = max(high, -range.lowerBound, range.upperBound)
    }
    high += deflated.jointBound
    return low...max(low, high)
  }

  /// Index, degeneracy and the rest at a tolerance: the one rule for what is said of them.
  ///
  /// - Known beforehand: structural zeros are zeros; a semidefinite operator's index is 0.
  /// - Known from the extremes: which side the deflated pairs lie on, by residuals.
  /// - Likely: of the rest, what the probes' Gauss rules leave open (`ProbeQuadrature`), between
  ///   the limits of `ProbeBounds`. Where the rules leave more than a tenth of all eigenvalues
  ///   open, since ε is below the resolution of the steps, the count is not resolved.
  ///
  /// - Parameter tolerance: ε, at least 0.
  public func counts(at tolerance: Double) -> EstimatedCounts {
    precondition(tolerance >= 0 && tolerance.isFinite, "a tolerance of \(tolerance)")
    // Rounding moves eigenvalues by this at most (Weyl).
    let error = productError ?? 0
    guard radius > 0 else {
      // Every product was zero: of random vectors, with probability 0 unless the operator is, but for
      // rounding.
      let open = error > 0 ? order - structuralZeros : 0
      func count(_ certain: ClosedRange<Int>) -> EstimatedCount {
        EstimatedCount(
          value: certain.count == 1 ? certain.lowerBound : nil, certain: certain,
          likely: certain.count == 1 ? certain : nil)
      }
      return EstimatedCounts(
        tolerance: tolerance, threshold: 0, order: order,
        index: count(0...(isPositiveSemidefinite ? 0 : open)), zeros: count(order - open...order),
        positive: count(0...open))
    }
    let sizes = radiusLimits
    let (low, high) = (
      max(0, tolerance * (sizes.lowerBound - error) - error),
      tolerance * (sizes.upperBound + error) + error
    )
    var index = parts(below: -high...(-low), nominal: -tolerance * radius)
    var positive = parts(below: low...high, nominal: tolerance * radius).complement(
      known: deflated.count, rest: restCount)
    var zeros = zeroParts(within: low...high, nominal: tolerance * radius, index, positive)
    makeCertain(&index, &zeros, &positive, low...high)
    return put(index, zeros, positive, tolerance: tolerance)
  }

  private var restCount: Int { order - deflated.count }

  /// Eigenvalues below a point that is known within limits.
  private func parts(below points: ClosedRange<Double>, nominal: Double) -> CountParts {
    let blur = deflated.blur(about: points)
    let known =
      deflated.values.count {
        $0 < points.lowerBound - blur.known
      }...deflated.values.count {
        $0 < points.upperBound + blur.known
      }
    guard let rest else {
      return CountParts(known: known, share: 0...0, estimate: 0, rest: 0...0, certain: known)
    }
    let resolution = rest.resolution(scale: radius)
    let (left, right) = (
      points.lowerBound - blur.rest - resolution, points.upperBound + blur.rest + resolution
    )
    let range = rest.range(scale: radius)
    let surely = (
      low: range.upperBound < left ? restCount : 0, high: range.lowerBound > right ? 0 : restCount
    )
    let share = rest.share { probe in
      (
        probe.cumulativeBracket(at: left, resolution: resolution).lowerBound,
        probe.cumulativeBracket(at: right, resolution: resolution).upperBound
      )
    }
    return CountParts(
      known: known, share: share, estimate: rest.mean.cumulative(at: nominal),
      rest: surely.low...max(surely.low, surely.high), certain: 0...order)
  }

  /// Eigenvalues within ±ε·max|λ|, which is known within limits.
  private func zeroParts(
    within sizes: ClosedRange<Double>, nominal: Double, _ index: CountParts, _ positive: CountParts
  ) -> CountParts {
    let least = max(0, deflated.count - index.known.upperBound - positive.known.upperBound)
    let known =
      least...max(least, deflated.count - index.known.lowerBound - positive.known.lowerBound)
    guard let rest else {
      return CountParts(known: known, share: 0...0, estimate: 0, rest: 0...0, certain: known)
    }
    let blur = max(
      deflated.blur(about: sizes).rest,
      deflated.blur(about: -sizes.upperBound...(-sizes.lowerBound)).rest)
    let resolution = rest.resolution(scale: radius)
    let inner = sizes.lowerBound - blur - resolution
    let outer = sizes.upperBound + blur + resolution
    let share = rest.share { probe in
      (
        inner > 0
          ? probe.massBracket(in: -inner...inner, resolution: resolution).lowerBound : 0,
        probe.massBracket(in: -outer...outer, resolution: resolution).upperBound
      )
    }
    let few = max(0, restCount - index.rest.upperBound - positive.rest.upperBound)
    return CountParts(
      known: known, share: share,
      estimate: min(rest.mean.mass(in: -nominal...nominal), 1),
      rest: few...max(few, restCount - index.rest.lowerBound - positive.rest.lowerBound),
      certain: 0...order)
  }

  /// What is sure of each count from all that is known, so that they can add up to the order.
  private func makeCertain(
    _ index: inout CountParts, _ zeros: inout CountParts, _ positive: inout CountParts,
    _ sizes: ClosedRange<Double>
  ) {
    let (low, high) = (sizes.lowerBound, sizes.upperBound)
    var negative = index.sum
    var above = positive.sum
    negative.raise(to: surely(below: -high))
    above.raise(to: surely(above: high))
    if isPositiveSemidefinite { negative = 0...0 }
    negative.lower(
      to: order - max(structuralZeros + above.lowerBound, surely(above: -low)))
    above.lower(
      to: order - max(structuralZeros + negative.lowerBound, surely(below: low)))
    var within =
      max(structuralZeros, order - negative.upperBound - above.upperBound)...order
    within.lower(to: order - negative.lowerBound - above.lowerBound)
    negative.lower(to: order - within.lowerBound - above.lowerBound)
    above.lower(to: order - within.lowerBound - negative.lowerBound)
    (index.certain, zeros.certain, positive.certain) = (negative, within, above)
  }

  /// The counts with their estimates, which add up to the order where all are resolved.
  private func put(
    _ index: CountParts, _ zeros: CountParts, _ positive: CountParts, tolerance: Double
  ) -> EstimatedCounts {
    let level = 0.95
    let freedom = Double(rest?.probes.count ?? 0) * Double(restCount) / 2
    func limits(_ parts: CountParts) -> ClosedRange<Int>? {
      parts.likely(of: order, rest: restCount, freedom: freedom, level: level)
    }
    func value(_ parts: CountParts, _ limits: ClosedRange<Int>?) -> Int? {
      limits.map {
        let middle = (parts.known.lowerBound + parts.known.upperBound) / 2
        let estimate = middle + Int((Double(restCount) * parts.estimate).rounded())
        return min(max(estimate, $0.lowerBound), $0.upperBound)
      }
    }
    let (below, about, above) = (limits(index), limits(zeros), limits(positive))
    let negative = value(index, below)
    let greater = value(positive, above)
    var within = value(zeros, about)
    var aboutZero = about
    if let negative, let greater, let limits = about {
      let sum = max(0, order - negative - greater)
      within = sum
      aboutZero = min(limits.lowerBound, sum)...max(limits.upperBound, sum)
    }
    return EstimatedCounts(
      tolerance: tolerance, threshold: tolerance * radius, order: order,
      index: EstimatedCount(value: negative, certain: index.certain, likely: below),
      zeros: EstimatedCount(value: within, certain: zeros.certain, likely: aboutZero),
      positive: EstimatedCount(value: greater, certain: positive.certain, likely: above))
  }
}

extension CountParts {
  /// Pairs and rest, surely.
  fileprivate var sum: ClosedRange<Int> {
    known.lowerBound + rest.lowerBound...known.upperBound + rest.upperBound
  }

  /// The others.
  fileprivate func complement(known pairs: Int, rest others: Int) -> CountParts {
    CountParts(
      known: pairs - known.upperBound...pairs - known.lowerBound,
      share: max(0, 1 - share.upperBound)...max(0, 1 - share.lowerBound),
      estimate: max(0, 1 - estimate),
      rest: others - rest.upperBound...others - rest.lowerBound, certain: certain)
  }
}

extension ClosedRange<Int> {
  fileprivate mutating func raise(to least: Int) {
    self = Swift.max(lowerBound, least)...Swift.max(upperBound, least)
  }

  fileprivate mutating func lower(to most: Int) {
    self = Swift.min(lowerBound, most)...Swift.min(upperBound, most)
  }
}

extension SpectralDensity {
  /// The mean over probes of limits of a share.
  fileprivate func share(
    _ limits: (ProbeQuadrature) -> (Double, Double)
  ) -> ClosedRange<Double> {
    var (low, high) = (0.0, 0.0)
    for probe in probes {
      let found = limits(probe)
      low += found.0 / Double(probes.count)
      high += found.1 / Double(probes.count)
    }
    return clamped(low, high)
  }
}
