import ArgumentParser
import Foundation
import Saddle

struct SpectrumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spectrum",
    abstract: "Takes the curvature spectrum of a run and says what kind of point it is.",
    discussion: """
      exact: all eigenvalues over the training set, the degeneracy as a function of the tolerance, \
      the index, and a certificate of negative curvature; of the Hessian, analysis.json is written \
      into the run's folder. Memory: two P × P matrices of doubles.
      counts: index and degeneracy by LDLᵀ, without eigenvalues. Memory: one P × P matrix.
      matrixFree: the extremes with bounds, the density with its band, traces with their errors, \
      from products with vectors. Memory: some tens of vectors of P doubles.
      auto: exact where that fits in half of the memory that is free (of a program: up to \
      \(RemoteSpectrum.exactLimit) parameters), else matrixFree.

      With --command the objective is a program's, in any language (docs/protocol.md). The program \
      itself is tested first, and refused where its answers contradict each other.
      """)

  @Argument(help: "The folder of a run that `saddle train` or `saddle import` made.")
  var folder: String?
  @OptionGroup var program: ProgramOption
  @OptionGroup var options: SpectrumOptions
  @OptionGroup var data: DataOption
  @OptionGroup var junit: JUnitOption
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (folder == nil) != (program.command == nil) else {
      throw ValidationError("give the folder of a run, or --command with a program")
    }
    guard program.command != nil || program.parameters == nil else {
      throw ValidationError("--parameters is for --command: a run has its own")
    }
    guard program.command != nil || program.report == nil else {
      throw ValidationError("--report is for --command; of a run, `saddle report` makes the page")
    }
  }

  func run() throws {
    try reportingErrors {
      if let command = program.command {
        return try RemoteSpectrum(
          command: command, program: program, options: options, junit: junit, output: output
        ).run()
      }
      let folder = RunFolder(self.folder ?? "")
      let (run, parameters, history) = try folder.trained()
      let prepared = try run.experiment.prepared(from: data.folder)
      try folder.requireData(of: prepared)
      let objective = try prepared.objective(Double.self)
      guard parameters.count == objective.dimension else {
        throw TrainingError.stateDoesNotFit(
          parameters: parameters.count, network: objective.dimension)
      }
      let test = try prepared.testEvaluation(at: parameters)
      let measured = try PointMeasurement(
        of: objective, at: parameters, settings: options.point(order: objective.dimension),
        refined: options.refine ? folder.refined() : nil, progress: output.say)
      if let analysis = measured.analysis { try folder.write(analysis) }
      let claims =
        measured.settings.isOfHessian
        ? Claim.all(for: measured.record, startingLoss: history.first?.evaluation.loss) : []
      try junit.write("spectrum", of: folder.path, claims.map(JUnitReport.Case.init))
      if output.json {
        try printJSON(
          SpectrumOutput(
            of: measured, experiment: run.experiment, test: test, claims: claims,
            classes: prepared.classes))
      } else {
        print("\(objective.network) on \(prepared.samples.name)\n")
        measured.print(test: test, claims: claims, classes: prepared.classes)
      }
    }
  }
}

/// What is taken of a spectrum, and how.
struct SpectrumOptions: ParsableArguments {
  enum Method: String, CaseIterable, ExpressibleByArgument {
    case auto, exact, counts, matrixFree
  }

  @Option(help: "How the spectrum is taken.")
  var method = Method.auto
  @Option(
    help: """
      The matrix: hessian, gaussNewton, fisher, monteCarloFisher, empiricalFisher, \
      gradientCovariance, residual (Hessian less Gauss–Newton).
      """)
  var curvature = CurvatureKind.hessian
  @Flag(help: "Leave the weight decay's part out of the matrix.")
  var withoutPenalty = false
  @Flag(help: "Also the spectrum of each layer's own block (exact).")
  var byLayer = false
  @Flag(help: "Also fit the semicircle and Marchenko–Pastur to the bulk (exact).")
  var fit = false
  @Flag(
    help: """
      Also refine the point to a critical point and classify that (Hessian, exact); goes on from \
      the refined point that the folder keeps, if it keeps one.
      """)
  var refine = false
  @Option(parsing: .unconditional, help: "Eigenpairs at each end (matrixFree).")
  var pairs = 12
  @Option(
    parsing: .unconditional, help: "Products with a vector that the extremes may take (matrixFree).")
  var products = 3000
  @Option(parsing: .unconditional, help: "Lanczos steps of each probe (matrixFree).")
  var steps = 100
  @Option(parsing: .unconditional, help: "Random probes of the density (matrixFree).")
  var probes = 4
  @Option(help: "Seeds probes, starts and bootstraps.")
  var seed: UInt64 = 0

  func validate() throws {
    let isHessian = curvature == .hessian && !withoutPenalty
    if refine && !isHessian { throw ValidationError("--refine is for the Hessian") }
    if (byLayer || fit || refine) && (method == .counts || method == .matrixFree) {
      throw ValidationError("--by-layer, --fit and --refine take all eigenvalues: --method exact")
    }
  }

  /// The method for a matrix of order P.
  private func method(order: Int, exactLimit: Int) -> PointSettings.Method {
    switch method {
    case .exact: return .exact
    case .counts: return .counts
    case .matrixFree: return .matrixFree
    case .auto: break
    }
    let (bytes, overflows) = order.multipliedReportingOverflow(by: 16 * order)
    let fits =
      !overflows && bytes <= MemoryBudget.available() / 2 && order <= exactLimit
    return fits || byLayer || fit || refine ? .exact : .matrixFree
  }

  /// The settings for a matrix of order P.
  ///
  /// - Parameter exactLimit: the greatest P that `auto` takes all eigenvalues of.
  func point(order: Int, exactLimit: Int = .max) -> PointSettings {
    var settings = PointSettings(method: method(order: order, exactLimit: exactLimit))
    settings.curvature = curvature
    settings.includesPenalty = !withoutPenalty
    settings.byLayer = byLayer
    settings.fit = fit
    settings.refine = refine
    settings.matrixFree.pairs = pairs
    settings.matrixFree.products = products
    settings.matrixFree.steps = steps
    settings.matrixFree.probes = probes
    settings.matrixFree.seed = seed
    settings.seed = seed
    return settings
  }
}

extension CurvatureKind: ExpressibleByArgument {
  public init?(argument: String) {
    switch argument {
    case "hessian": self = .hessian
    case "gaussNewton": self = .gaussNewton
    case "fisher": self = .fisher
    case "monteCarloFisher": self = .monteCarloFisher(draws: 1, seed: 0)
    case "empiricalFisher": self = .empiricalFisher
    case "gradientCovariance": self = .gradientCovariance
    case "residual": self = .residual
    default: return nil
    }
  }
}

extension PreparedExperiment {
  /// How many classes the samples are of; nil where targets are values.
  var classes: Int? {
    switch samples {
    case .images(let images): images.classes
    case .table(let table):
      switch table.targets {
      case .classes: table.outputs
      case .values: nil
      }
    }
  }
}
