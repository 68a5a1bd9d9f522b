/// Some vectors of parameters, stacked: for every block of parameters the parts of all vectors one below
/// the other, so that the weights of all of them are one matrix.
struct StackedVectors<T: Scalar>: Sendable {
  private let vectors: Matrix<T>
  /// Which of them.
  private let range: Range<Int>
  private let blocks: [Range<Int>]
  let elements: [T]
  /// Where in `elements` they begin.
  private let start: Int

  var count: Int { range.count }

  /// - Parameter blocks: all of the parameters, in their order.
  init(_ vectors: Matrix<T>, _ range: Range<Int>, blocks: [Range<Int>]) {
    (self.vectors, self.range, self.blocks) = (vectors, range, blocks)
    // One vector is stacked where it is.
    guard range.count > 1 else {
      elements = vectors.elements
      start = range.lowerBound * vectors.columns
      return
    }
    start = 0
    let (order, count) = (vectors.columns, range.count)
    elements = [T](unsafeUninitializedCapacity: count * order) { elements, initialized in
      let target = elements
      vectors.elements.withUnsafeBufferPointer { source in
        forEachIndex(below: count) { j in
          let row = (range.lowerBound + j) * order
          for block in blocks {
            let place = block.lowerBound * count + j * block.count
            _ = target.extracting(place..<place + block.count).initialize(
              fromContentsOf: source.extracting(row + block.lowerBound..<row + block.upperBound))
          }
        }
      }
      initialized = count * order
    }
  }

  /// Where in `elements` all vectors' parts of a block are.
  func all(_ block: Range<Int>) -> Range<Int> {
    start + block.lowerBound * count..<start + block.upperBound * count
  }

  /// Where in `elements` a vector's part of a block is.
  func one(_ j: Int, _ block: Range<Int>) -> Range<Int> {
    let first = start + block.lowerBound * count + j * block.count
    return first..<first + block.count
  }

  /// `products ← α·vectors + Σ parts`, where each part has as many products, stacked.
  func unstack(_ parts: [[T]], adding alpha: T, into products: inout Matrix<T>) {
    let order = vectors.columns
    products.elements.withUnsafeMutableBufferPointer { products in
      func add(_ j: Int, _ block: Range<Int>, from place: Int) {
        let row = (range.lowerBound + j) * order
        let places = row + block.lowerBound..<row + block.upperBound
        var product = products.extracting(places).mutableSpan
        scale(vectors.elements.span.extracting(places), by: alpha, into: &product)
        for part in parts {
          axpy(1, part.span.extracting(place..<place + block.count), into: &product)
        }
      }
      if count == 1 {
        forEachPiece(of: order) { add(0, $0, from: $0.lowerBound) }
      } else {
        forEachIndex(below: count) { j in
          for block in blocks { add(j, block, from: block.lowerBound * count + j * block.count) }
        }
      }
    }
  }
}

/// The part of `count` stacked vectors that belongs to a block of parameters.
func stacked(_ block: Range<Int>, _ count: Int) -> Range<Int> {
  block.lowerBound * count..<block.upperBound * count
}
