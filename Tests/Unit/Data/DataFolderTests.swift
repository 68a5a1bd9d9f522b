import Saddle
import Testing

@Suite struct DataFolderTests {
  @Test func `a folder that is named is the only one`() {
    let folder = DataFolder("/named", environment: ["SADDLE_DATA": "/other", "HOME": "/home/me"])
    #expect(folder.roots == ["/named"])
  }

  @Test func `the environment comes before the cache`() {
    let folder = DataFolder(environment: ["SADDLE_DATA": "/data", "HOME": "/home/me"])
    #expect(folder.roots == ["/data", DataFolder.cache(environment: ["HOME": "/home/me"])])
    let unset = DataFolder(environment: ["SADDLE_DATA": "", "HOME": "/home/me"])
    #expect(unset.roots == [DataFolder.cache(environment: ["HOME": "/home/me"])])
  }

  @Test func `the cache is where the platform has it`() {
    #if os(macOS)
      #expect(
        DataFolder.cache(environment: ["HOME": "/home/me"]) == "/home/me/Library/Caches/saddle")
    #else
      #expect(DataFolder.cache(environment: ["HOME": "/home/me"]) == "/home/me/.cache/saddle")
      #expect(
        DataFolder.cache(environment: ["HOME": "/h", "XDG_CACHE_HOME": "/x"]) == "/x/saddle")
      #expect(
        DataFolder.cache(environment: ["HOME": "/h", "XDG_CACHE_HOME": "x"]) == "/h/.cache/saddle")
    #endif
  }

  @Test(arguments: ["", "mnist/"])
  func `MNIST is found in its own folder or directly`(place: String) throws {
    let scratch = try DataScratch()
    for name in ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz"] {
      try scratch.write([], to: place + name)
    }
    let found = try DataFolder(scratch.path).mnist(.test)
    #expect(found.images.hasSuffix("/\(place)t10k-images-idx3-ubyte"))
    #expect(found.labels.hasSuffix("/\(place)t10k-labels-idx1-ubyte.gz"))
  }

  @Test(
    arguments: [
      "train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "train-images.idx3-ubyte",
      "train-images.idx3-ubyte.gz",
    ])
  func `every usual name is accepted`(images: String) throws {
    let scratch = try DataScratch()
    let labels = images.replacing("images", with: "labels").replacing("idx3", with: "idx1")
    try scratch.write([], to: images)
    try scratch.write([], to: labels)
    let found = try DataFolder(scratch.path).mnist(.train)
    #expect(found.images == "\(scratch.path)/\(images)")
    #expect(found.labels == "\(scratch.path)/\(labels)")
  }

  @Test func `what the environment's folder lacks is looked for in the cache`() throws {
    let scratch = try DataScratch()
    try scratch.write([], to: "named/mnist/train-images-idx3-ubyte")
    let home = "\(scratch.path)/home"
    let environment = ["SADDLE_DATA": "\(scratch.path)/named", "HOME": home]
    let cache = DataFolder.cache(environment: environment).dropFirst(scratch.path.count + 1)
    try scratch.write([], to: "\(cache)/cifar-10-batches-bin/test_batch.bin")
    let path = try DataFolder(environment: environment).cifar10(.testBatch)
    #expect(path == "\(scratch.path)/\(cache)/cifar-10-batches-bin/test_batch.bin")
  }

  @Test func `a folder without the data set is named, with the command that gets it`() {
    let error = dataError { () throws(DataError) in try DataFolder("/no/such").mnist(.train) }
    #expect(error == .datasetNotFound(.mnist, searched: ["/no/such"]))
    #expect(error?.description.hasSuffix("saddle data fetch mnist") == true)
    #expect(error?.description.contains("/no/such") == true)
  }

  @Test func `an empty folder is called empty`() throws {
    let scratch = try DataScratch()
    let path = scratch.path
    let root = dataError { () throws(DataError) in try DataFolder(path).cifar10(.testBatch) }
    #expect(root == .folderEmpty(path: path, .cifar10))
    #expect(root?.description.hasSuffix("saddle data fetch cifar10") == true)
    let inner = try scratch.makeFolder("mnist")
    let mnist = dataError { () throws(DataError) in try DataFolder(path).mnist(.train) }
    #expect(mnist == .folderEmpty(path: inner, .mnist))
  }

  @Test func `images without labels and a batch without its file are named`() throws {
    let scratch = try DataScratch()
    let path = scratch.path
    try scratch.write([], to: "mnist/train-images-idx3-ubyte.gz")
    try scratch.write([], to: "cifar-10-batches-bin/data_batch_1.bin")
    let labels = dataError { () throws(DataError) in try DataFolder(path).mnist(.train) }
    #expect(labels == .fileNotFound(path: "\(path)/mnist/train-labels-idx1-ubyte.gz", .mnist))
    let batch = dataError { () throws(DataError) in try DataFolder(path).cifar10(.testBatch) }
    #expect(
      batch == .fileNotFound(path: "\(path)/cifar-10-batches-bin/test_batch.bin", .cifar10))
  }
}
