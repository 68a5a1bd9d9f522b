#include "CVectorForms.h"
#include "convolution-parts.h"

// What returns such a vector is inlined, so that no other file has to agree on how.
#pragma clang diagnostic ignored "-Wpsabi"

#define PROCESSOR wide
#define BYTES 64

#define T float
#include "form.h"
#undef T

#define T double
#include "form.h"
