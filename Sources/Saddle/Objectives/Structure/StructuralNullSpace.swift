/// The directions in parameter space along which an objective is constant whatever θ is, known
/// before any eigenvalue is computed: every curvature matrix of it is zero along them, and its
/// gradient is orthogonal to them.
///
/// Three theorems give them for networks:
/// - A dependence of the columns of the matrix that a layer on the data sees (its inputs, or a
///   convolution's patches, and the bias's ones): w + t·v changes nothing. One direction for each
///   dependence and unit of the layer. Dead pixels and constant features are such dependences.
/// - Softmax shift: the same vector added to every row of the last layer shifts all logits of a
///   sample alike. Fan-in + 1 directions with biases and fan-in without, for softmax cross-entropy
///   alone. Where a single layer is both, those that the first theorem gives are not given again.
/// - Parameters that nothing sees: the biases of attention's keys, since softmax does not see what
///   all of a query's scores have in common, and an embedding's rows for tokens that no sample has.
///
/// There may be more zeros at every θ than these: of networks with fewer samples than a hidden layer
/// has units, of units that no sample activates, of residual branches whose biases can trade places,
/// of linear activations. They are not counted.
public struct StructuralNullSpace: Equatable, Sendable {
  /// The directions that one theorem gives for one layer.
  public struct Part: Codable, Equatable, Sendable {
    /// The theorem: "linear dependences of the inputs", "softmax shift".
    public let name: String
    /// The number of directions, independent of the other parts'.
    public let count: Int
    /// Where the number comes from, in words.
    public let reason: String
    /// Whether it is exact, and not a rank within a tolerance.
    public let isExact: Bool
  }

  /// P.
  public let order: Int
  /// What is known, theorem by theorem.
  public let parts: [Part]
  /// In the order in which their rotations follow one another.
  let groups: [DirectionGroup]
  /// What it was found from, so that it can be found anew for more samples.
  let layers: [DataLayer]
  let shift: SoftmaxShift?
  let unseen: [UnseenParameters]

  /// Nothing is known.
  public init(order: Int) {
    self.init(order: order, layers: [], shift: nil, unseen: [])
  }

  init(order: Int, layers: [DataLayer], shift: SoftmaxShift?, unseen: [UnseenParameters]) {
    var parts: [Part] = []
    var groups: [DirectionGroup] = []
    var shiftedColumns = shift?.columns ?? []
    for layer in layers {
      let (found, isExact) = layer.design.dependences
      guard !found.isEmpty else { continue }
      groups += found.map { dependence in
        DirectionGroup(
          null: dependence.null, rest: dependence.rest,
          places: (0..<layer.units.outputs).map { unit in
            dependence.columns.map { layer.units.parameter(unit, $0) }
          })
      }
      parts.append(layer.part(found, isExact: isExact))
      if let shift, shift.units == layer.units {
        shiftedColumns = shift.columns(besides: found)
      }
    }
    if let shift, !shiftedColumns.isEmpty {
      groups.append(
        DirectionGroup(
          alikeAt: shiftedColumns.map { j in
            (0..<shift.units.outputs).map { shift.units.parameter($0, j) }
          }))
      parts.append(shift.part(shiftedColumns.count))
    }
    for parameters in unseen where !parameters.coordinates.isEmpty {
      groups.append(DirectionGroup(alikeAt: parameters.coordinates.map { [$0] }))
      parts.append(parameters.part)
    }
    self.order = order
    self.parts = parts
    self.groups = groups
    self.layers = layers
    self.shift = shift
    self.unseen = unseen
  }

  /// The number of independent directions.
  public var dimension: Int { parts.reduce(0) { $0 + $1.count } }

  /// Whether that number is exact, and not in part a rank within a tolerance.
  public var isExact: Bool { parts.allSatisfy(\.isExact) }

  /// What the directions are for a curvature matrix that has α·I added, by weight decay: eigenvectors
  /// of α, and zeros only where α is 0.
  public func eigenvalue(shift: Double) -> StructuralEigenvalue {
    StructuralEigenvalue(value: shift, multiplicity: dimension)
  }

  /// An orthonormal basis, one direction a row (dimension × P).
  public func basis<T: Scalar>(_: T.Type = T.self) -> Matrix<T> {
    var elements: [T] = []
    for (g, group) in groups.enumerated() {
      for place in group.places {
        for k in 0..<group.null.rows {
          var direction = [Double](repeating: 0, count: order)
          for (m, i) in place.enumerated() { direction[i] = group.null[k, m] }
          for earlier in groups[..<g].reversed() {
            for place in earlier.places { earlier.unrotate(&direction, at: place) }
          }
          elements += rounded(direction, to: T.self)
        }
      }
    }
    return Matrix(rows: dimension, columns: order, elements: elements)
  }

  /// The directions along which the sum with another objective of the same parameters is constant,
  /// such as the same network's on other samples.
  func adding(_ other: StructuralNullSpace) -> StructuralNullSpace {
    guard order == other.order, shift == other.shift, layers.count == other.layers.count,
      unseen.map(\.name) == other.unseen.map(\.name)
    else {
      return StructuralNullSpace(order: order)
    }
    var both: [DataLayer] = []
    for (one, two) in zip(layers, other.layers) {
      guard let layer = one.adding(two) else { return StructuralNullSpace(order: order) }
      both.append(layer)
    }
    return StructuralNullSpace(
      order: order, layers: both, shift: shift,
      unseen: zip(unseen, other.unseen).map { $0.adding($1) })
  }
}

extension StructuralNullSpace: CustomStringConvertible {
  /// "240 linear dependences of the inputs (30 × 8 units; …), 9 softmax shift (…)".
  public var description: String {
    parts.isEmpty
      ? "none known"
      : parts.map { "\($0.count) \($0.name) (\($0.reason))" }.joined(separator: ", ")
  }
}

/// The eigenvalue that a curvature matrix has along the directions of a structural null space.
public struct StructuralEigenvalue: Codable, Equatable, Sendable {
  /// The weight decay in the matrix.
  public let value: Double
  public let multiplicity: Int

  /// How many eigenvalues are zero at any θ.
  public var zeros: Int { value == 0 ? multiplicity : 0 }
}
