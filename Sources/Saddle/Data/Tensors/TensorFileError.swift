/// Why a file of tensors cannot be used: which file, which tensor, what is wrong, what to do.
public struct TensorFileError: Error, Equatable, Sendable, CustomStringConvertible {
  public let file: String
  /// The tensor that it is about, where it is about one.
  public let tensor: String?
  public let problem: Problem

  public init(file: String, tensor: String? = nil, problem: Problem) {
    self.file = file
    self.tensor = tensor
    self.problem = problem
  }

  public var description: String {
    file + (tensor.map { ", tensor '\($0)'" } ?? "") + ": \(problem)"
  }

  /// What is wrong, apart from where.
  public enum Problem: Error, Equatable, Sendable, CustomStringConvertible {
    /// The operating system refuses to open or read the file.
    case inaccessible(cause: String)
    case notWritable(cause: String)
    /// The file's ending names no format that is written.
    case unknownFormat(ending: String)
    /// What `torch.save` or `pickle` makes: a program, which is not run.
    case pickle
    /// The file is none of the formats, or breaks the rules of its own.
    case malformed(String)
    /// The bytes end before they should, or go on after.
    case wrongLength(expected: Int, found: Int)
    /// The checksum in the archive is not that of the bytes.
    case checksumMismatch
    /// Elements that are no numbers Saddle reads.
    case unsupportedType(String)
    /// A way of packing that is not read.
    case unsupportedPacking(String)
    case duplicateName
    /// What it unpacks to is more than this process can have.
    case needsMemory(MemoryError)
    /// More than the format can say.
    case tooLarge(bytes: Int)

    /// The tensor's shape is not that which the network has in its place.
    case shapeDiffers(expected: [Int], found: [Int])
    /// A flat vector of all parameters that is too long or too short.
    case flatLengthDiffers(expected: Int, found: Int)
    /// A weight without its bias.
    case biasMissing(shape: [Int])
    /// Names and shapes that do not match; each side as "name [shape]".
    case doesNotMatch(expected: [String], found: [String])
    /// Tensors of one shape whose names do not say which comes first.
    case ambiguousOrder(of: [String], expected: [String])
    /// Weights that fit the layers both ways round, under names that do not say which way they are.
    case orientationUnknown(of: [String])
    /// Height × width × inputs × outputs, whose dense layers take the features in another order too.
    case kernelOfConvolution
    /// Whole numbers where parameters are expected.
    case notFloatingPoint
    case notFinite(index: Int, value: String)
    /// A file of one tensor is expected.
    case notOneTensor(found: [String])

    public var description: String {
      switch self {
      case .inaccessible(let cause): cause
      case .notWritable(let cause): "cannot be written: \(cause)"
      case .unknownFormat(let ending):
        "'\(ending)' is no format that is written: end the name in .safetensors, .npz or .npy"
      case .pickle:
        "a pickle, as torch.save writes it, is a program and is not run: write "
          + "safetensors.torch.save_file(model.state_dict(), \"model.safetensors\") or "
          + "numpy.savez(\"model.npz\", **{k: v.numpy() for k, v in model.state_dict().items()})"
      case .malformed(let what):
        "\(what): .safetensors, .npz and .npy files are read; write the file anew"
      case .wrongLength(let expected, let found):
        "\(found) bytes where \(expected) should be: the file is cut off or damaged; "
          + "copy or write it anew"
      case .checksumMismatch: "its checksum is wrong: the file is damaged; copy or write it anew"
      case .unsupportedType(let type):
        "elements of type \(type) are not read: convert them to float64, float32 or int64 first"
      case .unsupportedPacking(let what):
        "\(what) is not read: write the archive with numpy.savez or numpy.savez_compressed"
      case .duplicateName: "the name stands for two tensors: give each its own"
      case .needsMemory(let error): "\(error)"
      case .tooLarge(let bytes): "\(bytes) bytes are too many for this format: write .safetensors"
      case .shapeDiffers(let expected, let found):
        "its shape is \(found), and the architecture needs \(expected): "
          + (expected.count == 2 && found == Array(expected.reversed())
            ? "it is the transpose; weights are outputs × inputs, as torch.nn.Linear has them, unless "
              + "--orientation says otherwise"
            : "give the architecture that it was trained with")
      case .flatLengthDiffers(let expected, let found):
        "a flat vector of \(found) parameters, and the architecture has \(expected): give the "
          + "architecture that it was trained with"
      case .biasMissing(let shape):
        "it is not there, and layers have biases: where the network was made with bias=False, "
          + "add zeros of shape \(shape) under this name"
      case .doesNotMatch(let expected, let found):
        "its tensors are not the architecture's. Expected: \(expected.joined(separator: ", ")). "
          + "Found: \(found.isEmpty ? "none" : found.joined(separator: ", ")). "
          + "Rename them, or give the architecture that they belong to"
      case .ambiguousOrder(let names, let expected):
        "\(names.joined(separator: ", ")) have one shape, and their names do not say which comes "
          + "first: rename them to \(expected.joined(separator: ", "))"
      case .orientationUnknown(let names):
        "nothing says which way round \(names.joined(separator: ", ")) are: say --orientation "
          + "outputs-inputs, as torch.nn.Linear has them, or inputs-outputs, as Flax, Keras and x·W have"
      case .kernelOfConvolution:
        "a convolution's kernel of inputs × outputs is not read: write outputs × inputs × height × "
          + "width, and what follows it for features in that order, as PyTorch has them"
      case .notFloatingPoint: "parameters are expected, not whole numbers: write floats"
      case .notFinite(let index, let value):
        "element \(index) is \(value): an analysis needs finite numbers; "
          + "look whether training diverged"
      case .notOneTensor(let found):
        "one array is expected, and it holds \(found.count): write it with numpy.save"
      }
    }
  }
}

extension TensorFileError.Problem {
  /// Throws `.needsMemory` as `MemoryBudget.require` does.
  static func requireMemory(_ bytes: Int?, for work: String) throws(Self) {
    do throws(MemoryError) {
      try MemoryBudget.require(bytes, for: work)
    } catch {
      throw .needsMemory(error)
    }
  }
}
