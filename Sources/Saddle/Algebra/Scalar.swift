import RealModule

/// A precision that Saddle computes in: `Float` or `Double`.
///
/// The static requirements are LAPACK's and BLAS's routines under their own names, one line per
/// routine and precision (`Scalar+LAPACK.swift`), and vectorized loops (`Scalar+Vector.swift`).
/// Call the functions on `Matrix`, `Span` and `MutableSpan` instead; they check shapes.
public protocol Scalar: BinaryFloatingPoint, Real, BitwiseCopyable, Codable, Sendable
where RawSignificand: FixedWidthInteger {
  /// `C ← α·op(A)·op(B) + β·C`, column-major.
  static func gemm(
    _ transA: CChar, _ transB: CChar, _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Self,
    _ a: UnsafePointer<Self>, _ lda: Int32, _ b: UnsafePointer<Self>, _ ldb: Int32,
    _ beta: Self, _ c: UnsafeMutablePointer<Self>, _ ldc: Int32)

  /// `y ← α·op(A)·x + β·y`, column-major.
  static func gemv(
    _ trans: CChar, _ m: Int32, _ n: Int32, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int32,
    _ x: UnsafePointer<Self>, _ beta: Self, _ y: UnsafeMutablePointer<Self>)

  /// `y ← A·x` for a symmetric A, of which one triangle is read.
  static func symv(
    _ n: Int32, _ a: UnsafePointer<Self>, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)

  /// All eigenvalues, and with `jobz` "V" the eigenvectors, by divide and conquer.
  static func syevd(
    _ jobz: CChar, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ w: UnsafeMutablePointer<Self>,
    _ work: UnsafeMutablePointer<Self>, _ lwork: Int32,
    _ iwork: UnsafeMutablePointer<Int32>, _ liwork: Int32
  ) -> Int32

  /// Bunch–Kaufman factorization `A = L·D·Lᵀ`.
  static func sytrf(
    _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ pivots: UnsafeMutablePointer<Int32>,
    _ work: UnsafeMutablePointer<Self>, _ lwork: Int32
  ) -> Int32

  /// Solves `A·X = B` with the factors that `sytrf` left.
  static func sytrs(
    _ n: Int32, _ nrhs: Int32, _ a: UnsafePointer<Self>, _ pivots: UnsafePointer<Int32>,
    _ b: UnsafeMutablePointer<Self>
  ) -> Int32

  /// Reduction to tridiagonal form `A = Q·T·Qᵀ`, where Q keeps the first coordinate.
  static func sytrd(
    _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ d: UnsafeMutablePointer<Self>,
    _ e: UnsafeMutablePointer<Self>, _ tau: UnsafeMutablePointer<Self>,
    _ work: UnsafeMutablePointer<Self>, _ lwork: Int32
  ) -> Int32

  /// All eigenvalues of a symmetric tridiagonal matrix, in place of its diagonal.
  static func sterf(
    _ n: Int32, _ d: UnsafeMutablePointer<Self>, _ e: UnsafeMutablePointer<Self>
  ) -> Int32

  /// √x without errno, so that a loop over it is vectorized; `squareRoot()` is the same number.
  static func root(_ x: Self) -> Self

  /// The largest |xᵢ|: NaN where any element is, 0 of none.
  static func largestMagnitude(_ count: Int, _ x: UnsafePointer<Self>) -> Self

  /// Σ xᵢyᵢ, in double whatever the precision is.
  static func innerProduct(
    _ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>
  ) -> Double

  /// `previous ← a·product + b·current + c·previous`, with the new vector's inner products with
  /// itself and with the current one, in double.
  static func recur(
    _ count: Int, _ product: UnsafePointer<Self>, _ current: UnsafePointer<Self>,
    _ previous: UnsafeMutablePointer<Self>, _ a: Self, _ b: Self, _ c: Self
  ) -> (square: Double, cross: Double)

  /// Some sweeps of a band matrix's reduction to tridiagonal form: see CVector.h.
  static func chase(
    _ order: Int, _ width: Int, _ band: UnsafeMutablePointer<Self>, _ first: Int, _ count: Int,
    _ before: UnsafePointer<Int>?, _ done: UnsafeMutablePointer<Int>)

  /// The triangular factor of `A = Q·R`, and Q as reflections.
  static func geqrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ tau: UnsafeMutablePointer<Self>,
    _ work: UnsafeMutablePointer<Self>, _ lwork: Int32
  ) -> Int32

  /// Q's first columns, from the reflections that `geqrf` left.
  static func orgqr(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ tau: UnsafePointer<Self>,
    _ work: UnsafeMutablePointer<Self>, _ lwork: Int32
  ) -> Int32

  /// The singular values of a square matrix, descending, and its left singular vectors as columns in
  /// its place.
  static func gesvd(
    _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ s: UnsafeMutablePointer<Self>,
    _ work: UnsafeMutablePointer<Self>, _ lwork: Int32
  ) -> Int32
}

/// Which of the two precisions a run computes in.
public enum Precision: String, CaseIterable, Codable, Sendable {
  case float, double
}
