import COpenBLAS
import RealModule

// The bridge to BLAS and LAPACK: no shape checks and no decisions here. Fortran takes every
// argument by address, hence the copies. A symmetric matrix reads the same in row- and
// column-major order, so "lower" here is the upper triangle of a row-major matrix.

let valuesOnly = CChar(UInt8(ascii: "N"))
let valuesAndVectors = CChar(UInt8(ascii: "V"))
private let lower = CChar(UInt8(ascii: "L"))
private let overwritten = CChar(UInt8(ascii: "O"))

/// The BLAS in use, and the kernels it chose for this processor.
public var blasDescription: String { String(cString: openblas_get_config()) }

/// The name of the kernels it chose.
var bridgedKernelName: String { String(cString: openblas_get_corename()) }

/// OpenBLAS's number of threads, one for the process; `BLASThreads.swift` alone changes it.
var bridgedThreadCount: Int {
  get { Int(openblas_get_num_threads()) }
  set { openblas_set_num_threads(Int32(newValue)) }
}

extension Double: Scalar {
  public static func gemm(
    _ transA: CChar, _ transB: CChar, _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Double,
    _ a: UnsafePointer<Double>, _ lda: Int32, _ b: UnsafePointer<Double>, _ ldb: Int32,
    _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ ldc: Int32
  ) {
    var (ta, tb, m, n, k, alpha, beta) = (transA, transB, m, n, k, alpha, beta)
    var (lda, ldb, ldc) = (lda, ldb, ldc)
    dgemm_(&ta, &tb, &m, &n, &k, &alpha, a, &lda, b, &ldb, &beta, c, &ldc, 1, 1)
  }

  public static func gemv(
    _ trans: CChar, _ m: Int32, _ n: Int32, _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int32,
    _ x: UnsafePointer<Double>, _ beta: Double, _ y: UnsafeMutablePointer<Double>
  ) {
    var (trans, m, n, alpha, lda, beta, step) = (trans, m, n, alpha, lda, beta, Int32(1))
    dgemv_(&trans, &m, &n, &alpha, a, &lda, x, &step, &beta, y, &step, 1)
  }

  public static func symv(
    _ n: Int32, _ a: UnsafePointer<Double>, _ x: UnsafePointer<Double>,
    _ y: UnsafeMutablePointer<Double>
  ) {
    var (uplo, n, one, zero, step) = (lower, n, Double(1), Double(0), Int32(1))
    var lda = max(n, 1)
    dsymv_(&uplo, &n, &one, a, &lda, x, &step, &zero, y, &step, 1)
  }

  public static func syevd(
    _ jobz: CChar, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ w: UnsafeMutablePointer<Double>,
    _ work: UnsafeMutablePointer<Double>, _ lwork: Int32,
    _ iwork: UnsafeMutablePointer<Int32>, _ liwork: Int32
  ) -> Int32 {
    var (job, uplo, n, lwork, liwork, info) = (jobz, lower, n, lwork, liwork, Int32(0))
    var lda = max(n, 1)
    dsyevd_(&job, &uplo, &n, a, &lda, w, work, &lwork, iwork, &liwork, &info, 1, 1)
    return info
  }

  public static func sytrf(
    _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ pivots: UnsafeMutablePointer<Int32>,
    _ work: UnsafeMutablePointer<Double>, _ lwork: Int32
  ) -> Int32 {
    var (uplo, n, lwork, info) = (lower, n, lwork, Int32(0))
    var lda = max(n, 1)
    dsytrf_(&uplo, &n, a, &lda, pivots, work, &lwork, &info, 1)
    return info
  }

  public static func sytrs(
    _ n: Int32, _ nrhs: Int32, _ a: UnsafePointer<Double>, _ pivots: UnsafePointer<Int32>,
    _ b: UnsafeMutablePointer<Double>
  ) -> Int32 {
    var (uplo, n, nrhs, info) = (lower, n, nrhs, Int32(0))
    var lda = max(n, 1)
    dsytrs_(&uplo, &n, &nrhs, a, &lda, pivots, b, &lda, &info, 1)
    return info
  }

  public static func sytrd(
    _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ d: UnsafeMutablePointer<Double>,
    _ e: UnsafeMutablePointer<Double>, _ tau: UnsafeMutablePointer<Double>,
    _ work: UnsafeMutablePointer<Double>, _ lwork: Int32
  ) -> Int32 {
    var (uplo, n, lwork, info) = (lower, n, lwork, Int32(0))
    var lda = max(n, 1)
    dsytrd_(&uplo, &n, a, &lda, d, e, tau, work, &lwork, &info, 1)
    return info
  }

  public static func sterf(
    _ n: Int32, _ d: UnsafeMutablePointer<Double>, _ e: UnsafeMutablePointer<Double>
  ) -> Int32 {
    var (n, info) = (n, Int32(0))
    dsterf_(&n, d, e, &info)
    return info
  }

  public static func geqrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ tau: UnsafeMutablePointer<Double>,
    _ work: UnsafeMutablePointer<Double>, _ lwork: Int32
  ) -> Int32 {
    var (m, n, lwork, info) = (m, n, lwork, Int32(0))
    var lda = max(m, 1)
    dgeqrf_(&m, &n, a, &lda, tau, work, &lwork, &info)
    return info
  }

  public static func orgqr(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ tau: UnsafePointer<Double>,
    _ work: UnsafeMutablePointer<Double>, _ lwork: Int32
  ) -> Int32 {
    var (m, n, lwork, info) = (m, n, lwork, Int32(0))
    var (k, lda) = (n, max(m, 1))
    dorgqr_(&m, &n, &k, a, &lda, tau, work, &lwork, &info)
    return info
  }

  public static func gesvd(
    _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ s: UnsafeMutablePointer<Double>,
    _ work: UnsafeMutablePointer<Double>, _ lwork: Int32
  ) -> Int32 {
    var (left, right, n, lwork, info) = (overwritten, valuesOnly, n, lwork, Int32(0))
    var (lda, one) = (max(n, 1), Int32(1))
    dgesvd_(
      &left, &right, &n, &n, a, &lda, s, nil, &one, nil, &one, work, &lwork, &info, 1, 1)
    return info
  }
}

extension Float: Scalar {
  public static func gemm(
    _ transA: CChar, _ transB: CChar, _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Float,
    _ a: UnsafePointer<Float>, _ lda: Int32, _ b: UnsafePointer<Float>, _ ldb: Int32,
    _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int32
  ) {
    var (ta, tb, m, n, k, alpha, beta) = (transA, transB, m, n, k, alpha, beta)
    var (lda, ldb, ldc) = (lda, ldb, ldc)
    sgemm_(&ta, &tb, &m, &n, &k, &alpha, a, &lda, b, &ldb, &beta, c, &ldc, 1, 1)
  }

  public static func gemv(
    _ trans: CChar, _ m: Int32, _ n: Int32, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int32,
    _ x: UnsafePointer<Float>, _ beta: Float, _ y: UnsafeMutablePointer<Float>
  ) {
    var (trans, m, n, alpha, lda, beta, step) = (trans, m, n, alpha, lda, beta, Int32(1))
    sgemv_(&trans, &m, &n, &alpha, a, &lda, x, &step, &beta, y, &step, 1)
  }

  public static func symv(
    _ n: Int32, _ a: UnsafePointer<Float>, _ x: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>
  ) {
    var (uplo, n, one, zero, step) = (lower, n, Float(1), Float(0), Int32(1))
    var lda = max(n, 1)
    ssymv_(&uplo, &n, &one, a, &lda, x, &step, &zero, y, &step, 1)
  }

  public static func syevd(
    _ jobz: CChar, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ w: UnsafeMutablePointer<Float>,
    _ work: UnsafeMutablePointer<Float>, _ lwork: Int32,
    _ iwork: UnsafeMutablePointer<Int32>, _ liwork: Int32
  ) -> Int32 {
    var (job, uplo, n, lwork, liwork, info) = (jobz, lower, n, lwork, liwork, Int32(0))
    var lda = max(n, 1)
    ssyevd_(&job, &uplo, &n, a, &lda, w, work, &lwork, iwork, &liwork, &info, 1, 1)
    return info
  }

  public static func sytrf(
    _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ pivots: UnsafeMutablePointer<Int32>,
    _ work: UnsafeMutablePointer<Float>, _ lwork: Int32
  ) -> Int32 {
    var (uplo, n, lwork, info) = (lower, n, lwork, Int32(0))
    var lda = max(n, 1)
    ssytrf_(&uplo, &n, a, &lda, pivots, work, &lwork, &info, 1)
    return info
  }

  public static func sytrs(
    _ n: Int32, _ nrhs: Int32, _ a: UnsafePointer<Float>, _ pivots: UnsafePointer<Int32>,
    _ b: UnsafeMutablePointer<Float>
  ) -> Int32 {
    var (uplo, n, nrhs, info) = (lower, n, nrhs, Int32(0))
    var lda = max(n, 1)
    ssytrs_(&uplo, &n, &nrhs, a, &lda, pivots, b, &lda, &info, 1)
    return info
  }

  public static func sytrd(
    _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ d: UnsafeMutablePointer<Float>,
    _ e: UnsafeMutablePointer<Float>, _ tau: UnsafeMutablePointer<Float>,
    _ work: UnsafeMutablePointer<Float>, _ lwork: Int32
  ) -> Int32 {
    var (uplo, n, lwork, info) = (lower, n, lwork, Int32(0))
    var lda = max(n, 1)
    ssytrd_(&uplo, &n, a, &lda, d, e, tau, work, &lwork, &info, 1)
    return info
  }

  public static func sterf(
    _ n: Int32, _ d: UnsafeMutablePointer<Float>, _ e: UnsafeMutablePointer<Float>
  ) -> Int32 {
    var (n, info) = (n, Int32(0))
    ssterf_(&n, d, e, &info)
    return info
  }

  public static func geqrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ tau: UnsafeMutablePointer<Float>,
    _ work: UnsafeMutablePointer<Float>, _ lwork: Int32
  ) -> Int32 {
    var (m, n, lwork, info) = (m, n, lwork, Int32(0))
    var lda = max(m, 1)
    sgeqrf_(&m, &n, a, &lda, tau, work, &lwork, &info)
    return info
  }

  public static func orgqr(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ tau: UnsafePointer<Float>,
    _ work: UnsafeMutablePointer<Float>, _ lwork: Int32
  ) -> Int32 {
    var (m, n, lwork, info) = (m, n, lwork, Int32(0))
    var (k, lda) = (n, max(m, 1))
    sorgqr_(&m, &n, &k, a, &lda, tau, work, &lwork, &info)
    return info
  }

  public static func gesvd(
    _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ s: UnsafeMutablePointer<Float>,
    _ work: UnsafeMutablePointer<Float>, _ lwork: Int32
  ) -> Int32 {
    var (left, right, n, lwork, info) = (overwritten, valuesOnly, n, lwork, Int32(0))
    var (lda, one) = (max(n, 1), Int32(1))
    sgesvd_(
      &left, &right, &n, &n, a, &lda, s, nil, &one, nil, &one, work, &lwork, &info, 1, 1)
    return info
  }
}
