import Foundation
import Saddle
import Testing

/// Data under other folders and in other wrappings than expected.
@Suite struct MisplacedDataTests {
  private static let page = Array("<!DOCTYPE html>\n<html><title>404 Not Found</title></html>\n".utf8)

  @Test(arguments: [false, true]) func `an error page is called one`(isPacked: Bool) throws {
    let scratch = try DataScratch()
    for (page, name) in [
      (Self.page, "an HTML page"),
      (Array("\u{FEFF} \n<html lang=en>".utf8) + Self.page, "an HTML page"),
      (Array("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>    ".utf8), "XML"),
      (Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8), "Git LFS"),
    ] {
      let path = try scratch.write(
        isPacked ? Made.gzip(page) : page, to: "train-images-idx3-ubyte.gz")
      let error = dataError { () throws(DataError) in try IDX.count(path) }
      let text = "\(try #require(error))"
      #expect(text.contains(path) && text.contains(name), "\(text)")
      #expect(text.contains("saddle data fetch mnist"), "\(text)")
      #expect(!text.contains("changed places"), "\(text)")
      let batch = try scratch.write(page, to: "data_batch_1.bin")
      let other = dataError { () throws(DataError) in
        try CIFAR10.read(batch, name: "")
      }
      let advice = "\(try #require(other))"
      #expect(advice.contains(name) && advice.contains("saddle data fetch cifar10"), "\(advice)")
    }
  }

  @Test func `a file that was packed twice is called that`() throws {
    let scratch = try DataScratch()
    let path = try scratch.write(
      Made.gzip(Made.gzip(Made.images(3))), to: "train-images-idx3-ubyte.gz")
    let text = "\(try #require(dataError { () throws(DataError) in try IDX.count(path) }))"
    #expect(text.contains("packed by gzip twice") && text.contains("gunzip"), "\(text)")
    let record = Made.record(1, red: 1, green: 2, blue: 3)
    let batch = try scratch.write(Made.gzip(record), to: "data_batch_1.bin")
    let other = "\(try #require(dataError { () throws(DataError) in try CIFAR10.count(batch) }))"
    #expect(other.contains("packed by gzip") && other.contains("gunzip"), "\(other)")
  }

  @Test(arguments: [
    "MNIST/raw", "MNIST", "raw", "mnist/mnist", "mnist/raw", "data/mnist", "data/MNIST/raw", "any",
  ])
  func `MNIST is found where torchvision puts it, and one level further down`(
    place: String
  ) throws {
    let scratch = try DataScratch()
    try scratch.write(Made.images(2), to: place + "/t10k-images-idx3-ubyte")
    try scratch.write(Made.gzip(Made.labels([1, 2])), to: place + "/t10k-labels-idx1-ubyte.gz")
    let folder = DataFolder(scratch.path)
    let found = try folder.mnist(.test)
    #expect(found.images == "\(scratch.path)/\(place)/t10k-images-idx3-ubyte")
    #expect(found.labels == "\(scratch.path)/\(place)/t10k-labels-idx1-ubyte.gz")
    #expect(DatasetStatus(.mnist, in: folder).folder == "\(scratch.path)/\(place)")
  }

  @Test func `CIFAR-10 is found one level further down`() throws {
    for place in ["cifar-10-batches-bin/cifar-10-batches-bin", "data/cifar-10-batches-bin", "any"] {
      let scratch = try DataScratch()
      try scratch.write([], to: place + "/test_batch.bin")
      #expect(
        try DataFolder(scratch.path).cifar10(.testBatch)
          == "\(scratch.path)/\(place)/test_batch.bin")
    }
  }

  @Test func `two folders that may be meant are both named`() throws {
    let scratch = try DataScratch()
    for place in ["old", "new/mnist"] {
      try scratch.write(Made.images(2), to: place + "/train-images-idx3-ubyte")
    }
    let path = scratch.path
    let error = dataError { () throws(DataError) in try DataFolder(path).mnist(.train) }
    let text = "\(try #require(error))"
    #expect(text.contains("\(path)/new/mnist") && text.contains("\(path)/old"), "\(text)")
    #expect(text.contains("--data"), "\(text)")
    // A place of its own comes before what happens to lie around.
    try scratch.write(Made.images(2), to: "mnist/train-images-idx3-ubyte")
    try scratch.write(Made.labels([1, 2]), to: "mnist/train-labels-idx1-ubyte")
    #expect(try DataFolder(path).mnist(.train).images.contains("\(path)/mnist/"))
  }

  @Test func `what lies there instead is said`() throws {
    let scratch = try DataScratch()
    try scratch.write([], to: "MNIST.zip")
    try scratch.write([], to: "papers/one.pdf")
    for i in 0..<20 { try scratch.write([], to: "z\(10 + i).txt") }
    let path = scratch.path
    let error = dataError { () throws(DataError) in try DataFolder(path).mnist(.train) }
    let text = "\(try #require(error))"
    #expect(text.contains("MNIST.zip, papers/, z10.txt"), "\(text)")
    #expect(text.contains("and 14 more") && text.contains("saddle data fetch mnist"), "\(text)")
    #expect("\(DatasetStatus(.mnist, in: DataFolder(path)))".contains("MNIST.zip"))
  }

  @Test(arguments: [
    "cifar-10-batches-py/data_batch_1", "data_batch_1", "cifar-10-python.tar.gz",
    "cifar/cifar-10-batches-py/test_batch",
  ])
  func `the Python version of CIFAR-10 is called that`(file: String) throws {
    let scratch = try DataScratch()
    try scratch.write([0x80, 2, 0x7D], to: file)
    let path = scratch.path
    let error = dataError { () throws(DataError) in try DataFolder(path).cifar10(.testBatch) }
    let text = "\(try #require(error))"
    #expect(text.contains("the Python version of CIFAR-10") && text.contains("pickle"), "\(text)")
    #expect(text.contains("\(path)/\(file.split(separator: "/").first!)"), "\(text)")
    #expect(
      text.contains("saddle data fetch cifar10")
        && text.contains("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"), "\(text)")
    #expect("\(DatasetStatus(.cifar10, in: DataFolder(path)))".contains("the Python version"))
  }

  @Test func `a pickle under a batch's name is called a pickle`() throws {
    let scratch = try DataScratch()
    let path = try scratch.write([0x80, 2, 0x7D, 0x71, 1], to: "data_batch_1.bin")
    let text = "\(try #require(dataError { () throws(DataError) in try CIFAR10.count(path) }))"
    #expect(text.contains("pickle") && text.contains("saddle data fetch cifar10"), "\(text)")
  }
}
