import Foundation
import Saddle
import Testing

/// Two images of 2 × 4, worked by hand throughout.
private let pair = ImageSet(
  name: "pair", shape: ImageShape(channels: 1, height: 2, width: 4), classes: 3,
  pixels: [
    0, 255, 10, 20,
    255, 0, 30, 40,
    //
    0, 0, 255, 255,
    0, 0, 255, 255,
  ],
  labels: [2, 0])

private let digits = DataSource.syntheticDigits(seed: 1, count: 10)

@Suite struct DatasetDescriptionTests {
  @Test func `without standardization brightness lies in 0 to 1`() throws {
    let plain = DatasetDescription(digits)
    let examples = try plain.examples(Double.self, of: pair)
    #expect(examples.inputs.rows == 2 && examples.inputs.columns == 8)
    #expect(examples.labels == [2, 0] && examples.classes == 3)
    let first = [0, 255, 10, 20, 255, 0, 30, 40].map { Double($0) / 255 }
    #expect(examples.inputs.row(0) == first)
    #expect(examples.inputs.row(1) == [0, 0, 1, 1, 0, 0, 1, 1])
  }

  // Squares of 2 × 2: (0 + 255 + 255 + 0)/4 = 127.5 and (10 + 20 + 30 + 40)/4 = 25.
  @Test func `pooling averages squares`() throws {
    let pooled = DatasetDescription(digits, pooling: 2)
    let inputs = try pooled.examples(Double.self, of: pair).inputs
    #expect(inputs.asRows == [[0.5, 25.0 / 255], [0, 1]])
  }

  @Test func `pooling keeps rows and channels apart`() throws {
    let image = ImageSet(
      name: "quarters", shape: ImageShape(channels: 2, height: 4, width: 2), classes: 1,
      pixels: [
        255, 255, 255, 255, 0, 0, 0, 0,
        0, 0, 0, 0, 255, 255, 255, 0,
      ],
      labels: [0])
    let pooled = DatasetDescription(digits, pooling: 2)
    #expect(try pooled.examples(Double.self, of: image).inputs.row(0) == [1, 0, 0, 0.75])
  }

  @Test(arguments: [0, -1, 3, 4, 128])
  func `a factor that does not divide both sides is refused`(factor: Int) {
    let pooled = DatasetDescription(digits, pooling: factor)
    #expect(throws: DataError.poolingDoesNotDivide(factor: factor, height: 2, width: 4)) {
      try pooled.examples(Float.self, of: pair)
    }
  }

  // Pooled brightness 1/2, 25/255, 0, 1 has mean 203.75/510 and population variance by definition.
  @Test func `global standardization is one mean and one deviation`() throws {
    let global = DatasetDescription(digits, pooling: 2, standardization: .global)
    let inputs = try global.examples(Double.self, of: pair).inputs
    let x = [127.5, 25, 0, 255]
    let mean = (127.5 + 25 + 0 + 255) / 4
    let squares = x.map { ($0 - mean) * ($0 - mean) }
    let deviation = (squares.reduce(0, +) / 4).squareRoot()
    for (got, want) in zip(inputs.elements, x.map { ($0 - mean) / deviation }) {
      #expect(abs(got - want) <= 4e-16 * max(1, abs(want)))
    }
  }

  // Two values a ≠ b of a feature become ±1; equal ones are constant and become exactly 0.
  @Test func `standardization per feature gives signs for two images`() throws {
    let perFeature = DatasetDescription(digits, standardization: .perFeature)
    let inputs = try perFeature.examples(Double.self, of: pair).inputs
    let signs: [Double] = [0, 1, -1, -1, 1, 0, -1, -1]
    for (j, sign) in signs.enumerated() {
      #expect(abs(inputs[0, j] - sign) <= 1e-15)
      #expect(inputs[1, j] == -inputs[0, j] || abs(inputs[1, j] + sign) <= 1e-15)
      if sign == 0 { #expect(inputs[0, j] == 0 && inputs[1, j] == 0) }
    }
    #expect(try perFeature.examples(Float.self, of: pair).deadFeatures == [0, 5])
  }

  @Test func `a bright constant feature becomes exactly zero`() throws {
    let constant = ImageSet(
      name: "constant", shape: ImageShape(channels: 1, height: 1, width: 2), classes: 2,
      pixels: [77, 1, 77, 2, 77, 4], labels: [0, 1, 0])
    let perFeature = DatasetDescription(digits, standardization: .perFeature)
    let inputs = try perFeature.examples(Float.self, of: constant).inputs
    #expect((0..<3).map { inputs[$0, 0] } == [0, 0, 0])
  }

  @Test(arguments: [Standardization.global, .perFeature])
  func `standardized images have mean 0 and variance 1`(choice: Standardization) throws {
    let description = DatasetDescription(
      .syntheticDigits(seed: 5, count: 300), pooling: 2, standardization: choice)
    let inputs = try description.examples(Double.self).inputs
    let columns = choice == .global ? [inputs.elements] : inputs.transpose.asRows
    for column in columns {
      let n = Double(column.count)
      let mean = column.reduce(0, +) / n
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
      #expect(abs(mean) <= 1e-12)
      #expect(abs(variance - 1) <= 1e-12 || column.allSatisfy { $0 == 0 })
    }
  }

  @Test func `test images are standardized by the training images' figures`() throws {
    let description = DatasetDescription(digits, standardization: .perFeature)
    let train = ImageSet(
      name: "train", shape: ImageShape(channels: 1, height: 1, width: 2), classes: 2,
      pixels: [0, 9, 100, 9], labels: [0, 1])
    let test = ImageSet(
      name: "test", shape: train.shape, classes: 2, pixels: [150, 200], labels: [1])
    let fitted = try description.standardizer(fitting: train)
    let inputs = try description.examples(Double.self, of: test, standardizer: fitted).inputs
    // (150 − 50)/50 = 2; the second feature never varied in training.
    #expect(abs(inputs[0, 0] - 2) <= 1e-15)
    #expect(inputs[0, 1] == 0)
  }

  // 0.299·100 + 0.587·200 + 0.114·50 = 153.
  @Test func `grey is ITU-R 601 luma`() throws {
    let colour = ImageSet(
      name: "colour", shape: ImageShape(channels: 3, height: 1, width: 1), classes: 1,
      pixels: [100, 200, 50, 255, 255, 255], labels: [0, 0])
    let grey = DatasetDescription(digits, grayscale: true)
    let inputs = try grey.examples(Double.self, of: colour).inputs
    #expect(inputs.asRows == [[153.0 / 255], [1]])
  }

  @Test func `grey images stay as they are when grey is asked for`() throws {
    let grey = DatasetDescription(digits, grayscale: true)
    let plain = DatasetDescription(digits)
    #expect(
      try grey.examples(Float.self, of: pair) == plain.examples(Float.self, of: pair))
  }

  @Test(arguments: Standardization.allCases)
  func `single precision is double precision rounded`(choice: Standardization) throws {
    let description = DatasetDescription(
      .syntheticDigits(seed: 2, count: 50), pooling: 2, standardization: choice)
    let double = try description.examples(Double.self).inputs
    let single = try description.examples(Float.self).inputs
    #expect(single.elements == double.elements.map { Float($0) })
  }

  @Test(
    arguments: [
      DataSource.mnist(file: .train, first: 5000), .mnist(file: .test, first: nil),
      .cifar10(files: CIFAR10.File.training, firstOfEach: 1000),
      .syntheticDigits(seed: .max, count: 7),
    ])
  func `a description survives encoding`(source: DataSource) throws {
    let description = DatasetDescription(
      source, grayscale: true, pooling: 4, standardization: .perFeature)
    let decoded = try JSONDecoder().decode(
      DatasetDescription.self, from: try JSONEncoder().encode(description))
    #expect(decoded == description)
  }

  // What fixtures hold: a change here makes them unreadable.
  @Test func `the encoding is as fixtures have it`() throws {
    let json = """
      {"grayscale":false,"pooling":2,\
      "source":{"mnist":{"file":"train","first":5000}},"standardization":"perFeature"}
      """
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let description = DatasetDescription(
      .mnist(file: .train, first: 5000), pooling: 2, standardization: .perFeature)
    #expect(String(decoding: try encoder.encode(description), as: UTF8.self) == json)
  }

  @Test func `a source loads its first n from the folder`() throws {
    let scratch = try DataScratch()
    try scratch.write(Made.images(3), to: "mnist/t10k-images-idx3-ubyte")
    try scratch.write(Made.labels([4, 5, 6]), to: "mnist/t10k-labels-idx1-ubyte")
    try scratch.write(
      Made.record(1, red: 1, green: 1, blue: 1) + Made.record(2, red: 2, green: 2, blue: 2),
      to: "cifar-10-batches-bin/data_batch_1.bin")
    try scratch.write(
      Made.record(3, red: 3, green: 3, blue: 3), to: "cifar-10-batches-bin/test_batch.bin")
    let folder = DataFolder(scratch.path)

    let mnist = try DataSource.mnist(file: .test, first: 2).load(from: folder)
    #expect(mnist.labels == [4, 5] && mnist.name == "MNIST, first 2 of test")
    let cifar = try DataSource.cifar10(files: [.testBatch, .dataBatch1], firstOfEach: 1)
      .load(from: folder)
    #expect(cifar.labels == [3, 1])
    #expect(cifar.sources.map { $0.files[0].name } == ["test_batch.bin", "data_batch_1.bin"])
    #expect(cifar.sources.map(\.first) == [1, 1])
    #expect(throws: DataError.noFilesNamed(.cifar10)) {
      try DataSource.cifar10(files: [], firstOfEach: 1).load(from: folder)
    }
  }

  @Test(arguments: [0, -5])
  func `no figures are not a data set`(count: Int) {
    #expect(throws: DataError.invalidCount(asked: count)) {
      try DataSource.syntheticDigits(seed: 1, count: count).load()
    }
  }
}
