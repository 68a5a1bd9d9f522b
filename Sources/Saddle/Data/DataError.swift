import Foundation

/// What is wrong with the data: the file, the cause, and what to do about it.
public enum DataError: Error, Equatable, Sendable {
  /// No folder that was searched holds the data set; what they hold instead.
  case datasetNotFound(Dataset, searched: [String], found: [FolderListing] = [])
  /// Several folders hold it, and none of them is where it is expected.
  case severalFolders(Dataset, [String])
  /// CIFAR-10 is there as pickles, which are programs and are not run.
  case pythonVersion(path: String)
  /// A folder that was named holds nothing at all.
  case folderEmpty(path: String, Dataset)
  /// One file of a data set is missing.
  case fileNotFound(path: String, Dataset)
  /// The operating system refuses to open, read, write or move a file.
  case inaccessible(path: String, cause: String)

  /// The file ends before its header says it does.
  case truncated(path: String, expectedBytes: Int, foundBytes: Int)
  /// The file goes on after its header says it ends.
  case excessBytes(path: String, expectedBytes: Int)
  /// The header announces more than this process can have.
  case needsMemory(MemoryError)
  /// The first four bytes are not those of the format.
  case wrongMagic(path: String, expected: UInt32, found: UInt32)
  /// The file is of another kind altogether, which its first bytes tell.
  case otherContent(path: String, FileContent, Dataset)
  /// The header names a shape that no image has.
  case impossibleShape(path: String, channels: Int, height: Int, width: Int)
  /// As many images as labels are needed.
  case countsDisagree(images: String, imageCount: Int, labels: String, labelCount: Int)
  /// The compressed stream stops in the middle.
  case gzipCutOff(path: String)
  /// The compressed stream does not decode, or its checksum is wrong.
  case gzipCorrupt(path: String, cause: String)
  /// A label that is no class.
  case labelOutOfRange(path: String, record: Int, label: Int, classes: Int)
  /// The size of the file is not a multiple of its record's.
  case partialRecord(path: String, bytes: Int, recordBytes: Int)
  /// A well-formed file without a single record.
  case noRecords(path: String)

  /// A file of numbers cannot be read.
  case tensorFile(TensorFileError)
  /// A file of a user's own is not where it was, nor in any of the folders.
  case fileMoved(path: String, searched: [String])
  /// A file is not the one that the experiment was described with.
  case fileChanged(path: String, expected: String, found: String)
  /// An array that is not samples × features, or samples × outputs.
  case notATable(path: String, shape: [Int])
  /// As many rows of inputs as of targets are needed.
  case rowsDisagree(inputs: String, inputRows: Int, targets: String, targetRows: Int)
  /// Images are needed, and there are numbers.
  case notImages(name: String)

  /// A description asks for no record, or for a negative number of them.
  case invalidCount(asked: Int)

  /// A description draws a share of labels anew that is no share.
  case invalidLabelNoise(share: Double)
  /// A part that the source is not cut into.
  case invalidPart(number: Int, of: Int)
  /// A description asks for more records than the file holds.
  case tooFewRecords(path: String, asked: Int, found: Int)
  /// A description names no file.
  case noFilesNamed(Dataset)
  /// A description pools images by a factor that does not divide them.
  case poolingDoesNotDivide(factor: Int, height: Int, width: Int)
  /// Sets of images that differ in shape or classes do not make one set.
  case shapesDisagree(first: String, second: String)

  /// The file is not the one that was published.
  case checksumMismatch(path: String, algorithm: Digest.Algorithm, expected: String, found: String)
  /// The crypto library does not offer the algorithm (a FIPS build without MD5).
  case digestUnavailable(Digest.Algorithm)
  /// The transfer ended without the file.
  case downloadFailed(url: String, cause: String)
  /// The archive does not unpack to the files it should hold.
  case unpackFailed(path: String, cause: String)
  /// A program that is needed is not on the search path.
  case programMissing(name: String)
}

extension DataError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .datasetNotFound(let dataset, let searched, let found):
      "\(dataset.title) was not found in \(searched.joined(separator: ", ")). "
        + found.map { "\($0). " }.joined()
        + "Name its folder with --data or SADDLE_DATA, or get it with: \(dataset.fetchCommand)"
    case .severalFolders(let dataset, let folders):
      "\(dataset.title) was found in \(folders.joined(separator: " and in ")). "
        + "Name the one that you mean with --data or SADDLE_DATA."
    case .pythonVersion(let path):
      "\(path): the Python version of CIFAR-10, whose files are pickles, which are programs and are "
        + "not run. Get the binary version with: \(Dataset.cifar10.fetchCommand), or from "
        + "\(Dataset.cifar10.defaultMirror)\(Dataset.cifar10.published[0].name)"
    case .folderEmpty(let path, let dataset):
      "\(path): the folder is empty. Get \(dataset.title) with: \(dataset.fetchCommand)"
    case .fileNotFound(let path, let dataset):
      "\(path): no such file. Get \(dataset.title) with: \(dataset.fetchCommand)"
    case .inaccessible(let path, let cause):
      "\(path): \(cause)"
    case .truncated(let path, let expected, let found):
      "\(path): truncated: \(found) bytes where \(expected) are needed. Get the file anew."
    case .excessBytes(let path, let expected):
      "\(path): more bytes than the \(expected) that its header announces. Get the file anew."
    case .needsMemory(let error): "\(error)"
    case .wrongMagic(let path, let expected, let found):
      "\(path): starts with \(hexadecimal(found)) instead of \(hexadecimal(expected)): "
        + "not a file of this kind. Look whether images and labels changed places."
    case .otherContent(let path, let content, let dataset):
      "\(path): \(content.rawValue), no file of \(dataset.title). "
        + (content == .gzip
          ? "Unpack it once: gunzip -c < \(path) > unpacked, or get it with: \(dataset.fetchCommand)"
          : "Remove it and get the file with: \(dataset.fetchCommand)")
    case .impossibleShape(let path, let channels, let height, let width):
      "\(path): the header announces images of \(channels) × \(height) × \(width). "
        + "Get the file anew."
    case .countsDisagree(let images, let imageCount, let labels, let labelCount):
      "\(images) holds \(imageCount) images, but \(labels) holds \(labelCount) labels. "
        + "Take both from the same source."
    case .gzipCutOff(let path):
      "\(path): the gzip stream is cut off. Get the file anew."
    case .gzipCorrupt(let path, let cause):
      "\(path): the gzip stream is corrupt (\(cause)). Get the file anew."
    case .labelOutOfRange(let path, let record, let label, let classes):
      "\(path): record \(record) has the label \(label), outside 0 to \(classes - 1). "
        + "Look whether this is the data set you mean."
    case .partialRecord(let path, let bytes, let recordBytes):
      "\(path): \(bytes) bytes are not a whole number of records of \(recordBytes) bytes. "
        + "Get the file anew, or cut it at a multiple of \(recordBytes)."
    case .noRecords(let path):
      "\(path): the file holds no record. Get the file anew."
    case .tensorFile(let error): "\(error)"
    case .fileMoved(let path, let searched):
      "\(path): no such file, nor one of its name in \(searched.joined(separator: ", ")). "
        + "Name the folder that it is in now with --data."
    case .fileChanged(let path, let expected, let found):
      "\(path): its SHA-256 is \(found), and was \(expected) when the run was made. "
        + "Put the file back, or make the run anew."
    case .notATable(let path, let shape):
      "\(path): an array of shape \(shape). Inputs are samples × features, targets samples × "
        + "outputs or one whole number a sample."
    case .rowsDisagree(let inputs, let inputRows, let targets, let targetRows):
      "\(inputs) holds \(inputRows) samples, but \(targets) holds targets for \(targetRows). "
        + "Write both from the same data."
    case .invalidPart(let number, let of):
      "part \(number) of \(of): parts are numbered from 1 to their count"
    case .invalidLabelNoise(let share):
      "a share of \(share) of the labels cannot be drawn anew: give a number from 0 to 1"

    case .notImages(let name):
      "\(name) holds numbers, which are taken as they are: pooling, grey and standardization "
        + "are for images. Write the inputs as the network sees them."

    case .invalidCount(let asked):
      "\(asked) records were asked for; ask for at least 1."
    case .tooFewRecords(let path, let asked, let found):
      "\(path): \(asked) records were asked for, but the file holds \(found). "
        + "Ask for fewer, or get the whole file."
    case .noFilesNamed(let dataset):
      "No file of \(dataset.title) was named; name at least one."
    case .poolingDoesNotDivide(let factor, let height, let width):
      "Images of \(height) × \(width) cannot be pooled by \(factor): "
        + "choose a positive factor that divides both sides."
    case .shapesDisagree(let first, let second):
      "\(first) and \(second) differ in shape or classes and cannot be joined."
    case .checksumMismatch(let path, let algorithm, let expected, let found):
      "\(path): \(algorithm.title) is \(found) where \(expected) was published. "
        + "The file was removed; try again, or name another mirror."
    case .digestUnavailable(let algorithm):
      "This machine's libcrypto offers no \(algorithm.title); use one that does."
    case .downloadFailed(let url, let cause):
      "\(url): \(cause). What arrived is kept; run the command again to go on from there, "
        + "or name another mirror."
    case .unpackFailed(let path, let cause):
      "\(path): unpacking failed (\(cause)). Look for free space, then run the command again."
    case .programMissing(let name):
      "The program \(name) is not on the search path; install it, or run script/bootstrap."
    }
  }

  private func hexadecimal(_ word: UInt32) -> String {
    let digits = String(word, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}

extension DataError: LocalizedError {
  public var errorDescription: String? { description }
}
