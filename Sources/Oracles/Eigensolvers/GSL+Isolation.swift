import CGSL

extension GSL {
  /// GSL's routines that call BLAS.
  ///
  /// GSL and OpenBLAS both bring `cblas_*`, and in a process that links both, the library that
  /// happens to come first serves both: the oracle would then run on the kernels it is to check.
  /// The order of libraries is not ours to choose, so on Linux these routines come from a second
  /// copy of GSL in a link namespace of its own, where only its own BLAS can be found. (On Apple's
  /// systems names are bound to a library when it is built, and one copy is enough.) Sanitizers do
  /// not know such namespaces; where the copy cannot be loaded, the process's own GSL serves and
  /// `blasFile` is nil.
  struct Routines: Sendable {
    typealias Eigenvalues =
      @convention(c) @Sendable (
        UnsafeMutablePointer<gsl_matrix>?, UnsafeMutablePointer<gsl_vector>?,
        UnsafeMutablePointer<gsl_eigen_symm_workspace>?
      ) -> Int32
    typealias Eigensystem =
      @convention(c) @Sendable (
        UnsafeMutablePointer<gsl_matrix>?, UnsafeMutablePointer<gsl_vector>?,
        UnsafeMutablePointer<gsl_matrix>?, UnsafeMutablePointer<gsl_eigen_symmv_workspace>?
      ) -> Int32
    typealias SingularValues =
      @convention(c) @Sendable (
        UnsafeMutablePointer<gsl_matrix>?, UnsafeMutablePointer<gsl_matrix>?,
        UnsafeMutablePointer<gsl_vector>?
      ) -> Int32

    let eigenvalues: Eigenvalues
    let eigensystem: Eigensystem
    let singularValues: SingularValues
    /// The file of the BLAS they call, where they are isolated.
    let blas: String?
  }

  /// The routines, with GSL's aborting error handler switched off in every copy.
  static let routines: Routines = {
    gsl_set_error_handler_off()
    return isolated()
      ?? Routines(
        eigenvalues: { gsl_eigen_symm($0, $1, $2) }, eigensystem: { gsl_eigen_symmv($0, $1, $2, $3) },
        singularValues: { gsl_linalg_SV_decomp_jacobi($0, $1, $2) }, blas: nil)
  }()

  /// The file of the BLAS that the eigensolvers call, where they have one of their own; nil where
  /// they take the process's.
  public static var blasFile: String? { routines.blas }

  private static func isolated() -> Routines? {
    guard let handle = saddle_isolated_gsl(),
      let disarm = saddle_symbol(handle, "gsl_set_error_handler_off"),
      let eigenvalues = saddle_symbol(handle, "gsl_eigen_symm"),
      let eigensystem = saddle_symbol(handle, "gsl_eigen_symmv"),
      let singularValues = saddle_symbol(handle, "gsl_linalg_SV_decomp_jacobi")
    else { return nil }
    typealias Disarm = @convention(c) () -> UnsafeMutableRawPointer?
    _ = unsafeBitCast(disarm, to: Disarm.self)()
    return Routines(
      eigenvalues: unsafeBitCast(eigenvalues, to: Routines.Eigenvalues.self),
      eigensystem: unsafeBitCast(eigensystem, to: Routines.Eigensystem.self),
      singularValues: unsafeBitCast(singularValues, to: Routines.SingularValues.self),
      blas: saddle_blas_file(handle).map { String(cString: $0) })
  }
}
