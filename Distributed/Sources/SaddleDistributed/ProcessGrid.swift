import CDistributed

/// Processes in rows and columns, and a symmetric matrix's blocks dealt out over them in turn (block
/// cyclic, as ScaLAPACK has it).
struct ProcessGrid: Sendable {
  let communicator: Communicator
  /// BLACS' number.
  let context: Int32
  let rows: Int
  let columns: Int

  /// As square as the number of processes allows.
  init(_ communicator: Communicator) throws(DistributedError) {
    self.communicator = communicator
    var rows = 1
    for divisor in 1...communicator.count
    where divisor * divisor <= communicator.count && communicator.count % divisor == 0 {
      rows = divisor
    }
    self.rows = rows
    columns = communicator.count / rows
    context = distributed_grid(Int32(rows), Int32(columns))
    guard context >= 0 else { throw .library(call: "Cblacs_gridinit", code: Int(context)) }
  }

  var row: Int { communicator.rank / columns }
  var column: Int { communicator.rank % columns }
}

/// How a matrix of order n is dealt out.
struct BlockCyclicLayout: Sendable {
  let grid: ProcessGrid
  let order: Int
  let block: Int

  /// Blocks of 64, or smaller where some process would have none.
  init(_ grid: ProcessGrid, order: Int) throws(DistributedError) {
    guard order >= grid.columns, order <= Int32.max else {
      throw .order(order, processes: grid.communicator.count)
    }
    self.grid = grid
    self.order = order
    block = min(64, order / grid.columns)
    // ELPA counts a process's elements by 32 bits.
    let largest = localCount(at: 0, of: grid.rows) * localCount(at: 0, of: grid.columns)
    guard largest <= Int32.max else { throw .order(order, processes: grid.communicator.count) }
  }

  /// The process's row or column that has a row or column of the matrix.
  func place(_ i: Int, of places: Int) -> Int { i / block % places }
  /// Which of that process's it is.
  func local(_ i: Int, of places: Int) -> Int { i / (block * places) * block + i % block }
  func global(_ local: Int, at place: Int, of places: Int) -> Int {
    local / block * block * places + place * block + local % block
  }

  func localCount(at place: Int, of places: Int) -> Int {
    Int(distributed_local(Int32(order), Int32(block), Int32(place), Int32(places)))
  }

  var localRows: Int { localCount(at: grid.row, of: grid.rows) }
  var localColumns: Int { localCount(at: grid.column, of: grid.columns) }

  /// The columns of a process's column, ascending.
  func globals(at place: Int, of places: Int) -> [Int] {
    (0..<localCount(at: place, of: places)).map { global($0, at: place, of: places) }
  }
}
