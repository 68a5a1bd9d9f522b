import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

@Suite struct SteihaugTests {
  @Test(arguments: Seed.campaign(100))
  func `the step ends inside with a small residual, or on the boundary`(seed: Seed) throws {
    var rng = seed.generator
    let n = 1 + rng.index(below: 8)
    let isDefinite = rng.index(below: 2) == 0
    let form = Landscape.quadratic(
      eigenvalues: (0..<n).map { _ in rng.uniform(isDefinite ? 0.1 : -2, 3) }, using: &rng)
    let h = form.hessian([])
    let g = (0..<n).map { _ in rng.normal() }
    let radius = [1e-3, 1, 100][rng.index(below: 3)]
    let found = try steihaug(
      PlainOperator(rows: h), gradient: g, radius: radius, tolerance: 1e-10, budget: 10 * n)
    let s = found.step
    let image = h.map { inner($0, s) }
    if found.isOnBoundary {
      expectClose(length(s), radius, within: Tolerance(relative: 1e-12, why: "a square root"))
    } else {
      #expect(length(s) < radius)
      #expect(length(zip(image, g).map { $0 + $1 }) <= 2e-10)
    }
    if !isDefinite && found.isOnBoundary == false {
      // A form that curves downwards somewhere may only be left inside by luck of the Krylov space.
      #expect(inner(s, image) > 0)
    }
    let fall = -inner(g, s) - inner(s, image) / 2
    expectClose(
      found.predicted, fall,
      within: Tolerance(absolute: 1e-11 * max(1, fall), why: "sums of n products"))
    // At least as low as the lowest point of the ball along −g (Nocedal, Wright 2006, §4.1).
    let hg = inner(g, h.map { inner($0, g) })
    let size = length(g)
    let cauchy = hg > 0 ? min(size * size / hg, radius / size) : radius / size
    #expect(fall >= (cauchy * size * size - cauchy * cauchy * hg / 2) * (1 - 1e-10))
  }

  @Test func `without a boundary it is Newton's step`() throws {
    var rng = Seed(3).generator
    let form = Landscape.quadratic(eigenvalues: [1, 2, 5, 9], using: &rng)
    let x = (0..<4).map { _ in rng.normal() }
    let found = try steihaug(
      PlainOperator(rows: form.hessian(x)), gradient: form.gradient(x), radius: 1e3,
      tolerance: 1e-12, budget: 20)
    expectClose(
      zip(x, found.step).map { $0 + $1 }, [0, 0, 0, 0],
      within: Tolerance(absolute: 1e-11, why: "the residual's tolerance"))
  }

  @Test func `negative curvature is followed to the boundary`() throws {
    // gᵀHg < 0 at once: the step is −Δ·g/‖g‖.
    let found = try steihaug(
      Diagonal<Double>([1, -1]), gradient: [0.6, 0.8], radius: 5, tolerance: 0, budget: 10)
    #expect(found.isOnBoundary)
    expectClose(found.step, [-3, -4], within: Tolerance(relative: 1e-15, why: "by hand"))
  }

  @Test func `the product that is not finite is told by number and coordinate`() {
    // The first product is spoilt at a coordinate of its own.
    #expect(throws: KrylovError.productNotFinite(product: 1, coordinate: 2)) {
      try steihaug(
        Spoilt<Double>(dimension: 3, value: .nan, at: 2), gradient: [1, 2, 3], radius: 1,
        tolerance: 0, budget: 3)
    }
  }
}
