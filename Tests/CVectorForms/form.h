// One form of one precision: wide.c and narrow.c define PROCESSOR, BYTES and T, and include this for each.

#define TARGET
#define CHOSEN(loop) typeof(&JOIN(loop, PROCESSOR, T)) loop = JOIN(loop, PROCESSOR, T)
#define PUBLIC(name) JOIN(PROCESSOR, name, T)
#define PART(name) JOIN(part, name, T)
#include "convolution-loops.h"
#include "convolution-shapes.h"
#undef TARGET
#undef CHOSEN
#undef PUBLIC
#undef PART
