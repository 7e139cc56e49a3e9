#pragma once
#include <stdint.h>

typedef enum {
  CPK_BASELINE = 0,  // what the compiler targets by default (SSE2 on x86-64, NEON on arm64)
  CPK_AVX2 = 1,      // avx2, fma, bmi2 (x86-64-v3)
  CPK_AVX512 = 2,    // avx512 f, bw, dq, vl (x86-64-v4)
} cpk_level;

// The highest level that this CPU and its operating system support.
cpk_level cpk_detect(void);
// The level in force: detected, or lowered by cpk_force_level. Safe from any thread.
cpk_level cpk_current_level(void);
// Lowers the level for tests and measurements; clamped to what the CPU supports.
void cpk_force_level(cpk_level level);
