extension LocalModel {
  /// H·v at the point of the last linearization.
  ///
  /// - Throws: `OptimizerError.productNotFinite` where an element is NaN or infinite.
  mutating func finiteProduct(along vector: [Element]) throws(OptimizerError) -> [Element] {
    var product = [Element](repeating: 0, count: vector.count)
    var target = product.mutableSpan
    hessianVectorProduct(along: vector.span, into: &target)
    if let coordinate = firstNotFinite(product) {
      throw .productNotFinite(coordinate: coordinate)
    }
    return product
  }
}

/// Orthonormal directions in which the Hessian, or its projection on what they span, is diagonal.
struct CurvatureModes<T: Scalar> {
  /// Ascending: eigenvalues, or Ritz values.
  let values: [T]
  /// Row k is the direction of `values[k]` (k × P).
  let vectors: Matrix<T>

  /// All of the Hessian's at θ: P³ operations.
  ///
  /// - Throws: `OptimizerError.hessianRefused` where the Hessian is not finite.
  init<Model: LocalModel<T>>(
    exact model: inout Model, at parameters: Span<T>
  ) throws(OptimizerError) {
    model.linearize(at: parameters)
    do throws(LinearAlgebraError) {
      let system = try model.hessian().eigensystem()
      self.init(values: system.values, vectors: system.vectors)
    } catch {
      throw .hessianRefused(error)
    }
  }

  init(values: [T], vectors: Matrix<T>) {
    self.values = values
    self.vectors = vectors
  }

  /// A vector's components along the directions (k elements).
  func components(of vector: [T]) -> [T] { vectors * vector }

  /// The vector with these components (P elements).
  func combination(_ components: [T]) -> [T] {
    (Matrix(rows: 1, columns: components.count, elements: components) * vectors).elements
  }

  /// The largest |λ|.
  var scale: T { max((values.first ?? 0).magnitude, (values.last ?? 0).magnitude) }

  /// k·ε·max|λ|, of k modes and with the rounding unit ε: curvature up to here is zero as far as
  /// the eigensolver can tell.
  private var resolution: T { T(values.count) * T.ulpOfOne * scale }

  /// Whether a step with these components has a share of a mode of negative curvature.
  func isAlongNegativeCurvature(_ components: [T]) -> Bool {
    zip(values, components).contains { $0 < -resolution && $1 != 0 }
  }

  /// Moves θ by −η·Σ vₖ·(vₖᵀg)/(|λₖ| + α).
  ///
  /// A mode with |λₖ| + α up to the resolution is left alone: its share of the step would be
  /// rounding over rounding.
  ///
  /// - Returns: Whether θ moved along negative curvature.
  func takeSaddleFreeStep(
    _ parameters: inout MutableSpan<T>, along gradient: [T], damping: T, rate: T
  ) -> Bool {
    var components = components(of: gradient)
    for k in components.indices {
      let size = values[k].magnitude + damping
      components[k] = size > resolution ? -rate * components[k] / size : 0
    }
    return move(&parameters, by: combination(components)) && isAlongNegativeCurvature(components)
  }
}

extension OptimizerError {
  /// Throws where an optimizer that works with the whole Hessian gets too many parameters.
  static func requireAtMost(
    _ limit: Int, _ dimension: Int, _ optimizer: String
  ) throws(OptimizerError) {
    guard dimension <= limit else {
      throw .tooLarge(optimizer: optimizer, dimension: dimension, limit: limit)
    }
  }
}

/// θ + s, unless an element of it overflows: then θ stays, and the answer is false.
@discardableResult
func move<T: Scalar>(_ parameters: inout MutableSpan<T>, by step: [T]) -> Bool {
  let moved = Array(copying: parameters.span).adding(1, times: step)
  guard allFinite(moved.span) else { return false }
  copy(moved.span, into: &parameters)
  return true
}
