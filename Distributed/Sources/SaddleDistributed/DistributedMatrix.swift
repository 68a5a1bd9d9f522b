import CDistributed
import Saddle

/// A square matrix of which each process has some blocks, and none has all.
struct DistributedMatrix {
  let layout: BlockCyclicLayout
  /// This process's part, column by column.
  var elements: [Double]

  init(_ layout: BlockCyclicLayout) {
    self.layout = layout
    elements = [Double](repeating: 0, count: layout.localRows * layout.localColumns)
  }

  /// op(A)·B.
  static func product(
    _ a: DistributedMatrix, transposed: Bool = false, _ b: DistributedMatrix
  ) throws(DistributedError) -> DistributedMatrix {
    var c = DistributedMatrix(a.layout)
    let layout = a.layout
    try check(
      "pdgemm",
      distributed_multiply(
        layout.grid.context, Int32(layout.order), Int32(layout.block), transposed ? 1 : 0,
        a.elements, b.elements, &c.elements, Int32(layout.localRows)))
    return c
  }

  /// Does `body` for each element that is here, with its row and column in the whole.
  mutating func forEach(_ body: (Int, Int, inout Double) -> Void) {
    let grid = layout.grid
    let rows = layout.globals(at: grid.row, of: grid.rows)
    for (k, j) in layout.globals(at: grid.column, of: grid.columns).enumerated() {
      for (m, i) in rows.enumerated() { body(i, j, &elements[k * rows.count + m]) }
    }
  }

  /// ‖·‖_F, to all processes.
  func frobeniusNorm() throws(DistributedError) -> Double {
    var sum = [elements.reduce(0) { $0 + $1 * $1 }]
    try layout.grid.communicator.sum(&sum)
    return sum[0].squareRoot()
  }
}

extension DistributedMatrix {
  /// The most numbers that are on their way from a process at once.
  private static var inFlight: Int { 1 << 22 }

  /// U + Uᵀ − diag(U) from the rows of U that each process has; they go where their blocks are some at
  /// a time, and no process has the whole at any time.
  init(
    _ layout: BlockCyclicLayout, sum rows: CurvatureRows<Double>
  ) throws(DistributedError) {
    self.init(layout)
    let communicator = layout.grid.communicator
    let batch = max(1, Self.inFlight / layout.order)
    // Each process's rows, and where in them there is anything.
    let firsts = rows.rows.indices.map { k in
      rows.elements.row(k).firstIndex { $0 != 0 } ?? layout.order
    }
    let held = try communicator.gather(
      zip(rows.rows, firsts).flatMap { [Int32($0), Int32($1)] })
    let batches = held.reduce(0) { max($0, ($1.count / 2 + batch - 1) / batch) }
    for number in 0..<batches {
      let batchOf = held.map { pairs in
        stride(from: number * batch, to: min((number + 1) * batch, pairs.count / 2), by: 1).map {
          HeldRow(index: Int(pairs[2 * $0]), first: Int(pairs[2 * $0 + 1]))
        }
      }
      try exchange(rows, from: number * batch, batchOf)
    }
  }

  private struct HeldRow {
    let index: Int
    let first: Int
  }

  /// Sends some rows, and adds up what comes.
  private mutating func exchange(
    _ rows: CurvatureRows<Double>, from start: Int, _ batch: [[HeldRow]]
  ) throws(DistributedError) {
    let grid = layout.grid
    let communicator = grid.communicator
    let byRow = (0..<grid.rows).map { layout.globals(at: $0, of: grid.rows) }
    let byColumn = (0..<grid.columns).map { layout.globals(at: $0, of: grid.columns) }
    /// What process (a, b) gets of a row: the row's part in its columns, if it has the row, then the
    /// row's part in its rows, if it has the column of that number.
    func pieces(_ row: HeldRow, _ a: Int, _ b: Int) -> (asRow: ArraySlice<Int>, asColumn: ArraySlice<Int>) {
      (
        layout.place(row.index, of: grid.rows) == a ? tail(byColumn[b], from: row.first) : [],
        layout.place(row.index, of: grid.columns) == b ? tail(byRow[a], from: row.first) : []
      )
    }

    var out: [Double] = []
    var counts: [Int32] = []
    for rank in 0..<communicator.count {
      let before = out.count
      for (k, row) in batch[communicator.rank].enumerated() {
        let (asRow, asColumn) = pieces(row, rank / grid.columns, rank % grid.columns)
        let from = (start + k) * layout.order
        for j in asRow { out.append(rows.elements.elements[from + j]) }
        for i in asColumn { out.append(i == row.index ? 0 : rows.elements.elements[from + i]) }
      }
      counts.append(Int32(out.count - before))
    }
    let receiving = batch.map { held in
      held.reduce(Int32(0)) { sum, row in
        let (asRow, asColumn) = pieces(row, grid.row, grid.column)
        return sum + Int32(asRow.count + asColumn.count)
      }
    }
    let received = try communicator.exchange(out, counts: counts, receiving: receiving)
    var at = 0
    let height = layout.localRows
    for row in batch.joined() {
      let (asRow, asColumn) = pieces(row, grid.row, grid.column)
      let ownRow = layout.local(row.index, of: grid.rows)
      for j in asRow {
        elements[layout.local(j, of: grid.columns) * height + ownRow] += received[at]
        at += 1
      }
      let ownColumn = layout.local(row.index, of: grid.columns) * height
      for i in asColumn {
        elements[ownColumn + layout.local(i, of: grid.rows)] += received[at]
        at += 1
      }
    }
  }

  /// Those of ascending numbers that are not below `first`.
  private func tail(_ numbers: [Int], from first: Int) -> ArraySlice<Int> {
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < first { low = middle + 1 } else { high = middle }
    }
    return numbers[low...]
  }
}
