#ifndef SADDLE_DISTRIBUTED_H
#define SADDLE_DISTRIBUTED_H

// What MPI, ScaLAPACK and ELPA offer by macros and by Fortran's conventions, as plain functions. Each
// returns 0, or an error code of the library it calls.

/// Starts MPI, or joins the processes that mpirun started.
int distributed_start(void);
int distributed_end(void);
/// Ends all processes.
void distributed_abort(int code);
int distributed_rank(void);
int distributed_size(void);
/// How many of the processes are on this machine.
int distributed_neighbours(void);
/// How many threads BLAS takes in this process from now on.
void distributed_blas_threads(int threads);

int distributed_broadcast(void *bytes, int count, int root);
/// Each process's numbers, one behind the other, to all.
int distributed_gather_integers(const int *own, int count, int *all, const int *counts,
                                const int *starts);
/// To each process what is its: `counts` numbers from `starts` on, and likewise what each sends here.
int distributed_exchange(const double *out, const int *out_counts, const int *out_starts, double *in,
                         const int *in_counts, const int *in_starts);
/// Pieces of a vector that all have, one behind the other, to all.
int distributed_gather(const double *own, int count, double *all, const int *counts,
                       const int *starts);

/// A grid of processes, by rows. Returns a negative number where the library has none.
int distributed_grid(int rows, int columns);
/// How many of n rows or columns a process of a grid's row or column has, in blocks of nb, in turn.
int distributed_local(int n, int nb, int place, int places);

/// All eigenvalues and eigenvectors of a symmetric matrix of order n in blocks of nb × nb, dealt out
/// over a grid, local parts column by column. What `a` holds is lost.
int distributed_eigenvectors(int n, int nb, int row, int column, int rows, int columns, int stages,
                             double *a, double *values, double *vectors);
/// c = op(a)·b, square matrices of order n that are dealt out alike over a grid.
int distributed_multiply(int grid, int n, int nb, int transposes, const double *a, const double *b,
                         double *c, int local_rows);

#endif
