/// One of several parts of a grid that processes on several machines work on, none of which waits for
/// another: settings whose learning rate is chosen by the same trials stay together with these, any
/// other run stands by itself, and what so belongs together goes to the parts in turn.
public struct GridShard: Equatable, Sendable, CustomStringConvertible {
  /// From 1 on.
  public let number: Int
  public let count: Int

  /// - Throws: `GridError.shard` where there is no such part.
  public init(_ number: Int, of count: Int) throws(GridError) {
    guard count > 0, (1...count).contains(number) else {
      throw .shard(number: number, count: count)
    }
    self.number = number
    self.count = count
  }

  private init() { (number, count) = (1, 1) }

  /// The grid itself.
  public static let whole = GridShard()

  public var description: String { "\(number)/\(count)" }

  /// Whether it has what comes in turn as this number, from 0 on.
  func holds(_ turn: Int) -> Bool { turn % count == number - 1 }
}
