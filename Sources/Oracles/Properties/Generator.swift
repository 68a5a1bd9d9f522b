/// Draws values of one kind, each with the simpler ones it shrinks to, and shows them.
public struct Generator<Value: Sendable>: Sendable {
  /// Draws a value from bits alone.
  ///
  /// - Parameter size: 0 … 100: how large the value may be, by a measure of the generator's own.
  public let draw: @Sendable (_ size: Int, inout SplitMix64) -> Shrinkable<Value>
  /// The value for people.
  public let show: @Sendable (Value) -> String

  public init(
    show: @escaping @Sendable (Value) -> String = { "\($0)" },
    _ draw: @escaping @Sendable (_ size: Int, inout SplitMix64) -> Shrinkable<Value>
  ) {
    self.draw = draw
    self.show = show
  }

  /// Simpler values by a rule; see `Shrinkable.init(_:by:)`.
  public init(
    show: @escaping @Sendable (Value) -> String = { "\($0)" },
    simpler: @escaping @Sendable (Value) -> [Value],
    _ draw: @escaping @Sendable (_ size: Int, inout SplitMix64) -> Value
  ) {
    self.init(show: show) { size, rng in Shrinkable(draw(size, &rng), by: simpler) }
  }

  /// Always the same.
  public static func constant(_ value: Value) -> Generator {
    Generator { _, _ in Shrinkable(value) }
  }

  /// Each as likely as another; they shrink to those named before.
  public static func element(of values: [Value]) -> Generator {
    precondition(!values.isEmpty, "an element of nothing")
    return Generator<Int>.integer(in: 0...(values.count - 1)).map { values[$0] }
  }

  public func map<Result>(
    show: @escaping @Sendable (Result) -> String = { "\($0)" },
    _ transform: @escaping @Sendable (Value) -> Result
  ) -> Generator<Result> {
    Generator<Result>(show: show) { size, rng in draw(size, &rng).map(transform) }
  }

  /// Both values, independent of one another.
  public func with<Second>(_ second: Generator<Second>) -> Generator<(Value, Second)> {
    Generator<(Value, Second)>(show: { "\(show($0.0))\n\(second.show($0.1))" }) { size, rng in
      let first = draw(size, &rng)
      return first.with(second.draw(size, &rng))
    }
  }

  /// `count` values or, with the size growing, up to its upper bound. Sequences of commands are
  /// such arrays: a property runs them on the subject and on a model, and shrinking leaves those
  /// that matter.
  public func array(count: ClosedRange<Int>) -> Generator<[Value]> {
    precondition(count.lowerBound >= 0, "\(count) elements")
    return Generator<[Value]>(
      show: { "[" + $0.map(show).joined(separator: ",\n ") + "]" }
    ) { size, rng in
      let most = count.lowerBound + (count.count - 1) * min(max(size, 0), 100) / 100
      let drawn =
        count.lowerBound + Draw.integer(below: most - count.lowerBound + 1, using: &rng)
      let elements = (0..<drawn).map { _ in draw(size, &rng) }
      return Shrinkable<Value>.array(elements, least: count.lowerBound)
    }
  }

  /// One of several generators, as often as its weight among all; shrinking stays within it.
  public static func oneOf(_ choices: [(weight: Int, generator: Generator)]) -> Generator {
    let total = choices.reduce(0) { $0 + $1.weight }
    precondition(
      total > 0 && choices.allSatisfy { $0.weight >= 0 }, "weights that add to \(total)")
    return Generator(show: choices[0].generator.show) { size, rng in
      var left = Draw.integer(below: total, using: &rng)
      for choice in choices {
        if left < choice.weight { return choice.generator.draw(size, &rng) }
        left -= choice.weight
      }
      return choices[0].generator.draw(size, &rng)
    }
  }
}

extension Generator where Value == Int {
  /// Uniform on a range; shrinks to zero, or to the end nearest to it, by halves.
  public static func integer(in range: ClosedRange<Int>) -> Generator {
    let least = min(max(0, range.lowerBound), range.upperBound)
    return Generator(
      simpler: { value in
        var simpler: [Int] = []
        var step = value - least
        while step != 0 {
          simpler.append(value - step)
          step /= 2
        }
        return simpler
      },
      { _, rng in range.lowerBound + Draw.integer(below: range.count, using: &rng) })
  }
}

extension Generator where Value == Double {
  /// Finite numbers of all magnitudes, of either sign: about one in ten is 0, −0, ±1, subnormal or
  /// near 1e±154, where squares over- and underflow; the others have exponents up to ±`decades`.
  ///
  /// They shrink to 0, 1 and powers of two.
  public static func real(decades: Double = 3) -> Generator {
    let edges = [0, -0.0, 1, -1, 0x1p-1060, -0x1p-1074, 1e154, -1e-154]
    return Generator(
      simpler: simplerReals,
      { _, rng in
        if Draw.once(in: 10, using: &rng) {
          return edges[Draw.integer(below: edges.count, using: &rng)]
        }
        let exponent = Draw.uniform(-decades, decades, using: &rng)
        return Draw.sign(using: &rng) * power(10, exponent) * Draw.uniform(1, 10, using: &rng)
      })
  }
}

/// 0, ±1, the magnitude's power of two: each simpler than what it takes the place of.
@Sendable func simplerReals(_ value: Double) -> [Double] {
  guard value != 0 || value.sign == .minus else { return [] }
  guard value != 0 else { return [0] }
  if value == 1 { return [0] }
  if value == -1 { return [0, 1] }
  let power = value.sign == .minus ? -value.binade : value.binade
  return value == power ? [0, value < 0 ? -1 : 1] : [0, value < 0 ? -1 : 1, power]
}
