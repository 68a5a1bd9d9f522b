import Foundation
import Oracles

// Rules that ask for values, or for curvature.

let modelForms: [RightForm] = [
  RightForm("armijoGD", "the j-th trial at ηρʲ by powers") { set in
    let rate = set("learningRate", 1)
    let (decrease, cut) = (set("decrease", 1e-4), set("backtracking", 0.5))
    return { point, function, memory in
      memory.step += 1
      let g = function.gradient(point)
      let size = length(g)
      guard size > 0 else { return }
      let value = function.value(point)
      for j in 0..<10_000 {
        let step = rate * pow(cut, Double(j))
        guard step > 1e-30 * rate else { return }
        let trial = point.indices.map { point[$0] - step * g[$0] }
        let fallen = value - function.value(trial)
        if fallen.isFinite, fallen >= decrease * step * size * size {
          point = trial
          return
        }
      }
    }
  },
  RightForm("wolfeGD", "a bracket that grows fourfold and is cut at a third") { set in
    let rate = set("learningRate", 1)
    let (c1, c2) = (set("decrease", 1e-4), set("curvature", 0.1))
    return { point, function, memory in
      memory.step += 1
      let g = function.gradient(point)
      let square = inner(g, g)
      guard square > 0 else { return }
      let value = function.value(point)
      var (low, high, step) = (0.0, Double.infinity, rate)
      var best: [Double]?
      for _ in 0..<200 {
        let trial = sum(point, -step, g)
        let there = function.value(trial)
        let slope = -inner(function.gradient(trial), g)
        if !there.isFinite || there > value - c1 * step * square {
          high = step
        } else {
          if there < value { best = trial }
          if slope.magnitude <= c2 * square {
            point = trial
            return
          }
          if slope < 0 { low = step } else { high = step }
        }
        guard low < 1000 * rate else { break }
        let next = high.isFinite ? (2 * low + high) / 3 : 4 * step
        guard next != low, next != high else { break }
        step = next
      }
      if let best { point = best }
    }
  },
  RightForm("lbfgs", "H as a matrix, built anew from the pairs") { set in
    let count = Int(set("memory", 10))
    let search = PlainSearch(set, curvature: 0.9)
    return { point, function, memory in
      memory.step += 1
      let g = function.gradient(point)
      let kept = Int(memory.vectors["count"]?[0] ?? 0)
      var pairs = (0..<kept).map { (memory["s\($0)", g.count], memory["y\($0)", g.count]) }
      var direction = inverseHessian(pairs, g.count).map { -inner($0, g) }
      if !(inner(direction, g) < 0) || !direction.allSatisfy(\.isFinite) {
        pairs = []
        direction = g.map { -$0 }
      }
      let first = pairs.isEmpty ? 1 / length(g) : 1
      guard inner(direction, g) < 0 else { return }
      let found = search(function, from: point, gradient: g, along: direction, first: first)
      if let found {
        let (s, y) = (sum(found.point, -1, point), sum(found.gradient, -1, g))
        if inner(s, y) > 0x1p-52 * length(s) * length(y), (1 / inner(s, y)).isFinite {
          pairs = (pairs + [(s, y)]).suffix(count)
        }
        point = found.point
      } else {
        pairs = []
      }
      memory.vectors = ["count": [Double(pairs.count)]]
      for (i, pair) in pairs.enumerated() {
        (memory["s\(i)", g.count], memory["y\(i)", g.count]) = pair
      }
    }
  },
  RightForm("nonlinearCG", "β by a difference of products, the cycle counted down") { set in
    let search = PlainSearch(set, curvature: 0.1)
    return { point, function, memory in
      memory.step += 1
      let n = point.count
      let g = function.gradient(point)
      var left = memory.vectors["left"]?[0] ?? 0
      let old = memory["g", n]
      let square = inner(old, old)
      var direction = g.map { -$0 }
      if left > 0, square > 0 {
        let beta = inner(g, g) / square - inner(g, old) / square
        if beta > 0 { direction = sum(direction, beta, memory["d", n]) }
      }
      if left <= 0 || !(inner(direction, g) < 0) || !direction.allSatisfy(\.isFinite) {
        direction = g.map { -$0 }
        left = 0
      }
      let slope = inner(direction, g)
      guard slope < 0 else { return }
      var first = left > 0 ? (memory.vectors["change"]?[0] ?? 0) / slope : 0
      if !(first > 0 && first.isFinite) { first = 1 / length(g) }
      let found = search(function, from: point, gradient: g, along: direction, first: first)
      guard let found else {
        memory.vectors["left"] = [0]
        return
      }
      memory.vectors["left"] = [(left > 0 ? left : Double(n)) - 1]
      memory.vectors["change"] = [found.step * slope]
      (memory["g", n], memory["d", n]) = (g, direction)
      point = found.point
    }
  },
  RightForm("saddleFreeNewton", "positive and negative curvature apart") { set in
    let (rate, damping) = (set("learningRate", 1), set("damping", 0.1))
    return { point, function, memory in
      memory.step += 1
      let g = function.gradient(point)
      let modes = PlainModes(of: function, at: point)
      var (up, down) = (g.map { _ in 0.0 }, g.map { _ in 0.0 })
      for k in modes.values.indices.reversed() {
        let λ = modes.values[k]
        guard λ.magnitude + damping > modes.resolution else { continue }
        let share = inner(modes.vectors[k], g)
        if λ < 0 {
          down = sum(down, share / (λ - damping), modes.vectors[k])
        } else {
          up = sum(up, share / (λ + damping), modes.vectors[k])
        }
      }
      move(&point, by: up.indices.map { -rate * (up[$0] - down[$0]) })
    }
  },
  RightForm("krylovSaddleFreeNewton", "Lanczos from −3g") { set in
    let (rate, damping) = (set("learningRate", 1), set("damping", 0.1))
    let count = Int(set("krylovDimension", 32))
    return { point, function, memory in
      memory.step += 1
      let g = function.gradient(point)
      let modes = PlainModes(
        of: function, at: point, from: g.map { -3 * $0 }, count: count)
      for k in modes.values.indices {
        let size = modes.values[k].magnitude + damping
        guard size > modes.resolution else { continue }
        let step = -rate * inner(modes.vectors[k], g) / size
        let moved = sum(point, step, modes.vectors[k])
        if moved.allSatisfy(\.isFinite) { point = moved }
      }
    }
  },
  RightForm("dampedNewton", "by elimination, definite where Cholesky goes through") { set in
    let (first, factor) = (set("damping", 1e-3), set("factor", 10))
    return { point, function, memory in
      memory.step += 1
      let g = function.gradient(point)
      let n = point.count
      let rows = (0..<n).map { i in
        function.hessianVectorProduct(point, (0..<n).map { $0 == i ? 1 : 0 })
      }
      var μ = memory.vectors["μ"]?[0] ?? first
      func bounded(_ μ: Double) -> Double {
        min(max(μ, .leastNormalMagnitude), Double.greatestFiniteMagnitude.squareRoot())
      }
      while first > 0, !isDefinite(shifted(rows, μ)) { μ = bounded(μ * factor) }
      memory.vectors["μ"] = [μ]
      guard let step = solve(shifted(rows, μ), g.map { -$0 }) else { return }
      guard first > 0 else {
        move(&point, by: step)
        return
      }
      // −gᵀs − ½sᵀHs as it stands.
      let predicted = -inner(g, step) - inner(step, rows.map { inner($0, step) }) / 2
      guard predicted > 0 else { return }
      let trial = sum(point, 1, step)
      let ratio = agreement(function, point, trial, predicted)
      if ratio > 1e-4 { point = trial }
      if ratio < 0.25 { memory.vectors["μ"] = [bounded(μ * factor)] }
      if ratio > 0.75 { memory.vectors["μ"] = [bounded(μ / factor)] }
    }
  },
]

/// H of L-BFGS: (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ for one pair after another, from γI of the last.
private func inverseHessian(
  _ pairs: [(s: [Double], y: [Double])], _ n: Int
) -> [[Double]] {
  let γ = pairs.last.map { inner($0.s, $0.y) / inner($0.y, $0.y) } ?? 1
  var h = (0..<n).map { i in (0..<n).map { $0 == i ? γ : 0 } }
  for (s, y) in pairs {
    let ρ = 1 / inner(s, y)
    let hy = h.map { inner($0, y) }
    let more = ρ * (1 + ρ * inner(y, hy))
    for i in 0..<n {
      for j in 0..<n { h[i][j] += more * s[i] * s[j] - ρ * (hy[i] * s[j] + s[i] * hy[j]) }
    }
  }
  return h
}

private func shifted(_ rows: [[Double]], _ μ: Double) -> [[Double]] {
  var rows = rows
  for i in rows.indices { rows[i][i] += μ }
  return rows
}

private func isDefinite(_ rows: [[Double]]) -> Bool {
  var l = rows
  for j in rows.indices {
    for k in 0..<j { for i in j..<rows.count { l[i][j] -= l[i][k] * l[j][k] } }
    guard l[j][j] > 0 else { return false }
    let root = l[j][j].squareRoot()
    for i in j..<rows.count { l[i][j] /= root }
  }
  return true
}

/// By elimination with the largest pivot of each column; nil where there is none.
private func solve(_ rows: [[Double]], _ right: [Double]) -> [Double]? {
  var (a, x) = (rows, right)
  let n = x.count
  let largest = a.joined().reduce(0) { max($0, $1.magnitude) }
  for k in 0..<n {
    let p = (k..<n).max { a[$0][k].magnitude < a[$1][k].magnitude } ?? k
    guard a[p][k].magnitude > Double(n) * 0x1p-52 * largest else { return nil }
    a.swapAt(k, p)
    x.swapAt(k, p)
    for i in k + 1..<max(n, k + 1) {
      let factor = a[i][k] / a[k][k]
      for j in k..<n { a[i][j] -= factor * a[k][j] }
      x[i] -= factor * x[k]
    }
  }
  for k in (0..<n).reversed() {
    for j in k + 1..<max(n, k + 1) { x[k] -= a[k][j] * x[j] }
    x[k] /= a[k][k]
  }
  return x
}
