/// A drawn value and the simpler ones that may take its place: what an author of a generator need
/// not write twice, since mapping a value maps its simpler ones too (integrated shrinking; Stanley,
/// Hedgehog 2017).
public struct Shrinkable<Value: Sendable>: Sendable {
  public let value: Value
  /// Simpler values, the boldest steps first; made when they are asked for.
  public let shrinks: @Sendable () -> [Shrinkable<Value>]

  public init(
    _ value: Value, shrinks: @escaping @Sendable () -> [Shrinkable<Value>] = { [] }
  ) {
    self.value = value
    self.shrinks = shrinks
  }

  /// A value with simpler ones by a rule that applies to those as well. Each step of the rule must
  /// lead to values that are simpler by some measure, or shrinking would not end.
  public init(_ value: Value, by simpler: @escaping @Sendable (Value) -> [Value]) {
    self.init(value) { simpler(value).map { Shrinkable($0, by: simpler) } }
  }

  public func map<Result>(
    _ transform: @escaping @Sendable (Value) -> Result
  ) -> Shrinkable<Result> {
    Shrinkable<Result>(transform(value)) { shrinks().map { $0.map(transform) } }
  }

  /// Without the simpler values that a condition does not hold for, and what lies behind them.
  public func filter(_ holds: @escaping @Sendable (Value) -> Bool) -> Shrinkable {
    Shrinkable(value) { shrinks().filter { holds($0.value) }.map { $0.filter(holds) } }
  }

  /// Both, one of them simpler at a time.
  public func with<Second>(_ second: Shrinkable<Second>) -> Shrinkable<(Value, Second)> {
    Shrinkable<(Value, Second)>((value, second.value)) {
      shrinks().map { $0.with(second) } + second.shrinks().map { with($0) }
    }
  }

  /// An array of at least `least` elements: without half of them, without one, with all as simple
  /// as can be at once, which keeps equal ones equal, and with a simpler one.
  public static func array(
    _ elements: [Shrinkable], least: Int = 0
  ) -> Shrinkable<[Value]> {
    Shrinkable<[Value]>(elements.map(\.value)) {
      var simpler: [Shrinkable<[Value]>] = []
      var length = elements.count
      while length >= 1 {
        if elements.count - length >= least {
          for start in stride(from: 0, to: elements.count, by: length) {
            let end = min(start + length, elements.count)
            simpler.append(
              array(Array(elements[..<start] + elements[end...]), least: least))
          }
        }
        length /= 2
      }
      let simplest = elements.map { $0.shrinks().first ?? $0 }
      if elements.contains(where: { !$0.shrinks().isEmpty }) {
        simpler.append(array(simplest, least: least))
      }
      for (i, element) in elements.enumerated() {
        for replacement in element.shrinks() {
          var changed = elements
          changed[i] = replacement
          simpler.append(array(changed, least: least))
        }
      }
      return simpler
    }
  }
}
