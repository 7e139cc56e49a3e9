#pragma once
// The levels of cpu_level.h as a kernel source sees them: CPK_EACH_LEVEL(VARIANT) expands VARIANT(suffix, attribute) for
// each, in the order of cpk_level. Where a level means nothing its variant is the baseline's code.
#include "cpu_level.h"

#if defined(__x86_64__)
#define CPK_EACH_LEVEL(VARIANT)                                \
  VARIANT(baseline, )                                          \
  VARIANT(avx2, __attribute__((target("avx2,fma,bmi2"))))      \
  VARIANT(avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))))
#else
#define CPK_EACH_LEVEL(VARIANT) \
  VARIANT(baseline, )           \
  VARIANT(avx2, )               \
  VARIANT(avx512, )
#endif
