#include "cpu_level.h"
#include <stdatomic.h>

cpk_level cpk_detect(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return CPK_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
    return CPK_AVX2;
#endif
  return CPK_BASELINE;
}

static _Atomic int forced = -1;

cpk_level cpk_current_level(void) {
  int level = atomic_load_explicit(&forced, memory_order_relaxed);
  if (level < 0) {
    level = (int)cpk_detect();
    atomic_store_explicit(&forced, level, memory_order_relaxed);
  }
  return (cpk_level)level;
}

void cpk_force_level(cpk_level level) {
  cpk_level best = cpk_detect();
  atomic_store_explicit(&forced, (int)(level > best ? best : level), memory_order_relaxed);
}
