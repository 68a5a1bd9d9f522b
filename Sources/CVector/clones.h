// Loops compiled for several processors, of which one is chosen when the program is loaded. That takes
// glibc's loader; elsewhere (ARM, macOS) the one version is the processor's. Thread Sanitizer would be
// asked before it is there, by what chooses.
#pragma once

#include <limits.h>  // for __GLIBC__: any header of the library's defines it

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CLONES(...)
#endif
#endif

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(CLONES)
#define CLONES(...) __attribute__((target_clones(__VA_ARGS__)))
#elif !defined(CLONES)
#define CLONES(...)
#endif
