// What the flow kernels share. Vectors have a fixed number of lanes whatever the CPU, so that sums keep their order.
#pragma once
#include <math.h>
#include <stddef.h>
#include <string.h>
#include "include/flow_kernels.h"

#pragma STDC FP_CONTRACT OFF
// Wide vectors pass between inlined functions only, so their calling convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))
#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,fma,bmi2")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi2")))
#else
#define AVX2
#define AVX512
#endif

typedef float v4 __attribute__((vector_size(16)));
typedef float v8 __attribute__((vector_size(32)));
typedef float v16 __attribute__((vector_size(64)));

#define LOAD(type, p) ({ type loaded_; __builtin_memcpy(&loaded_, (p), sizeof(type)); loaded_; })
#define STORE(p, value) ({ __typeof__(value) stored_ = (value); __builtin_memcpy((p), &stored_, sizeof(stored_)); })

INLINE int clamp_int(int value, int low, int high) { return value < low ? low : value > high ? high : value; }
INLINE float clamp_float(float value, float low, float high) {
  return value > low ? (value < high ? value : high) : low;
}
