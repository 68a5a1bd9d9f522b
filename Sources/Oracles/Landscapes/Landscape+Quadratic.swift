extension Landscape {
  /// ½ xᵀAx with A = QΛQᵀ and Q Haar-distributed from a seed: a critical point of any inertia.
  ///
  /// - Parameters:
  ///   - eigenvalues: Λ, n ≥ 1 finite numbers in any order; exact zeros make flat directions.
  ///   - generator: draws the rotation.
  /// - Accuracy: the Hessian's eigenvalues are `eigenvalues` up to c·n·ulp·max|λ|.
  public static func quadratic(
    eigenvalues: [Double], using generator: inout some RandomNumberGenerator
  ) -> Landscape {
    precondition(!eigenvalues.isEmpty, "a quadratic form in no variables")
    let a = RandomMatrix.symmetric(spectrum: eigenvalues, using: &generator)
    let n = eigenvalues.count
    let zeros = eigenvalues.count { $0 == 0 }
    // Elsewhere than at the origin a singular form has critical points too.
    return Landscape(
      name: "quadratic form of inertia (\(eigenvalues.count { $0 < 0 }), \(zeros))",
      dimension: n,
      value: { x in 0.5 * dot(x, a.map { dot($0, x) }) },
      gradient: { x in a.map { dot($0, x) } },
      hessian: { _ in a },
      criticalPoints: [
        CriticalPoint(
          location: [Double](repeating: 0, count: n), index: eigenvalues.count { $0 < 0 },
          nullity: zeros, value: 0)
      ],
      hasAllCriticalPoints: zeros == 0)
  }
}
