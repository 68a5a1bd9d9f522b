import RealModule

// What must hold of the numbers that an optimizer reads and keeps.

extension Array where Element: Scalar {
  /// Whether these are `count` finite numbers.
  func areFinite(count expected: Int) -> Bool {
    count == expected && allFinite(span)
  }

  /// Whether these are `count` finite numbers, none below zero.
  func areNotNegative(count expected: Int) -> Bool {
    areFinite(count: expected) && allSatisfy { $0 >= 0 }
  }
}

/// Whether a number from a checkpoint can be a count of steps, and one more can be counted.
func isStepCount(_ step: Int) -> Bool { step >= 0 && step < .max }

/// Whether a mechanism can have acted in so many of `steps` steps; nil is not known.
func isInterventionCount(_ count: Int?, of steps: Int) -> Bool {
  count.map { $0 >= 0 && $0 <= steps } ?? true
}

extension Scalar {
  /// Gradients up to here can be squared, and 2²⁴ such squares summed, without overflow: 3e150 in
  /// `Double`, 4.5e15 in `Float`.
  static var largestSquarable: Self { greatestFiniteMagnitude.squareRoot() * 0x1p-12 }

  /// Gradients of up to 2³⁰ elements, none above this, have a finite norm.
  static var largestWithNorm: Self { greatestFiniteMagnitude * 0x1p-16 }
}

/// x/y, and 0 where y is 0: a coordinate with no gradient so far stays, even at ε = 0.
///
/// The choice is between divisors, since one between results would not be vectorized.
@inline(__always)
func quotient<T: Scalar>(_ x: T, over y: T) -> T { x / (y > 0 ? y : .infinity) }

/// 1 − βᵗ for t ≥ 1, without the cancellation at β near 1 that would cost `Float` five of its
/// seven digits.
func biasCorrection<T: Scalar>(_ decay: T, step: Int) -> T {
  -T.expMinusOne(T(step) * T.log(decay))
}
