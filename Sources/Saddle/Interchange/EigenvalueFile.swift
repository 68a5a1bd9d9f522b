import Foundation

/// Why a file holds no list of eigenvalues.
public struct EigenvalueFileError: Error, Equatable, CustomStringConvertible {
  public enum Problem: Error, Equatable, Sendable {
    case notText
    case notNumber(line: Int, text: String)
    case badJSON
    case tensors(count: Int)
    case notFloating
  }

  public let file: String
  public let problem: Problem

  public init(file: String, problem: Problem) {
    self.file = file
    self.problem = problem
  }

  public var description: String {
    switch problem {
    case .notText:
      "\(file): neither text nor JSON, .npy, .npz or .safetensors: save numbers, one a line"
    case .notNumber(let line, let text):
      "\(file), line \(line): '\(text)' is no number: save numbers between spaces, commas or lines"
    case .badJSON:
      "\(file): the JSON is no array of numbers and has none under \"eigenvalues\""
    case .tensors(let count): "\(file): \(count) arrays where one is wanted: save it alone"
    case .notFloating: "\(file): the array holds integers: save floating point numbers"
    }
  }
}

/// Eigenvalues from a file, in its order: numbers in text, between spaces, commas, semicolons or
/// lines, with remarks from # on; a JSON array, or an object with one under "eigenvalues", as
/// `saddle spectrum --json` prints; one array in a .npy, .npz or .safetensors file.
///
/// - Throws: `TensorFileError` where the file cannot be read or its arrays are damaged;
///   `EigenvalueFileError`.
public func eigenvalues(readingFrom path: String) throws -> [Double] {
  let bytes = try fileBytes(path)
  func failed(_ problem: EigenvalueFileError.Problem) -> EigenvalueFileError {
    EigenvalueFileError(file: path, problem: problem)
  }
  let isTensors = ["npy", "npz", "safetensors"].contains(
    URL(fileURLWithPath: path).pathExtension.lowercased())
  if isTensors {
    let tensors = try TensorArchive(bytes: bytes, file: path).tensors
    guard let tensor = tensors.first, tensors.count == 1 else {
      throw failed(.tensors(count: tensors.count))
    }
    guard let values = tensor.values.floating(as: Double.self) else { throw failed(.notFloating) }
    return values
  }
  guard let text = String(validating: bytes, as: UTF8.self) else { throw failed(.notText) }
  if let first = text.first(where: { !$0.isWhitespace }), first == "[" || first == "{" {
    struct Object: Decodable { let eigenvalues: [Double] }
    let data = Data(bytes)
    if let values = try? JSONDecoder().decode([Double].self, from: data) { return values }
    if let object = try? JSONDecoder().decode(Object.self, from: data) { return object.eigenvalues }
    throw failed(.badJSON)
  }
  var values: [Double] = []
  for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    .enumerated()
  {
    let content = line.prefix { $0 != "#" }
    for word in content.split(whereSeparator: { $0.isWhitespace || ",;".contains($0) }) {
      guard let value = Double(word) else {
        throw failed(.notNumber(line: number + 1, text: String(word.prefix(40))))
      }
      values.append(value)
    }
  }
  return values
}
