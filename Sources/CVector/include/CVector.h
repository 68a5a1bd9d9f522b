// Loops over vectors that Swift does not compile as well: vector.c says why.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// For Swift to inline: its own `squareRoot()` may set errno, and a loop with it is not vectorized.
static inline float saddle_root_float(float x) { return __builtin_elementwise_sqrt(x); }
static inline double saddle_root_double(double x) { return __builtin_elementwise_sqrt(x); }

// Whether every element lies in a range; NaN lies in none.
bool saddle_within_float(ptrdiff_t count, const float *x, float lower, float upper);
bool saddle_within_double(ptrdiff_t count, const double *x, double lower, double upper);

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
