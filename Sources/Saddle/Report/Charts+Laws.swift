extension Charts {
  /// Eigenvalues that are not about zero as a histogram, against laws.
  ///
  /// - Parameters:
  ///   - zeros: the bound of what is about zero, and left out.
  ///   - limit: a law that was not fitted.
  static func laws(
    _ spectrum: Spectrum, zeros: Double?, fitted: [(name: String, law: any SpectralLaw)],
    limit: (any SpectralLaw)?
  ) -> Chart {
    let values = spectrum.eigenvalues.filter { zeros == nil || $0.magnitude > zeros ?? 0 }
    guard let low = values.first, let high = values.last, high > low else {
      return density(spectrum)
    }
    // Wide enough that the counts' own noise, √count, stays small beside them.
    let bins = max(10, min(120, Int(2 * Double(values.count).squareRoot())))
    let width = (high - low) / Double(bins)
    var counts = [Int](repeating: 0, count: bins)
    for value in values { counts[min(Int((value - low) / width), bins - 1)] += 1 }
    let bars = counts.enumerated().map { bin, count in
      [low + (Double(bin) + 0.5) * width, Double(count) / (Double(values.count) * width)]
    }
    // Laws that are 1/√x at an edge would leave the bars at the bottom of the picture.
    let top = 1.5 * (bars.map { $0[1] }.max() ?? 1)
    let laws = fitted + (limit.map { [("limit for n → ∞", $0)] } ?? [])
    let columns = ["eigenvalue", "density"]
    var script = Gnuplot.data("bars", "eigenvalues", columns, bars)
    var curves = ["$bars using 1:2 with boxes lc rgb '\(PictureTheme.pale)' title 'eigenvalues'"]
    for (k, item) in laws.enumerated() {
      script += Gnuplot.data(
        "law\(k)", item.name, columns, curve(of: item.law, low: low - width, high: high + width))
      let isLimit = k >= fitted.count
      let style =
        isLimit ? "lw 1.5 dt 2 lc rgb '\(PictureTheme.limit)'" : "lw 2 lc rgb '\(color(ofLaw: item.name))'"
      curves.append("$law\(k) using 1:2 with lines \(style) title '\(item.name)'")
    }
    curves.append(Gnuplot.hints("bars", "eigenvalue, density"))
    return Chart(
      script: script
        + """
        set xlabel 'eigenvalue'
        set ylabel 'density'
        set xrange [\(low - width):\(high + width)]
        set yrange [0:\(top)]
        set boxwidth \(width)
        set style fill solid 0.85 noborder
        set key top right
        plot \(curves.joined(separator: ", \\\n     "))

        """)
  }

  /// The same in all pictures.
  static func color(ofLaw name: String) -> String {
    let place = BulkLawFamily.allCases.firstIndex { $0.rawValue == name } ?? BulkLawFamily.allCases.count
    return PictureTheme.palette[(place + 1) % PictureTheme.palette.count]
  }

  private static func curve(
    of law: any SpectralLaw, low: Double, high: Double
  ) -> [[Double]] {
    (0...600).map { k in
      let x = low + (high - low) * Double(k) / 600
      return [x, law.density(x)]
    }.filter { $0[1].isFinite }
  }
}
