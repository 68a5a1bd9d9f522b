import CGSL

extension GSL {
  /// ∫ f over [low, high] by adaptive Gauss–Kronrod quadrature with extrapolation
  /// (`gsl_integration_qags`), which copes with integrable singularities at the ends.
  ///
  /// - Returns: the integral with GSL's own bound on its absolute error.
  /// - Throws: `invalidArgument` for bounds that are not finite; `gslFailed` where the error stays
  ///   above `absolute` and `relative`.
  public static func integral(
    of function: (Double) -> Double, from low: Double, to high: Double,
    absolute: Double = 1e-14, relative: Double = 1e-12
  ) throws(OracleError) -> Estimate {
    guard low.isFinite, high.isFinite else {
      throw .invalidArgument(message: "an integral from \(low) to \(high); pass finite bounds")
    }
    // Reading the routines disarms GSL's error handler.
    _ = routines
    let limit = 2000
    let workspace = try allocated(
      gsl_integration_workspace_alloc(limit), "gsl_integration_workspace_alloc")
    defer { gsl_integration_workspace_free(workspace) }
    var value = Double.nan
    var error = Double.nan
    let code = withoutActuallyEscaping(function) { function in
      var callable = Callable(function: function)
      return withUnsafeMutablePointer(to: &callable) { pointer in
        var wrapped = gsl_function(
          function: { x, context in
            context?.assumingMemoryBound(to: Callable.self).pointee.function(x) ?? .nan
          }, params: pointer)
        return gsl_integration_qags(
          &wrapped, low, high, absolute, relative, limit, workspace, &value, &error)
      }
    }
    try check(code, "gsl_integration_qags")
    return Estimate(value: value, error: error)
  }
}
