extension LocalModel {
  /// All modes of the Hessian at θ (P elements): P³ operations.
  ///
  /// - Throws: `OptimizerError.hessianRefused` where the Hessian is not finite.
  func modes(at parameters: Span<Element>) throws(OptimizerError) -> CurvatureModes<Element> {
    do throws(LinearAlgebraError) {
      return try CurvatureModes(of: linearized(at: parameters).assembled())
    } catch {
      throw .hessianRefused(error)
    }
  }

  /// Those in the Krylov space of `start` (P elements), one product each, at most `count`.
  ///
  /// - Throws: `OptimizerError.krylov`.
  func modes(
    at parameters: Span<Element>, from start: [Element], count: Int
  ) throws(OptimizerError) -> CurvatureModes<Element> {
    do throws(KrylovError) {
      return try CurvatureModes(of: linearized(at: parameters), from: start, count: count)
    } catch {
      throw .krylov(error)
    }
  }
}

extension CurvatureModes {
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
