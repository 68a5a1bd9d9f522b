/// Where an array of an answer goes as it comes, as doubles, without its bytes in between: of 10⁷
/// numbers each copy more would cost as much as the pipe.
///
/// A reference, since it is filled far below where it is made.
package final class NumberTarget {
  let name: String
  let shape: [Int]
  /// As many as `shape` says.
  package private(set) var elements: [Double]
  private var filled = 0
  private var isFinite = true

  package convenience init(_ name: String, _ shape: [Int]) {
    self.init(name, shape, [Double](repeating: 0, count: shape.reduce(1, *)))
  }

  package init(_ name: String, _ shape: [Int], _ elements: consuming [Double]) {
    precondition(elements.count == shape.reduce(1, *), "\(elements.count) places for \(shape)")
    (self.name, self.shape) = (name, shape)
    self.elements = elements
  }

  /// Hands the elements on.
  package func takeElements() -> [Double] {
    defer { elements = [] }
    return elements
  }

  func takes(_ declared: MessageArray.Declaration) -> Bool {
    declared.name == name && declared.shape == shape && filled == 0
  }

  /// - Parameter bytes: what follows what was taken before, of whole elements.
  func take(_ bytes: UnsafeRawBufferPointer, _ type: MessageArray.ElementType) {
    let count = bytes.count / type.size
    let places = filled..<filled + count
    filled += count
    let areFinite = elements.withUnsafeMutableBufferPointer {
      type.decode(bytes, into: UnsafeMutableBufferPointer(rebasing: $0[places]))
    }
    isFinite = isFinite && areFinite
  }

  /// - Throws: what is missing in the answer, or of another shape, or not finite.
  func check(_ answer: Message) throws(ProgramError.Cause) {
    // The array stands among the others where it is not what was wanted.
    guard filled == elements.count else {
      _ = try answer.numbers(name, shape)
      throw answer.noAnswer("there is no array '\(name)'")
    }
    guard !isFinite else { return }
    try requireFinite(elements, name)
  }
}

/// - Throws: `notFiniteNumber`.
func requireFinite(_ numbers: [Double], _ name: String) throws(ProgramError.Cause) {
  guard let place = numbers.firstIndex(where: { !$0.isFinite }) else { return }
  throw .notFiniteNumber(of: name, place: place, value: "\(numbers[place])")
}
