/// A small network whose curvature matrices are known, by plain loops.
public struct CurvatureProblem: Sendable {
  /// Which matrix.
  public enum Kind: String, Sendable, CaseIterable {
    case hessian, gaussNewton, fisher, empiricalFisher
    /// The diagonal of the Gauss–Newton matrix.
    case diagonal
    /// Of the Gauss–Newton matrix.
    case kfac, ekfac

    public var isExact: Bool { self != .kfac && self != .ekfac }
    public var isSemidefinite: Bool { self != .hessian }
  }

  public let network: PlainNetwork
  public let parameters: [Double]
  /// Sizes that sum to N: how the samples come.
  public let batches: [Int]

  public init(_ network: PlainNetwork, at parameters: [Double], batches: [Int]) {
    precondition(batches.reduce(0, +) == network.inputs.count && batches.allSatisfy { $0 > 0 })
    self.network = network
    self.parameters = parameters
    self.batches = batches
  }

  public var dimension: Int { network.dimension }

  /// The matrix, penalty included; nil for what is an approximation.
  ///
  /// The Gauss–Newton matrix of these losses is Fisher's: with softmax and cross-entropy E[ggᵀ] over the
  /// model's labels is JᵀBJ, and with squared error JᵀJ is both (Martens 2020, §9).
  public func matrix(_ kind: Kind) -> [[Double]]? {
    var rows: [[Double]]
    switch kind {
    // The penalty is in the Hessian of the plain network.
    case .hessian: return network.hessian(at: parameters)
    case .gaussNewton, .fisher: rows = network.fisher(at: parameters)
    case .empiricalFisher: rows = network.empiricalFisher(at: parameters)
    case .diagonal:
      rows = network.fisher(at: parameters)
      for i in rows.indices { for j in rows.indices where i != j { rows[i][j] = 0 } }
    case .kfac, .ekfac: return nil
    }
    for i in rows.indices { rows[i][i] += network.weightDecay }
    return rows
  }

  /// With the samples in other places, and cut otherwise.
  func arranged(_ order: [Int], batches: [Int]) -> CurvatureProblem {
    CurvatureProblem(network.taking(order), at: parameters, batches: batches)
  }

  /// Each layer's weights, without its biases.
  var weightRanges: [Range<Int>] {
    var start = 0
    return zip(network.widths, network.widths.dropFirst()).map { inputs, outputs in
      defer { start += inputs * outputs + outputs }
      return start..<start + inputs * outputs
    }
  }
}

extension PlainNetwork {
  /// Some of the samples, by number, each as often as it is named.
  package func taking(_ samples: [Int]) -> PlainNetwork {
    PlainNetwork(
      widths: widths, activation: activation, loss: loss, weightDecay: weightDecay,
      inputs: samples.map { inputs[$0] }, targets: samples.map { targets[$0] })
  }
}

/// Curvature products of any such problem, as somebody computes them.
public struct CurvatureImplementation: Sendable {
  public let kinds: Set<CurvatureProblem.Kind>
  /// k products for k vectors; nil where it cannot do the problem.
  public let products:
    @Sendable (CurvatureProblem, CurvatureProblem.Kind, _ vectors: [[Double]]) throws -> [[Double]]?

  public init(
    kinds: Set<CurvatureProblem.Kind>,
    products:
      @escaping @Sendable (
        CurvatureProblem, CurvatureProblem.Kind, _ vectors: [[Double]]
      ) throws -> [[Double]]?
  ) {
    self.kinds = kinds
    self.products = products
  }

  /// The matrix, by its products with the unit vectors, a few at a time; nil where it cannot.
  func assembled(_ problem: CurvatureProblem, _ kind: CurvatureProblem.Kind) throws -> [[Double]]? {
    let n = problem.dimension
    var rows: [[Double]] = []
    for start in stride(from: 0, to: n, by: 5) {
      let units = (start..<min(start + 5, n)).map { i in (0..<n).map { $0 == i ? 1.0 : 0 } }
      guard let products = try products(problem, kind, units) else { return nil }
      guard products.count == units.count else {
        throw PropertyViolation("a product for each vector", "\(products.count) of \(units.count)")
      }
      for product in products {
        rows.append(try checked(product, "product", expecting: n, at: "a problem"))
      }
    }
    return rows
  }
}
