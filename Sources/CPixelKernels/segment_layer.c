#include "cpu_variants.h"
#include "segment_kernels.h"

#pragma STDC FP_CONTRACT OFF

#define ALWAYS static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

enum { LANES = 8, BLOCK = 8 };

// Eight floats at any address: lane by lane the same sums as one by one.
typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float))));

// Eight outputs of `count` neighbouring cells; `count` is a constant where this is called, so that the sums stay in registers.
ALWAYS void layer_block(const float *in, float *out, int64_t line, int32_t inputs, int32_t outputs, int32_t reach,
                        const float *weights, const float *biases, int32_t rectify, const int32_t count) {
  lanes sums[BLOCK];
  UNROLLED for (int32_t cell = 0; cell < count; cell++) sums[cell] = *(const lanes *)biases;
  for (int32_t dy = -reach; dy <= reach; dy++) {
    for (int32_t dx = -reach; dx <= reach; dx++) {
      const float *src = in + dy * line + (int64_t)dx * inputs;
      for (int32_t i = 0; i < inputs; i++, weights += LANES) {
        lanes weight = *(const lanes *)weights;
        UNROLLED for (int32_t cell = 0; cell < count; cell++) sums[cell] += weight * src[(int64_t)cell * inputs + i];
      }
    }
  }
  UNROLLED for (int32_t cell = 0; cell < count; cell++) {
    float *dst = out + (int64_t)cell * outputs;
    for (int32_t lane = 0; lane < LANES; lane++) dst[lane] = rectify && !(sums[cell][lane] > 0) ? 0 : sums[cell][lane];
  }
}

ALWAYS void network_layer_body(const float *in, float *out, int32_t width, int32_t row0, int32_t row1, int32_t inputs,
                               int32_t outputs, int32_t reach, const float *weights, const float *biases,
                               int32_t rectify) {
  int64_t line = (int64_t)(width + 2) * inputs, out_line = (int64_t)(width + 2) * outputs;
  int64_t part = (int64_t)(2 * reach + 1) * (2 * reach + 1) * inputs;
  for (int32_t y = row0; y < row1; y++) {
    const float *src = in + (y + 1) * line + inputs;
    float *dst = out + (y + 1) * out_line + outputs;
    for (int32_t lane = 0; lane < outputs; lane += LANES) {
      const float *table = weights + lane * part;
      int32_t x = 0;
      for (; x + BLOCK <= width; x += BLOCK)
        layer_block(src + (int64_t)x * inputs, dst + (int64_t)x * outputs + lane, line, inputs, outputs, reach, table,
                    biases + lane, rectify, BLOCK);
      for (; x < width; x++)
        layer_block(src + (int64_t)x * inputs, dst + (int64_t)x * outputs + lane, line, inputs, outputs, reach, table,
                    biases + lane, rectify, 1);
    }
  }
}

#define VARIANT(suffix, attribute)                                                                                     \
  attribute static void network_layer_##suffix(const float *in, float *out, int32_t width, int32_t row0, int32_t row1, \
                                               int32_t inputs, int32_t outputs, int32_t reach, const float *weights,   \
                                               const float *biases, int32_t rectify) {                                 \
    network_layer_body(in, out, width, row0, row1, inputs, outputs, reach, weights, biases, rectify);                  \
  }

CPK_EACH_LEVEL(VARIANT)

cpk_network_layer cpk_network_layer_kernel(void) {
  switch (cpk_current_level()) {
    case CPK_AVX512: return network_layer_avx512;
    case CPK_AVX2: return network_layer_avx2;
    default: return network_layer_baseline;
  }
}
