import Foundation
import Oracles
import Saddle

/// Files of eigenvalues.
extension VerifierCheck {
  static let reading = [separators, digits, arrays, order, readRefusals, places]

  private static func read(
    _ text: String, _ verifier: Verifier, as name: String = "values.txt"
  ) -> [Double]? {
    try? verifier.read(Array(text.utf8), name)
  }

  static let separators = VerifierCheck("numbers between spaces, commas, semicolons and lines") {
    verifier in
    for text in [
      "1\n-2.5\n3e-4\n", "1, -2.5, 3e-4", "1;-2.5;3e-4", "1\n-2.5\n3e-4",
      "# a remark\r\n1 -2.5 # another\r\n3e-4", "\t1\n\n-2.5\n  3e-4", "[1, -2.5, 3e-4]",
      "  {\"eigenvalues\": [1, -2.5, 3e-4], \"x\": [1]}", "\u{FEFF}1\n-2.5\n3e-4",
    ] { try demand(read(text, verifier) == [1, -2.5, 3e-4], text) }
  }

  /// Of all magnitudes, with zeros of either sign, subnormal and greatest ones.
  private static let values: [Double] = {
    var rng = SplitMix64(seed: 15)
    let drawn = (0..<200).map { k in
      Generator.real(decades: 300).draw(50, &rng).value
    }
    return drawn + [0, -0.0, 0x1p-1074, -0x1.fp-1030, .greatestFiniteMagnitude, 0.1, 1.0 / 3]
  }()

  private static func bytes(
    _ values: [Double], descriptor: String = "<f8", shape: String? = nil, fortran: Bool = false
  ) -> [UInt8] {
    var header =
      "{'descr': '\(descriptor)', 'fortran_order': \(fortran ? "True" : "False"), "
      + "'shape': \(shape ?? "(\(values.count),)"), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]
    bytes += header.utf8
    for value in values {
      let element: [UInt8] =
        descriptor.hasSuffix("f4")
        ? withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { Array($0) }
        : descriptor.hasSuffix("i8")
          ? withUnsafeBytes(of: Int64(value).littleEndian) { Array($0) }
          : withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
      bytes += descriptor.hasPrefix(">") ? element.reversed() : element
    }
    return bytes
  }

  private static func requireSame(
    _ found: [Double]?, _ expected: [Double], _ label: String
  ) throws(PropertyViolation) {
    guard let found, found.count == expected.count else {
      throw PropertyViolation(label, "\(found?.count ?? -1) numbers")
    }
    for (a, b) in zip(found, expected) where a.bitPattern != b.bitPattern {
      throw PropertyViolation(label, "\(a), not \(b)")
    }
  }

  static let digits = VerifierCheck("numbers of all magnitudes come back bit for bit") { verifier in
    let text = values.map { "\($0)" }
    try requireSame(read(text.joined(separator: "\n"), verifier), values, "text")
    try requireSame(read("[\(text.joined(separator: ","))]", verifier), values, "JSON")
    for descriptor in ["<f8", ">f8"] {
      try requireSame(
        try? verifier.read(bytes(values, descriptor: descriptor), "values.npy"), values, descriptor)
    }
  }

  static let arrays = VerifierCheck("NumPy's arrays of either precision, as one row or column") {
    verifier in
    for descriptor in ["<f4", ">f4", "<f8", ">f8"] {
      for shape in ["(3,)", "(3, 1)", "(1, 3)"] {
        for fortran in [false, true] {
          let file = bytes([1, -2.5, 3], descriptor: descriptor, shape: shape, fortran: fortran)
          try requireSame(
            try? verifier.read(file, "values.npy"), [1, -2.5, 3], "\(descriptor), \(shape)")
        }
      }
    }
  }

  static let order = VerifierCheck("order and repetition are the file's") { verifier in
    let values = [3.0, 1, 1, -2, 3]
    try requireSame(read("3 1 1\n-2 3", verifier), values, "text")
    try requireSame(read("[3, 1, 1, -2, 3]", verifier), values, "JSON")
    try requireSame(try? verifier.read(bytes(values), "values.npy"), values, "array")
  }

  static let readRefusals = VerifierCheck("what is no list of numbers is refused") { verifier in
    for text in [
      "1\n2 x3\n", "1.2.3", "[1, \"a\"]", "{\"values\": [1]}", "[1, 2", "1 --2",
      // Matrices, a column that counts, decimal commas.
      "1 2\n2 5", "0 1.5\n1 2.5\n2 3.5", "1,5;2,5",
    ] {
      try demand(read(text, verifier) == nil, text)
    }
    for (label, bytes) in [
      ("whole numbers", bytes([1, 2], descriptor: "<i8")), ("cut off", bytes([1, 2]).dropLast(3)),
      ("of more than it says", bytes([1, 2]) + [0]),
      ("a matrix", bytes([1, 2, 2, 5], shape: "(2, 2)")),
    ] { try demand((try? verifier.read(Array(bytes), "values.npy")) == nil, label) }
  }

  static let places = VerifierCheck("a refusal names the line and the word") { verifier in
    for (text, line, word) in [("1\n2 x3\n", 2, "x3"), ("# a\n\n1\nabc", 4, "abc"), ("?", 1, "?")] {
      do {
        _ = try verifier.read(Array(text.utf8), "values.txt")
        throw PropertyViolation("taken: \(text)")
      } catch let error as EigenvalueFileError {
        try demand(error.problem == .notNumber(line: line, text: word), "\(error)")
      }
    }
  }
}
