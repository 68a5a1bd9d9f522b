#include "CVectorForms.h"
#include "convolution-parts.h"

#define PROCESSOR narrow
#define BYTES 16

#define T float
#include "form.h"
#undef T

#define T double
#include "form.h"
