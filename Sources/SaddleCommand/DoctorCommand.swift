import ArgumentParser
import Foundation
import Oracles
import Saddle

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Says whether this machine computes as fast as it can, and what mends it.",
    discussion: """
      Exit code: 0 where all that counts is fine, 1 where something is to be mended. Speeds and \
      data sets are noted and do not count: a machine that is not idle is slow, and Saddle has a \
      data set of its own.
      """)

  @OptionGroup var data: DataOption
  @OptionGroup var junit: JUnitOption
  @Flag(help: "Print JSON, alone on standard output.")
  var json = false
  @Flag(
    help: """
      Print only what OPENBLAS_CORETYPE is to be set to for programs that use OpenBLAS here; \
      nothing where it is set or BLAS chooses well by itself.
      """)
  var coretype = false

  func run() throws {
    try reportingErrors {
      if coretype {
        if let start = BLASStart.current, start.userCoreType == nil, let kernel = start.kernel {
          print(kernel.coreType)
        }
        return
      }
      let diagnosis = Diagnosis(of: data.folder)
      try junit.write("doctor", of: "this machine", diagnosis.lines.map(JUnitReport.Case.init))
      if json {
        try printJSON(diagnosis)
      } else {
        print(diagnosis.figures.summary + "\n")
        printTable(diagnosis.lines.map { ($0.name, $0.description) })
      }
      if !diagnosis.isFine { throw ExitCode(1) }
    }
  }
}

extension JUnitReport.Case {
  fileprivate init(_ line: Diagnosis.Line) {
    let outcome: JUnitReport.Outcome =
      line.isFine
      ? .passed
      : line.isEssential ? .failed(type: "doctor", line.description) : .skipped(line.description)
    self.init(name: line.name, outcome: outcome)
  }
}
