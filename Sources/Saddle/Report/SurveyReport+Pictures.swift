extension SurveyReport {
  func pictures() throws -> [Picture] {
    try panels() + along() + factors()
  }

  /// Each optimizer's colour, the same in all pictures.
  private var colors: [String: String] {
    var colors: [String: String] = [:]
    for name in survey.settings.map(\.setting.optimizer) where colors[name] == nil {
      colors[name] = PictureTheme.palette[colors.count % PictureTheme.palette.count]
    }
    return colors
  }

  /// A run whose eigenvalues are at hand.
  private struct Analyzed {
    let name: String
    let run: RunResult
    let spectrum: Spectrum
    /// ", seed 1".
    var seed: String { run.experiment.plan.map { ", seed \($0.seed)" } ?? "" }
  }

  /// The first run of each of a panel's optimizers that has its eigenvalues.
  private func spectra(of panel: Survey.Panel) throws -> [Analyzed] {
    var spectra: [Analyzed] = []
    for runs in panel.settings {
      guard let run = runs.runs.first(where: { eigenvalues[$0.key] != nil }),
        let values = eigenvalues[run.key]
      else { continue }
      let spectrum = try Spectrum(
        eigenvalues: values, structuralZeros: run.end?.point.spectrum?.structuralZeros ?? 0)
      spectra.append(Analyzed(name: runs.setting.optimizer, run: run, spectrum: spectrum))
    }
    return spectra
  }

  /// One line for each run.
  private func spectrumCommand(_ runs: [Analyzed], _ option: String? = nil) -> String {
    runs.map { run in
      "saddle spectrum \(store)/\(run.run.key)" + (option.map { " " + $0 } ?? "")
    }.joined(separator: "\n")
  }

  private func panels() throws -> [Picture] {
    var pictures: [Picture] = []
    for (k, panel) in survey.panels.enumerated() {
      pictures.append(lossAgainstIndex(panel, "index-\(k)"))
      let spectra = try spectra(of: panel)
      guard let first = spectra.first else { continue }
      let name = panel.key.name
      pictures.append(signs(spectra, first, name, "spectra-\(k)"))
      pictures.append(degeneracy(spectra, first, name, "degeneracy-\(k)"))
      pictures += try semicircle(first, name, "semicircle-\(k)")
      if let blocks = layers[first.run.key] {
        pictures.append(byLayer(blocks, first, name, "layers-\(k)"))
      }
    }
    return pictures
  }

  private func signs(
    _ spectra: [Analyzed], _ first: Analyzed, _ panel: String, _ name: String
  ) -> Picture {
    Picture(
      name: name, title: "Spectra by optimizer: \(panel)",
      caption: "All \(first.spectrum.order) eigenvalues of the Hessian where training ended"
        + "\(first.seed), by sign and magnitude; zeros of both kinds lie in the middle.",
      chart: Charts.signedSpectra(
        spectra.map { ($0.name, $0.spectrum.eigenvalues) }, colors: colors),
      command: spectrumCommand(spectra), claims: ["negative-curvature"])
  }

  private func degeneracy(
    _ spectra: [Analyzed], _ first: Analyzed, _ panel: String, _ name: String
  ) -> Picture {
    Picture(
      name: name, title: "D(ε) by optimizer: \(panel)",
      caption: "The share of eigenvalues within ±ε·max|λ|; \(first.spectrum.structuralZeros) "
        + "of \(first.spectrum.order) are structural zeros of this network on these images"
        + "\(first.seed).",
      chart: Charts.degeneracies(spectra.map { ($0.name, $0.spectrum) }, colors: colors),
      command: spectrumCommand(spectra), claims: ["degenerate"])
  }

  private func byLayer(
    _ blocks: [BlockSpectrum], _ first: Analyzed, _ panel: String, _ name: String
  ) -> Picture {
    let sizes = blocks.map { "\($0.block.name) has \($0.spectrum.order) parameters" }
    return Picture(
      name: name, title: "Layer by layer: \(panel), \(first.name)",
      caption: "Spectra of the Hessian's diagonal blocks\(first.seed): "
        + sizes.joined(separator: ", ") + ".",
      chart: Charts.signedSpectra(blocks.map { ($0.block.name, $0.spectrum.eigenvalues) }),
      command: spectrumCommand([first], "--by-layer"), claims: ["degenerate"])
  }

  private func lossAgainstIndex(_ panel: Survey.Panel, _ name: String) -> Picture {
    let series = panel.settings.map { runs in
      Charts.Series(
        name: runs.setting.optimizer,
        rows: runs.runs.compactMap(\.end).compactMap { end in
          end.point.index(at: PointLimits.strictZero).map {
            [100 * $0, end.point.evaluation.loss]
          }
        }, color: colors[runs.setting.optimizer])
    }.filter { !$0.rows.isEmpty }
    return Picture(
      name: name, title: "Training loss against index: \(panel.key.name)",
      caption: "A point a run: ends of training, not critical points.",
      chart: Charts.scatter(series, x: "index at 1e-6, % of eigenvalues", y: "training loss"),
      command: "saddle runs \(store) --csv", claims: ["error-against-index"])
  }

  /// The bulk with the laws that were fitted to it, and what is left between.
  private func semicircle(
    _ item: Analyzed, _ panel: String, _ name: String
  ) throws -> [Picture] {
    var generator = RandomStream(seed: 0, name: "spectrum")
    // The verdict is the run's own; the picture needs the fits alone.
    let options = BulkFitOptions(semicircleDraws: 0, draws: 0)
    guard let fit = try? BulkFitReport(of: item.spectrum, options: options, using: &generator)
    else { return [] }
    let values = item.spectrum.withoutLeast(fit.zeros)
    guard let semicircle = fit.fit(.semicircle) else { return [] }
    let support = semicircle.law.support
    let reach = support.upperBound - support.lowerBound
    let shown = values.filter {
      $0 >= support.lowerBound - reach && $0 <= support.upperBound + reach
    }
    let laws = fit.fits.map { ($0.law.family.rawValue, $0.law as any SpectralLaw) }
    let residuals = fit.fits.map { fit -> Charts.Series in
      let bulk = values.filter { fit.law.support.contains($0) }
      // As many as a picture shows.
      let step = max(1, bulk.count / 300)
      return Charts.Series(
        name: fit.law.family.rawValue,
        rows: stride(from: 0, to: bulk.count, by: step).map { k in
          [bulk[k], (Double(k) + 0.5) / Double(bulk.count) - fit.law.cumulative(bulk[k])]
        }, color: Charts.color(ofLaw: fit.law.family.rawValue))
    }.filter { !$0.rows.isEmpty }
    guard shown.count > 1, !residuals.isEmpty else { return [] }
    let verdicts = [
      ("semicircle", item.run.end?.point.semicircle?.ruling),
      ("Marchenko–Pastur", item.run.end?.point.marchenkoPastur?.ruling),
    ].map { law, answer in
      "\(law) \(answer.map { "\($0.verdict.ofLaw): \($0.evidence)" } ?? "not put to the test where the run was measured, which the command below does")."
    }
    return [
      Picture(
        name: name, title: "The bulk and its laws: \(panel), \(item.name)",
        caption: "\(fit.zeros) zeros are left out, and \(values.count - shown.count) eigenvalues "
          + "beyond the picture. " + verdicts.joined(separator: " "),
        chart: Charts.laws(
          try Spectrum(eigenvalues: shown), zeros: nil, fitted: laws, limit: nil),
        command: spectrumCommand([item], "--fit"), claims: ["semicircle-end"]),
      Picture(
        name: name + "-residuals", title: "What the laws leave: \(panel), \(item.name)",
        caption: "The empirical distribution function of the bulk less that of each fitted law.",
        chart: Charts.residuals(residuals), command: spectrumCommand([item], "--fit"),
        claims: ["semicircle-end"]),
    ]
  }

  private func along() -> [Picture] {
    survey.settings.enumerated().compactMap { k, runs in
      let spectra = runs.runs.compactMap { $0.end?.along }
      guard let epochs = spectra.first?.map(\.epoch), epochs.count > 1 else { return nil }
      func series(
        _ name: String, _ figure: (SpectrumFigures.Share) -> BoundedFigure
      ) -> [Charts.Series] {
        [PointLimits.strictZero, PointLimits.looseZero].map { tolerance in
          Charts.Series(
            name: "\(name) at \(short(tolerance))",
            rows: epochs.compactMap { epoch in
              let values = spectra.compactMap { run in
                run.first { $0.epoch == epoch }?.point.spectrum?.share(at: tolerance)
              }.compactMap { figure($0).resolved }.map { 100 * $0 }
              guard let least = values.min(), let greatest = values.max() else { return nil }
              return [
                Double(epoch), values.reduce(0, +) / Double(values.count), least, greatest,
              ]
            })
        }
      }
      return Picture(
        name: "along-\(k)",
        title: "Along training: \(runs.setting.panel.name), \(runs.setting.optimizer)",
        caption: "Index and zeros as shares of all eigenvalues: means over \(spectra.count) seeds, "
          + "with the range.",
        chart: Charts.along(
          series("index") { $0.index } + series("zeros") { $0.degeneracy }),
        command: "saddle runs \(store) --json", claims: ["zeros-grow"])
    }
  }

  private func factors() -> [Picture] {
    let claims: [FactorSeries.Factor: String] = [
      .width: "width", .depth: "depth", .batchSize: "batch-size",
      .initializationScale: "initialization-scale", .activation: "activation",
      .labelNoise: "label-noise",
    ]
    return FactorSeries.all(of: survey.settings).enumerated().compactMap { k, series in
      guard let claim = claims[series.factor] else { return nil }
      func points(_ name: String, _ figure: @escaping (EndPoint) -> Double?) -> Charts.Series {
        Charts.Series(
          name: name,
          rows: series.responses(figure).enumerated().flatMap { level, values in
            values.map { [Double(level), 100 * $0] }
          })
      }
      // The rule's own figure: of batches the greatest eigenvalue, against the loss that they differ in.
      if series.factor == .batchSize { return sharpness(series, "\(claim)-\(k)", claim) }
      let drawn = [
        points("emergent zeros at 1e-6") { $0.point.emergentShare(at: PointLimits.strictZero) },
        points("emergent zeros at 1e-3") { $0.point.emergentShare(at: PointLimits.looseZero) },
        points("index at 1e-6") { $0.point.index(at: PointLimits.strictZero) },
      ].filter { !$0.rows.isEmpty }
      guard !drawn.isEmpty else { return nil }
      return Picture(
        name: "\(claim)-\(k)", title: "By \(claim.replacing("-", with: " ")): \(series.name)",
        caption: "A point a run.", chart: Charts.factor(series.levels.map(\.level), drawn),
        command: "saddle survey \(store) --cases", claims: [claim])
    }
  }

  private func sharpness(_ series: FactorSeries, _ name: String, _ claim: String) -> Picture? {
    let drawn = series.levels.map { level, runs in
      Charts.Series(
        name: "batch \(level)",
        rows: runs.runs.compactMap(\.end).compactMap { end in
          end.point.spectrum.map { [end.point.evaluation.loss, $0.greatest.value] }
        })
    }.filter { !$0.rows.isEmpty }
    guard !drawn.isEmpty else { return nil }
    return Picture(
      name: name, title: "Greatest eigenvalue by batch: \(series.name)",
      caption: "A point a run: only runs of about the same loss are compared.",
      chart: Charts.scatter(drawn, x: "training loss", y: "greatest eigenvalue"),
      command: "saddle survey \(store) --cases", claims: [claim])
  }
}
