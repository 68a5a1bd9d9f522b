#ifndef SADDLE_CGSL_SHIM_H
#define SADDLE_CGSL_SHIM_H

#ifdef __linux__
#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // dladdr and dlmopen
#endif
#include <dlfcn.h>
#endif

#include <gsl/gsl_deriv.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>

// The handle of a second copy of GSL in a link namespace of its own, with the C library and the
// BLAS that GSL itself names; null where the platform has none.
static inline void *saddle_isolated_gsl(void) {
#if defined(__linux__) && defined(LM_ID_NEWLM)
  Dl_info info;
  if (!dladdr((const void *)&gsl_eigen_symm, &info)) return 0;
  return dlmopen(LM_ID_NEWLM, info.dli_fname, RTLD_NOW | RTLD_LOCAL);
#else
  return 0;
#endif
}

// The file that a handle's `cblas_ddot` comes from, or null.
static inline const char *saddle_blas_file(void *handle) {
#ifdef __linux__
  Dl_info info;
  void *symbol = handle ? dlsym(handle, "cblas_ddot") : 0;
  return symbol && dladdr(symbol, &info) ? info.dli_fname : 0;
#else
  return 0;
#endif
}

static inline void *saddle_symbol(void *handle, const char *name) {
#ifdef __linux__
  return dlsym(handle, name);
#else
  return 0;
#endif
}

#endif
