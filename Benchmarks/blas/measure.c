// Times BLAS and LAPACK of one library: measure LIBRARY PREFIX WORK…
//
// Opens the library by itself, so that none is linked; PREFIX comes before its Fortran names
// ("" for most, scipy_ for PyPI's OpenBLAS). Prints a line `WORK SECONDS` each, the least of as
// many repetitions as fit into half a second, and two at least.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void *library;
static const char *prefix;

static void *routine(const char *name) {
  char full[64];
  snprintf(full, sizeof full, "%s%s", prefix, name);
  void *address = dlsym(library, full);
  if (!address) {
    fprintf(stderr, "measure: no %s\n", full);
    exit(69);
  }
  return address;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static double uniform(void) {
  static uint64_t state = 1;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (state >> 11) * 0x1p-53;
}

typedef void gemm_t(const char *, const char *, const int32_t *, const int32_t *, const int32_t *,
                    const void *, const void *, const int32_t *, const void *, const int32_t *,
                    const void *, void *, const int32_t *, size_t, size_t);
typedef void syevd_t(const char *, const char *, const int32_t *, double *, const int32_t *,
                     double *, double *, const int32_t *, int32_t *, const int32_t *, int32_t *,
                     size_t, size_t);
typedef void sytrf_t(const char *, const int32_t *, double *, const int32_t *, int32_t *, double *,
                     const int32_t *, int32_t *, size_t);

// The matrix to work on, its copy that the work may destroy, and room.
static double *source, *copy, *room, *values;
static int32_t *integers;

static void once(const char *work, int32_t m, int32_t n, int32_t k) {
  int32_t info = 0;
  if (strstr(work, "gemm")) {
    int single = work[0] == 's';
    float one = 1, zero = 0;
    double done = 1, dzero = 0;
    const void *a = single ? (void *)&one : (void *)&done;
    const void *b = single ? (void *)&zero : (void *)&dzero;
    ((gemm_t *)routine(single ? "sgemm_" : "dgemm_"))("N", "N", &m, &n, &k, a, source, &m, copy,
                                                      &k, b, room, &m, 1, 1);
  } else if (strstr(work, "syevd")) {
    syevd_t *syevd = routine(strstr(work, "2stage") ? "dsyevd_2stage_" : "dsyevd_");
    int32_t lwork = -1, liwork = -1;
    syevd("N", "L", &m, copy, &m, values, room, &lwork, integers, &liwork, &info, 1, 1);
    lwork = room[0], liwork = integers[0];
    syevd("N", "L", &m, copy, &m, values, room, &lwork, integers, &liwork, &info, 1, 1);
  } else {
    int32_t lwork = 64 * m;
    ((sytrf_t *)routine("dsytrf_"))("L", &m, copy, &m, integers, room, &lwork, &info, 1);
  }
  if (info < 0) {
    fprintf(stderr, "measure: %s refuses argument %d\n", work, -info);
    exit(70);
  }
}

int main(int count, char **words) {
  if (count < 4) return 64;
  library = dlopen(words[1], RTLD_NOW | RTLD_GLOBAL);
  if (!library) {
    fprintf(stderr, "measure: %s\n", dlerror());
    return 69;
  }
  prefix = words[2];
  for (int i = 3; i < count; i++) {
    // WORK is routine:MxNxK or routine:N.
    char *sizes = strchr(words[i], ':');
    if (!sizes) return 64;
    int32_t m = 0, n = 0, k = 0;
    int read = sscanf(sizes + 1, "%dx%dx%d", &m, &n, &k);
    if (read == 1) n = k = m;
    int isGemm = strstr(words[i], "gemm") != 0;
    size_t side = m > n ? (m > k ? m : k) : (n > k ? n : k);
    size_t size = side * side;
    source = malloc(size * 8);
    copy = malloc(size * 8);
    room = malloc((size + 400 * side) * 8);
    values = malloc(side * 8);
    integers = malloc(side * 40);
    for (size_t j = 0; j < size; j++) {
      source[j] = uniform() - 0.5;
      if (words[i][0] == 's') ((float *)source)[2 * j] = ((float *)source)[2 * j + 1] = uniform();
    }
    memcpy(copy, source, size * 8);
    double least = 1e300, start = now();
    for (int repetition = 0; repetition < 3 || now() - start < 0.5; repetition++) {
      if (!isGemm) memcpy(copy, source, size * 8);
      double before = now();
      once(words[i], m, n, k);
      double taken = now() - before;
      // The first time is for warming up.
      if (repetition > 0 && taken < least) least = taken;
    }
    printf("%s %.9f\n", words[i], least);
    fflush(stdout);
    free(source), free(copy), free(room), free(values), free(integers);
  }
  return 0;
}
