extension Generator where Value == [Double] {
  /// Spectra of 1 … `count` values of all magnitudes between 10^−`decades` and 1, of either sign;
  /// they shrink to fewer and to 1, −1.
  public static func spectrum(count: Int, decades: Double = 6) -> Generator {
    eigenvalue(decades: decades).array(count: 1...max(1, count))
  }

  /// ±1 down to ±2^−52, evenly spread on a logarithmic scale; they shrink to fewer, still graded.
  public static func gradedSpectrum(count: Int) -> Generator {
    redrawn(count: count) { RandomSpectrum.graded(count: $0, using: &$1) }
  }

  /// Clusters of sizes 1, 2, 4, … a few ulp wide; they shrink to fewer.
  public static func clusteredSpectrum(count: Int) -> Generator {
    redrawn(count: count) { RandomSpectrum.clustered(count: $0, using: &$1) }
  }

  /// `rank` values on [−1, 1) beside zeros, 1 … `count` in all; they shrink to fewer zeros.
  public static func lowRankSpectrum(count: Int, rank: Int) -> Generator {
    precondition((0...count).contains(rank), "rank \(rank) of order \(count)")
    return redrawn(count: count, least: max(1, rank)) {
      RandomSpectrum.lowRank(count: $0, rank: rank, using: &$1)
    }
  }

  /// So many negative, zero and positive values of magnitude ½ … 2, which shrink to ±1 alone.
  static func spectrum(negative: Int, zero: Int, positive: Int) -> Generator {
    Generator(
      simpler: { values in
        let units = values.map { $0 < 0 ? -1.0 : $0 > 0 ? 1 : 0 }
        return units == values ? [] : [units]
      },
      { _, rng in
        func magnitudes(_ count: Int) -> [Double] {
          (0..<count).map { _ in Draw.uniform(0.5, 2, using: &rng) }
        }
        return magnitudes(negative).map { -$0 } + [Double](repeating: 0, count: zero)
          + magnitudes(positive)
      })
  }

  /// Values that are drawn anew, from the same bits, for each count that they shrink to.
  private static func redrawn(
    count: Int, least: Int = 1, _ values: @escaping @Sendable (Int, inout SplitMix64) -> [Double]
  ) -> Generator {
    precondition(count >= least, "\(count) values where \(least) is the least")
    return Generator { size, rng in
      let most = least + (count - least) * min(max(size, 0), 100) / 100
      let order = Generator<Int>.integer(in: least...most).draw(size, &rng)
      let seed = rng.next()
      return order.map { n in
        var again = SplitMix64(seed: seed)
        return values(n, &again)
      }
    }
  }
}

/// 10^−`decades` … 1 in magnitude; shrinks to ±1.
private func eigenvalue(decades: Double) -> Generator<Double> {
  Generator(
    simpler: { $0.magnitude == 1 ? [] : [$0 < 0 ? -1 : 1] },
    { _, rng in
      Draw.sign(using: &rng) * power(10, -Draw.uniform(0, decades, using: &rng))
    })
}
