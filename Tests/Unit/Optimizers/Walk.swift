import Oracles
import Saddle
import SaddleOracles

/// θ₀, θ₁, …, θ_steps of an optimizer on a landscape.
func walk(
  _ optimizer: some Optimizer<Double>, on landscape: Landscape, from start: [Double], steps: Int
) throws -> [[Double]] {
  var model = ObjectiveModel(LandscapeObjective(landscape))
  var state = optimizer.initialState(dimension: start.count)
  var parameters = start
  var path = [start]
  for _ in 0..<steps {
    try optimizer.step(&parameters, on: &model, state: &state)
    path.append(parameters)
  }
  return path
}

/// The optimizer of the catalog with these numbers.
func cataloged(
  _ name: String, _ numbers: [String: Double] = [:], seed: UInt64 = 1
) throws -> any Optimizer<Double> {
  try OptimizerDescription(name, numbers, seed: seed).makeOptimizer(Double.self)
}

/// ½·Σ λᵢxᵢ².
func diagonalForm(_ eigenvalues: [Double]) -> Landscape {
  Landscape(
    name: "diagonal form", dimension: eigenvalues.count,
    value: { x in zip(eigenvalues, x).reduce(0) { $0 + $1.0 * $1.1 * $1.1 / 2 } },
    gradient: { x in zip(eigenvalues, x).map { $0 * $1 } },
    hessian: { _ in
      eigenvalues.indices.map { i in
        eigenvalues.indices.map { $0 == i ? eigenvalues[i] : 0 }
      }
    },
    criticalPoints: [], hasAllCriticalPoints: false)
}

/// Σ xᵢyᵢ in a plain loop.
func inner(_ x: [Double], _ y: [Double]) -> Double {
  var sum = 0.0
  for i in x.indices { sum += x[i] * y[i] }
  return sum
}

func length(_ x: [Double]) -> Double { inner(x, x).squareRoot() }
