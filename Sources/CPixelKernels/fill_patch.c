#include "cpu_variants.h"
#include "fill_kernels.h"

#define INLINE static inline __attribute__((always_inline))

INLINE uint32_t patch(
    const uint8_t *pixels, int32_t width, int32_t ax, int32_t ay, int32_t bx, int32_t by, uint32_t limit) {
  const uint8_t *a = pixels + 4 * ((int64_t)(ay - 3) * width + ax - 3);
  const uint8_t *b = pixels + 4 * ((int64_t)(by - 3) * width + bx - 3);
  uint32_t sum = 0;
  for (int row = 0; row < 7; row++) {
    int32_t line = 0;
    for (int k = 0; k < 28; k++) {
      const int32_t d = (int32_t)a[k] - (int32_t)b[k];
      line += d * d;
    }
    sum += (uint32_t)line;
    if (sum > limit) return sum;
    a += 4 * (int64_t)width;
    b += 4 * (int64_t)width;
  }
  return sum;
}

#define VARIANT(level, attribute)                                                                                  \
  attribute uint32_t cpk_fill_patch_##level(                                                                       \
      const uint8_t *pixels, int32_t width, int32_t ax, int32_t ay, int32_t bx, int32_t by, uint32_t limit) {      \
    return patch(pixels, width, ax, ay, bx, by, limit);                                                            \
  }

CPK_EACH_LEVEL(VARIANT)
