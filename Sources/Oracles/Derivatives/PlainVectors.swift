/// Σ xᵢyᵢ, summed left to right.
func dot(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count, "\(x.count) components against \(y.count)")
  var sum = 0.0
  for i in x.indices { sum += x[i] * y[i] }
  return sum
}

/// The Euclidean norm, scaled by the largest component so that nothing overflows.
func norm(_ x: [Double]) -> Double {
  let largest = x.reduce(0) { max($0, $1.magnitude) }
  guard largest > 0, largest.isFinite else { return x.contains { $0.isNaN } ? .nan : largest }
  var sum = 0.0
  for component in x { sum += (component / largest) * (component / largest) }
  return largest * sum.squareRoot()
}

/// x + h·v.
func moved(_ x: [Double], by h: Double, along v: [Double]) -> [Double] {
  var result = x
  for i in x.indices { result[i] += h * v[i] }
  return result
}
