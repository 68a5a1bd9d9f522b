import Oracles

/// Σ xᵢyᵢ.
func inner(_ x: [Double], _ y: [Double]) -> Double {
  var sum = 0.0
  for i in x.indices { sum += x[i] * y[i] }
  return sum
}

/// ‖x‖; where a square would overflow or underflow, by way of the largest element.
func length(_ x: [Double]) -> Double {
  let square = inner(x, x)
  if square.isNormal && square.isFinite { return square.squareRoot() }
  let most = x.reduce(0) { max($0, $1.magnitude) }
  guard most > 0, most.isFinite else { return most }
  let scaled = x.map { $0 / most }
  return most * inner(scaled, scaled).squareRoot()
}

/// x + a·y.
func sum(_ x: [Double], _ a: Double, _ y: [Double]) -> [Double] {
  var result = x
  for i in x.indices { result[i] += a * y[i] }
  return result
}

/// What can be wrong with a search for the strong Wolfe conditions.
enum SearchFault: String, CaseIterable {
  /// Armijo's condition alone.
  case noCurvature
  /// Slopes that are too steep upwards are taken.
  case weakWolfe
  case decreaseTenth, decreaseForgotten, curvatureFixed, curvatureLoose
  /// No bracket: what is too far is halved, what is too near is taken.
  case neverLengthens
  /// A trial without a value is taken.
  case takesWhatIsNotFinite
  /// Steps beyond the tenth trial are taken as they are.
  case endsAtTenTrials
}

/// A line search for the strong Wolfe conditions in plain loops: a bracket that is doubled and
/// halved.
struct PlainSearch {
  var decrease: Double
  var curvature: Double
  var fault: SearchFault?

  init(_ set: Settings, curvature: Double, _ fault: SearchFault? = nil) {
    let c1 = set("decrease", 1e-4)
    let c2 = set("curvature", curvature)
    decrease = fault == .decreaseTenth ? c1 / 10 : fault == .decreaseForgotten ? 0 : c1
    self.curvature =
      fault == .curvatureFixed ? 0.9 : fault == .curvatureLoose ? (1 + c2) / 2 : c2
    self.fault = fault
  }

  struct Found {
    let step: Double
    let point: [Double]
    let gradient: [Double]
  }

  /// A point that satisfies both conditions, or a lower one; nil where none is found.
  func callAsFunction(
    _ function: StepFunction, from start: [Double], gradient: [Double], along direction: [Double],
    first: Double
  ) -> Found? {
    let value = function.value(start)
    let slope = inner(gradient, direction)
    var (low, high) = (0.0, Double.infinity)
    var best: Found?
    var step = first
    for trial in 1...100 {
      let point = sum(start, step, direction)
      let here = function.value(point)
      let there = function.gradient(point)
      let found = Found(step: step, point: point, gradient: there)
      if fault == .takesWhatIsNotFinite, !here.isFinite { return found }
      if fault == .endsAtTenTrials, trial == 10 { return found }
      let rise = inner(there, direction)
      let isTooHigh = !(here <= value + decrease * step * slope) || !rise.isFinite
      if isTooHigh || !here.isFinite {
        high = step
      } else {
        if here < value { best = found }
        if fault == .noCurvature { return found }
        let isSteepDown = rise < curvature * slope
        if !isSteepDown, fault == .weakWolfe || rise <= -curvature * slope { return found }
        if isSteepDown { low = step } else { high = step }
        if isSteepDown, fault == .neverLengthens { return found }
      }
      // A thousandfold is far enough.
      guard low < 1000 * first else { return best }
      let next = high.isFinite ? low + (high - low) / 2 : 2 * step
      guard next != low, next != high else { break }
      step = next
    }
    return best
  }
}
