import Foundation
import Oracles
import Support
import Testing

/// The core must not lean on what checks it, nor the other way round.
@Suite struct IndependenceTests {
  /// The modules that each Swift file below a folder imports.
  private func imports(below folder: String) throws -> [(file: String, modules: Set<String>)] {
    let root = projectFolder.appending(path: folder)
    let files = try #require(FileManager.default.enumerator(atPath: root.path))
      .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
    #expect(!files.isEmpty)
    return try files.map { file in
      let text = try String(contentsOf: root.appending(path: file), encoding: .utf8)
      let modules = text.split(separator: "\n")
        .filter { $0.contains(#/^\s*(@\w+ |public |package )*import /#) }
        .compactMap { $0.split(separator: " ").last.map(String.init) }
      return (file, Set(modules))
    }
  }

  @Test func `the core imports neither GSL nor the oracles`() throws {
    for (file, modules) in try imports(below: "Sources/Saddle") {
      #expect(modules.isDisjoint(with: ["CGSL", "Oracles"]), "\(file)")
    }
  }

  @Test func `the oracles never call BLAS, and meet the core in three files`() throws {
    let bridges = [
      "Derivatives/TaylorTest+Objective.swift", "Landscapes/Landscape+Objective.swift",
      "Optimizers/OptimizerSubject+Saddle.swift",
    ]
    for (file, modules) in try imports(below: "Sources/Oracles") {
      #expect(!modules.contains("COpenBLAS"), "\(file)")
      if !bridges.contains(file) {
        #expect(!modules.contains("Saddle"), "\(file)")
      }
    }
  }

  @Test func `only the bridge imports OpenBLAS`() throws {
    let importers = try imports(below: "Sources").filter { $0.modules.contains("COpenBLAS") }
    #expect(importers.map(\.file) == ["Saddle/Algebra/Scalar+LAPACK.swift"])
  }

  @Test func `GSL's eigensolvers run on GSL's own BLAS`() throws {
    #if os(Linux)
      let file = try #require(GSL.blasFile, "the eigensolvers are not isolated")
      #expect(file.contains("gslcblas"), "\(file)")
    #endif
  }
}
