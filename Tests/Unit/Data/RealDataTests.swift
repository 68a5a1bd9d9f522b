import Saddle
import Support
import Testing

/// On the real files, where they are: SADDLE_DATA=<folder>, or `saddle data fetch mnist cifar10`.
@Suite struct RealDataTests {
  // The first ten labels as every listing of MNIST shows them, and the counts per class that
  // LeCun's files are known to have.
  @Test(.requiresMNIST) func `the training file is MNIST's`() throws {
    let images = try DataSource.mnist(file: .train, first: nil).load()
    #expect(images.count == 60_000)
    #expect(images.shape == ImageShape(channels: 1, height: 28, width: 28))
    #expect(Array(images.labels.prefix(10)) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    var counts = [Int](repeating: 0, count: 10)
    for label in images.labels { counts[Int(label)] += 1 }
    #expect(counts == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
  }

  // The well-known mean 0.1307 and deviation 0.3081 of the training images.
  @Test(.requiresMNIST) func `the mean and deviation are the published ones`() throws {
    let description = DatasetDescription(
      .mnist(file: .train, first: nil), standardization: .global)
    let fitted = try description.standardizer(fitting: try description.load())
    #expect(abs(fitted.means[0] - 0.1307) < 5e-5)
    #expect(abs(fitted.deviations[0] - 0.3081) < 5e-5)
  }

  @Test(.requiresMNIST) func `the pinned subset has dead pixels, pooled too`() throws {
    let source = DataSource.mnist(file: .train, first: 5000)
    let images = try source.load()
    // Python's hashlib computed the same from the original files.
    #expect(
      try images.contentSHA256()
        == "30fb8741ea4df6e1f50f35c96dcd5616ed735cb67da08347d04d4a9f10bd2a0f")
    let plain = try DatasetDescription(source).examples(Float.self, of: images)
    #expect(plain.deadFeatures.count == 121)
    let pooled = try DatasetDescription(source, pooling: 2, standardization: .perFeature)
      .examples(Float.self, of: images)
    #expect(pooled.inputs.columns == 196)
    #expect(pooled.deadFeatures.count == 18)
  }

  @Test(.requiresMNIST) func `the files are told for the originals or for something else`() {
    let status = DatasetStatus(.mnist)
    #expect(status.files.count == 4)
    #expect(status.isOriginal, "\(status)")
  }

  // Frog, truck, truck, deer, automobile: how data_batch_1 is known to begin.
  @Test(.requiresCIFAR10) func `the batches are CIFAR-10's`() throws {
    let source = DataSource.cifar10(files: CIFAR10.File.allCases, firstOfEach: 1000)
    let images = try source.load()
    #expect(images.count == 6000)
    #expect(Array(images.labels.prefix(5)) == [6, 9, 9, 4, 1])
    // The first pixel of the frog: 59, 62, 63.
    #expect([0, 1024, 2048].map { images.pixels[$0] } == [59, 62, 63])
    #expect(images.sources.map(\.first) == Array(repeating: 1000, count: 6))
  }

  @Test(.requiresCIFAR10) func `grey and pooled, a batch has 64 features`() throws {
    let description = DatasetDescription(
      .cifar10(files: [.testBatch], firstOfEach: 500), grayscale: true, pooling: 4,
      standardization: .global)
    let examples = try description.examples(Float.self)
    #expect(examples.inputs.rows == 500 && examples.inputs.columns == 64)
    #expect(examples.deadFeatures.isEmpty)
  }
}
