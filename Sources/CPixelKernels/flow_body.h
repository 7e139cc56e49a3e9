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

// The even and the odd samples of two vectors, and back.
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#define LOW(even, odd) __builtin_shufflevector(even, odd, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH(even, odd) __builtin_shufflevector(even, odd, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
