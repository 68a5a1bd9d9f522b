// Convolutions of one precision for each kind of processor, and the choice: convolution.c defines T,
// and includes this for each precision. Constants differ from kind to kind, so that the compiler's own
// clones (clones.h) would not do.

#define PROCESSOR any
#define BYTES 16
#define TARGET
#include "convolution-loops.h"
#undef PROCESSOR
#undef BYTES
#undef TARGET

#if defined(__x86_64__)
#define PROCESSOR avx2
#define BYTES 32
#define TARGET __attribute__((target("avx2,fma")))
#include "convolution-loops.h"
#undef PROCESSOR
#undef BYTES
#undef TARGET

#define PROCESSOR avx512
#define BYTES 64
#define TARGET __attribute__((target("avx512f,fma")))
#include "convolution-loops.h"
#undef PROCESSOR
#undef BYTES
#undef TARGET

#define CHOSEN(loop)                                                                             \
  typeof(&JOIN(loop, any, T)) loop =                                                             \
      __builtin_cpu_supports("avx512f")                                                          \
          ? JOIN(loop, avx512, T)                                                                \
          : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? JOIN(loop, avx2, T) \
                                                                            : JOIN(loop, any, T)
#else
#define CHOSEN(loop) typeof(&JOIN(loop, any, T)) loop = JOIN(loop, any, T)
#endif

#define PUBLIC(name) JOIN(saddle, name, T)
#define PART(name) JOIN(part, name, T)
#include "convolution-shapes.h"
#undef PUBLIC
#undef PART
#undef CHOSEN
