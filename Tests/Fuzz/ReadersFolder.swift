import Foundation
import Saddle

/// A folder for one reader at a time: with files of the bytes it reads, beside what belongs to them.
public final class ReadersFolder {
  public let url: URL
  /// What a run has whose other files are whole, by name.
  private let whole: [String: Data]

  /// - Parameter url: an empty folder.
  public init(_ url: URL) throws {
    self.url = url
    whole = try Self.wholeRun(in: url.appending(path: "whole"))
  }

  public var path: String { url.path }

  /// Files with these bytes, by path.
  func write(_ bytes: [UInt8], _ name: String = "file") throws -> String {
    let path = url.appending(path: name).path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// A small run's files, without the sums that would refuse any other at once.
  private static func wholeRun(in url: URL) throws -> [String: Data] {
    let folder = RunFolder(url.path)
    _ = try Seed.experiment.prepared(from: DataFolder()).train(in: folder, spectrumEvery: 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: url.path)
    return try Dictionary(
      uniqueKeysWithValues: names.filter { !["lock", "manifest.sha256"].contains($0) }.map {
        ($0, try Data(contentsOf: url.appending(path: $0)))
      })
  }

  /// A run of which one file has these bytes.
  private func run(with bytes: Data, as name: String) throws -> RunFolder {
    let folder = url.appending(path: "run")
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    for (other, content) in whole { try content.write(to: folder.appending(path: other)) }
    try bytes.write(to: folder.appending(path: name))
    return RunFolder(folder.path)
  }

  /// The first byte says which file the others are.
  func takeRun(_ bytes: [UInt8]) throws {
    let names = [
      "run.json", "history.json", "parameters.bin", "spectra.json", "analysis.json", "finding.json",
    ]
    guard let first = bytes.first else { return }
    let name = names[Int(first) % names.count]
    let folder = try run(with: Data(bytes.dropFirst()), as: name)
    switch name {
    case "analysis.json": _ = try folder.read(PointAnalysis.self, from: name)
    case "finding.json": _ = try folder.read(Finding.self, from: name)
    case "spectra.json": _ = try folder.read([PointAlong].self, from: name)
    default: _ = try folder.trained()
    }
  }

  /// Goes on with a run from a checkpoint.
  func takeCheckpoint(_ bytes: [UInt8]) throws {
    let folder = try run(with: Data(bytes), as: "checkpoint.json")
    _ = try Seed.experiment.prepared(from: DataFolder()).train(in: folder, resume: true)
  }

  func takePack(_ bytes: [UInt8]) throws {
    let store = url.appending(path: "pack")
    try FileManager.default.createDirectory(at: store, withIntermediateDirectories: true)
    try Data(bytes).write(to: store.appending(path: "results.json"))
    let (results, _) = try ExperimentStore(store.path).results()
    _ = RunTable(results)
    _ = Survey(results)
    _ = SurveyDiff(results, results)
  }

  func takeManifest(_ bytes: [UInt8]) throws {
    let store = url.appending(path: "listed")
    try FileManager.default.createDirectory(at: store, withIntermediateDirectories: true)
    try Data(bytes).write(to: store.appending(path: "manifest.sha256"))
    // What it lists is not there, which is no reader's fault.
    do { _ = try RunFolder(store.path).numbers("parameters.bin") } catch is RunError {}
    _ = try ExperimentStore(store.path).verified()
  }
}
