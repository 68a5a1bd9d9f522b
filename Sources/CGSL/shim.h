#ifndef SADDLE_CGSL_SHIM_H
#define SADDLE_CGSL_SHIM_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_deriv.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_poly.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_airy.h>
#include <gsl/gsl_sf_expint.h>
#include <gsl/gsl_vector.h>

#ifdef __GLIBC__
// GNU extensions of <dlfcn.h>, declared here under names of our own: asking the C library for its
// extensions would change its types in this module only, and modules must agree on them.
struct saddle_symbol_info {
  const char *file;
  void *base;
  const char *name;
  void *address;
};
extern int saddle_dladdr(const void *address, struct saddle_symbol_info *info) __asm__("dladdr");
extern void *saddle_dlmopen(long space, const char *file, int mode) __asm__("dlmopen");
extern void *saddle_dlsym(void *handle, const char *name) __asm__("dlsym");
#endif

// The handle of a second copy of GSL in a link namespace of its own, with the C library and the
// BLAS that GSL itself names; null where the platform has none.
static inline void *saddle_isolated_gsl(void) {
#ifdef __GLIBC__
  struct saddle_symbol_info info;
  if (!saddle_dladdr((const void *)&gsl_eigen_symm, &info)) return 0;
  const long new_space = -1;  // LM_ID_NEWLM
  const int now = 2;          // RTLD_NOW
  return saddle_dlmopen(new_space, info.file, now);
#else
  return 0;
#endif
}

// The Mersenne twister, whose type GSL keeps in a variable that Swift takes for mutable.
static inline gsl_rng *saddle_twister(void) { return gsl_rng_alloc(gsl_rng_mt19937); }

static inline void *saddle_symbol(void *handle, const char *name) {
#ifdef __GLIBC__
  return saddle_dlsym(handle, name);
#else
  return 0;
#endif
}

// The file that a handle's `cblas_ddot` comes from, or null.
static inline const char *saddle_blas_file(void *handle) {
#ifdef __GLIBC__
  struct saddle_symbol_info info;
  void *symbol = handle ? saddle_symbol(handle, "cblas_ddot") : 0;
  return symbol && saddle_dladdr(symbol, &info) ? info.file : 0;
#else
  return 0;
#endif
}

#endif
