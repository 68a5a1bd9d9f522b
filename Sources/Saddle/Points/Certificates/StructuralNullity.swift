/// What theorems say of the zeros of a dense network's Hessian, whatever its factorizations say.
///
/// - **Inputs.** Samples enter by z = W·x̃, x̃ with the bias's one. Where r ≥ rank of all x̃, each unit of
///   the first layer has (columns − r) directions along which the loss is constant: exact zeros. Of an
///   upper bound of r that needs no tolerance there are two: the number of samples, and of columns that
///   are not all zeros. Other dependences hold but for the inputs' rounding (a pixel is n/255 rounded).
///   Along such a v, ‖v‖ = 1, sample n's z moves by at most |vᵀx̃ₙ|, as a bias does; so ‖H·(e⊗v)‖ is at
///   most the mean of ‖∇²ℓₙ‖·|vᵀx̃ₙ|.
/// - **Softmax.** The same number added to all weights of an input of the last layer, or to all of its
///   biases, changes nothing: exact zeros.
/// - **Duplicated units** (Fukumizu, Amari 2000; Brea et al. 2019, arXiv 1907.02911): of m units with the
///   same incoming weights w and bias, what one sends out may be moved to another. Along (h₁v, …, hₘv)
///   of outgoing weights, with Σh = 0 and v any one unit's own, the network computes the same, and of
///   the gradient only hᵢ·∂L/∂w moves, with that unit's ∂L/∂w. So m − 1 eigenvalues lie within
///   ±‖∂L/∂w‖/‖v‖: zeros at critical points.
///
/// A symmetric H with ‖Hx‖ ≤ δ‖x‖ on k dimensions has k eigenvalues within ±δ (Courant, Fischer on H²).
public struct StructuralNullity: Codable, Equatable, Sendable {
  /// Eigenvalues within ±`within`, at least so many.
  public struct Part: Codable, Equatable, Sendable {
    public let count: Int
    public let within: Double

    static let none = Part(count: 0, within: 0)
  }

  /// Zeros, exactly: by inputs and softmax.
  public let exact: Int
  /// By dependences of the inputs that are not among the exact ones.
  public let dependentInputs: Part
  /// By duplicated units.
  public let duplicatedUnits: Part
  /// Eigenvalues within ±`all.within`, by theorem and by factorizations; nil where `exact` is all.
  public internal(set) var nearZero: ClosedRange<Int>?

  /// All of them: their directions are orthogonal to one another.
  public var all: Part {
    Part(
      count: exact + dependentInputs.count + duplicatedUnits.count,
      within: (dependentInputs.within + duplicatedUnits.within) * Rounding.inflation)
  }
}

extension StructuralNullity {
  /// - Parameters:
  ///   - outputs: bounds at θ itself.
  ///   - inputs: of the first layer.
  init(
    of objective: NetworkObjective<Double>, _ chain: DenseChain, at θ: [Double],
    _ outputs: OutputDerivativeBounds, _ inputs: InputDependences
  ) {
    let first = chain.layers[0]
    let isSingle = chain.layers.count == 1
    let isSoftmax = objective.loss == .softmaxCrossEntropy
    let sure = inputs.columns - inputs.greatestRank
    // Where the layer is both, what softmax does along dependences is counted with them.
    let shifts = isSingle ? inputs.greatestRank : chain.layers[chain.layers.count - 1].inputs + 1
    exact = first.outputs * sure + (isSoftmax ? shifts : 0)
    let more = first.outputs * (inputs.count - sure)
    // Softmax's shifts are orthogonal to the inputs' directions in another layer only.
    if more > 0, !(isSingle && isSoftmax), let size = inputs.sizes {
      let mean =
        outputs.samples.indices.reduce(0) {
          $0 + outputs.samples[$1].hessianBound(objective.loss) * size[$1]
        } / Double(objective.samples)
      let within = mean * Rounding.inflation * Rounding.inflation
      dependentInputs = within.isFinite ? Part(count: more, within: within) : .none
    } else {
      dependentInputs = .none
    }
    duplicatedUnits = Self.duplicates(of: objective, chain, at: θ)
  }

  private static func duplicates(
    of objective: NetworkObjective<Double>, _ chain: DenseChain, at θ: [Double]
  ) -> Part {
    let groups = chain.layers.indices.dropLast().flatMap { l in
      Dictionary(grouping: 0..<chain.layers[l].outputs) { unit in
        (0...chain.layers[l].inputs).map { θ[chain.layers[l].parameter(unit, $0)].bitPattern }
      }.values.filter { $0.count > 1 }.map { (layer: l, units: $0) }
    }
    guard !groups.isEmpty,
      let gradient = objective.gradientEnclosure(at: θ.map { Ball($0) })
    else { return .none }
    var (count, within) = (0, 0.0)
    for (l, units) in groups {
      let (layer, next) = (chain.layers[l], chain.layers[l + 1])
      // With softmax, what all logits have in common is no direction of its own.
      let isShifted =
        objective.loss == .softmaxCrossEntropy && l + 2 == chain.layers.count
      let sizes = units.map { unit -> Double in
        let sent = (0..<next.outputs).map { θ[next.parameter($0, unit)] }
        let common = isShifted ? sent.reduce(0, +) / Double(sent.count) : 0
        let length = sent.map { $0 - common }.norm
        let lost = isShifted ? Rounding.gamma(sent.count + 4) * 2 * sent.norm : 0
        let (own, error) = (0...layer.inputs).map { gradient[layer.parameter(unit, $0)] }.norm
        let shortest = length / Rounding.inflation - lost
        return shortest > 0 ? (own + error) / shortest * Rounding.inflation : .infinity
      }
      guard let least = sizes.min(), least.isFinite else { continue }
      count += units.count - 1
      within = max(within, least)
    }
    return Part(count: count, within: within)
  }
}

extension OutputDerivativeBounds.Sample {
  /// A bound of ‖∇²ℓ‖₂ of the sample at θ: ‖∂²ℓ/∂z²‖·Z₁² + ‖∂ℓ/∂z‖·Z₂, but for a few roundings.
  fileprivate func hessianBound(_ loss: Loss) -> Double {
    let outer =
      switch loss {
      case .meanSquaredError: 1.0
      case .softmaxCrossEntropy: min(0.5, 2 * residual)
      }
    return outer * first * first + residual * second
  }
}

/// Dependences of what a dense first layer receives, with how far they hold.
struct InputDependences {
  /// Directions that one rotation gives, V (count × columns of a group), with nothing in common.
  let groups: [(columns: [Int], null: Matrix<Double>)]
  /// Of x̃, the bias's one included.
  let columns: Int
  /// Of all x̃ together, without any tolerance.
  let greatestRank: Int
  /// ‖Vᵀx̃ₙ‖₂/σmin(V) at most, for each sample; nil where V may not be of full rank.
  let sizes: [Double]?

  /// The number of directions.
  var count: Int { groups.reduce(0) { $0 + $1.null.rows } }

  init(of objective: NetworkObjective<Double>, _ first: DenseLayer) {
    columns = first.inputs + 1
    let x = objective.inputs
    greatestRank = min(objective.samples, columns - objective.deadInputs.count)
    let units = objective.structuralNullSpace.layers.first {
      $0.units.weights == first.weights && $0.units.biases == first.biases
    }
    groups = (units?.design.dependences.found ?? []).map { ($0.columns, $0.null) }
    sizes = Self.sizes(of: groups, on: x)
  }

  /// In ball arithmetic: the products cancel.
  private static func sizes(
    of groups: [(columns: [Int], null: Matrix<Double>)], on x: Matrix<Double>
  ) -> [Double]? {
    var least = 1.0
    for (_, v) in groups {
      // σ² ≥ 1 − ‖VVᵀ − I‖_F.
      var apart = 0.0
      for i in 0..<v.rows {
        for j in 0..<v.rows {
          let product = zip(v.row(i), v.row(j)).reduce(0) { $0 + $1.0 * $1.1 } - (i == j ? 1 : 0)
          apart += product * product
        }
      }
      let lost = Rounding.gamma(v.columns + 2) * Double(v.rows) * 2
      least = min(least, 1 - (apart.squareRoot() + lost) * Rounding.inflation)
    }
    guard least > 0.5 else { return nil }
    let shortest = least.squareRoot() / Rounding.inflation
    var sizes = [Double](repeating: 0, count: x.rows)
    let vectors = groups.map { group in
      (0..<group.null.rows).map { k in
        zip(group.columns, group.null.row(k)).filter { $0.1 != 0 }
      }
    }
    forEachElement(of: &sizes, count: x.rows) { size, n in
      let row = x.row(n)
      var sum = 0.0
      for vector in vectors.joined() {
        var product = Ball(0)
        for (j, v) in vector {
          let input = j < row.count ? row[j] : 1
          if input != 0 { product = product + Ball(v) * Ball(input) }
        }
        sum += product.magnitudeBound * product.magnitudeBound
      }
      size = sum.squareRoot() / shortest * Rounding.inflation
    }
    return sizes
  }
}
