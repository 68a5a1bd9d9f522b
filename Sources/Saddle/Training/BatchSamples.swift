/// The samples of one mini-batch, copied side by side into buffers that are made once.
struct BatchSamples<T: Scalar>: Sendable {
  /// Samples in the current batch.
  private(set) var count = 0
  private let capacity: Int
  /// Numbers of a sample, and of its target where targets are values.
  private let width: Int
  private let targetWidth: Int
  /// One sample after the other; those in use are `inputs[used]`.
  private(set) var inputs: [T]
  private var labels: [Int32] = []
  private var values: [T] = []

  init(_ inputs: Matrix<T>, _ targets: Targets<T>, capacity: Int) {
    self.capacity = capacity
    width = inputs.columns
    self.inputs = [T](repeating: 0, count: capacity * width)
    switch targets {
    case .classes:
      targetWidth = 0
      labels = [Int32](repeating: 0, count: capacity)
    case .values(let all):
      targetWidth = all.columns
      values = [T](repeating: 0, count: capacity * targetWidth)
    }
  }

  /// Copies the samples order[range] of those it was made for.
  @specialized(where T == Float)
  @specialized(where T == Double)
  mutating func load(
    _ samples: Matrix<T>, _ targets: Targets<T>, _ order: Span<Int>, _ range: Range<Int>
  ) {
    precondition(range.count <= capacity, "\(range.count) samples in buffers for \(capacity)")
    count = range.count
    let batch = order.extracting(range)
    var target = inputs.mutableSpan
    gatherRows(samples.elements.span, width: samples.columns, batch, into: &target)
    switch targets {
    case .classes(let all):
      for n in batch.indices { labels[n] = all[batch[n]] }
    case .values(let all):
      var target = values.mutableSpan
      gatherRows(all.elements.span, width: all.columns, batch, into: &target)
    }
  }

  var used: Range<Int> { 0..<count * width }

  var targets: BatchTargets<T> {
    labels.isEmpty ? .values(values, start: 0) : .classes(labels, start: 0)
  }

  /// The batch's inputs and targets as a data set of their own.
  var matrix: Matrix<T> {
    Matrix(rows: count, columns: width, elements: Array(inputs[..<(count * width)]))
  }
  var own: Targets<T> {
    guard labels.isEmpty else { return .classes(Array(labels[..<count])) }
    return .values(
      Matrix(
        rows: count, columns: targetWidth, elements: Array(values[..<(count * targetWidth)])))
  }
}

/// Copies some rows of a row-major matrix, in the order given.
@specialized(where T == Float)
@specialized(where T == Double)
private func gatherRows<T: Scalar>(
  _ matrix: Span<T>, width: Int, _ rows: Span<Int>, into target: inout MutableSpan<T>
) {
  var at = 0
  for n in rows.indices {
    let row = matrix.extracting(rows[n] * width..<(rows[n] + 1) * width)
    var segment = target._mutatingExtracting(at..<at + width)
    copy(row, into: &segment)
    at += width
  }
}
