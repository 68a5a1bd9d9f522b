import RealModule

/// The pictures of a survey.
extension Charts {
  /// Curves or points of one name, drawn in one colour.
  struct Series {
    let name: String
    /// x, y, and for bands the lower and upper y.
    let rows: [[Double]]
    /// Its colour; that of its place where there is none.
    var color: String?
  }

  /// How a curve is drawn.
  private struct Style {
    /// What of its numbers, and how: "using 1:2 with lines".
    let drawing: String
    /// What x is, where that is not its first number.
    var x = "$1"
  }

  /// So many curves are told apart in one picture; more have a small one each.
  private static let largestLegend = 5

  private static func plot(
    _ series: [Series], columns: [String], _ settings: String, key: String = "top right",
    style: (Int) -> Style
  ) -> Chart {
    let blocks = series.enumerated().map { Gnuplot.data("s\($0)", $1.name, columns, $1.rows) }
      .joined()
    func color(_ k: Int) -> String {
      series[k].color ?? PictureTheme.palette[k % PictureTheme.palette.count]
    }
    func curve(_ k: Int) -> String { "$s\(k) \(style(k).drawing) lc rgb '\(color(k))'" }
    let hint = columns.prefix(2).joined(separator: ", ")
    func hints(_ k: Int) -> String {
      Gnuplot.hints("s\(k)", "\(quoted(series[k].name)), \(hint)", x: style(k).x)
    }
    guard series.count > largestLegend else {
      let curves = series.indices.map { "\(curve($0)) title '\(quoted(series[$0].name))'" }
      return Chart(
        script: blocks + settings
          + "\nset key \(key) spacing 0.9 font ',12'\nset rmargin 3\nplot "
          + (curves + series.indices.map(hints)).joined(separator: ", \\\n     ") + "\n",
        width: 900, height: 420)
    }
    // The first in grey in each, for comparison.
    let across = 4
    let down = (series.count + across - 1) / across
    let height = 90 + 170 * down
    let panels = series.indices.map { k in
      let first = k == 0 ? "" : "$s0 \(style(0).drawing) lc rgb '\(PictureTheme.grey)', "
      return """
        set title '\(quoted(series[k].name))' font ',12' offset 0,-0.7 textcolor rgb '\(color(k))'
        \(k % across == 0 ? "" : "set ylabel ''\n")plot \(first)\(curve(k)), \(hints(k))
        """
    }
    let margins = "0.075,0.99,\(40.0 / Double(height)),\(1 - 30.0 / Double(height))"
    return Chart(
      script: blocks + settings + "\n" + commonRanges(series, settings)
        + "set key off\nset tics font ',9'\nset xlabel ''\n"
        + "set multiplot layout \(down),\(across) margins \(margins) spacing 0.045,"
        + "\(64.0 / Double(height))\n"
        + panels.joined(separator: "\n") + "\nunset multiplot\n",
      width: 900, height: height)
  }

  /// One range for all of several small pictures, where the settings have none.
  private static func commonRanges(_ series: [Series], _ settings: String) -> String {
    func range(_ axis: String, _ column: Int) -> String {
      let values = series.flatMap(\.rows).map { $0[column] }.filter(\.isFinite)
      let isSet = settings.contains("set \(axis)range") && !settings.contains("set \(axis)range [0:*]")
      guard !isSet, let low = values.min(), let high = values.max(), high > low else { return "" }
      if settings.contains("set logscale \(axis)") {
        guard low > 0 else { return "" }
        return "set \(axis)range [\(low / 1.3):\(high * 1.3)]\n"
      }
      let margin = 0.04 * (high - low)
      let floor = settings.contains("set \(axis)range [0:*]") ? 0 : low - margin
      return "set \(axis)range [\(floor):\(high + margin)]\n"
    }
    return range("x", 0) + range("y", 1)
  }

  /// A title in single quotes, without what gnuplot's enhanced text would take for markup.
  private static func quoted(_ text: String) -> String {
    text.replacing("'", with: "’").replacing("_", with: "-").replacing("^", with: " ")
      .replacing("\"", with: "")
  }

  /// Spectra over an axis that shows every magnitude with its sign: asinh(λ/(10⁻⁷·max|λ|)).
  ///
  /// - Parameter colors: of some names.
  static func signedSpectra(
    _ spectra: [(name: String, eigenvalues: [Double])], colors: [String: String] = [:]
  ) -> Chart {
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
        }, color: colors[item.name])
    }
    // As many as small pictures have room for.
    let marks =
      spectra.count > largestLegend ? [-1e-3, 0, 1e-3, 1] : [-1e-2, -1e-4, -1e-6, 0, 1e-6, 1e-4, 1e-2, 1]
    let ticks = marks.map { tick in
      let label =
        tick == 0 ? "0" : "\(tick < 0 ? "−" : "")10^{\(Int(Double.log10(tick.magnitude).rounded()))}"
      return "'\(label)' \(Double.asinh(tick / unit))"
    }
    return plot(
      series, columns: ["asinh of the eigenvalue over 1e-7 of the largest", "% of eigenvalues"],
      """
      set xtics (\(ticks.joined(separator: ", ")))
      set logscale y
      set format y '%g'
      set yrange [0.02:*]
      set xlabel 'eigenvalue, relative to max|eigenvalue|, by sign and magnitude'
      set ylabel '% of eigenvalues'
      """
    ) { _ in Style(drawing: "using 1:2 with histeps lw 1.5") }
  }

  /// D(ε), a curve a spectrum.
  static func degeneracies(
    _ spectra: [(name: String, spectrum: Spectrum)], colors: [String: String]
  ) -> Chart {
    plot(
      spectra.map { item in
        Series(
          name: item.name,
          rows: item.spectrum.degeneracyCurve().map { [$0.tolerance, 100 * $0.fraction] },
          color: colors[item.name])
      }, columns: ["tolerance", "% about zero"],
      """
      set logscale x
      set format x '10^{%L}'
      set xrange [1e-12:1]
      set yrange [0:100]
      set xlabel 'tolerance, relative to max|eigenvalue|'
      set ylabel '% of eigenvalues about zero'
      \(spectra.count > largestLegend ? "set xtics 1e4" : "")
      """, key: "top left"
    ) { _ in Style(drawing: "using 1:2 with lines lw 1.5") }
  }

  /// Shares along training: the mean over seeds with the range.
  static func along(_ series: [Series]) -> Chart {
    let settings = """
      set xlabel 'epoch'
      set ylabel '% of eigenvalues'
      set yrange [0:*]
      """
    return plot(series, columns: ["epoch", "mean %", "least %", "greatest %"], settings) { _ in
      Style(drawing: "using 1:2:3:4 with yerrorlines lw 1.5 pt 7 ps 0.4")
    }
  }

  /// A figure against another, a point a run.
  static func scatter(_ series: [Series], x: String, y: String) -> Chart {
    let values = series.flatMap(\.rows).map { $0[1] }
    // An axis of powers of ten says nothing between two of them.
    let isWide = (values.max() ?? 0) > 20 * (values.min() ?? 0) && (values.min() ?? 0) > 0
    return plot(
      series, columns: [x, y],
      """
      \(isWide ? "set logscale y" : "")
      set xlabel '\(x)'
      set ylabel '\(y)'
      """
    ) { k in
      Style(
        drawing: "using 1:2 with points "
          + (series.count > largestLegend ? "pt 7 ps 0.5" : "pt \(5 + 2 * (k % 5)) ps 0.7"))
    }
  }

  /// F_n − F of each law over the bulk.
  static func residuals(_ series: [Series]) -> Chart {
    plot(
      series, columns: ["eigenvalue", "F_n − F"],
      """
      set xlabel 'eigenvalue'
      set ylabel 'F_n − F'
      set arrow from graph 0, first 0 to graph 1, first 0 nohead lc rgb '\(PictureTheme.line)'
      """
    ) { _ in Style(drawing: "using 1:2 with lines lw 1.5") }
  }

  /// A figure against the levels of a factor, a point a run.
  static func factor(_ levels: [String], _ series: [Series]) -> Chart {
    // A tick's label is a format, in which a percent sign is two.
    let ticks = levels.enumerated().map {
      "'\(quoted($1).replacing("%", with: "%%"))' \($0)"
    }
    return plot(
      series, columns: ["level", "% of eigenvalues"],
      """
      set xtics (\(ticks.joined(separator: ", ")))
      set xrange [-0.5:\(Double(levels.count) - 0.5)]
      set yrange [0:*]
      set ylabel '% of eigenvalues'
      """
    ) { k in
      let x = "$1 + \(0.12 * Double(k))"
      return Style(drawing: "using (\(x)):2 with points pt 7 ps 0.6", x: x)
    }
  }
}
