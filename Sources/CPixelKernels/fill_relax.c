#include "fill_kernels.h"

#pragma STDC FP_CONTRACT OFF

// Four lanes are one SSE or NEON register at every level, so these need no variants.
typedef float lanes __attribute__((vector_size(16), aligned(4)));

void cpk_fill_relax(float *values, int32_t width, int32_t height, const int32_t *sites, int32_t count, float omega) {
  lanes *v = (lanes *)values;
  const lanes keep = {1 - omega, 1 - omega, 1 - omega, 1 - omega};
  const lanes take = {omega / 4, omega / 4, omega / 4, omega / 4};
  const int32_t last_row = (height - 1) * width;
  for (int32_t i = 0; i < count; i++) {
    const int32_t p = sites[i];
    const int32_t x = p % width;
    const lanes left = v[x > 0 ? p - 1 : p];
    const lanes right = v[x < width - 1 ? p + 1 : p];
    const lanes up = v[p >= width ? p - width : p];
    const lanes down = v[p < last_row ? p + width : p];
    v[p] = keep * v[p] + take * ((left + right) + (up + down));
  }
}

void cpk_fill_relax_weighted(
    float *values, int32_t width, int32_t height, const int32_t *sites, const float *weights, const float *right,
    const float *inverse, int32_t count, float omega) {
  lanes *v = (lanes *)values;
  const lanes *r = (const lanes *)right;
  const int32_t last = width * height - 1;
  for (int32_t i = 0; i < count; i++) {
    const int32_t p = sites[i];
    const float *w = weights + 4 * i;
    const lanes left = v[p > 0 ? p - 1 : p] * w[0];
    const lanes next = v[p < last ? p + 1 : p] * w[1];
    const lanes up = v[p >= width ? p - width : p] * w[2];
    const lanes down = v[p + width <= last ? p + width : p] * w[3];
    const lanes solved = (r[i] + ((left + next) + (up + down))) * inverse[i];
    v[p] += (solved - v[p]) * omega;
  }
}
