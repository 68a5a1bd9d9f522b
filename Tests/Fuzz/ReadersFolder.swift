import Foundation
import Saddle

/// A folder for one reader at a time: with files of the bytes it reads, beside what belongs to them.
public final class ReadersFolder {
  public let url: URL
  /// What a run has whose other files are whole, by name.
  private let whole: [String: Data]
  private let prepared: PreparedExperiment

  /// - Parameter url: an empty folder.
  public init(_ url: URL) throws {
    self.url = url
    prepared = try Seed.experiment.prepared(from: DataFolder())
    whole = try Self.wholeRun(of: prepared, in: url.appending(path: "whole"))
  }

  public var path: String { url.path }

  /// Files with these bytes, by path.
  func write(_ bytes: [UInt8], _ name: String = "file") throws -> String {
    let path = url.appending(path: name).path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// A small run's files, without the sums that would refuse any other at once.
  private static func wholeRun(
    of prepared: PreparedExperiment, in url: URL
  ) throws -> [String: Data] {
    _ = try prepared.train(in: RunFolder(url.path), spectrumEvery: 1)
    try FileManager.default.removeItem(at: url.appending(path: "manifest.sha256"))
    let names = try FileManager.default.contentsOfDirectory(atPath: url.path)
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: url.appending(path: $0))) })
  }

  /// The first byte says which file of a run the others are. Reading changes nothing: that file is put
  /// in, and the whole one back.
  func takeRun(_ bytes: [UInt8]) throws {
    let names = [
      "run.json", "history.json", "parameters.bin", "spectra.json", "analysis.json", "finding.json",
    ]
    guard let first = bytes.first else { return }
    let name = names[Int(first) % names.count]
    let folder = RunFolder(url.appending(path: "whole").path)
    let file = URL(fileURLWithPath: folder.path).appending(path: name)
    try Data(bytes.dropFirst()).write(to: file)
    let refusal = Result {
      switch name {
      case "analysis.json": _ = try folder.read(PointAnalysis.self, from: name)
      case "finding.json": _ = try folder.read(Finding.self, from: name)
      case "spectra.json": _ = try folder.read([PointAlong].self, from: name)
      default: _ = try folder.trained()
      }
    }
    if let content = whole[name] {
      try content.write(to: file)
    } else {
      try FileManager.default.removeItem(at: file)
    }
    try refusal.get()
  }

  /// Goes on with a run from a checkpoint.
  func takeCheckpoint(_ bytes: [UInt8]) throws {
    let folder = url.appending(path: "run")
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    for (name, content) in whole { try content.write(to: folder.appending(path: name)) }
    try Data(bytes).write(to: folder.appending(path: "checkpoint.json"))
    _ = try prepared.train(in: RunFolder(folder.path), resume: true)
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
