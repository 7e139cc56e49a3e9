#include "flow_levels.h"

INLINE void halve_bytes(const uint8_t *source, int width, int height, float *out, int stride, int first, int last) {
  for (int y = first; y < last; y++) {
    const uint8_t *upper = source + (ptrdiff_t)(2 * y) * width;
    const uint8_t *lower = 2 * y + 1 < height ? upper + width : upper;
    float *row = out + (ptrdiff_t)y * stride;
    for (int x = 0; x < width / 2; x++) {
      int sum = upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1];
      row[x] = (float)sum * 0.25f;
    }
    if (width & 1) row[width / 2] = (float)(upper[width - 1] + lower[width - 1]) * 0.5f;
  }
}

INLINE void halve(const float *source, int width, int height, int source_stride, float *out, int stride, int first,
                  int last) {
  for (int y = first; y < last; y++) {
    const float *upper = source + (ptrdiff_t)(2 * y) * source_stride;
    const float *lower = 2 * y + 1 < height ? upper + source_stride : upper;
    float *row = out + (ptrdiff_t)y * stride;
    for (int x = 0; x < width / 2; x++)
      row[x] = ((upper[2 * x] + upper[2 * x + 1]) + (lower[2 * x] + lower[2 * x + 1])) * 0.25f;
    if (width & 1) row[width / 2] = (upper[width - 1] + lower[width - 1]) * 0.5f;
  }
}

// Scharr: 3, 10, 3 across the derivative, divided by 32.
INLINE void gradients(const float *image, int width, int stride, float *gx, float *gy, int first, int last) {
  for (int y = first; y < last; y++) {
    const float *above = image + (ptrdiff_t)(y - 1) * stride;
    const float *here = above + stride;
    const float *below = here + stride;
    float *outx = gx + (ptrdiff_t)y * stride;
    float *outy = gy + (ptrdiff_t)y * stride;
    for (int x = 0; x < width; x += 16) {
      v16 nw = LOAD(v16, above + x - 1), n = LOAD(v16, above + x), ne = LOAD(v16, above + x + 1);
      v16 w = LOAD(v16, here + x - 1), e = LOAD(v16, here + x + 1);
      v16 sw = LOAD(v16, below + x - 1), s = LOAD(v16, below + x), se = LOAD(v16, below + x + 1);
      v16 dx = ((ne - nw) + (se - sw)) * 3.0f + (e - w) * 10.0f;
      v16 dy = ((sw - nw) + (se - ne)) * 3.0f + (s - n) * 10.0f;
      STORE(outx + x, dx * (1.0f / 32));
      STORE(outy + x, dy * (1.0f / 32));
    }
    for (int x = width; x < ((width + 15) & ~15); x++) outx[x] = outy[x] = 0;
  }
}

// Sample (x, y) of the result lies at ((x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 0.5): weights 3/4 and 1/4.
INLINE void enlarge(const cpk_flow_grid *flow, float *out, int width, int first, int last) {
  for (int y = first; y < last; y++) {
    int near = clamp_int(y / 2, 0, flow->height - 1);
    int far = clamp_int(y & 1 ? near + 1 : near - 1, 0, flow->height - 1);
    const float *nu = flow->u + (ptrdiff_t)near * flow->stride, *fu = flow->u + (ptrdiff_t)far * flow->stride;
    const float *nv = flow->v + (ptrdiff_t)near * flow->stride, *fv = flow->v + (ptrdiff_t)far * flow->stride;
    float *row = out + (ptrdiff_t)y * width * 2;
    for (int x = 0; x < width; x++) {
      int a = clamp_int(x >> 1, 0, flow->width - 1);
      int b = clamp_int((x >> 1) + ((x & 1) ? 1 : -1), 0, flow->width - 1);
      row[2 * x] = (nu[a] * 3 + fu[a]) * 0.375f + (nu[b] * 3 + fu[b]) * 0.125f;
      row[2 * x + 1] = (nv[a] * 3 + fv[a]) * 0.375f + (nv[b] * 3 + fv[b]) * 0.125f;
    }
  }
}

DEFINE_LEVELS(halve_bytes, (const uint8_t *source, int width, int height, float *out, int stride, int first, int last),
              (source, width, height, out, stride, first, last))
DEFINE_LEVELS(halve,
              (const float *source, int width, int height, int source_stride, float *out, int stride, int first,
               int last),
              (source, width, height, source_stride, out, stride, first, last))
DEFINE_LEVELS(gradients, (const float *image, int width, int stride, float *gx, float *gy, int first, int last),
              (image, width, stride, gx, gy, first, last))
DEFINE_LEVELS(enlarge, (const cpk_flow_grid *flow, float *out, int width, int first, int last),
              (flow, out, width, first, last))
