/// The rank of a matrix of finite binary fractions, whose rows are given one by one, by elimination
/// in the integers modulo the prime p = 2⁶¹ − 1, where nothing is rounded.
///
/// A minor that is not 0 modulo p is not 0: the rank is never too large, so that no dependence of
/// columns is missed. It is too small, and the nullity too large, where p divides all the minors
/// that count, or where a row looks dependent by chance: for numbers that do not know of p, with
/// odds of 2⁻⁶¹ a row.
struct ModularEchelon: Equatable, Sendable {
  let columns: Int
  /// The column of each row's leading 1.
  private(set) var pivots: [Int] = []
  /// In reduced form, `rank` × `columns`: a pivot's column is 0 in every other row.
  private var rows: [UInt64] = []
  /// A vector that the rows map to 0, random but for that: rows that depend on them do so too, and
  /// others with odds of 1/p, so that a row that adds nothing costs one inner product.
  private var probe: [UInt64]
  /// The probe's elements at columns without a pivot.
  private let chosen: [UInt64]

  init(columns: Int) {
    var generator = RandomStream(seed: 0, name: "modular echelon")
    self.columns = columns
    chosen = (0..<columns).map { _ in generator.next() % prime }
    probe = chosen
  }

  var rank: Int { pivots.count }
  var isFull: Bool { rank == columns }

  /// Adds a row of finite numbers.
  mutating func add(_ row: [Double]) {
    precondition(row.count == columns, "\(row.count) elements in a row of \(columns)")
    guard !isFull else { return }
    var residues = [UInt64](repeating: 0, count: columns)
    for j in row.indices where row[j] != 0 { residues[j] = residue(row[j]) }
    add(residues)
  }

  /// Adds another matrix's rows.
  mutating func add(_ other: ModularEchelon) {
    precondition(other.columns == columns, "\(other.columns) columns to \(columns)")
    for k in 0..<other.rank where !isFull {
      add(Array(other.rows[k * columns..<(k + 1) * columns]))
    }
  }

  private mutating func add(_ residues: consuming [UInt64]) {
    var row = residues
    guard innerProduct(row.span, probe.span) != 0 else { return }
    for (k, pivot) in pivots.enumerated() where row[pivot] != 0 {
      subtract(row[pivot], times: rows.span.extracting(k * columns..<(k + 1) * columns), from: &row)
    }
    // Last columns first: where the last one is all ones, it becomes the pivot of all constants.
    guard let pivot = row.lastIndex(where: { $0 != 0 }) else { return }
    let inverse = power(row[pivot], prime - 2)
    for j in row.indices where row[j] != 0 { row[j] = product(row[j], inverse) }
    probe[pivot] = 0
    let negated = innerProduct(row.span, probe.span)
    let value = negated == 0 ? 0 : prime - negated
    for k in pivots.indices {
      let range = k * columns..<(k + 1) * columns
      let factor = rows[k * columns + pivot]
      guard factor != 0 else { continue }
      // What the row said of the probe's old element there, it says of the new one.
      probe[pivots[k]] = sum(
        probe[pivots[k]], product(factor, difference(chosen[pivot], value)))
      var target = rows.mutableSpan
      var part = target._mutatingExtracting(range)
      subtract(factor, times: row.span, from: &part)
    }
    probe[pivot] = value
    pivots.append(pivot)
    rows += row
  }

  /// Columns that depend on one another, and on no other columns: the fewest at a time, so that
  /// every dependence is a sum of such as lie within one group.
  ///
  /// - Returns: Each group's columns, ascending, and by how many its rank is less than their number.
  var dependences: [(columns: [Int], nullity: Int)] {
    let isPivot = Set(pivots)
    var group = Array(0..<columns)
    func root(_ j: Int) -> Int {
      var j = j
      while group[j] != j { j = group[j] }
      return j
    }
    for free in 0..<columns where !isPivot.contains(free) {
      for (k, pivot) in pivots.enumerated() where rows[k * columns + free] != 0 {
        group[root(pivot)] = root(free)
      }
    }
    var members: [Int: [Int]] = [:]
    for j in 0..<columns { members[root(j), default: []].append(j) }
    return members.values.compactMap { columns in
      let nullity = columns.count { !isPivot.contains($0) }
      return nullity > 0 ? (columns, nullity) : nil
    }.sorted { $0.columns[0] < $1.columns[0] }
  }
}

private let prime: UInt64 = (1 << 61) - 1

/// ±m·2ᵉ modulo p: 2⁶¹ is 1, so that a power of 2 only turns the bits round.
private func residue(_ x: Double) -> UInt64 {
  let isNormal = x.exponentBitPattern != 0
  let digits = x.significandBitPattern | (isNormal ? 1 << 52 : 0)
  // 1075 = 1023 + 52; 61·18 more make it positive.
  let turn = (Int(isNormal ? x.exponentBitPattern : 1) - 1075 + 61 * 18) % 61
  let magnitude = (digits << turn & prime) | digits >> (61 - turn)
  return x < 0 ? prime - magnitude : magnitude
}

@inline(__always)
private func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
  let (high, low) = a.multipliedFullWidth(by: b)
  let sum = (low & prime) &+ (high << 3 | low >> 61)
  return sum >= prime ? sum &- prime : sum
}

@inline(__always)
private func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
  let sum = a &+ b
  return sum >= prime ? sum &- prime : sum
}

@inline(__always)
private func difference(_ a: UInt64, _ b: UInt64) -> UInt64 {
  a >= b ? a &- b : a &+ prime &- b
}

private func power(_ base: UInt64, _ exponent: UInt64) -> UInt64 {
  var (result, square, rest): (UInt64, UInt64, UInt64) = (1, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result = product(result, square) }
    square = product(square, square)
    rest >>= 1
  }
  return result
}

private func innerProduct(_ x: Span<UInt64>, _ y: Span<UInt64>) -> UInt64 {
  var total: UInt64 = 0
  for j in x.indices where x[unchecked: j] != 0 {
    total = sum(total, product(x[unchecked: j], y[j]))
  }
  return total
}

/// y ← y − factor·x.
private func subtract(_ factor: UInt64, times x: Span<UInt64>, from y: inout [UInt64]) {
  var target = y.mutableSpan
  subtract(factor, times: x, from: &target)
}

private func subtract(
  _ factor: UInt64, times x: Span<UInt64>, from y: inout MutableSpan<UInt64>
) {
  precondition(x.count == y.count, "\(x.count) elements from \(y.count)")
  for j in x.indices where x[unchecked: j] != 0 {
    y[unchecked: j] = difference(y[unchecked: j], product(factor, x[unchecked: j]))
  }
}
