#include "cpu_variants.h"
#include "segment_kernels.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

#define ALWAYS static inline __attribute__((always_inline))

ALWAYS int32_t clamped(int32_t v, int32_t limit) { return v < 0 ? 0 : v >= limit ? limit - 1 : v; }

ALWAYS void convolve_rows_body(const float *in, float *out, int32_t width, int32_t row0, int32_t row1,
                               const float *taps, int32_t radius) {
  int32_t inner0 = radius < width ? radius : width;
  int32_t inner1 = width - radius > inner0 ? width - radius : inner0;
  for (int32_t y = row0; y < row1; y++) {
    const float *restrict src = in + (int64_t)y * width;
    float *restrict dst = out + (int64_t)y * width;
    for (int32_t x = 0; x < width; x++) {
      if (x == inner0) x = inner1;
      if (x >= width) break;
      float sum = 0;
      for (int32_t t = -radius; t <= radius; t++) sum += taps[t + radius] * src[clamped(x + t, width)];
      dst[x] = sum;
    }
    for (int32_t x = inner0; x < inner1; x++) dst[x] = 0;
    for (int32_t t = -radius; t <= radius; t++) {
      float tap = taps[t + radius];
      for (int32_t x = inner0; x < inner1; x++) dst[x] += tap * src[x + t];
    }
  }
}

ALWAYS void convolve_columns_body(const float *in, float *out, int32_t width, int32_t height, int32_t row0,
                                  int32_t row1, const float *taps, int32_t radius) {
  for (int32_t y = row0; y < row1; y++) {
    float *restrict dst = out + (int64_t)y * width;
    for (int32_t x = 0; x < width; x++) dst[x] = 0;
    for (int32_t t = -radius; t <= radius; t++) {
      const float *restrict src = in + (int64_t)clamped(y + t, height) * width;
      float tap = taps[t + radius];
      for (int32_t x = 0; x < width; x++) dst[x] += tap * src[x];
    }
  }
}

ALWAYS float larger_eigenvalue(const float *const planes[3], int64_t left, int64_t right, int64_t up,
                               int64_t down) {
  float xx = 0, yy = 0, xy = 0;
  for (int c = 0; c < 3; c++) {
    float dx = planes[c][right] - planes[c][left], dy = planes[c][down] - planes[c][up];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  float half = xx - yy;
  float root = sqrtf(half * half + 4 * xy * xy);
  return 0.5f * sqrtf(0.5f * (xx + yy + root));
}

ALWAYS void color_gradient_body(const float *l, const float *a, const float *b, float *out, int32_t width,
                                int32_t height, int32_t row0, int32_t row1) {
  const float *const planes[3] = {l, a, b};
  for (int32_t y = row0; y < row1; y++) {
    int64_t row = (int64_t)y * width;
    int64_t up = (int64_t)clamped(y - 1, height) * width, down = (int64_t)clamped(y + 1, height) * width;
    float *restrict dst = out + row;
    for (int32_t x = 1; x < width - 1; x++)
      dst[x] = larger_eigenvalue(planes, row + x - 1, row + x + 1, up + x, down + x);
    for (int32_t side = 0; side < 2; side++) {
      int32_t x = side ? width - 1 : 0;
      dst[x] = larger_eigenvalue(planes, row + clamped(x - 1, width), row + clamped(x + 1, width), up + x, down + x);
    }
  }
}

#define VARIANT(suffix, attribute)                                                                            \
  attribute static void convolve_rows_##suffix(const float *in, float *out, int32_t width, int32_t row0,      \
                                               int32_t row1, const float *taps, int32_t radius) {             \
    convolve_rows_body(in, out, width, row0, row1, taps, radius);                                             \
  }                                                                                                           \
  attribute static void convolve_columns_##suffix(const float *in, float *out, int32_t width, int32_t height, \
                                                  int32_t row0, int32_t row1, const float *taps,              \
                                                  int32_t radius) {                                           \
    convolve_columns_body(in, out, width, height, row0, row1, taps, radius);                                  \
  }                                                                                                           \
  attribute static void color_gradient_##suffix(const float *l, const float *a, const float *b, float *out,   \
                                                int32_t width, int32_t height, int32_t row0, int32_t row1) {  \
    color_gradient_body(l, a, b, out, width, height, row0, row1);                                             \
  }                                                                                                           \
  static const cpk_segment_table table_##suffix = {convolve_rows_##suffix, convolve_columns_##suffix,         \
                                                   color_gradient_##suffix};

CPK_EACH_LEVEL(VARIANT)

const cpk_segment_table *cpk_segment_kernels(void) {
  switch (cpk_current_level()) {
    case CPK_AVX512: return &table_avx512;
    case CPK_AVX2: return &table_avx2;
    default: return &table_baseline;
  }
}
