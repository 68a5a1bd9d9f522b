/// The root of a function that is negative at `low` and positive at `high`, by Newton's steps where
/// they stay inside the bracket and bisection where they do not.
///
/// `low` may lie to either side of `high`. It ends at the last bit: bisection needs at most some
/// 1100 halvings for any bracket of numbers of one sign, and Newton's steps make it a dozen.
func bracketedRoot(
  negativeAt low: Double, positiveAt high: Double, from start: Double? = nil,
  of function: (Double) -> (value: Double, slope: Double)
) -> Double {
  var (low, high) = (low, high)
  var x = start ?? (low + (high - low) / 2)
  var lastStep = (high - low).magnitude
  for _ in 0..<2200 {
    let (value, slope) = function(x)
    if value == 0 { return x }
    if value < 0 { low = x } else { high = x }
    let next = x - value / slope
    let isInside = (next - low) * (next - high) < 0
    // A step that does not halve the last one is not Newton's quadratic convergence.
    if isInside, (next - x).magnitude <= lastStep / 2 {
      lastStep = (next - x).magnitude
      if lastStep <= x.ulp.magnitude { return next }
      x = next
    } else {
      let middle = low + (high - low) / 2
      if middle == low || middle == high { return high }
      lastStep = (high - low).magnitude
      x = middle
    }
  }
  return x
}
