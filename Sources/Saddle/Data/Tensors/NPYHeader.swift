/// The header of an array of NumPy: the one kind of Python literal that it may be,
/// `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
struct NPYHeader: Equatable {
  let descriptor: String
  let isFortranOrder: Bool
  let shape: [Int]

  init(parsing text: some Collection<UInt8>) throws(TensorFileError.Problem) {
    var parser = Parser(text: Array(text))
    self = try parser.header()
  }

  private init(descriptor: String, isFortranOrder: Bool, shape: [Int]) {
    self.descriptor = descriptor
    self.isFortranOrder = isFortranOrder
    self.shape = shape
  }

  private struct Parser {
    let text: [UInt8]
    var position = 0

    init(text: [UInt8]) { self.text = text }

    mutating func header() throws(TensorFileError.Problem) -> NPYHeader {
      var descriptor: String?
      var isFortranOrder: Bool?
      var shape: [Int]?
      try expect("{")
      while !takes("}") {
        let key = try string()
        try expect(":")
        switch key {
        case "descr" where descriptor == nil:
          // A list describes records, a tuple elements that are arrays.
          if peek == UInt8(ascii: "[") || peek == UInt8(ascii: "(") {
            throw .unsupportedType("record")
          }
          descriptor = try string()
        case "fortran_order" where isFortranOrder == nil: isFortranOrder = try boolean()
        case "shape" where shape == nil: shape = try tuple()
        default: throw malformed("the key '\(key)' is unknown or stands there twice")
        }
        if !takes(",") {
          try expect("}")
          break
        }
      }
      skipSpace()
      guard position == text.count else { throw malformed("it goes on after its end") }
      guard let descriptor, let isFortranOrder, let shape else {
        throw malformed("it lacks one of descr, fortran_order, shape")
      }
      return NPYHeader(descriptor: descriptor, isFortranOrder: isFortranOrder, shape: shape)
    }

    private func malformed(_ what: String) -> TensorFileError.Problem {
      .malformed("its header is not as NumPy writes it (\(what))")
    }

    private var peek: UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipSpace() {
      while let byte = peek, byte == 32 || 9...13 ~= byte { position += 1 }
    }

    /// Whether `mark` comes next; then it is passed.
    private mutating func takes(_ mark: String) -> Bool {
      skipSpace()
      guard text[position...].starts(with: mark.utf8) else { return false }
      position += mark.utf8.count
      skipSpace()
      return true
    }

    private mutating func expect(_ mark: String) throws(TensorFileError.Problem) {
      guard takes(mark) else { throw malformed("'\(mark)' is missing at byte \(position)") }
    }

    private mutating func string() throws(TensorFileError.Problem) -> String {
      skipSpace()
      guard let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
        throw malformed("a string is missing at byte \(position)")
      }
      guard let end = text[(position + 1)...].firstIndex(of: quote) else {
        throw malformed("a string does not end")
      }
      defer { position = end + 1 }
      return String(decoding: text[(position + 1)..<end], as: UTF8.self)
    }

    private mutating func boolean() throws(TensorFileError.Problem) -> Bool {
      if takes("True") { return true }
      try expect("False")
      return false
    }

    private mutating func tuple() throws(TensorFileError.Problem) -> [Int] {
      try expect("(")
      var extents: [Int] = []
      while !takes(")") {
        let start = position
        while let byte = peek, byte == UInt8(ascii: "-") || 48...57 ~= byte { position += 1 }
        guard let extent = Int(String(decoding: text[start..<position], as: UTF8.self)) else {
          throw malformed("an extent is no whole number at byte \(start)")
        }
        // Python 2 marks long integers.
        _ = takes("L")
        extents.append(extent)
        if !takes(",") {
          try expect(")")
          break
        }
      }
      return extents
    }
  }
}
