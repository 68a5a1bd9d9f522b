import Foundation

/// Why a file holds no list of eigenvalues.
public struct EigenvalueFileError: Error, Equatable, CustomStringConvertible {
  public enum Problem: Error, Equatable, Sendable {
    case notText
    case notNumber(line: Int, text: String)
    /// Two kinds of separators, one of which may be a decimal comma.
    case mixedSeparators(line: Int, text: String)
    case badJSON
    case tensors(count: Int)
    case notFloating
    /// More than one row and more than one column.
    case table(rows: Int, columns: Int, firstColumnCounts: Bool, hasCommas: Bool)
    /// Rows of different lengths.
    case ragged(line: Int, columns: Int, expected: Int)
    case array(shape: [Int])
    case noSuchColumn(Int, columns: Int)
  }

  public let file: String
  public let problem: Problem

  public init(file: String, problem: Problem) {
    self.file = file
    self.problem = problem
  }

  public var description: String {
    let ofMatrix = "if it is a matrix, save its eigenvalues, as numpy.linalg.eigvalsh gives them"
    switch problem {
    case .notText:
      return "\(file): neither text nor JSON, .npy, .npz or .safetensors: save numbers, one a line"
    case .notNumber(let line, let text):
      return "\(file), line \(line): '\(text)' is no number: save numbers between spaces, commas or "
        + "lines"
    case .mixedSeparators(let line, let text):
      return "\(file), line \(line): '\(text)' has separators of two kinds, and a comma may be a "
        + "decimal one: write decimal points, and one number a line"
    case .badJSON:
      return "\(file): the JSON is no array of numbers and has none under \"eigenvalues\""
    case .tensors(let count): return "\(file): \(count) arrays where one is wanted: save it alone"
    case .notFloating:
      return "\(file): the array holds integers: save floating point numbers"
    case .table(let rows, let columns, let counts, let hasCommas):
      var text = "\(file): \(rows) rows of \(columns) numbers are no list of eigenvalues: "
      if counts { text += "the first column counts the rows: " }
      text += "say which column they are, such as --column \(min(2, columns))"
      if hasCommas { text += "; if the commas are decimal ones, write points" }
      return text + (rows == columns ? "; \(ofMatrix)" : "")
    case .ragged(let line, let columns, let expected):
      return "\(file), line \(line): \(columns) numbers where the line before has \(expected): save "
        + "one a line"
    case .array(let shape):
      let isSquare = shape.count == 2 && shape[0] == shape[1]
      return "\(file): an array of shape \(shape) is no list of eigenvalues: "
        + (isSquare ? ofMatrix : "save one row or column of numbers")
        + (shape.count == 2 ? ", or say which column they are, such as --column 1" : "")
    case .noSuchColumn(let column, let columns):
      return "\(file): there is no column \(column): it has \(columns) columns, from 1 on"
    }
  }
}

/// Eigenvalues from a file, in its order.
///
/// Numbers in text, between spaces, commas, semicolons or lines, with remarks from # on; a JSON
/// array, or an object with one under "eigenvalues", as `saddle spectrum --json` prints; one array
/// in a .npy, .npz or .safetensors file. Only a list is taken: one row, one column, or lines of one
/// length of which the last may be shorter, as editors wrap them. Text may be UTF-8, or UTF-16 with
/// a byte-order mark.
public struct EigenvalueFile: Equatable, Sendable {
  public let eigenvalues: [Double]
  /// What the file says of zeros that are known, under "structuralZeros".
  public let structuralZeros: Int?

  /// - Parameter column: of a table in text or of a two-dimensional array, from 1 on; nil where the
  ///   file holds a list.
  /// - Throws: `TensorFileError` where the file cannot be read or its arrays are damaged;
  ///   `EigenvalueFileError`.
  public init(readingFrom path: String, column: Int? = nil) throws {
    let bytes = try fileBytes(path)
    do throws(EigenvalueFileError.Problem) {
      let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
      if TensorFileFormat(rawValue: ending) == nil {
        self = try Self(text: bytes, column: column)
        return
      }
    } catch {
      throw EigenvalueFileError(file: path, problem: error)
    }
    let tensors = try TensorArchive(bytes: bytes, file: path).tensors
    do throws(EigenvalueFileError.Problem) {
      guard let tensor = tensors.first, tensors.count == 1 else {
        throw .tensors(count: tensors.count)
      }
      eigenvalues = try tensor.list(column: column)
      structuralZeros = nil
    } catch {
      throw EigenvalueFileError(file: path, problem: error)
    }
  }

  private init(text bytes: [UInt8], column: Int?) throws(EigenvalueFileError.Problem) {
    guard let text = decoded(bytes) else { throw .notText }
    if let first = text.first(where: { !$0.isWhitespace }), first == "[" || first == "{" {
      struct Object: Decodable { let eigenvalues: [Double], structuralZeros: Int? }
      let data = Data(text.utf8)
      if let column { throw .noSuchColumn(column, columns: 0) }
      if let values = try? JSONDecoder().decode([Double].self, from: data) {
        (eigenvalues, structuralZeros) = (values, nil)
      } else if let object = try? JSONDecoder().decode(Object.self, from: data) {
        (eigenvalues, structuralZeros) = (object.eigenvalues, object.structuralZeros)
      } else {
        throw .badJSON
      }
      return
    }
    eigenvalues = try NumberTable(text).list(column: column)
    structuralZeros = nil
  }
}

/// Text by its byte-order mark, else UTF-8; nil for anything else.
private func decoded(_ bytes: [UInt8]) -> String? {
  if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
    return String(bytes: bytes, encoding: .utf16)
  }
  let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
  return String(validating: bytes.dropFirst(hasMark ? 3 : 0), as: UTF8.self)
}

/// Lines of numbers.
private struct NumberTable {
  private var rows: [(line: Int, numbers: [Double])] = []
  private var separators: Set<Character> = []

  /// - Throws: `.notNumber`, `.mixedSeparators`.
  init(_ text: String) throws(EigenvalueFileError.Problem) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      let content = line.prefix { $0 != "#" }
      let numbers = try numbers(in: content, line: number + 1)
      if !numbers.isEmpty { rows.append((number + 1, numbers)) }
    }
  }

  /// Notes what parts them.
  private mutating func numbers(
    in content: Substring, line: Int
  ) throws(EigenvalueFileError.Problem) -> [Double] {
    func isSeparator(_ c: Character) -> Bool { c.isWhitespace || c == "," || c == ";" }
    var (numbers, rest) = ([Double](), content.drop(while: \.isWhitespace))
    while !rest.isEmpty {
      let word = rest.prefix { !isSeparator($0) }
      guard let value = Double(word) else {
        throw .notNumber(line: line, text: String(word.prefix(40)))
      }
      numbers.append(value)
      rest = rest[word.endIndex...]
      let between = rest.prefix(while: isSeparator)
      rest = rest[between.endIndex...]
      let marks = between.filter { !$0.isWhitespace }
      guard marks.count <= 1 else { throw .notNumber(line: line, text: String(marks)) }
      if !rest.isEmpty { separators.insert(marks.first ?? " ") }
      guard separators.count <= 1 else {
        throw .mixedSeparators(line: line, text: String(content.prefix(40)))
      }
    }
    return numbers
  }

  /// - Throws: `.table`, `.ragged`, `.noSuchColumn`.
  func list(column: Int?) throws(EigenvalueFileError.Problem) -> [Double] {
    let width = rows.first?.numbers.count ?? 0
    let isWrapped =
      column == nil && rows.dropLast().allSatisfy { $0.numbers.count == width }
      && (rows.last?.numbers.count ?? 0) < width
    if let odd = rows.first(where: { $0.numbers.count != width }), !isWrapped {
      throw .ragged(line: odd.line, columns: odd.numbers.count, expected: width)
    }
    if let column {
      guard 1...max(width, 1) ~= column, width > 0 else {
        throw .noSuchColumn(column, columns: width)
      }
      return rows.map { $0.numbers[column - 1] }
    }
    guard rows.count <= 1 || width <= 1 || isWrapped else {
      let first = rows.map { $0.numbers[0] }
      throw .table(
        rows: rows.count, columns: width,
        firstColumnCounts: [0.0, 1].contains { start in
          first.enumerated().allSatisfy { Double($0) + start == $1 }
        },
        hasCommas: separators == [","])
    }
    return rows.flatMap(\.numbers)
  }
}

extension NamedTensor {
  /// - Throws: `.notFloating`, `.array`, `.noSuchColumn`.
  fileprivate func list(column: Int?) throws(EigenvalueFileError.Problem) -> [Double] {
    guard let values = values.floating(as: Double.self) else { throw .notFloating }
    if let column {
      guard shape.count == 2 else { throw .array(shape: shape) }
      guard 1...max(shape[1], 1) ~= column, shape[1] > 0 else {
        throw .noSuchColumn(column, columns: shape[1])
      }
      return stride(from: column - 1, to: values.count, by: shape[1]).map { values[$0] }
    }
    guard shape.count(where: { $0 > 1 }) <= 1 else { throw .array(shape: shape) }
    return values
  }
}
