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
      #expect(modules.isDisjoint(with: ["CGSL", "Oracles", "SaddleOracles"]), "\(file)")
    }
  }

  @Test func `the oracles know neither BLAS nor the core`() throws {
    for (file, modules) in try imports(below: "Sources/Oracles") {
      #expect(modules.isDisjoint(with: ["COpenBLAS", "Saddle", "SaddleOracles"]), "\(file)")
    }
  }

  @Test func `what bridges them computes with neither BLAS nor GSL`() throws {
    for (file, modules) in try imports(below: "Sources/SaddleOracles") {
      #expect(modules.isDisjoint(with: ["COpenBLAS", "CGSL"]), "\(file)")
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
