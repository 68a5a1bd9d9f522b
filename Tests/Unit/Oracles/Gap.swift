/// |a − b|, infinite where either is NaN.
func gap(_ a: Double, _ b: Double) -> Double {
  let difference = (a - b).magnitude
  return difference.isNaN ? .infinity : difference
}
