import Foundation
import Oracles
import Saddle
import SaddleOracles
import Testing

/// A smooth function of two variables with all derivatives in closed form: eˣ·sin(2y) + x²y.
private enum Wave {
  static let point = [0.3, -0.8]
  static func value(_ p: [Double]) -> Double { exp(p[0]) * sin(2 * p[1]) + p[0] * p[0] * p[1] }
  static func gradient(_ p: [Double]) -> [Double] {
    [
      exp(p[0]) * sin(2 * p[1]) + 2 * p[0] * p[1],
      2 * exp(p[0]) * cos(2 * p[1]) + p[0] * p[0],
    ]
  }
  static func hessian(_ p: [Double]) -> [[Double]] {
    let mixed = 2 * exp(p[0]) * cos(2 * p[1]) + 2 * p[0]
    return [
      [exp(p[0]) * sin(2 * p[1]) + 2 * p[1], mixed], [mixed, -4 * exp(p[0]) * sin(2 * p[1])],
    ]
  }
  static func product(_ p: [Double], _ v: [Double]) -> [Double] {
    hessian(p).map { $0[0] * v[0] + $0[1] * v[1] }
  }
}

struct DerivativeTests {
  let differences = FiniteDifferences()

  @Test func `the gradient from values is right within its error, and the error is small`() throws {
    let g = try differences.gradient(of: Wave.value, at: Wave.point)
    for (estimate, exact) in zip(g, Wave.gradient(Wave.point)) {
      #expect(estimate.admits(exact) && estimate.error < 1e-12, "\(estimate) against \(exact)")
    }
  }

  @Test func `Hessians from gradients and from values agree with the closed form`() throws {
    let fromGradient = try differences.hessian(fromGradient: Wave.gradient, at: Wave.point)
    let fromValue = try differences.hessian(fromValue: Wave.value, at: Wave.point)
    for i in 0..<2 {
      for j in 0..<2 {
        let exact = Wave.hessian(Wave.point)[i][j]
        #expect(fromGradient[i][j].admits(exact) && fromGradient[i][j].error < 1e-11)
        #expect(fromValue[i][j].admits(exact) && fromValue[i][j].error < 1e-9)
      }
    }
  }

  @Test func `Hessian-vector products agree with the closed form`() throws {
    let v = [0.6, -1.7]
    let exact = Wave.product(Wave.point, v)
    let a = try differences.hessianVectorProduct(
      fromGradient: Wave.gradient, at: Wave.point, along: v)
    let b = try differences.hessianVectorProduct(fromValue: Wave.value, at: Wave.point, along: v)
    let curvature = try differences.curvature(of: Wave.value, at: Wave.point, along: v)
    for i in 0..<2 {
      #expect(a[i].admits(exact[i]) && a[i].error < 1e-11)
      #expect(b[i].admits(exact[i]) && b[i].error < 1e-9)
    }
    let form: Double = v[0] * exact[0] + v[1] * exact[1]
    #expect(curvature.admits(form))
    #expect(curvature.error < 1e-8)
  }

  @Test(arguments: [-2.5, -1, 0, 0.1, 1, 3])
  func `error estimates cover the true error and are not idle`(x: Double) throws {
    typealias Function = @Sendable (Double) -> Double
    let cases: [(name: String, f: Function, slope: Function)] = [
      ("tanh", { tanh($0) }, { 1 - tanh($0) * tanh($0) }),
      ("exp", { exp($0) }, { exp($0) }),
      ("cube", { $0 * $0 * $0 }, { 3 * $0 * $0 }),
      ("fast", { sin(20 * $0) }, { 20 * cos(20 * $0) }),
      ("offset", { 1e6 + sin($0) }, { cos($0) }),
    ]
    for (name, f, slope) in cases {
      let estimate = try differences.derivative(of: f, at: x)
      let scale = 1 + f(x).magnitude + slope(x).magnitude
      #expect(estimate.admits(slope(x)), "\(name): \(estimate) against \(slope(x))")
      #expect(estimate.error < 1e-11 * scale, "\(name): \(estimate)")
    }
  }

  @Test func `a noisy function gets a large error, not a wrong answer`() throws {
    let noisy: @Sendable (Double) -> Double = { sin($0) + 1e-7 * sin(9.87654321e13 * $0) }
    let estimate = try differences.derivative(of: noisy, at: 1)
    #expect(estimate.error > 1e-8)
    #expect(gap(estimate.value, cos(1)) < 1e-4)
  }

  @Test func `a kink between the steps is found and avoided`() throws {
    // The kink lies 0.01 beyond the point; steps below that see a straight line.
    let estimate = try differences.derivative(of: { max($0, 0) + 2 * $0 }, at: 0.01)
    #expect(estimate.admits(3) && estimate.error < 1e-11)
  }

  @Test(arguments: [-2.0, 0.5, 3])
  func `GSL's central difference and Richardson's agree`(x: Double) throws {
    let f: @Sendable (Double) -> Double = { exp(-$0 * $0) + $0 }
    let ours = try differences.derivative(of: f, at: x)
    let gsl = try GSL.derivative(of: f, at: x)
    #expect(gap(ours.value, gsl.value) <= ours.error + 4 * gsl.error)
    let exact: Double = 1 - 2 * x * exp(-x * x)
    #expect(gap(gsl.value, exact) < 1e-8)
  }

  @Test func `values that are not finite are refused with their place`() {
    #expect {
      try differences.derivative(of: { log($0) }, at: 0.1)
    } throws: { error in
      guard case OracleError.notFiniteResult(of: "value", component: 0, _, let place) = error
      else { return false }
      return place == "x − 0.125·v"
    }
    #expect(throws: OracleError.self) { try GSL.derivative(of: { _ in .nan }, at: 0) }
    #expect(throws: OracleError.self) { try GSL.derivative(of: { $0 }, at: 0, step: -1) }
  }

  @Test func `a gradient of the wrong length is refused`() {
    #expect(throws: OracleError.wrongLength(of: "gradient", expected: 2, found: 1)) {
      try differences.hessian(fromGradient: { [$0[0]] }, at: [1, 2])
    }
    #expect(throws: OracleError.wrongLength(of: "direction", expected: 2, found: 1)) {
      try differences.directionalDerivative(of: Wave.value, at: [1, 2], along: [1])
    }
  }
}

struct TaylorTestTests {
  let v = [0.5, 0.7]

  @Test func `a right gradient and Hessian show orders 2 and 3`() throws {
    let slopes = try TaylorTest.slopes(
      value: Wave.value, gradient: Wave.gradient, hessianVectorProduct: Wave.product,
      at: Wave.point, along: v)
    let order2 = try #require(slopes.order2)
    let order3 = try #require(slopes.order3)
    #expect(gap(order2, 2) < 0.1, "\(slopes)")
    #expect(gap(order3, 3) < 0.1, "\(slopes)")
    #expect(slopes.passes && !slopes.exact)
    #expect(slopes.withHessian.octaves >= 8)
  }

  @Test(arguments: [1.01, 0.99, -1, 0.5])
  func `a Hessian wrong by a factor drops to order 2`(factor: Double) throws {
    let slopes = try TaylorTest.slopes(
      value: Wave.value, gradient: Wave.gradient,
      hessianVectorProduct: { p, v in Wave.product(p, v).map { $0 * factor } },
      at: Wave.point, along: v)
    let order3 = try #require(slopes.order3)
    #expect(gap(order3, 2) < 0.1, "\(slopes)")
    #expect(slopes.gradientPasses && !slopes.hessianPasses)
    #expect("\(slopes)" == "the Hessian: the remainder falls like h², not h³")
  }

  @Test func `a gradient wrong by one percent drops to order 1`() throws {
    let slopes = try TaylorTest.slopes(
      value: Wave.value, gradient: { Wave.gradient($0).map { $0 * 1.01 } },
      hessianVectorProduct: Wave.product, at: Wave.point, along: v)
    let order2 = try #require(slopes.order2)
    #expect(gap(order2, 1) < 0.1, "\(slopes)")
    #expect(!slopes.gradientPasses && !slopes.hessianPasses)
    #expect("\(slopes)" == "the gradient: the remainder falls like h, not h²")
  }

  @Test func `a quadratic is exact, and its Hessian wrong by one percent is not`() throws {
    let value: @Sendable ([Double]) -> Double = { 2.5 * $0[0] * $0[0] - 0.5 * $0[1] * $0[1] }
    let gradient: @Sendable ([Double]) -> [Double] = { [5 * $0[0], -$0[1]] }
    let exact = try TaylorTest.slopes(
      value: value, gradient: gradient,
      hessianVectorProduct: { _, v in [5 * v[0], -v[1]] }, at: [0.3, 0.4], along: v)
    #expect(exact.exact && exact.order3 == nil && exact.passes)
    let wrong = try TaylorTest.slopes(
      value: value, gradient: gradient,
      hessianVectorProduct: { _, v in [5.05 * v[0], -v[1]] }, at: [0.3, 0.4], along: v)
    #expect(!wrong.exact && !wrong.hessianPasses)
    #expect("\(exact)".contains("exact") && "\(wrong)".hasPrefix("the Hessian: "))
  }

  @Test(arguments: PlainNetwork.Activation.allCases.filter { $0 != .relu })
  func `networks follow the Taylor polynomial of their own derivatives`(
    activation: PlainNetwork.Activation
  ) throws {
    var rng = SplitMix64(seed: 8)
    let network = PlainNetwork(
      widths: [2, 3, 2], activation: activation, loss: .softmaxCrossEntropy,
      inputs: [[1, 0.5], [-0.3, 2]], labels: [0, 1])
    let θ = Draw.normals(network.dimension, using: &rng)
    let slopes = try TaylorTest.slopes(
      value: network.value, gradient: network.gradient,
      hessianVectorProduct: network.hessianVectorProduct, at: θ,
      along: Draw.direction(network.dimension, using: &rng))
    #expect(slopes.passes, "\(slopes)")
  }

  @Test func `too few octaves above rounding is a failure, not a pass`() throws {
    let slopes = try TaylorTest.slopes(
      value: { 1 + 1e-13 * $0[0] * $0[0] * $0[0] }, gradient: { [3e-13 * $0[0] * $0[0]] },
      hessianVectorProduct: { x, v in [6e-13 * x[0] * v[0]] }, at: [0], along: [1])
    #expect(slopes.order3 == nil && !slopes.exact && !slopes.hessianPasses, "\(slopes)")
    #expect("\(slopes)".contains("cannot be judged"), "\(slopes)")
  }

  @Test func `a zero direction is refused`() {
    #expect(throws: OracleError.self) {
      try TaylorTest.slopes(
        value: Wave.value, gradient: Wave.gradient, hessianVectorProduct: Wave.product,
        at: Wave.point, along: [0, 0])
    }
  }

  @Test func `any objective is tested in one argument`() throws {
    let rosenbrock = LandscapeObjective(.rosenbrock())
    let (x, v) = ([-1.2, 1.0], [0.6, -0.8])
    let slopes = try TaylorTest.slopes(of: rosenbrock, at: x, along: v)
    #expect(slopes.passes && "\(slopes)".contains("right"), "\(slopes)")
    let closures = try TaylorTest.slopes(
      value: { rosenbrock.value(at: $0) }, gradient: { rosenbrock.gradient(at: $0).gradient },
      hessianVectorProduct: { rosenbrock.linearized(at: $0).apply($1) }, at: x, along: v)
    #expect(slopes == closures)
    #expect(throws: OracleError.wrongLength(of: "point", expected: 2, found: 3)) {
      try TaylorTest.slopes(of: rosenbrock, at: [1, 2, 3], along: v)
    }
  }
}
