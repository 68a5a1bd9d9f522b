import Oracles
import Saddle
import Support
import Testing

/// Identities of the Hessian that hold at every θ: softmax regression's bound and zeros, the
/// rescaling of ReLU units, Euler's theorem for homogeneous losses. Each of them must also fail,
/// where the network or the Hessian is another.
@Suite struct CriticalIdentityTests {
  private let tight = Tolerance(
    absolute: 1e-13, relative: 1e-12, why: "networks of at most 80 parameters, sums of 12 samples")

  /// How far a comparison is off, in tolerances.
  private func ratio(_ got: [Double], _ expected: [Double]) -> Double {
    worstDeviation(got, expected, within: tight)?.ratio ?? 0
  }

  // MARK: Softmax regression

  private struct Regression {
    let objective: NetworkObjective<Double>
    /// The eigenvalues of X̃ᵀX̃/N by GSL, with a column of ones for the bias; d + 1 of them.
    let moments: [Double]
    let classes: Int

    init(_ seed: Seed) throws {
      var rng = seed.generator
      let (d, n) = (1 + Draw.integer(below: 4, using: &rng), 30)
      let classes = 2 + Draw.integer(below: 3, using: &rng)
      let inputs = (0..<n).map { _ in Draw.normals(d, using: &rng) }
      let labels = (0..<n).map { _ in Int32(Draw.integer(below: classes, using: &rng)) }
      objective = try NetworkObjective(
        network: Network.dense([d, classes], .tanh),
        loss: .softmaxCrossEntropy, inputs: Matrix(inputs), targets: .classes(labels))
      self.classes = classes
      let extended = inputs.map { $0 + [1] }
      moments = try GSL.eigenvalues(
        (0...d).map { i in
          (0...d).map { j in extended.reduce(0) { $0 + $1[i] * $1[j] } / Double(n) }
        })
    }

    /// At θ = 0 all classes are equally likely, and diag(p) − ppᵀ has the eigenvalue 1/K, K − 1
    /// times, and 0.
    var spectrumAtOrigin: [Double] {
      (moments.flatMap { [Double](repeating: $0 / Double(classes), count: classes - 1) }
        + moments.map { _ in 0 }).sorted()
    }
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(40))
  func `softmax regression has d + 1 zeros and λmax at most half of the inputs'`(
    seed: Seed
  ) throws {
    let regression = try Regression(seed)
    var rng = seed.generator
    let θ = Draw.normals(regression.objective.dimension, using: &rng)
    let spectrum = try Spectrum(
      eigenvalues: regression.objective.hessian(at: θ).eigenvalues())
    let zeros = spectrum.degeneracy(at: spectrum.resolution).zeros
    #expect(zeros == regression.moments.count, "\(regression.objective.network)")
    #expect(spectrum.index == 0)
    let bound = (regression.moments.last ?? 0) / 2
    #expect(spectrum.greatest <= bound * (1 + 1e-13))
    // Without this the next test would be all there is to say about the bound.
    #expect(spectrum.greatest > 0.02 * bound)

    let origin = regression.objective.hessian(
      at: [Double](repeating: 0, count: regression.objective.dimension))
    #expect(ratio(try origin.eigenvalues(), regression.spectrumAtOrigin) <= 1)
    if regression.classes == 2 {
      // Two classes at even odds attain the bound.
      expectClose(try origin.eigenvalues().last ?? 0, bound, within: tight)
    }
  }

  @Test func `one block of softmax regression's Hessian that is one per cent wrong is seen`() throws {
    for seed in Seed.campaign(40) {
      let regression = try Regression(seed)
      var rng = seed.generator
      let θ = Draw.normals(regression.objective.dimension, using: &rng)
      let d = regression.objective.network.inputs
      // The weights of class 0 against those of class 1.
      func planted(_ θ: [Double]) -> Matrix<Double> {
        regression.objective.hessian(at: θ).scaling(0..<d, d..<2 * d, by: 1.01)
      }
      let spectrum = try Spectrum(eigenvalues: planted(θ).eigenvalues())
      #expect(
        spectrum.degeneracy(at: spectrum.resolution).zeros < regression.moments.count, "\(seed)")
      #expect(
        ratio(try planted(θ.map { _ in 0 }).eigenvalues(), regression.spectrumAtOrigin) > 1e6)
    }
  }

  // MARK: ReLU rescaling

  /// Each hidden unit's D: +1 on what comes in, −1 on what goes out, 0 elsewhere.
  private func rescalings(_ network: Network) -> [[Double]] {
    let layers = network.denseLayers
    return zip(layers, layers.dropFirst()).flatMap { layer, next in
      (0..<layer.outputs).map { unit in
        var signs = [Double](repeating: 0, count: network.parameterCount)
        for j in 0..<layer.inputs { signs[layer.weights.lowerBound + unit * layer.inputs + j] = 1 }
        signs[layer.biases.lowerBound + unit] = 1
        for k in 0..<next.outputs { signs[next.weights.lowerBound + k * next.inputs + unit] = -1 }
        return signs
      }
    }
  }

  /// The worst of T·∇L = 0 and H·T = −D∇L with T = Dθ over all hidden units, in tolerances; nil
  /// where there are none, or a sample is on a kink.
  private func rescalingError(
    _ network: NetworkCase, planting factor: Double = 1
  ) throws -> Double? {
    let (objective, θ) = (network.objective, network.parameters)
    let layers = objective.network.denseLayers
    guard layers.count > 1, network.oracle.distanceToKink(at: θ) > 1e-6 else { return nil }
    let gradient = objective.gradient(at: θ).gradient
    let hessian = objective.hessian(at: θ)
      .scaling(layers[0].parameters, layers[1].parameters, by: factor)
    return rescalings(objective.network).reduce(0) { worst, signs in
      let tangent = zip(signs, θ).map { $0 * $1 }
      let slope = zip(tangent, gradient).reduce(0) { $0 + $1.0 * $1.1 }
      return max(
        worst, ratio([slope], [0]),
        ratio(hessian * tangent, zip(signs, gradient).map { -$0 * $1 }))
    }
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(40), Loss.allCases)
  func `rescaling a ReLU unit moves nothing: T·∇L = 0 and HT = −D∇L`(
    seed: Seed, loss: Loss
  ) throws {
    let network = try NetworkCase(seed: seed, activation: .relu, loss: loss, weightDecay: 0)
    guard let error = try rescalingError(network) else { return }
    #expect(error <= 1, "\(network.name)")
  }

  @Test func `the rescaling of units fails for tanh, and for a block one per cent wrong`() throws {
    var (judged, failed, seen, holds) = (0, 0, 0, 0)
    for seed in Seed.campaign(40) {
      let relu = try NetworkCase(
        seed: seed, activation: .relu, loss: .softmaxCrossEntropy, weightDecay: 0)
      let tanh = try NetworkCase(
        seed: seed, activation: .tanh, loss: .softmaxCrossEntropy, weightDecay: 0)
      guard let right = try rescalingError(relu),
        let planted = try rescalingError(relu, planting: 1.01)
      else { continue }
      judged += 1
      if right <= 1 { holds += 1 }
      if planted > 1e3 { seen += 1 }
      if let other = try rescalingError(tanh), other > 1e3 { failed += 1 }
    }
    // A unit that no sample activates has no block to be wrong; a single class has no loss at all.
    #expect(judged >= 20 && holds == judged)
    #expect(seen >= judged * 3 / 4 && failed >= judged * 3 / 4, "\(seen), \(failed) of \(judged)")
  }

  // MARK: Euler

  /// The weights' part of ∇L·θ − kL and Hθ − (k − 1)∇L in tolerances, for zero targets and biases,
  /// where the loss ½‖f‖² of D layers is homogeneous of degree k = 2D in the weights.
  private func eulerError(
    _ seed: Seed, _ activation: Activation, planting factor: Double = 1
  ) throws -> Double {
    var rng = seed.generator
    let depth = 1 + Draw.integer(below: 3, using: &rng)
    let widths = (0...depth).map { _ in 1 + Draw.integer(below: 4, using: &rng) }
    let objective = try NetworkObjective<Double>(
      network: Network.dense(widths, activation),
      loss: .meanSquaredError,
      inputs: Matrix((0..<12).map { _ in Draw.normals(widths[0], using: &rng) }),
      targets: .values(Matrix(rows: 12, columns: widths[depth])))
    let layers = objective.network.denseLayers
    let weights = layers.flatMap { Array($0.weights) }
    var θ = [Double](repeating: 0, count: objective.dimension)
    for at in weights { θ[at] = Draw.normal(using: &rng) }
    let (value, gradient) = objective.gradient(at: θ)
    let hessian = objective.hessian(at: θ)
      .scaling(layers[0].weights, layers[depth - 1].weights, by: factor)
    let k = 2 * Double(depth)
    let image = hessian * θ
    return max(
      ratio([zip(gradient, θ).reduce(0) { $0 + $1.0 * $1.1 }], [k * value]),
      ratio(weights.map { image[$0] }, weights.map { (k - 1) * gradient[$0] }))
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(40), [Activation.relu, .identity])
  func `a homogeneous loss obeys Euler: ∇L·θ = kL and Hθ = (k − 1)∇L`(
    seed: Seed, activation: Activation
  ) throws {
    #expect(try eulerError(seed, activation) <= 1)
  }

  @Test func `Euler's identities fail for tanh, and for a block one per cent wrong`() throws {
    let planted = try Seed.campaign(40).count {
      try eulerError($0, .identity, planting: 1.01) > 1e3
    }
    #expect(planted == 40)
    // A single layer has no activation.
    let tanh = try Seed.campaign(40).count { try eulerError($0, .tanh) > 1e3 }
    #expect((20..<40).contains(tanh), "\(tanh)")
  }
}
