// Loops over vectors that Swift does not compile as well: vector.c says why.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// For Swift to inline: its own `squareRoot()` may set errno, and a loop with it is not vectorized.
static inline float saddle_root_float(float x) { return __builtin_elementwise_sqrt(x); }
static inline double saddle_root_double(double x) { return __builtin_elementwise_sqrt(x); }

// The largest magnitude: NaN where any element is, 0 of none.
float saddle_largest_magnitude_float(ptrdiff_t count, const float *x);
double saddle_largest_magnitude_double(ptrdiff_t count, const double *x);

// Adam's step as `stepByMoments` documents it; no two vectors overlap.
void saddle_adam_float(
    ptrdiff_t count, float *theta, const float *g, float *m, float *v, float beta1, float beta2,
    float shrinkage, float rate, float root_scale, float epsilon);
void saddle_adam_double(
    ptrdiff_t count, double *theta, const double *g, double *m, double *v, double beta1,
    double beta2, double shrinkage, double rate, double root_scale, double epsilon);

// The inner product in double.
double saddle_dot_float(ptrdiff_t count, const float *x, const float *y);
double saddle_dot_double(ptrdiff_t count, const double *x, const double *y);

// Inner products in double, of the new vector with itself and with the current one.
struct saddle_dots {
  double square, cross;
};

// previous = a·product + b·current + c·previous, a step of a three-term recurrence, and its inner
// products on the way; no two vectors overlap.
struct saddle_dots saddle_recur_float(
    ptrdiff_t count, const float *product, const float *current, float *previous, float a, float b,
    float c);
struct saddle_dots saddle_recur_double(
    ptrdiff_t count, const double *product, const double *current, double *previous, double a,
    double b, double c);

// Sylvester's count by Sturm's sequence det(T_i − x), i = 0 … order, for SADDLE_STURM_LANES numbers
// x: how many of T's eigenvalues lie below each, and det(T − x) = mantissa·2^exponent.
//
// All elements of T are at most 1 in magnitude; squares[i] is that of the element between rows i − 1
// and i, at least 2^-108 (squares[0] is not used, but finite); |x| ≤ 1.
enum { SADDLE_STURM_LANES = 32 };
void saddle_sturm(
    ptrdiff_t order, const double *diagonal, const double *squares, const double *x,
    int64_t *below, double *mantissa, int64_t *exponent);

// Sweeps first ..< first + count of a band matrix's reduction to tridiagonal form, each of which
// clears a column below its first subdiagonal. `band` has 2·width elements a column of the lower
// triangle, the diagonal's first; those from width + 1 on are zero at first and at last.
//
// `done` counts the steps of the last of these sweeps, `before` those of the group before, which
// another thread may still be at; it is null for none. Elements are at most about 1 in magnitude;
// width ≤ SADDLE_CHASE_WIDTH, count ≤ SADDLE_CHASE_SWEEPS, first + count ≤ order − 1.
enum { SADDLE_CHASE_WIDTH = 128, SADDLE_CHASE_SWEEPS = 8 };
void saddle_chase_float(
    ptrdiff_t order, ptrdiff_t width, float *band, ptrdiff_t first, ptrdiff_t count,
    const ptrdiff_t *before, ptrdiff_t *done);
void saddle_chase_double(
    ptrdiff_t order, ptrdiff_t width, double *band, ptrdiff_t first, ptrdiff_t count,
    const ptrdiff_t *before, ptrdiff_t *done);

// The windows of a convolution. Tensors are channels × rows × columns × samples, weights outputs ×
// channels × size_y × size_x.
struct saddle_windows {
  ptrdiff_t samples;
  // Of what is read.
  ptrdiff_t channels, height, width;
  // Of what is written: positions.
  ptrdiff_t rows, columns;
  ptrdiff_t size_y, size_x, stride_y, stride_x, padding_y, padding_x;
};

// y = W·windows(x) + beta·y; what y holds is not looked at where beta is 0. No two tensors overlap.
void saddle_convolve_float(
    struct saddle_windows windows, ptrdiff_t outputs, const float *w, const float *x, float beta,
    float *y);
void saddle_convolve_double(
    struct saddle_windows windows, ptrdiff_t outputs, const double *w, const double *x, double beta,
    double *y);

// x = windowsᵀ(Wᵀ·y) + beta·x: what a window saw gets its part back.
void saddle_convolve_back_float(
    struct saddle_windows windows, ptrdiff_t outputs, const float *w, const float *y, float beta,
    float *x);
void saddle_convolve_back_double(
    struct saddle_windows windows, ptrdiff_t outputs, const double *w, const double *y, double beta,
    double *x);

// g = y·windows(x)ᵀ + beta·g, of the weights' shape.
void saddle_convolve_sums_float(
    struct saddle_windows windows, ptrdiff_t outputs, const float *y, const float *x, float beta,
    float *g);
void saddle_convolve_sums_double(
    struct saddle_windows windows, ptrdiff_t outputs, const double *y, const double *x, double beta,
    double *g);

// The sums over every window of `channels` channels, without padding, each element by `factor`.
void saddle_average_float(
    struct saddle_windows windows, ptrdiff_t channels, float factor, const float *x, float *y);
void saddle_average_double(
    struct saddle_windows windows, ptrdiff_t channels, double factor, const double *x, double *y);

// Its transpose: every element of x gets factor·y of each window that it is in. Windows that are
// tiles of x have each element once.
void saddle_spread_float(
    struct saddle_windows windows, ptrdiff_t channels, float factor, const float *y, float *x,
    bool are_tiles);
void saddle_spread_double(
    struct saddle_windows windows, ptrdiff_t channels, double factor, const double *y, double *x,
    bool are_tiles);
