/// Where counting begins to be faster than LAPACK's iterations, on one thread.
private let leastBisectedOrder = 256

/// All eigenvalues, ascending, of a symmetric tridiagonal matrix, in O(n²): of small ones by LAPACK's
/// `sterf` (the root-free QL and QR iterations of Pal, Walker and Kahan), of large ones by
/// `TridiagonalBisection` in double whatever T is, on as many threads as BLAS takes.
///
/// - Parameters:
///   - diagonal: n elements.
///   - offDiagonal: n − 1 elements, none for n = 0.
/// - Throws: `.notFinite` at the first element that is NaN or infinite; `.noConvergence`.
public func tridiagonalEigenvalues<T: Scalar>(
  diagonal: [T], offDiagonal: [T]
) throws(LinearAlgebraError) -> [T] {
  let order = diagonal.count
  precondition(
    offDiagonal.count == max(order - 1, 0),
    "\(offDiagonal.count) off-diagonal elements for order \(order)")
  guard order > 0 else { return [] }
  if let i = firstNotFinite(diagonal) { throw .notFinite(row: i, column: i) }
  if let i = firstNotFinite(offDiagonal) { throw .notFinite(row: i, column: i + 1) }
  guard order <= Int(Int32.max) else { throw .tooLarge(order: order) }
  guard order < leastBisectedOrder else {
    return TridiagonalBisection(
      diagonal: diagonal.map { Double($0) }, offDiagonal: offDiagonal.map { Double($0) }
    ).eigenvalues().map { T($0) }
  }
  var values = diagonal
  var work = offDiagonal + [0]
  let info = T.sterf(Int32(order), &values, &work)
  guard info == 0 else { throw .noConvergence(routine: "sterf", info: Int(info)) }
  return values
}
