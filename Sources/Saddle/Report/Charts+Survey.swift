import RealModule

/// The pictures of a survey, as gnuplot scripts.
extension Charts {
  /// Curves or points of one name, drawn in one colour.
  struct Series {
    let name: String
    /// x, y, and for bands the lower and upper y.
    let rows: [[Double]]
  }

  private static let palette = [
    "#1b6ca8", "#c8553d", "#2e8b57", "#8a5fbf", "#b8860b", "#4aa3a2", "#d0749a", "#555555",
    "#7fa65a", "#a0522d", "#3f51b5", "#e08e45", "#009688", "#9c27b0", "#795548", "#607d8b", "#c2185b",
  ]

  private static func plot(
    _ series: [Series], _ settings: String, style: (Int, String) -> String
  ) -> String {
    let blocks = series.enumerated().map { Gnuplot.data("s\($0)", $1.rows) }.joined()
    let curves = series.enumerated().map { k, item in
      "$s\(k) \(style(k, palette[k % palette.count])) title '\(quoted(item.name))'"
    }
    return blocks + settings + "\nplot \(curves.joined(separator: ", \\\n     "))\n"
  }

  /// A title in single quotes, without what gnuplot's enhanced text would take for markup.
  private static func quoted(_ text: String) -> String {
    text.replacing("'", with: "’").replacing("_", with: "-").replacing("^", with: " ")
  }

  /// Spectra over an axis that shows every magnitude with its sign: asinh(λ/(10⁻⁷·max|λ|)).
  static func signedSpectra(_ spectra: [(name: String, eigenvalues: [Double])]) -> String {
    let (unit, width) = (1e-7, 0.5)
    let series = spectra.map { item in
      let radius = item.eigenvalues.reduce(0) { max($0, $1.magnitude) }
      var counts: [Int: Int] = [:]
      for value in item.eigenvalues where radius > 0 {
        counts[Int((Double.asinh(value / (unit * radius)) / width).rounded()), default: 0] += 1
      }
      let bins = (counts.keys.min() ?? 0)...(counts.keys.max() ?? 0)
      return Series(
        name: item.name,
        rows: bins.map { bin in
          [
            Double(bin) * width,
            max(Double(counts[bin] ?? 0), 0.1) / Double(max(item.eigenvalues.count, 1)) * 100,
          ]
        })
    }
    let ticks = [-1e-2, -1e-4, -1e-6, 0, 1e-6, 1e-4, 1e-2, 1].map { tick in
      let label = tick == 0 ? "0" : "\(tick < 0 ? "−" : "")10^{\(Int(Double.log10(tick.magnitude).rounded()))}"
      return "'\(label)' \(Double.asinh(tick / unit))"
    }
    return plot(
      series,
      """
      set xtics (\(ticks.joined(separator: ", ")))
      set logscale y
      set format y '%g'
      set yrange [0.02:*]
      set xlabel 'eigenvalue, relative to max|eigenvalue|, by sign and magnitude'
      set ylabel '% of eigenvalues'
      set key outside right maxcols 1 spacing 0.9 font ',10'
      """
    ) { _, color in "using 1:2 with histeps lw 1.5 lc rgb '\(color)'" }
  }

  /// D(ε), a curve a spectrum.
  static func degeneracies(_ spectra: [(name: String, spectrum: Spectrum)]) -> String {
    plot(
      spectra.map { item in
        Series(
          name: item.name,
          rows: item.spectrum.degeneracyCurve().map { [$0.tolerance, 100 * $0.fraction] })
      },
      """
      set logscale x
      set format x '10^{%L}'
      set xrange [1e-12:1]
      set yrange [0:100]
      set xlabel 'tolerance, relative to max|eigenvalue|'
      set ylabel '% of eigenvalues about zero'
      set key outside right maxcols 1 spacing 0.9 font ',10'
      """
    ) { _, color in "using 1:2 with lines lw 1.5 lc rgb '\(color)'" }
  }

  /// Shares along training: the mean over seeds with the range.
  static func along(_ series: [Series]) -> String {
    let settings = """
      set xlabel 'epoch'
      set ylabel '% of eigenvalues'
      set yrange [0:*]
      set key outside right maxcols 1 spacing 0.9 font ',10'
      """
    return plot(series, settings) { _, color in
      "using 1:2:3:4 with yerrorlines lw 1.5 pt 7 ps 0.4 lc rgb '\(color)'"
    }
  }

  /// A figure against another, a point a run.
  static func scatter(_ series: [Series], x: String, y: String) -> String {
    plot(
      series,
      """
      set logscale y
      set xlabel '\(x)'
      set ylabel '\(y)'
      set key outside right maxcols 1 spacing 0.9 font ',10'
      """
    ) { k, color in "using 1:2 with points pt \(5 + 2 * (k % 5)) ps 0.7 lc rgb '\(color)'" }
  }

  /// F_n − F of each law over the bulk.
  static func residuals(_ series: [Series]) -> String {
    plot(
      series,
      """
      set xlabel 'eigenvalue'
      set ylabel 'F_n − F'
      set arrow from graph 0, first 0 to graph 1, first 0 nohead lc rgb '#999999'
      set key outside right maxcols 1 spacing 0.9 font ',10'
      """
    ) { _, color in "using 1:2 with lines lw 1.5 lc rgb '\(color)'" }
  }

  /// A figure against the levels of a factor, a point a run.
  static func factor(_ levels: [String], _ series: [Series]) -> String {
    // A tick's label is a format, in which a percent sign is two.
    let ticks = levels.enumerated().map {
      "'\(quoted($1).replacing("%", with: "%%"))' \($0)"
    }
    return plot(
      series,
      """
      set xtics (\(ticks.joined(separator: ", ")))
      set xrange [-0.5:\(Double(levels.count) - 0.5)]
      set yrange [0:*]
      set ylabel '% of eigenvalues'
      set key outside right maxcols 1 spacing 0.9 font ',10'
      """
    ) { k, color in
      "using ($1 + \(0.12 * Double(k))):2 with points pt 7 ps 0.6 lc rgb '\(color)'"
    }
  }
}
