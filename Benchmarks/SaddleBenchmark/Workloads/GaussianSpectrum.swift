import Saddle

/// A GOE spectrum drawn by its tridiagonal form and solved; the peer does the same.
struct GaussianSpectrum: Workload {
  let name = "tridiagonal"
  let summary = "a GOE spectrum of order 20,000, drawn as a tridiagonal matrix and solved, Double"
  let targets: [Target] = [.ratioToPeer(atLeast: 3)]

  func measure(beside roofline: inout Roofline) throws -> [Figure: Double] {
    let order = 20_000
    var generator = RandomStream(seed: 1, name: "matrix")
    let timings = try Timings(repetitions: 3) {
      keep(try RandomMatrixSpectrum.goe(order: order, using: &generator))
    }
    return [
      .seconds: timings.best, .medianSeconds: timings.median, .parameters: Double(order),
    ]
  }
}
