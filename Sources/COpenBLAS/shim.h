// BLAS and LAPACK by their Fortran names.
//
// Never cblas_*: a binary that also links libgsl takes those names from libgslcblas,
// so tests would run another kernel than users do.
//
// Debian's OpenBLAS has 32-bit integers (LP64). LAPACK's routines are compiled Fortran: each
// character argument has a hidden length behind the named arguments, given here as `size_t`,
// since leaving it out corrupts the stack where the compiler made tail calls.

#ifndef SADDLE_COPENBLAS_SHIM_H
#define SADDLE_COPENBLAS_SHIM_H

#include <stddef.h>
#include <stdint.h>

#define SADDLE_DECLARE(T, p)                                                                    \
  void p##gemm_(const char *transa, const char *transb, const int32_t *m, const int32_t *n,      \
                const int32_t *k, const T *alpha, const T *a, const int32_t *lda, const T *b,    \
                const int32_t *ldb, const T *beta, T *c, const int32_t *ldc, size_t, size_t);    \
  void p##gemv_(const char *trans, const int32_t *m, const int32_t *n, const T *alpha, const T *a, \
                const int32_t *lda, const T *x, const int32_t *incx, const T *beta, T *y,        \
                const int32_t *incy, size_t);                                                    \
  void p##symv_(const char *uplo, const int32_t *n, const T *alpha, const T *a,                  \
                const int32_t *lda, const T *x, const int32_t *incx, const T *beta, T *y,        \
                const int32_t *incy, size_t);                                                    \
  void p##syevd_(const char *jobz, const char *uplo, const int32_t *n, T *a, const int32_t *lda, \
                 T *w, T *work, const int32_t *lwork, int32_t *iwork, const int32_t *liwork,     \
                 int32_t *info, size_t, size_t);                                                 \
  void p##sytrf_(const char *uplo, const int32_t *n, T *a, const int32_t *lda, int32_t *ipiv,    \
                 T *work, const int32_t *lwork, int32_t *info, size_t);                          \
  void p##sytrs_(const char *uplo, const int32_t *n, const int32_t *nrhs, const T *a,            \
                 const int32_t *lda, const int32_t *ipiv, T *b, const int32_t *ldb,              \
                 int32_t *info, size_t);                                                         \
  void p##sterf_(const int32_t *n, T *d, T *e, int32_t *info);                                      \
  void p##sytrd_(const char *uplo, const int32_t *n, T *a, const int32_t *lda, T *d, T *e, T *tau, \
                 T *work, const int32_t *lwork, int32_t *info, size_t);                          \
  void p##geqrf_(const int32_t *m, const int32_t *n, T *a, const int32_t *lda, T *tau, T *work,  \
                 const int32_t *lwork, int32_t *info);                                           \
  void p##orgqr_(const int32_t *m, const int32_t *n, const int32_t *k, T *a, const int32_t *lda, \
                 const T *tau, T *work, const int32_t *lwork, int32_t *info);                    \
  void p##gesvd_(const char *jobu, const char *jobvt, const int32_t *m, const int32_t *n, T *a,  \
                 const int32_t *lda, T *s, T *u, const int32_t *ldu, T *vt, const int32_t *ldvt, \
                 T *work, const int32_t *lwork, int32_t *info, size_t, size_t);

SADDLE_DECLARE(float, s)
SADDLE_DECLARE(double, d)

#undef SADDLE_DECLARE

// The library's version, threading and the kernels it chose for this processor.
const char *openblas_get_config(void);

// The name of the kernels it chose, as in BLASKernel.swift.
const char *openblas_get_corename(void);

// How many threads it takes: one per core, unless OPENBLAS_NUM_THREADS says otherwise.
int openblas_get_num_threads(void);
void openblas_set_num_threads(int);

#endif
