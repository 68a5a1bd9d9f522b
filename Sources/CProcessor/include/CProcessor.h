// What Swift cannot ask the processor and the loader itself.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// The four words (eax, ebx, ecx, edx) that CPUID answers, zeros where it does not know the leaf;
// false on processors without it.
bool saddle_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t words[4]);

// The register states that the operating system saves (XCR0), 0 where it cannot be asked: vector
// registers that it does not save are not there for a program.
uint64_t saddle_saved_states(void);

// Does `count` additions, each of which waits for the one before: one cycle each on every processor
// that OpenBLAS has kernels for.
void saddle_add_in_a_chain(int64_t count);

// The file that this process takes a symbol from, or null.
const char *saddle_file_of(const char *symbol);

// a ← b + s·c, STREAM's triad (McCalpin 1995).
void saddle_triad(int64_t count, double *a, const double *b, const double *c, double s);
