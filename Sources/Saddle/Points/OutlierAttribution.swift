/// How much of the space of a Hessian's top eigenvectors lies in the span of what the labels say: the
/// mean gradient of each class's own output over its samples (Papyan 2020's class means).
///
///     overlap = ‖QᵀV‖²_F / K,  V the K top eigenvectors, Q an orthonormal basis of the class means
///
/// beside the same for labels permuted at random: the outputs' gradients have much in common whatever
/// the labels are, and only what goes beyond that is attribution.
public struct OutlierAttribution: Codable, Equatable, Sendable {
  /// K, as many eigenvectors as there are classes.
  public let classes: Int
  public let overlap: Double
  /// For permuted labels, one each.
  public let permuted: [Double]
  /// The share of the samples that the network gets right.
  public let accuracy: Double?

  /// Beyond chance: the overlap less the mean of the permuted ones.
  public var excess: Double { overlap - permuted.reduce(0, +) / Double(permuted.count) }

  static let permutations = 20

  /// - Parameters:
  ///   - θ: P parameters.
  ///   - seed: of the permutations.
  /// - Returns: nil for targets that are no classes, and where a class has no sample.
  init?(of objective: NetworkObjective<Double>, at θ: [Double], seed: UInt64) throws {
    guard case .classes(let labels) = objective.targets else { return nil }
    let classes = objective.network.outputs
    guard Set(labels).count == classes, θ.count > 2 * classes else { return nil }
    try PointAnalysis.requireMemory(order: θ.count, matrices: 3)
    let system = try objective.hessian(at: θ).eigensystem()
    let top = (θ.count - classes..<θ.count).map { system.vectors.row($0) }
    func overlap(_ labels: [Int32]) throws -> Double {
      let means = try objective.meanOutputGradients(
        (0..<classes).map { k in
          (labels.indices.filter { labels[$0] == Int32(k) }, output: k)
        }, at: θ)
      let basis = HouseholderFactors(
        of: Matrix(rows: classes, columns: θ.count, elements: means.flatMap { $0 })
      ).basis(classes)
      var sum = 0.0
      for k in 0..<classes {
        let direction = basis.row(k)
        for vector in top { sum += direction.dot(vector) * direction.dot(vector) }
      }
      return sum / Double(classes)
    }
    self.classes = classes
    self.overlap = try overlap(labels)
    var generator = RandomStream(seed: seed, name: "attribution")
    permuted = try (0..<Self.permutations).map { _ in
      var order = Array(labels.indices)
      generator.shuffle(&order)
      return try overlap(order.map { labels[$0] })
    }
    accuracy = objective.evaluate(at: θ).accuracy
  }
}
