// For dladdr.
#define _GNU_SOURCE

#include "CProcessor.h"

#include <dlfcn.h>

#if defined(__x86_64__)
#include <cpuid.h>

bool saddle_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t words[4]) {
  words[0] = words[1] = words[2] = words[3] = 0;
  __get_cpuid_count(leaf, subleaf, &words[0], &words[1], &words[2], &words[3]);
  return true;
}

uint64_t saddle_saved_states(void) {
  uint32_t words[4];
  const uint32_t osxsave = 1u << 27;
  saddle_cpuid(1, 0, words);
  if (!(words[2] & osxsave)) return 0;
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}
#else
bool saddle_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t words[4]) {
  words[0] = words[1] = words[2] = words[3] = 0;
  return false;
}

uint64_t saddle_saved_states(void) { return 0; }
#endif

// An instruction four and 64 times, in one block: a loop that is not optimized keeps its
// variables in memory, and must not do so between additions.
#define FOUR(text) text text text text
#define SIXTY_FOUR(text) FOUR(FOUR(FOUR(text)))

void saddle_add_in_a_chain(int64_t count) {
  int64_t sum = 0;
  for (int64_t i = 0; i < count; i += 64) {
#if defined(__x86_64__)
    __asm__ volatile(SIXTY_FOUR("add %1, %0\n") : "+r"(sum) : "r"(count) : "cc");
#elif defined(__aarch64__)
    __asm__ volatile(SIXTY_FOUR("add %0, %0, %1\n") : "+r"(sum) : "r"(count));
#endif
  }
}

const char *saddle_file_of(const char *symbol) {
  Dl_info info;
  void *address = dlsym(RTLD_DEFAULT, symbol);
  return address && dladdr(address, &info) ? info.dli_fname : 0;
}

void saddle_triad(int64_t count, double *restrict a, const double *b, const double *c, double s) {
  for (int64_t i = 0; i < count; i++) a[i] = b[i] + s * c[i];
}
