#include <math.h>
#include "cpu_variants.h"
#include "fill_kernels.h"

#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))

typedef float lanes __attribute__((vector_size(16), aligned(4)));
typedef uint16_t fixed4 __attribute__((vector_size(8), aligned(2)));

INLINE lanes load(const uint16_t *p) { return __builtin_convertvector(*(const fixed4 *)p, lanes); }

INLINE void catmull_rom(float t, float w[4]) {
  const float t2 = t * t, t3 = t2 * t;
  w[0] = 0.5f * (-t + 2 * t2 - t3);
  w[1] = 0.5f * (2 - 5 * t2 + 3 * t3);
  w[2] = 0.5f * (t + 4 * t2 - 3 * t3);
  w[3] = 0.5f * (-t2 + t3);
}

INLINE lanes lower(lanes a, lanes b) { return __builtin_elementwise_min(a, b); }
INLINE lanes upper(lanes a, lanes b) { return __builtin_elementwise_max(a, b); }
INLINE int32_t clamp(int32_t v, int32_t last) { return v < 0 ? 0 : v > last ? last : v; }

INLINE void sample(
    const uint16_t *pixels, int32_t width, int32_t height, const float *x, const float *y, int32_t count, float *out) {
  for (int32_t i = 0; i < count; i++) {
    const float bx = floorf(x[i]), by = floorf(y[i]);
    const int32_t x0 = (int32_t)bx, y0 = (int32_t)by;
    float wx[4], wy[4];
    catmull_rom(x[i] - bx, wx);
    catmull_rom(y[i] - by, wy);
    int32_t column[4];
    for (int k = 0; k < 4; k++) column[k] = 4 * clamp(x0 - 1 + k, width - 1);
    lanes sum = {0, 0, 0, 0}, low = {0, 0, 0, 0}, high = {0, 0, 0, 0};
    for (int k = 0; k < 4; k++) {
      const uint16_t *row = pixels + 4 * (int64_t)clamp(y0 - 1 + k, height - 1) * width;
      const lanes a = load(row + column[0]), b = load(row + column[1]);
      const lanes c = load(row + column[2]), d = load(row + column[3]);
      sum += ((a * wx[0] + b * wx[1]) + (c * wx[2] + d * wx[3])) * wy[k];
      if (k == 1) {
        low = lower(b, c);
        high = upper(b, c);
      } else if (k == 2) {
        low = lower(low, lower(b, c));
        high = upper(high, upper(b, c));
      }
    }
    const lanes slack = (high - low) * 0.25f;
    const lanes zero = {0, 0, 0, 0}, one = {65280, 65280, 65280, 65280};
    sum = upper(lower(sum, lower(high + slack, one)), upper(low - slack, zero));
    *(lanes *)(out + 4 * i) = sum * (1.0f / 256);
  }
}

#define VARIANT(level, attribute)                                                                                  \
  attribute void cpk_fill_sample_##level(                                                                          \
      const uint16_t *pixels, int32_t width, int32_t height, const float *x, const float *y, int32_t count,        \
      float *out) {                                                                                                \
    sample(pixels, width, height, x, y, count, out);                                                               \
  }

CPK_EACH_LEVEL(VARIANT)
