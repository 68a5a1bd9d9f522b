import Foundation
import Saddle
import Testing

@Suite(.enabled(if: LoopbackServer.isPossible, "python3 serves the files: apt-get install python3"))
struct DataFetchTests {
  private static let body = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 4) }
  /// No proxy between this machine and itself.
  private static let environment = ProcessInfo.processInfo.environment.merging(
    ["no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"]
  ) { $1 }

  private func published(_ body: [UInt8], as name: String = "file.gz") throws -> PublishedFile {
    PublishedFile(
      name: name, digests: [try Digest(.md5, of: body), try Digest(.sha256, of: body)])
  }

  private func fetch(
    _ dataset: Dataset = .mnist, from address: String, into root: String, _ file: PublishedFile,
    environment: [String: String] = environment
  ) -> (events: [DataFetch.Event], error: DataError?) {
    let fetch = DataFetch(
      dataset, mirror: address, into: root, files: [file], showsProgress: false,
      environment: environment)
    var events: [DataFetch.Event] = []
    do throws(DataError) {
      try fetch.run { events.append($0) }
      return (events, nil)
    } catch {
      return (events, error)
    }
  }

  @Test func `a file that verifies gets its name, and is not fetched again`() throws {
    let scratch = try DataScratch()
    try scratch.write(Self.body, to: "web/file.gz")
    let server = try LoopbackServer(serving: "\(scratch.path)/web")
    let file = try published(Self.body)
    let path = "\(scratch.path)/data/mnist/file.gz"
    for round in 0..<2 {
      let result = fetch(from: server.address, into: "\(scratch.path)/data", file)
      #expect(result.error == nil)
      #expect(
        result.events
          == (round == 0
            ? [.downloading(url: "\(server.address)file.gz"), .verified(path: path)]
            : [.alreadyThere(path: path)]))
    }
    #expect(try scratch.read("data/mnist/file.gz") == Self.body)
    #expect(scratch.exists("data/mnist/file.gz.part") == false)
    #expect(server.requests == ["/file.gz"])
  }

  @Test func `a part is continued from where it ended`() throws {
    let scratch = try DataScratch()
    try scratch.write(Self.body, to: "web/file.gz")
    try scratch.write(Array(Self.body.prefix(20_000)), to: "data/mnist/file.gz.part")
    let server = try LoopbackServer(serving: "\(scratch.path)/web")
    let result = fetch(
      from: server.address, into: "\(scratch.path)/data", try published(Self.body))
    #expect(result.error == nil)
    #expect(try scratch.read("data/mnist/file.gz") == Self.body)
    #expect(server.requests == ["/file.gz bytes=20000-"])
  }

  @Test func `a mirror that cannot continue sends the whole file afresh`() throws {
    let scratch = try DataScratch()
    try scratch.write(Self.body, to: "web/file.gz")
    try scratch.write(Array(Self.body.prefix(20_000)), to: "data/mnist/file.gz.part")
    let server = try LoopbackServer(serving: "\(scratch.path)/web", ranges: false)
    let result = fetch(
      from: server.address, into: "\(scratch.path)/data", try published(Self.body))
    #expect(result.error == nil)
    #expect(try scratch.read("data/mnist/file.gz") == Self.body)
    #expect(server.requests == ["/file.gz bytes=20000-", "/file.gz"])
  }

  @Test func `a part that is longer than its file is fetched afresh`() throws {
    let scratch = try DataScratch()
    try scratch.write(Self.body, to: "web/file.gz")
    try scratch.write(Self.body + [1, 2, 3], to: "data/mnist/file.gz.part")
    let server = try LoopbackServer(serving: "\(scratch.path)/web")
    let result = fetch(
      from: server.address, into: "\(scratch.path)/data", try published(Self.body))
    #expect(result.error == nil)
    #expect(try scratch.read("data/mnist/file.gz") == Self.body)
  }

  @Test func `a part that is whole needs no network`() throws {
    let scratch = try DataScratch()
    try scratch.write(Self.body, to: "data/mnist/file.gz.part")
    let result = fetch(
      from: "http://127.0.0.1:1/", into: "\(scratch.path)/data", try published(Self.body))
    #expect(result.error == nil)
    #expect(try scratch.read("data/mnist/file.gz") == Self.body)
  }

  @Test func `a file that is not the published one is removed`() throws {
    let scratch = try DataScratch()
    let other = Array(Self.body.reversed())
    try scratch.write(other, to: "web/file.gz")
    let server = try LoopbackServer(serving: "\(scratch.path)/web")
    let result = fetch(
      from: server.address, into: "\(scratch.path)/data", try published(Self.body))
    #expect(
      result.error
        == .checksumMismatch(
          path: "\(scratch.path)/data/mnist/file.gz", algorithm: .md5,
          expected: try Digest(.md5, of: Self.body).hexadecimal,
          found: try Digest(.md5, of: other).hexadecimal))
    #expect(scratch.exists("data/mnist/file.gz") == false)
    #expect(scratch.exists("data/mnist/file.gz.part") == false)
  }

  @Test func `every recorded digest is checked`() throws {
    let scratch = try DataScratch()
    try scratch.write(Self.body, to: "web/file.gz")
    let server = try LoopbackServer(serving: "\(scratch.path)/web")
    let file = PublishedFile(
      name: "file.gz", digests: [try Digest(.md5, of: Self.body), Digest(.sha256, "00")])
    let result = fetch(from: server.address, into: "\(scratch.path)/data", file)
    guard case .checksumMismatch(_, .sha256, "00", _) = result.error else {
      Issue.record("\(String(describing: result.error))")
      return
    }
  }

  @Test func `a wrong file in place is replaced`() throws {
    let scratch = try DataScratch()
    try scratch.write(Self.body, to: "web/file.gz")
    try scratch.write([1, 2, 3], to: "data/mnist/file.gz")
    let server = try LoopbackServer(serving: "\(scratch.path)/web")
    let result = fetch(
      from: server.address, into: "\(scratch.path)/data", try published(Self.body))
    #expect(result.error == nil)
    #expect(try scratch.read("data/mnist/file.gz") == Self.body)
  }

  @Test func `a mirror without the file is named, and a part is kept`() throws {
    let scratch = try DataScratch()
    _ = try scratch.makeFolder("web")
    try scratch.write([1, 2, 3], to: "data/mnist/file.gz.part")
    let server = try LoopbackServer(serving: "\(scratch.path)/web")
    let result = fetch(
      from: server.address, into: "\(scratch.path)/data", try published(Self.body))
    guard case .downloadFailed(let url, let cause) = result.error else {
      Issue.record("\(String(describing: result.error))")
      return
    }
    #expect(url == "\(server.address)file.gz")
    #expect(cause.contains("404"))
    #expect(try scratch.read("data/mnist/file.gz.part") == [1, 2, 3])
  }

  @Test func `a mirror that does not answer fails the download`() throws {
    let scratch = try DataScratch()
    let result = fetch(
      from: "http://127.0.0.1:1", into: "\(scratch.path)/data", try published(Self.body))
    guard case .downloadFailed("http://127.0.0.1:1/file.gz", _) = result.error else {
      Issue.record("\(String(describing: result.error))")
      return
    }
  }

  @Test func `without curl the program is named`() throws {
    let scratch = try DataScratch()
    let result = fetch(
      from: "http://127.0.0.1:1/", into: "\(scratch.path)/data", try published(Self.body),
      environment: ["PATH": scratch.path])
    #expect(result.error == .programMissing(name: "curl"))
  }

  /// An archive of a made-up CIFAR-10 of one record per file.
  private func archive(_ scratch: borrowing DataScratch, without left: String?) throws {
    for file in CIFAR10.File.allCases where file.rawValue != left {
      try scratch.write(
        Made.record(1, red: 2, green: 3, blue: 4), to: "cifar-10-batches-bin/\(file.rawValue)")
    }
    let folder = try scratch.makeFolder("web")
    let tar = Process()
    tar.executableURL = URL(filePath: "/usr/bin/env")
    tar.arguments = [
      "tar", "-czf", "\(folder)/cifar.tar.gz", "-C", scratch.path, "cifar-10-batches-bin",
    ]
    try tar.run()
    tar.waitUntilExit()
    try #require(tar.terminationStatus == 0)
  }

  @Test func `an archive is unpacked with a receipt, and not fetched again`() throws {
    let scratch = try DataScratch()
    try archive(scratch, without: nil)
    let server = try LoopbackServer(serving: "\(scratch.path)/web")
    let root = "\(scratch.path)/data"
    let file = try published(try scratch.read("web/cifar.tar.gz"), as: "cifar.tar.gz")

    #expect(fetch(.cifar10, from: server.address, into: root, file).error == nil)
    let images = try DataSource.cifar10(files: CIFAR10.File.allCases, firstOfEach: 1)
      .load(from: DataFolder(root))
    #expect(images.labels == [1, 1, 1, 1, 1, 1])
    #expect(scratch.exists("data/cifar.tar.gz") == false)
    #expect(scratch.exists("data/cifar-10-batches-bin.unpacking") == false)
    #expect(DatasetStatus(.cifar10, in: DataFolder(root)).isOriginal)

    let again = fetch(.cifar10, from: server.address, into: root, file)
    #expect(again.events == [.alreadyThere(path: "\(root)/cifar-10-batches-bin")])
    #expect(server.requests.count == 1)

    // A damaged file breaks the receipt: the status says so and the next fetch mends it.
    try scratch.write(
      Made.record(9, red: 0, green: 0, blue: 0), to: "data/cifar-10-batches-bin/test_batch.bin")
    #expect(!DatasetStatus(.cifar10, in: DataFolder(root)).isOriginal)
    #expect(fetch(.cifar10, from: server.address, into: root, file).error == nil)
    #expect(DatasetStatus(.cifar10, in: DataFolder(root)).isOriginal)
  }

  @Test func `an archive that lacks a file is refused`() throws {
    let scratch = try DataScratch()
    try archive(scratch, without: "test_batch.bin")
    let server = try LoopbackServer(serving: "\(scratch.path)/web")
    let file = try published(try scratch.read("web/cifar.tar.gz"), as: "cifar.tar.gz")
    let result = fetch(.cifar10, from: server.address, into: "\(scratch.path)/data", file)
    #expect(
      result.error
        == .unpackFailed(
          path: "\(scratch.path)/data/cifar.tar.gz", cause: "it holds no test_batch.bin"))
    #expect(scratch.exists("data/cifar-10-batches-bin") == false)
  }

  @Test func `a file that is no archive is refused`() throws {
    let scratch = try DataScratch()
    try scratch.write(Self.body, to: "web/cifar.tar.gz")
    let server = try LoopbackServer(serving: "\(scratch.path)/web")
    let file = try published(Self.body, as: "cifar.tar.gz")
    let result = fetch(.cifar10, from: server.address, into: "\(scratch.path)/data", file)
    guard case .unpackFailed = result.error else {
      Issue.record("\(String(describing: result.error))")
      return
    }
  }

  @Test func `the published digests are whole`() {
    for file in Dataset.allCases.flatMap(\.published) {
      #expect(file.digests.map(\.algorithm) == [.md5, .sha256])
      #expect(file.digests.map(\.hexadecimal.count) == [32, 64])
    }
  }
}
