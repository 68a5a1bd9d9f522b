import CGSL

extension GSL {
  /// f′(x) by GSL's own adaptive central difference (`gsl_deriv_central`, a 5-point rule), as a
  /// second opinion on `FiniteDifferences`.
  ///
  /// - Parameter step: the first step, positive; GSL refines it once.
  /// - Returns: the derivative with GSL's own estimate of its absolute error.
  /// - Throws: `invalidArgument` for a step that is not positive and finite; `notFiniteResult`
  ///   where the function is not finite near `x`.
  public static func derivative(
    of function: (Double) -> Double, at x: Double, step: Double = 0x1p-7
  ) throws(OracleError) -> Estimate {
    guard step > 0, step.isFinite else {
      throw .invalidArgument(message: "a step of \(step); pass a positive finite one")
    }
    // Reading the routines disarms GSL's error handler.
    _ = routines
    var value = Double.nan
    var error = Double.nan
    let code = withoutActuallyEscaping(function) { function in
      var callable = Callable(function: function)
      return withUnsafeMutablePointer(to: &callable) { pointer in
        var wrapped = gsl_function(
          function: { x, context in
            context?.assumingMemoryBound(to: Callable.self).pointee.function(x) ?? .nan
          }, params: pointer)
        return gsl_deriv_central(&wrapped, x, step, &value, &error)
      }
    }
    try check(code, "gsl_deriv_central")
    guard value.isFinite, error.isFinite else {
      throw .notFiniteResult(of: "derivative", component: 0, result: "\(value)", where: "x = \(x)")
    }
    return Estimate(value: value, error: error)
  }

  /// A closure that C can carry as a pointer.
  struct Callable {
    let function: (Double) -> Double
  }
}
