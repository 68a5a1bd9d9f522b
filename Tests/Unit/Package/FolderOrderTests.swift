import Foundation
import Support
import Testing

/// Data flows one way through the core: a folder names nothing that a later one declares.
@Suite struct FolderOrderTests {
  private func core() throws -> [String: String] {
    let root = projectFolder.appending(path: "Sources/Saddle")
    let files = try #require(FileManager.default.enumerator(atPath: root.path))
      .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
    return try Dictionary(
      uniqueKeysWithValues: files.map {
        ($0, try String(contentsOf: root.appending(path: $0), encoding: .utf8))
      })
  }

  @Test func `no folder of the core names what a later one declares`() throws {
    let wall = FolderWall(files: try core())
    #expect(wall.declarations.count > 400)
    #expect(wall.violations == [])
  }

  @Test func `every folder of the core has its place`() throws {
    let folders = Set(try core().keys.map { String($0.prefix { $0 != "/" }) })
    #expect(folders == Set(FolderWall.order))
  }

  @Test func `what is named too early is seen, however it is named`() {
    let late = [
      "Report/Page.swift": """
      public struct Page<T> { func layOut() {} }
      func renderedPage() {}
      private struct Hidden {}
      extension Page { struct Part {} }
      """
    ]
    func found(_ text: String) -> [String] {
      FolderWall(files: late.merging(["Algebra/Early.swift": text]) { $1 }).violations
    }
    for text in [
      "let x: Page<Int>", "extension Page {}", "func f() { _ = renderedPage() }",
      #"let y = "\(Page<Int>.self)""#, "let z = [Page<Int>]()", "func g(_ page: some Page) {}",
    ] { #expect(found(text).count == 1, "\(text)") }
    for text in [
      "// Page", "/* Page */ struct A {}", #"let a = "Page""#, "let a = x.Page", "struct Hidden {}",
      "func f() { x.renderedPage() }", "let p: Part", "let a = \"\"\"\n  Page\n  \"\"\"",
    ] { #expect(found(text).isEmpty, "\(text)") }
  }

  @Test func `a folder may name what earlier ones and its own declare`() {
    let wall = FolderWall(files: [
      "Algebra/Matrix.swift": "public struct Matrix {}",
      "Report/A.swift": "struct Chart { let m: Matrix }", "Report/B.swift": "let c = Chart()",
    ])
    #expect(wall.violations.isEmpty)
  }
}

/// Which files name what a later folder declares, by the words in them.
///
/// A word stands for a declaration where the whole core declares it once on the outermost level; a
/// function only where nothing else is called so.
private struct FolderWall {
  static let order = [
    "Algebra", "Operators", "Data", "Machine", "Networks", "Objectives", "Optimizers", "Training",
    "RandomMatrices", "Spectra", "Points", "Runs", "Claims", "Report",
  ]

  /// Names on the outermost level, and the file of each.
  let declarations: [String: String]
  /// "Early/File.swift names Type of Late/Other.swift", sorted.
  let violations: [String]

  init(files: [String: String]) {
    let sources = files.mapValues { SourceWords($0) }
    var places: [String: Set<String>] = [:]
    for (file, words) in sources {
      for name in words.outermost { places[name, default: []].insert(file) }
    }
    let members = Set(sources.values.flatMap(\.members))
    declarations = places.compactMapValues { $0.count == 1 ? $0.first : nil }
      .filter { $0.key.first?.isUppercase == true || !members.contains($0.key) }
    func rank(_ file: String) -> Int {
      Self.order.firstIndex(of: String(file.prefix { $0 != "/" })) ?? -1
    }
    var found: [String] = []
    for (file, words) in sources {
      for name in words.free {
        guard let place = declarations[name], rank(place) > rank(file) else { continue }
        found.append("\(file) names \(name) of \(place)")
      }
    }
    violations = found.sorted()
  }
}

/// The words of a Swift file outside remarks and text, but inside what text interpolates.
private struct SourceWords {
  /// Declared on the outermost level, and not private.
  private(set) var outermost: Set<String> = []
  /// Declared within something: functions, properties, cases, and parameters' names.
  private(set) var members: Set<String> = []
  /// Not behind a point, nor an attribute.
  private(set) var free: Set<String> = []

  private static let declaring: Set<String> = [
    "struct", "class", "enum", "protocol", "actor", "typealias", "func", "let", "var", "case",
  ]

  init(_ text: String) {
    let code = Array(Self.withoutText(Array(text.utf8)))
    var (depth, i) = (0, 0)
    var (previous, beforeWord) = ("", UInt8(ascii: "\n"))
    var isPrivate = false
    while i < code.count {
      let byte = code[i]
      guard Self.isWord(byte) else {
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: "}") || byte == UInt8(ascii: ")") { depth -= 1 }
        if byte == UInt8(ascii: "\n"), depth == 0 { isPrivate = false }
        if byte > UInt8(ascii: " ") { beforeWord = byte }
        i += 1
        continue
      }
      let end = code[i...].firstIndex { !Self.isWord($0) } ?? code.count
      let word = String(decoding: code[i..<end], as: UTF8.self)
      let isLabel = end < code.count && code[end] == UInt8(ascii: ":")
      if depth == 0, word == "private" || word == "fileprivate" { isPrivate = true }
      if Self.declaring.contains(previous) {
        if depth > 0 { members.insert(word) } else if !isPrivate { outermost.insert(word) }
      } else if isLabel, word.first?.isLowercase == true {
        members.insert(word)
      } else if beforeWord != UInt8(ascii: "."), beforeWord != UInt8(ascii: "@") {
        free.insert(word)
      }
      (previous, beforeWord, i) = (word, UInt8(ascii: "a"), end)
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte >= 0x80
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// With spaces in place of remarks and text.
  private static func withoutText(_ code: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    var i = 0
    func starts(_ mark: StaticString) -> Bool {
      mark.withUTF8Buffer { code[i...].starts(with: $0) }
    }
    /// Open texts, outermost first: their end marks, and the depth of brackets in each's interpolation.
    var texts: [(mark: StaticString, brackets: Int)] = []
    while i < code.count {
      if let last = texts.last, last.brackets == 0 {
        if starts(last.mark) {
          i += last.mark.utf8CodeUnitCount
          texts.removeLast()
        } else if starts("\\(") {
          texts[texts.count - 1].brackets = 1
          i += 2
        } else {
          i += starts("\\") ? 2 : 1
        }
        kept.append(UInt8(ascii: " "))
      } else if starts("//") {
        i = code[i...].firstIndex(of: UInt8(ascii: "\n")) ?? code.count
      } else if starts("/*") {
        while i < code.count, !starts("*/") { i += 1 }
        i += 2
      } else if starts("\"\"\"") {
        texts.append(("\"\"\"", 0))
        i += 3
      } else if starts("\"") {
        texts.append(("\"", 0))
        i += 1
      } else {
        if !texts.isEmpty, starts("(") { texts[texts.count - 1].brackets += 1 }
        if !texts.isEmpty, starts(")") {
          texts[texts.count - 1].brackets -= 1
          // The end of what is interpolated, whose beginning is not kept.
          if texts[texts.count - 1].brackets == 0 {
            i += 1
            continue
          }
        }
        kept.append(code[i])
        i += 1
      }
    }
    return kept
  }
}
