import ArgumentParser
import Foundation
import Saddle

struct LawCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "law",
    abstract: "Tells whether a spectrum is a random matrix's.",
    discussion: """
      Fits the semicircle, Marchenko and Pastur's law and their free convolution to the bulk, and \
      tests each by a parametric bootstrap with random matrices; tests where the greatest and the \
      least eigenvalue stand in Tracy and Widom's law, and how neighbouring eigenvalues keep \
      apart. The verdict is of a GOE or GUE matrix's spectrum, by all p-values together; such a \
      matrix has no eigenvalue of zero, so that zeros count against it unless they are declared. The \
      eigenvalues are a file's, or those of a matrix that is drawn.
      """)

  @Argument(
    help: """
      A file of eigenvalues, one row or one column: text, JSON (an array, or what `saddle spectrum \
      --json` prints, with its structural zeros), .npy, .npz or .safetensors.
      """)
  var file: String?
  @Option(help: ArgumentHelp(stringLiteral: RandomMatrixEnsemble.help))
  var ensemble: RandomMatrixEnsemble?
  @Option(name: [.customShort("n"), .long], help: "The order of the matrix that is drawn.")
  var order = 1000
  @Option(help: "Seeds the matrix and the bootstrap.")
  var seed: UInt64 = 0
  @Option(help: "The column of a table that holds the eigenvalues, from 1 on.")
  var column: Int?
  @Option(
    help: """
      How many of the eigenvalues are known to be zero (default: what a JSON file says, else 0).
      """)
  var structuralZeros: Int?
  @Option(
    help: "1 to test as GOE's spectrum, 2 as GUE's (default: 2 for a matrix of GUE's, else 1)")
  var beta: TracyWidomLaw.Index?
  @Flag(help: "Draw the eigenvalues against the laws.")
  var plot = false
  @Option(name: .customLong("out"), help: "The picture's file, an SVG.")
  var picture = "law.svg"
  @OptionGroup var junit: JUnitOption
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (file == nil) != (ensemble == nil) else {
      throw ValidationError("give a file of eigenvalues or an --ensemble to draw them from")
    }
    guard column == nil || file != nil else {
      throw ValidationError("--column is of a file")
    }
  }

  func run() throws {
    try reportingErrors {
      let spectrum = try self.spectrum()
      var generator = RandomStream(seed: seed, name: "bootstrap")
      let options = BulkFitOptions(index: beta ?? ensemble?.index ?? .orthogonal)
      let report = try LawReport(of: spectrum, options: options, using: &generator)
      let answer = report.answer
      try junit.write(
        "law", of: file ?? "\(order) eigenvalues that were drawn",
        [
          JUnitReport.Case(
            "it is the spectrum of a \(report.index.ensemble) matrix", answer.verdict, answer.evidence)
        ])
      if output.json {
        try printJSON(AnsweredLaw(report: report))
      } else {
        printTable(report.table)
      }
      guard plot else { return }
      let drawing = try Gnuplot().svg(
        report.chart(of: spectrum, limit: ensemble?.limit(order: order)))
      try DurableFile.replace(picture, with: Data(drawing.utf8))
      output.say("the picture is in \(picture)")
    }
  }

  private func spectrum() throws -> Spectrum {
    if let file {
      let read = try EigenvalueFile(readingFrom: file, column: column)
      return try Spectrum(
        eigenvalues: read.eigenvalues,
        structuralZeros: structuralZeros ?? read.structuralZeros ?? 0)
    }
    // The matrix's tridiagonal form, its spectrum and those of the bootstrap.
    try MemoryBudget.require(
      MemoryBudget.bytes(order, 8, MemoryLayout<Double>.stride),
      for: "a spectrum of \(order) eigenvalues")
    var generator = RandomStream(seed: seed, name: "matrix")
    return try Spectrum(
      eigenvalues: try ensemble?.spectrum(order: order, using: &generator) ?? [],
      structuralZeros: structuralZeros ?? 0)
  }
}

/// A report's own keys, and what it comes to.
private struct AnsweredLaw: Encodable {
  let report: LawReport

  private enum Key: CodingKey { case answer }

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(report.answer, forKey: .answer)
  }
}

extension TracyWidomLaw.Index: ExpressibleByArgument {}

extension RandomMatrixEnsemble {
  fileprivate var index: TracyWidomLaw.Index {
    switch self {
    case .gue, .betaHermite(beta: 2): .unitary
    default: .orthogonal
    }
  }
}
