import Foundation
import Oracles
import Saddle

/// What `saddle doctor` finds.
struct Diagnosis: Encodable {
  let isFine: Bool
  let summary: String
  let lines: [Line]
  let figures: MachineFigures

  /// One thing, and the one command that mends it where it is not fine.
  struct Line: Encodable, CustomStringConvertible {
    let name: String
    let value: String
    let remedy: String?
    /// Whether a fault in it is one of the whole.
    let isEssential: Bool

    init(_ name: String, _ value: String, remedy: String? = nil, isEssential: Bool = true) {
      self.name = name
      self.value = value
      self.remedy = remedy
      self.isEssential = isEssential
    }

    var isFine: Bool { remedy == nil }
    var description: String { value + (remedy.map { ": mend with `\($0)`" } ?? ": fine") }

    private enum CodingKeys: String, CodingKey { case name, value, remedy, isEssential, isFine }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(value, forKey: .value)
      try container.encodeIfPresent(remedy, forKey: .remedy)
      try container.encode(isEssential, forKey: .isEssential)
      try container.encode(isFine, forKey: .isFine)
    }
  }

  /// Looks at this machine, in about two seconds.
  init(of data: DataFolder) {
    let figures = MachineFigures.measured(seconds: 0.5)
    lines =
      [
        Line("processor", "\(figures.processor)"),
        Line("BLAS", "\(figures.library.version), \(figures.library.file ?? "file unknown")"),
        Self.kernel(figures, start: .current),
        Self.products(KernelCheck.fault()),
        Self.threads(figures.library.threads),
        Self.speed(
          "gemm, double", figures.doubleProduct, of: figures.peak.flops(Double.self), figures),
        Self.speed("gemm, single", figures.floatProduct, of: figures.peak.flops(Float.self), figures),
        Line(
          "memory",
          String(format: "%.1f GB/s by a triad on one thread", MachineFigures.memoryBandwidth() / 1e9)),
      ] + Self.gsl() + [Self.gnuplot()] + Dataset.allCases.map { Self.dataset($0, in: data) }
    self.figures = figures
    summary = figures.summary
    isFine = lines.allSatisfy { $0.isFine || !$0.isEssential }
  }

  /// The kernels, and how they came to be these.
  static func kernel(_ figures: MachineFigures, start: BLASStart?) -> Line {
    let library = figures.library
    let replaced = start?.replacedKernel.map { ", in place of \($0)" } ?? ""
    let best = figures.processor.kernels.first
    switch library.fit(on: figures.processor) {
    case .right:
      let asked = start.flatMap { $0.kernel == nil ? nil : $0.userCoreType }
      return Line(
        "kernels",
        library.kernelName + replaced
          + (asked.map { ", which OPENBLAS_CORETYPE=\($0) asks for in every program but this" } ?? ""),
        // Mended here, but not for other programs.
        remedy: asked.map { _ in "unset OPENBLAS_CORETYPE" }, isEssential: false)
    case .older, .beyond:
      let isOlder = library.fit(on: figures.processor) == .older
      return Line(
        "kernels",
        "\(library.kernelName)\(replaced), \(isOlder ? "older than" : "beyond") this "
          + "\(figures.processor.vectors.rawValue) processor",
        remedy: best.map { "export OPENBLAS_CORETYPE=\($0.coreType)" } ?? "unset OPENBLAS_CORETYPE")
    }
  }

  static func products(_ fault: String?) -> Line {
    guard let fault else { return Line("products", "right, by exact checks in both precisions") }
    // The kernels that have been in use longest on processors with vectors.
    return Line("products", "WRONG: \(fault)", remedy: "export OPENBLAS_CORETYPE=NEHALEM")
  }

  static func threads(_ threads: Int) -> Line {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return Line(
      "threads", "\(threads) for \(cores) core\(cores == 1 ? "" : "s")",
      remedy: threads > cores ? "unset OPENBLAS_NUM_THREADS" : nil)
  }

  /// A speed beside what the processor allows; half of it is what a good library reaches even on a
  /// machine that is not idle.
  static func speed(
    _ name: String, _ flops: Double, of peak: Double, _ figures: MachineFigures
  ) -> Line {
    Line(
      name,
      String(format: "%.0f GFLOP/s measured, %.0f %% of %.0f = ", flops / 1e9, 100 * flops / peak, peak / 1e9)
        + "\(figures.peak.derivation)\(name.hasSuffix("single") ? " × 2" : "")",
      // With the right kernels, what else runs is what takes the time.
      remedy: flops >= peak / 2 ? nil : "top", isEssential: false)
  }

  private static func gsl() -> [Line] {
    #if GSL
      [gsl(GSL.blasFile)]
    #else
      []
    #endif
  }

  static func gsl(_ file: String?) -> Line {
    Line(
      "GSL's BLAS", file ?? "the process's own, which GSL is to check",
      remedy: file?.contains("gslcblas") == true ? nil : "apt-get install --reinstall libgslcblas0")
  }

  static func gnuplot() -> Line {
    let environment = ProcessInfo.processInfo.environment
    guard let program = try? Program("gnuplot", environment: environment) else {
      return Line("gnuplot", "not on the PATH", remedy: "apt-get install gnuplot-nox")
    }
    return Line("gnuplot", program.path)
  }

  static func dataset(_ dataset: Dataset, in data: DataFolder) -> Line {
    let status = DatasetStatus(dataset, in: data)
    guard let folder = status.folder else {
      return Line(dataset.title, "not found", remedy: dataset.fetchCommand, isEssential: false)
    }
    let missing = status.files.filter { $0.records == 0 }.map { "\($0.name) \($0.summary)" }
    return Line(
      dataset.title,
      folder
        + (status.isOriginal ? ", the original" : "")
        + (missing.isEmpty ? "" : "; " + missing.joined(separator: ", ")),
      remedy: missing.isEmpty ? nil : dataset.fetchCommand, isEssential: false)
  }
}
