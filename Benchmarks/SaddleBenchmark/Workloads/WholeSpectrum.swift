import Saddle

/// From parameters to all eigenvalues, once. The matrix is handed over to the eigensolver, which
/// works in its storage; the memory is the process's peak, the assembly's included.
///
/// The roofline counts N·P² flops for the assembly and 4/3·P³ for the tridiagonal form.
struct WholeSpectrum: Workload {
  let name = "whole-spectrum"
  let summary = """
    all eigenvalues of 784-16-10 tanh, N = 10,000, Double; random inputs, 20 % of them not zero
    """
  let targets: [Target] = [.seconds(atMost: 300), .peakMemory(atMostGiB: 6)]
  let peer = PeerAvailability.absent(
    because: "PyTorch's Hessian alone takes 137 times the flops of dense-hessian: by estimate a "
      + "quarter of an hour or more")

  func measure(beside roofline: inout Roofline) throws -> [Figure: Double] {
    let point = try NetworkPoint<Double>(widths: [784, 16, 10], samples: 10000, density: 0.2)
    roofline.sample(Double.self)
    let clock = ContinuousClock()
    let start = clock.now
    let hessian = point.objective.hessian(at: point.parameters)
    let assembled = clock.now
    keep(try (consume hessian).eigenvalues())
    let end = clock.now

    let (samples, order) = (Double(point.objective.samples), Double(point.parameters.count))
    let seconds = (end - start) / .seconds(1)
    var figures = point.sizes
    figures[.seconds] = seconds
    figures[.assemblySeconds] = (assembled - start) / .seconds(1)
    figures[.eigenvaluesSeconds] = (end - assembled) / .seconds(1)
    figures[.peakMemory] = peakMemory()
    figures.compare(
      flops: samples * order * order + 4 / 3 * order * order * order, in: seconds,
      with: &roofline, Double.self)
    return figures
  }
}
