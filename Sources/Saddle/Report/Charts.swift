import Foundation

/// The report's pictures.
enum Charts {
  /// Loss and gradient norm over the epochs, both on a logarithmic scale.
  static func training(_ history: [EpochRecord]) -> Chart {
    Chart(
      script: Gnuplot.data(
        "history", "training", ["epoch", "loss", "gradient norm"],
        history.map { [Double($0.epoch), $0.evaluation.loss, $0.evaluation.gradientNorm] })
          + """
          set logscale y
          set format y '10^{%L}'
          set xlabel 'epoch'
          set key top right
          plot $history using 1:2 with lines lw 2 lc rgb '\(PictureTheme.blue)' title 'training loss', \
               $history using 1:3 with lines lw 1.5 lc rgb '\(PictureTheme.red)' title 'gradient norm', \
               \(Gnuplot.hints("history", "epoch, training loss")), \
               \(Gnuplot.hints("history", "epoch, gradient norm", columns: (1, 3)))

          """)
  }

  /// The density of eigenvalues on a logarithmic scale; empty bins are left out.
  static func density(_ spectrum: Spectrum, bins: Int = 160) -> Chart {
    let low = spectrum.least
    // Equal eigenvalues still need bins that a picture can show.
    let spread = spectrum.greatest - low
    let width = (spread > 0 ? spread : scale(of: spectrum)) / Double(bins)
    var counts = [Int](repeating: 0, count: bins)
    for value in spectrum.eigenvalues { counts[min(Int((value - low) / width), bins - 1)] += 1 }
    let rows = counts.indices.filter { counts[$0] > 0 }.map {
      [
        low + (Double($0) + 0.5) * width,
        Double(counts[$0]) / (Double(spectrum.order) * width),
      ]
    }
    let floor = 0.5 / (Double(spectrum.order) * width)
    return Chart(
      script: Gnuplot.data("density", "density", ["eigenvalue", "density"], rows)
        + """
        set logscale y
        set format y '10^{%L}'
        set yrange [\(floor):*]
        set xlabel 'eigenvalue'
        set ylabel 'density'
        set boxwidth \(width)
        set style fill solid 0.85 noborder
        set arrow from 0, graph 0 to 0, graph 1 nohead dt 2 lc rgb '\(PictureTheme.line)' back
        plot $density using 1:2 with boxes lc rgb '\(PictureTheme.blue)' notitle, \
             \(Gnuplot.hints("density", "eigenvalue, density"))

        """)
  }

  /// The nodes of a density's quadrature with their shares, and the extremes that were taken out of it,
  /// one of all each.
  static func quadrature(_ spectrum: MatrixFreeSpectrum) -> Chart {
    let share = spectrum.rest.map { Double($0.dimension) / Double(spectrum.order) } ?? 0
    let nodes =
      spectrum.rest.map { zip($0.mean.nodes, $0.mean.weights) }
      .map { $0.map { [$0, $1 * share] } } ?? []
    let extremes = spectrum.eigenvalues.map { [$0.value, 1 / Double(spectrum.order)] }
    let floor = 0.5 / Double(spectrum.order)
    let columns = ["eigenvalue", "share"]
    return Chart(
      script: Gnuplot.data(
        "nodes", "quadrature", columns, nodes.filter { $0[1] > floor } + [[0, .nan]])
        + Gnuplot.data("extremes", "extremes", columns, extremes)
          + """
          set logscale y
          set format y '10^{%L}'
          set yrange [\(floor):*]
          set xlabel 'eigenvalue'
          set ylabel 'share'
          set arrow from 0, graph 0 to 0, graph 1 nohead dt 2 lc rgb '\(PictureTheme.line)' back
          plot $nodes using 1:2 with impulses lw 2 lc rgb '\(PictureTheme.blue)' title 'quadrature', \
               $extremes using 1:2 with points pt 7 ps 0.6 lc rgb '\(PictureTheme.red)' title 'extremes', \
               \(Gnuplot.hints("nodes", "node, share")), \(Gnuplot.hints("extremes", "extreme, share"))

          """)
  }

  /// How many eigenvalues there are of each sign and magnitude, four bins a decade: what the
  /// density cannot show, since most eigenvalues fall into its bin at zero.
  static func magnitudes(_ spectrum: Spectrum) -> Chart {
    let decades = 20
    let bins = 4 * decades
    let scale = scale(of: spectrum)
    var counts = [(positive: Double, negative: Double)](repeating: (0, 0), count: bins)
    for value in spectrum.eigenvalues {
      // Zero itself, and what is smaller than all bins, goes into the first.
      let exponent = log10(value.magnitude / scale)
      let place = exponent.isFinite ? Int((4 * (exponent + Double(decades))).rounded(.down)) : 0
      let bin = min(max(place, 0), bins - 1)
      if value < 0 { counts[bin].negative += 1 } else { counts[bin].positive += 1 }
    }
    let rows = counts.enumerated().map { bin, count in
      let low = Double(bin) / 4 - Double(decades)
      return [
        scale * pow(10, low), scale * pow(10, low + 0.25), count.positive, count.negative,
      ]
    }
    return Chart(
      script: Gnuplot.data(
        "bins", "magnitudes", ["from", "to", "positive", "negative"], rows)
          + """
          set logscale xy
          set format x '10^{%L}'
          set xlabel '|eigenvalue|'
          set ylabel 'eigenvalues'
          set yrange [0.5:*]
          set key top left
          set style fill solid 0.85 noborder
          plot $bins using (sqrt($1*$2)):3:1:2:(0.5):($3 > 0 ? $3 : NaN) with boxxyerror \
               lc rgb '\(PictureTheme.blue)' title 'positive', \
               $bins using (sqrt($1*$2)):4:1:(sqrt($1*$2)):(0.5):($4 > 0 ? $4 : NaN) with boxxyerror \
               lc rgb '\(PictureTheme.red)' title 'negative', \
               \(Gnuplot.hints("bins", "positive from", x: "sqrt($1*$2)", columns: (1, 3))), \
               \(Gnuplot.hints("bins", "negative from", x: "sqrt($1*$2)", columns: (1, 4)))

          """)
  }

  /// What magnitudes are measured in: max|λ|, or 1 where all eigenvalues are zero.
  private static func scale(of spectrum: Spectrum) -> Double {
    spectrum.radius > 0 ? spectrum.radius : 1
  }

  /// D(ε) and the share of negative eigenvalues at ε.
  static func degeneracy(_ spectrum: Spectrum) -> Chart {
    let order = Double(spectrum.order)
    let rows = spectrum.degeneracyCurve().map {
      [
        $0.tolerance, 100 * $0.fraction, 100 * Double($0.structural) / order,
        100 * Double(spectrum.index(at: $0.tolerance)) / order,
      ]
    }
    return Chart(
      script: Gnuplot.data(
        "curve", "degeneracy", ["tolerance", "about zero %", "structural %", "negative %"], rows)
          + """
          set logscale x
          set format x '10^{%L}'
          set xlabel 'tolerance, relative to max|eigenvalue|'
          set ylabel '% of eigenvalues'
          set yrange [0:100]
          set key top left
          set style fill solid 0.9 noborder
          plot $curve using 1:2 with filledcurves x1 lc rgb '\(PictureTheme.pale)' title 'about zero: emergent', \
               $curve using 1:3 with filledcurves x1 lc rgb '\(PictureTheme.grey)' title 'about zero: structural', \
               $curve using 1:4 with lines lw 2 lc rgb '\(PictureTheme.red)' title 'negative', \
               \(Gnuplot.hints("curve", "tolerance, % about zero")), \
               \(Gnuplot.hints("curve", "tolerance, % negative", columns: (1, 4)))

          """)
  }
}
