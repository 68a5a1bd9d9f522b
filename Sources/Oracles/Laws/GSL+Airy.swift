import CGSL

extension GSL {
  /// Ai(x) and Ai′(x) (`gsl_sf_airy_Ai_e`, `gsl_sf_airy_Ai_deriv_e`: Chebyshev series).
  ///
  /// - Throws: `gslFailed` where the value underflows.
  public static func airy(_ x: Double) throws(OracleError) -> (value: Double, slope: Double) {
    // Reading the routines disarms GSL's error handler.
    _ = routines
    var value = gsl_sf_result()
    var slope = gsl_sf_result()
    try check(gsl_sf_airy_Ai_e(x, gsl_mode_t(GSL_PREC_DOUBLE), &value), "gsl_sf_airy_Ai_e")
    try check(
      gsl_sf_airy_Ai_deriv_e(x, gsl_mode_t(GSL_PREC_DOUBLE), &slope), "gsl_sf_airy_Ai_deriv_e")
    return (value.val, slope.val)
  }
}
