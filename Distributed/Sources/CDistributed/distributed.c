#include "distributed.h"

#include <elpa/elpa.h>
#include <mpi.h>

// Of OpenBLAS alone.
extern void openblas_set_num_threads(int threads) __attribute__((weak));
// BLACS and ScaLAPACK have no headers.
extern void Cblacs_get(int context, int what, int *value);
extern void Cblacs_gridinit(int *context, const char *order, int rows, int columns);
extern int numroc_(const int *n, const int *nb, const int *place, const int *source,
                   const int *places);
extern void descinit_(int *descriptor, const int *m, const int *n, const int *mb, const int *nb,
                      const int *row, const int *column, const int *context, const int *leading,
                      int *info);
extern void pdgemm_(const char *opa, const char *opb, const int *m, const int *n, const int *k,
                    const double *alpha, const double *a, const int *ia, const int *ja,
                    const int *desca, const double *b, const int *ib, const int *jb,
                    const int *descb, const double *beta, double *c, const int *ic, const int *jc,
                    const int *descc);

int distributed_start(void) {
  int level;
  return MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level);
}

int distributed_end(void) { return MPI_Finalize(); }

void distributed_abort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }

int distributed_rank(void) {
  int rank = -1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

int distributed_size(void) {
  int size = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return size;
}

int distributed_neighbours(void) {
  MPI_Comm neighbours;
  int size = 1;
  if (MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &neighbours) ==
      MPI_SUCCESS) {
    MPI_Comm_size(neighbours, &size);
    MPI_Comm_free(&neighbours);
  }
  return size;
}

void distributed_blas_threads(int threads) {
  if (openblas_set_num_threads) openblas_set_num_threads(threads);
}

int distributed_broadcast(void *bytes, int count, int root) {
  return MPI_Bcast(bytes, count, MPI_BYTE, root, MPI_COMM_WORLD);
}

int distributed_gather_integers(const int *own, int count, int *all, const int *counts,
                                const int *starts) {
  return MPI_Allgatherv(own, count, MPI_INT, all, counts, starts, MPI_INT, MPI_COMM_WORLD);
}

int distributed_exchange(const double *out, const int *out_counts, const int *out_starts, double *in,
                         const int *in_counts, const int *in_starts) {
  return MPI_Alltoallv(out, out_counts, out_starts, MPI_DOUBLE, in, in_counts, in_starts, MPI_DOUBLE,
                       MPI_COMM_WORLD);
}

int distributed_gather(const double *own, int count, double *all, const int *counts,
                       const int *starts) {
  return MPI_Allgatherv(own, count, MPI_DOUBLE, all, counts, starts, MPI_DOUBLE, MPI_COMM_WORLD);
}

int distributed_grid(int rows, int columns) {
  int context = -1;
  Cblacs_get(-1, 0, &context);
  Cblacs_gridinit(&context, "R", rows, columns);
  return context;
}

int distributed_local(int n, int nb, int place, int places) {
  const int source = 0;
  return numroc_(&n, &nb, &place, &source, &places);
}

int distributed_eigenvectors(int n, int nb, int row, int column, int rows, int columns, int stages,
                             double *a, double *values, double *vectors) {
  int error = elpa_init(20171201);
  if (error != ELPA_OK) return error;
  elpa_t handle = elpa_allocate(&error);
  if (error != ELPA_OK) return error;
  const struct {
    const char *name;
    int value;
  } settings[] = {
      {"na", n},
      {"nev", n},
      {"nblk", nb},
      {"local_nrows", distributed_local(n, nb, row, rows)},
      {"local_ncols", distributed_local(n, nb, column, columns)},
      {"mpi_comm_parent", MPI_Comm_c2f(MPI_COMM_WORLD)},
      {"process_row", row},
      {"process_col", column},
  };
  for (unsigned i = 0; error == ELPA_OK && i < sizeof settings / sizeof *settings; i++)
    elpa_set_integer(handle, settings[i].name, settings[i].value, &error);
  if (error == ELPA_OK) error = elpa_setup(handle);
  if (error == ELPA_OK)
    elpa_set_integer(handle, "solver", stages == 1 ? ELPA_SOLVER_1STAGE : ELPA_SOLVER_2STAGE, &error);
  if (error == ELPA_OK) elpa_eigenvectors_double(handle, a, values, vectors, &error);
  int ended = ELPA_OK;
  elpa_deallocate(handle, &ended);
  elpa_uninit(&ended);
  return error;
}

int distributed_multiply(int grid, int n, int nb, int transposes, const double *a, const double *b,
                         double *c, int local_rows) {
  const int zero = 0, one = 1, leading = local_rows > 0 ? local_rows : 1;
  const double alpha = 1, beta = 0;
  int descriptor[9], info = 0;
  descinit_(descriptor, &n, &n, &nb, &nb, &zero, &zero, &grid, &leading, &info);
  if (info != 0) return info;
  pdgemm_(transposes ? "T" : "N", "N", &n, &n, &n, &alpha, a, &one, &one, descriptor, b, &one, &one,
          descriptor, &beta, c, &one, &one, descriptor);
  return 0;
}
