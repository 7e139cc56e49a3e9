#include <math.h>
#include "cpu_variants.h"
#include "fill_kernels.h"

#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))

// The vectors of both directions at a pixel.
typedef float lanes __attribute__((vector_size(16), aligned(4)));

typedef struct {
  float x, y;
} pair;

// Bilinear, at a place clamped to [0, width - 1] x [0, height - 1].
INLINE pair flow_at(const float *flow, int32_t lane, int32_t width, int32_t height, float x, float y) {
  x = x < 0 ? 0 : x > (float)(width - 1) ? (float)(width - 1) : x;
  y = y < 0 ? 0 : y > (float)(height - 1) ? (float)(height - 1) : y;
  int32_t x0 = (int32_t)x, y0 = (int32_t)y;
  x0 = x0 > width - 2 ? width - 2 : x0;
  y0 = y0 > height - 2 ? height - 2 : y0;
  x0 = x0 < 0 ? 0 : x0;
  y0 = y0 < 0 ? 0 : y0;
  const float fx = x - (float)x0, fy = y - (float)y0;
  const int32_t right = width > 1, down = height > 1 ? width : 0;
  const lanes *p = (const lanes *)flow + (int64_t)y0 * width + x0;
  const lanes *q = p + down;
  const lanes a = p[0] + (p[right] - p[0]) * fx, b = q[0] + (q[right] - q[0]) * fx;
  const lanes v = a + (b - a) * fy;
  return lane == 0 ? (pair){v[0], v[1]} : (pair){v[2], v[3]};
}

INLINE void advance(
    const float *flow, const float *back, int32_t lane, const cpk_fill_boxes *boxes, float *x, float *y,
    float *error, uint8_t *alive, int32_t count, float base, float slope, float limit) {
  const float max_x = (float)(boxes->width - 1), max_y = (float)(boxes->height - 1);
  const int32_t fw = boxes->flow_width, fh = boxes->flow_height, bw = boxes->back_width, bh = boxes->back_height;
  // From pixels to cells: the middle of a cell lies half a cell less half a pixel from its corner.
  const float scale = 1 / (float)boxes->step, shift = 0.5f * scale - 0.5f;
  const float flow_x = (float)boxes->flow_x - shift, flow_y = (float)boxes->flow_y - shift;
  const float back_x = (float)boxes->back_x - shift, back_y = (float)boxes->back_y - shift;
  for (int32_t i = 0; i < count; i++) {
    const float lx = x[i] * scale - flow_x, ly = y[i] * scale - flow_y;
    const int held = lx >= shift && ly >= shift && lx <= (float)(fw - 1) - shift && ly <= (float)(fh - 1) - shift;
    const pair f = flow_at(flow, lane, fw, fh, held ? lx : 0, held ? ly : 0);
    const float nx = x[i] + f.x, ny = y[i] + f.y;
    const int inside = nx >= 0 && ny >= 0 && nx <= max_x && ny <= max_y;
    const float cx = inside ? nx : 0, cy = inside ? ny : 0;
    const float qx = cx * scale - back_x, qy = cy * scale - back_y;
    const int checked = qx >= shift && qy >= shift && qx <= (float)(bw - 1) - shift && qy <= (float)(bh - 1) - shift;
    const pair b = flow_at(back, 2 - lane, bw, bh, checked ? qx : 0, checked ? qy : 0);
    const float dx = f.x + b.x, dy = f.y + b.y;
    const float gap = checked ? dx * dx + dy * dy : 0;
    const float length = f.x * f.x + f.y * f.y;
    const float total = error[i] + sqrtf(gap);
    const int good = held & inside & (gap <= base + slope * length) & (total <= limit);
    x[i] = cx;
    y[i] = cy;
    error[i] = total;
    alive[i] = (uint8_t)(alive[i] & good);
  }
}

#define VARIANT(level, attribute)                                                                                  \
  attribute void cpk_fill_advance_##level(                                                                         \
      const float *flow, const float *back, int32_t lane, const cpk_fill_boxes *boxes, float *x, float *y,       \
      float *error, uint8_t *alive, int32_t count, float base, float slope, float limit) {                         \
    advance(flow, back, lane, boxes, x, y, error, alive, count, base, slope, limit);                       \
  }

CPK_EACH_LEVEL(VARIANT)
