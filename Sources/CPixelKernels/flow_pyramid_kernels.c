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

INLINE void widen(const uint8_t *source, int width, float *out, int stride, int first, int last) {
  for (int y = first; y < last; y++) {
    const uint8_t *in = source + (ptrdiff_t)y * width;
    float *row = out + (ptrdiff_t)y * stride;
    for (int x = 0; x < width; x++) row[x] = (float)in[x];
  }
}

// One row of one component. Sample x of the result lies at (x + 0.5) / 2 - 0.5: weights 3/4 and 1/4. The result's
// vectors are twice as long.
INLINE void enlarge_row(const float *near, const float *far, int count, float *out, int width) {
  for (int x = 0; x < count; x += 16) {
    v16 here = (LOAD(v16, near + x) * 3.0f + LOAD(v16, far + x)) * 0.5f;
    v16 left = (LOAD(v16, near + x - 1) * 3.0f + LOAD(v16, far + x - 1)) * 0.5f;
    v16 right = (LOAD(v16, near + x + 1) * 3.0f + LOAD(v16, far + x + 1)) * 0.5f;
    v16 even = (here * 3.0f + left) * 0.25f, odd = (here * 3.0f + right) * 0.25f;
    STORE(out + 2 * x, LOW(even, odd));
    STORE(out + 2 * x + 16, HIGH(even, odd));
  }
  out[0] = (near[0] * 3.0f + far[0]) * 0.5f;
  if (width == 2 * count) out[width - 1] = (near[count - 1] * 3.0f + far[count - 1]) * 0.5f;
}

INLINE void enlarge(const cpk_flow_grid *flow, cpk_flow_grid *out, int first, int last) {
  for (int y = first; y < last; y++) {
    ptrdiff_t near = (ptrdiff_t)(y / 2) * flow->stride;
    ptrdiff_t far = (ptrdiff_t)clamp_int(y & 1 ? y / 2 + 1 : y / 2 - 1, 0, flow->height - 1) * flow->stride;
    ptrdiff_t row = (ptrdiff_t)y * out->stride;
    enlarge_row(flow->u + near, flow->u + far, flow->width, out->u + row, out->width);
    enlarge_row(flow->v + near, flow->v + far, flow->width, out->v + row, out->width);
  }
}

INLINE void interleave(const cpk_flow_grid *flow, float *out, int width, int first, int last) {
  for (int y = first; y < last; y++) {
    const float *u = flow->u + (ptrdiff_t)y * flow->stride, *v = flow->v + (ptrdiff_t)y * flow->stride;
    float *row = out + (ptrdiff_t)y * width * 2;
    for (int x = 0; x < width; x++) {
      row[2 * x] = u[x];
      row[2 * x + 1] = v[x];
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
DEFINE_LEVELS(widen, (const uint8_t *source, int width, float *out, int stride, int first, int last),
              (source, width, out, stride, first, last))
DEFINE_LEVELS(enlarge, (const cpk_flow_grid *flow, cpk_flow_grid *out, int first, int last),
              (flow, out, first, last))
DEFINE_LEVELS(interleave, (const cpk_flow_grid *flow, float *out, int width, int first, int last),
              (flow, out, width, first, last))
