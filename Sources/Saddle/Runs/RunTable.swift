/// Results as a table: a row a run, for people, spreadsheets and filters.
public struct RunTable: Sendable {
  public static let columns =
    [
      "key", "name", "data", "network", "loss", "weightDecay", "precision", "initialization",
      "batch", "epochs", "optimizer", "learningRate", "seed", "outcome", "parameters",
      "startingLoss", "trainingLoss", "trainingAccuracy", "gradientNorm", "testLoss",
      "testAccuracy", "least", "greatest", "structuralZeros",
    ]
    + ["index", "zeros"].flatMap { name in toleranceNames.map { "\(name)@\($0)" } }
    + [
      "curvature", "kind", "newtonStep", "outliers", "semicircleP", "marchenkoPasturP",
      "refinedGradientNorm", "refinedKind", "refinedNewtonStep", "trainingSeconds",
      "analysisSeconds",
    ]

  private static let toleranceNames = SpectrumFigures.tolerances.map { short($0) }

  /// In the order of `columns`; empty where a figure was not taken.
  public let rows: [[String]]

  public init(_ results: [RunResult]) { rows = results.map(Self.row) }

  /// The table as RFC 4180 has it, with a line of names.
  public var csv: String {
    ([Self.columns] + rows).map { $0.map(Self.quoted).joined(separator: ",") + "\r\n" }.joined()
  }

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\r\n".contains($0) || $0 == "\r\n" }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }

  private static func row(_ result: RunResult) -> [String] {
    let experiment = result.experiment
    let end = result.end
    func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    func count(_ value: Int?) -> String { value.map { "\($0)" } ?? "" }
    let (point, refined) = (end?.point, end?.refined?.point)
    func share(_ figure: (SpectrumFigures.Share) -> BoundedFigure) -> [String] {
      SpectrumFigures.tolerances.map { tolerance in
        number(point?.spectrum?.share(at: tolerance).map { figure($0).value })
      }
    }
    let outcome =
      switch result.outcome {
      case .finished: "finished"
      case .diverged(let epoch, _): "diverged in epoch \(epoch)"
      }
    return [
      result.key, experiment.name, experiment.data.source.name, experiment.architecture.summary,
      experiment.loss.rawValue
        + (experiment.labelSmoothing == 0 ? "" : " smoothed by \(experiment.labelSmoothing)"),
      number(experiment.weightDecay), experiment.precision.rawValue,
      experiment.plan?.initialization.rawValue ?? "", count(experiment.plan?.batchSize),
      count(experiment.plan?.epochs), experiment.optimizer?.name ?? "",
      number(experiment.optimizer?.hyperparameters["learningRate"]),
      experiment.plan.map { "\($0.seed)" } ?? "", outcome, count(point?.order),
      number(end?.startingLoss), number(point?.evaluation.loss),
      number(point?.evaluation.accuracy), number(point?.evaluation.gradientNorm),
      number(end?.test?.loss), number(end?.test?.accuracy),
      number(point?.spectrum?.least.value), number(point?.spectrum?.greatest.value),
      count(point?.spectrum?.structuralZeros),
    ] + share(\.index) + share(\.degeneracy) + [
      point?.curvature?.outcome.rawValue ?? "", point?.kind?.rawValue ?? "",
      number(point?.criticality?.newtonStep), count(point?.spectrum?.outliers),
      number(point?.semicircle?.pValue), number(point?.marchenkoPastur?.pValue),
      number(refined?.evaluation.gradientNorm), refined?.kind?.rawValue ?? "",
      number(refined?.criticality?.newtonStep),
      number(result.trainingSeconds), number(result.analysisSeconds),
    ]
  }
}

/// A condition on a column of the table, such as "optimizer=adam".
public struct RunFilter: Hashable, Sendable {
  public let column: String
  public let value: String

  /// Nil unless it reads COLUMN=VALUE with a column of the table.
  public init?(_ text: String) {
    guard let sign = text.firstIndex(of: "=") else { return nil }
    column = String(text[..<sign])
    value = String(text[text.index(after: sign)...])
    guard RunTable.columns.contains(column) else { return nil }
  }

  /// Numbers are compared as numbers, "0.10" with "0.1".
  public func accepts(_ row: [String]) -> Bool {
    guard let index = RunTable.columns.firstIndex(of: column) else { return false }
    if row[index] == value { return true }
    guard let one = Double(row[index]), let other = Double(value) else { return false }
    return one == other
  }
}

extension Architecture {
  /// The network in a few words: "32 16 tanh", hidden layers only, since the rest follows from
  /// the data; "convolution 4, dense 10, tanh".
  public var summary: String {
    switch self {
    case .dense(let hidden, let activation):
      return (hidden.map { "\($0)" } + [activation.rawValue]).joined(separator: " ")
    case .network(let network):
      var activations: [String] = []
      let layers = network.layers.compactMap { layer -> String? in
        switch layer {
        case .convolution(let channels, _, _, _, _): return "convolution \(channels)"
        case .dense(let outputs, _): return "dense \(outputs)"
        case .residual: return "residual"
        case .activation(let activation):
          if !activations.contains(activation.rawValue) { activations.append(activation.rawValue) }
          return nil
        case .attention(let heads): return "attention \(heads)"
        case .embedding(_, let channels): return "embedding \(channels)"
        case .maxPool, .averagePool, .flatten, .batchNorm, .layerNorm, .groupNorm, .offset:
          return nil
        }
      }
      return (layers + activations).joined(separator: ", ")
    }
  }
}
