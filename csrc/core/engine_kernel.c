/* engine_kernel.c: the loops of a scan over blocks of rows, compiled twice from engine_loops.h: for every processor, and for
 * those with AVX2. Both give the same bytes: everything is whole numbers. May include: engine_scan.h, libc strings. */
#include "engine_scan.h"

#include <string.h>

#define WAY(name) name##_plain
#define TARGET
#include "engine_loops.h"
#undef WAY
#undef TARGET

const mk_kernel mk_kernel_plain = {run_plain, tally_plain};

#if defined __x86_64__
#define WAY(name) name##_avx2
#define TARGET __attribute__((target("avx2,bmi,bmi2")))
#include "engine_loops.h"

static const mk_kernel kernel_avx2 = {run_avx2, tally_avx2};

const mk_kernel *mk_kernel_best(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") ? &kernel_avx2 : &mk_kernel_plain;
}
#else
const mk_kernel *mk_kernel_best(void) { return &mk_kernel_plain; }
#endif
