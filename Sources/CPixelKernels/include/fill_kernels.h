#pragma once
#include <stdint.h>
#include "cpu_level.h"

// Kernels of Inpainting. Values of four lanes a pixel are R'G'B'X levels or two flows (to the next frame x, y, to the
// previous frame x, y). A site is the index y * width + x of a pixel.

// One sweep of successive over-relaxation over `count` sites of a membrane: each takes the mean of its four
// neighbours, clamped at the border. Sites of one call must not be neighbours of each other (red-black order).
void cpk_fill_relax(float *values, int32_t width, int32_t height, const int32_t *sites, int32_t count, float omega);

// One sweep over the equation (sum of weights + anchor) v = right + sum of weight * neighbour: `weights` holds four a
// site (left, right, up, down; 0 where there is none), `right` four lanes a site, `inverse` 1 / (weights + anchor).
void cpk_fill_relax_weighted(
    float *values, int32_t width, int32_t height, const int32_t *sites, const float *weights, const float *right,
    const float *inverse, int32_t count, float omega);

// Where two flows lie in their frames, in cells of `step` pixels with one vector each, and the size of the frames.
typedef struct {
  int32_t flow_x, flow_y, flow_width, flow_height;
  int32_t back_x, back_y, back_width, back_height;
  int32_t step;
  int32_t width, height;
} cpk_fill_boxes;

// Moves `count` points one frame along a flow: `flow` leads on from their frame in lanes `lane` and `lane + 1`, `back`
// leads back from the next frame in the other two. Adds the forward-backward distance to `error`; `alive` goes to 0
// where the point leaves the picture or stands outside the flow's box, where distance^2 > base + slope * length^2, or
// where the error passes `limit`. Between the middles of cells vectors are bilinear, beyond the outer ones as these.
// A point that lands outside the box of `back` is not checked.
typedef void (*cpk_fill_advance_fn)(
    const float *flow, const float *back, int32_t lane, const cpk_fill_boxes *boxes, float *x, float *y,
    float *error, uint8_t *alive, int32_t count, float base, float slope, float limit);

// Catmull-Rom samples of an 8.8 fixed-point R'G'B'X picture at float places; four lanes of levels 0...255 a point.
// The kernel is clamped to the 2x2 neighbourhood's range widened by a quarter, so that edges do not ring.
typedef void (*cpk_fill_sample_fn)(
    const uint16_t *pixels, int32_t width, int32_t height, const float *x, const float *y, int32_t count, float *out);

// Sum of squared differences of two 7x7 patches of R'G'B'X bytes around (ax, ay) and (bx, by), which must lie within;
// stops once it passes `limit`.
typedef uint32_t (*cpk_fill_patch_fn)(
    const uint8_t *pixels, int32_t width, int32_t ax, int32_t ay, int32_t bx, int32_t by, uint32_t limit);

typedef struct {
  cpk_fill_advance_fn advance;
  cpk_fill_sample_fn sample;
  cpk_fill_patch_fn patch;
} cpk_fill_table;

// The table for the level in force.
const cpk_fill_table *cpk_fill_kernels(void);

// The variants, for the table.
#define CPK_FILL_DECLARE(level)                                                                                     \
  void cpk_fill_advance_##level(                                                                                    \
      const float *flow, const float *back, int32_t lane, const cpk_fill_boxes *boxes, float *x, float *y,        \
      float *error, uint8_t *alive, int32_t count, float base, float slope, float limit);                           \
  void cpk_fill_sample_##level(                                                                                     \
      const uint16_t *pixels, int32_t width, int32_t height, const float *x, const float *y, int32_t count,         \
      float *out);                                                                                                  \
  uint32_t cpk_fill_patch_##level(                                                                                  \
      const uint8_t *pixels, int32_t width, int32_t ax, int32_t ay, int32_t bx, int32_t by, uint32_t limit);
CPK_FILL_DECLARE(baseline)
CPK_FILL_DECLARE(avx2)
CPK_FILL_DECLARE(avx512)
#undef CPK_FILL_DECLARE
