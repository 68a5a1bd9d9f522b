import Testing
import Saddle

@Test func hess() throws {
 for act in Activation.allCases { for loss in Loss.allCases { for widths in [[4,3],[4,5,3],[3,4,5,2],[2,3,4,3,2]] {
  var r = RandomStream(seed: 3, name: "x")
  let net = try FullyConnectedNetwork(widths: widths, activation: act)
  let n = 37
  let X = Matrix<Double>(rows: n, columns: widths[0], elements: (0..<n*widths[0]).map { _ in r.normal() })
  let y = (0..<n).map { _ in Int32(r.index(below: widths.last!)) }
  let o = try NetworkObjective(network: net, loss: loss, inputs: X, targets: .classes(y), weightDecay: 0.01)
  let th: [Double] = (0..<net.parameterCount).map { _ in r.normal() * 0.7 }
  let H = o.hessian(at: th)
  let C = o.linearized(at: th).dense(block: 7)
  var worst = 0.0
  for i in 0..<H.elements.count { worst = max(worst, abs(H.elements[i]-C.elements[i])) }
  // FD of gradient
  var fd = 0.0
  for i in 0..<th.count { var p = th, m = th; p[i] += 1e-5; m[i] -= 1e-5
    let gp = o.gradient(at: p).gradient, gm = o.gradient(at: m).gradient
    for j in 0..<th.count { fd = max(fd, abs((gp[j]-gm[j])/2e-5 - C[i,j])) } }
  print(act, loss, widths, worst, fd)
  #expect(worst < 1e-13)
 }}}
}
