import Foundation
import Oracles
import Saddle
import SaddleOracles

/// What reads bytes that others wrote.
///
/// Whatever the bytes are, a reader takes them or throws an error of the project's own.
public enum FuzzedReader: String, CaseIterable, Sendable {
  case idx, cifar10, npy, npz, safetensors, eigenvalues
  case experiments, network
  case run, checkpoint, pack, manifest
  case programAnswer, serverRequests, remoteDescription

  /// Gives the bytes to the reader.
  ///
  /// - Parameter folder: where it may write what it reads from files.
  /// - Returns: the error that it refused them with.
  /// - Throws: `UntypedRefusal`, `NotTheSameAgain`.
  @discardableResult
  public func read(_ bytes: [UInt8], in folder: ReadersFolder) throws -> (any Error)? {
    do {
      try take(bytes, in: folder)
      return nil
    } catch let error as NotTheSameAgain {
      throw error
    } catch {
      let type = String(reflecting: type(of: error))
      guard ["Saddle.", "Oracles.", "SaddleOracles.", "Dialogue."].contains(where: type.hasPrefix),
        !"\(error)".isEmpty
      else { throw UntypedRefusal(type: type, text: "\(error)") }
      return error
    }
  }

  private func take(_ bytes: [UInt8], in folder: ReadersFolder) throws {
    switch self {
    case .idx: try takeIDX(bytes, in: folder)
    case .cifar10:
      _ = try CIFAR10.read(folder.write(bytes), name: rawValue)
    case .npy, .npz, .safetensors:
      let archive = try TensorArchive(bytes: bytes, file: rawValue)
      guard let format = TensorFileFormat(rawValue: rawValue) else { return }
      try requireSameAgain(archive, as: format)
    case .eigenvalues:
      // The first byte names a column.
      let column = bytes.first.flatMap { $0 < 4 ? Int($0) : nil }
      _ = try EigenvalueFile(
        readingFrom: folder.write(column == nil ? bytes : Array(bytes.dropFirst())), column: column)
    case .experiments: try takeExperiments(bytes)
    case .network:
      _ = try RunFolder(folder.path).read(
        Network.self, from: URL(fileURLWithPath: folder.write(bytes, "network.json")).lastPathComponent)
    case .run: try folder.takeRun(bytes)
    case .checkpoint: try folder.takeCheckpoint(bytes)
    case .pack: try folder.takePack(bytes)
    case .manifest: try folder.takeManifest(bytes)
    case .programAnswer: try takeAnswer(bytes)
    case .serverRequests: takeRequests(bytes)
    case .remoteDescription:
      do {
        try ProgramMessage.read(RemoteDescription.self, from: Data(bytes)).check()
      } catch let error as ProgramMessage.NotAMessage {
        throw ProgramError.Cause.notJSON(line: rawValue, why: error.why)
      }
    }
  }

  /// The first byte says which of the two files they are.
  private func takeIDX(_ bytes: [UInt8], in folder: ReadersFolder) throws {
    let file = try folder.write(Array(bytes.dropFirst()))
    _ = try IDX.count(file)
    let isImages = bytes.first == 0
    let other = try folder.write(isImages ? Seed.idxLabels : Seed.idxImages, "other")
    _ = try IDX.read(
      images: isImages ? file : other, labels: isImages ? other : file, name: rawValue)
  }

  /// What is written of what was read is read as the same.
  private func requireSameAgain(_ archive: TensorArchive, as format: TensorFileFormat) throws {
    let written = try archive.bytes(as: format)
    let again = try TensorArchive(bytes: written, file: rawValue).bytes(as: format)
    guard written == again else { throw NotTheSameAgain(reader: rawValue) }
  }

  private func takeExperiments(_ bytes: [UInt8]) throws {
    if let one = try? Experiment(json: Data(bytes), path: rawValue) {
      let text = try JSON.encode(one)
      guard try Experiment(json: text, path: rawValue) == one else {
        throw NotTheSameAgain(reader: rawValue)
      }
    }
    let grid = try ExperimentGrid(json: Data(bytes), path: rawValue)
    let again = try ExperimentGrid(json: JSON.encode(grid), path: rawValue)
    guard try JSON.encode(grid) == JSON.encode(again) else {
      throw NotTheSameAgain(reader: rawValue)
    }
    _ = try grid.slice()
  }

  private func takeAnswer(_ bytes: [UInt8]) throws {
    let answer = try ProgramAnswer(bytes, to: 1)
    let function = StepFunction(
      value: { $0[0] }, gradient: { $0 }, hessianVectorProduct: { $1 })
    for read in [
      { _ = try answer.traits() }, { _ = try answer.memory() }, { _ = try answer.point(count: 2) },
      { _ = try answer.reply(from: function, dimension: 2) },
    ] {
      do { try read() } catch is ProgramError.Cause {}
    }
  }

  /// Lines to an optimizer that is served: requests, and answers to what it asks.
  private func takeRequests(_ bytes: [UInt8]) {
    let lines = Lines(bytes)
    let names = ["adam", "lbfgs", "perturbedGD", "krylovSaddleFreeNewton"]
    guard let name = bytes.first.map({ names[Int($0) % names.count] }),
      let entry = try? catalogEntry(name)
    else { return }
    var server = OptimizerServer(entry: entry, settings: [:], seed: 1) { _ in lines.next() }
    while let line = lines.next(), server.reply(to: line) != nil {}
  }
}

/// A reader ended with an error that says nothing of what was read.
public struct UntypedRefusal: Error {
  public let type: String
  public let text: String
}

/// What was read, written and read again is another.
public struct NotTheSameAgain: Error {
  public let reader: String
}
