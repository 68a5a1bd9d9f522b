import Synchronization

/// Where an array of an answer goes as it comes, as doubles, without its bytes in between: of 10⁷
/// numbers each copy more would cost as much as the pipe.
///
/// A reference, since it is filled far below where it is made.
package final class NumberTarget {
  let name: String
  let shape: [Int]
  /// As many as `shape` says.
  package private(set) var elements: [Double]
  private var isFilled = false
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
    declared.name == name && declared.shape == shape && !isFilled
  }

  /// Fills all places with numbers that `read` hands over in pieces, with where each piece of bytes
  /// begins: no two at one place, but some perhaps at once.
  func fill(
    _ type: MessageArray.ElementType,
    _ read: ((UnsafeRawBufferPointer, Int) -> Void) throws(ProgramError.Cause) -> Void
  ) throws(ProgramError.Cause) {
    let areFinite = Atomic(true)
    try elements.withUnsafeMutableBufferPointer { places throws(ProgramError.Cause) in
      try read { bytes, place in
        let part = place / type.size..<(place + bytes.count) / type.size
        if !type.decode(bytes, into: places.extracting(part)) {
          areFinite.store(false, ordering: .relaxed)
        }
      }
    }
    isFilled = true
    isFinite = areFinite.load(ordering: .relaxed)
  }

  /// - Throws: what is missing in the answer, or of another shape, or not finite.
  func check(_ answer: Message) throws(ProgramError.Cause) {
    // The array stands among the others where it is not what was wanted.
    guard isFilled else {
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
