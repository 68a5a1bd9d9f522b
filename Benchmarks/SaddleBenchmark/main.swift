import Saddle
import Foundation
func time(_ f: () throws -> Void) rethrows -> Double { let c = ContinuousClock(); let d = try c.measure { try f() }; return Double(d.components.seconds) + Double(d.components.attoseconds) * 1e-18 }
func gemm<T: Scalar>(_: T.Type) -> Double {
  let n = 2000
  let a = Matrix<T>(rows: n, columns: n, repeating: 0.5)
  var c = Matrix<T>(rows: n, columns: n)
  var best = Double.infinity
  for _ in 0..<5 { let l = c.layout
    var s = c.elements.mutableSpan
    best = min(best, time { multiply(a.elements.span, a.layout, a.elements.span, a.layout, into: &s, l) }) }
  return 2 * Double(n*n*n) / best / 1e9
}
let g = gemm(Double.self), gs = gemm(Float.self)
print("dgemm", g, "sgemm", gs)
func obj<T: Scalar>(_: T.Type, _ w: [Int], _ n: Int) throws -> (NetworkObjective<T>, [T]) {
  let net = try FullyConnectedNetwork(widths: w, activation: .tanh)
  var r = RandomStream(seed: 1)
  let X = Matrix<T>(rows: n, columns: w[0], elements: (0..<n*w[0]).map { _ in T(r.uniform()) })
  let y = (0..<n).map { _ in Int32(r.index(below: w.last!)) }
  return (try NetworkObjective(network: net, loss: .softmaxCrossEntropy, inputs: X, targets: .classes(y)), net.initialParameters(using: &r))
}
let (o, th) = try obj(Double.self, [100,25,25,10], 1000)
for _ in 0..<4 { let t = time { _ = o.hessian(at: th) }
print("dense", t, "fraction", 1000.0 * 3435 * 3435 / t / 1e9 / g) }
let (o2, th2) = try obj(Double.self, [784,128,10], 1000)
let L = o2.linearized(at: th2)
let V = Matrix<Double>(rows: 1, columns: th2.count, repeating: 1)
var out = V
for _ in 0..<5 { print("hvp", time { L.apply(V, into: &out) }) }
let V8 = Matrix<Double>(rows: 8, columns: th2.count, repeating: 1)
var out8 = V8
for _ in 0..<5 { print("hvp8/8", time { L.apply(V8, into: &out8) } / 8) }
func tr<T: Scalar>(_: T.Type) throws {
let (o3, _) = try obj(T.self, [784,100,10], 10000)
let trainer = Trainer(objective: o3, optimizer: try SGD<T>(learningRate: 0.1, momentum: 0.9), plan: try TrainingPlan(epochs: 6, batchSize: 64, seed: 1))
var st = trainer.initialState()
var t0 = ContinuousClock.now
try trainer.run(&st, onEvent: { e in
 if case .step(_, 1, _) = e { t0 = ContinuousClock.now }
 if case .step(_, let b, let n) = e, b == n { let d = ContinuousClock.now - t0; print("steps/s", Double(n-1) / (Double(d.components.attoseconds) * 1e-18 + Double(d.components.seconds))) }
})
print(st.history.map { $0.evaluation.loss })
}
try tr(Float.self)
try tr(Double.self)
