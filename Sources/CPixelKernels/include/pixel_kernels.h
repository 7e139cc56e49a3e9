#pragma once
#include <stdint.h>
#include "cpu_level.h"

// Rows of pixels: colour, filters, morphology. Pointers never overlap. "Pixels" are RGBImage's: two words each,
// red | green << 16 and blue. "Levels" are floats in the same 8.8 scale, 0...65280.

// How Y', Cb, Cr and R', G', B' levels relate: Cb and Cr run from -32640 to 32640.
typedef struct {
  float kr, kg, kb;              // Y' = kr R' + kg G' + kb B'
  float cr_r, cb_g, cr_g, cb_b;  // R' = Y' + cr_r Cr, G' = Y' + cb_g Cb + cr_g Cr, B' = Y' + cb_b Cb
  float b_cb, r_cr;              // Cb = b_cb (B' - Y'), Cr = r_cr (R' - Y')
} cpk_ycc;

// A sample s stands for the level (s - offset) * scale.
typedef struct {
  float offset, scale;
} cpk_scale;

// A level v is the sample v * scale + offset, rounded, from 0 to max.
typedef struct {
  float scale, offset, max;
} cpk_quantizer;

typedef struct {
  // Samples to levels.
  void (*load_u8)(const uint8_t *src, int n, cpk_scale s, float *dst);
  void (*load_u16)(const uint16_t *src, int n, cpk_scale s, float *dst);
  // Two rows mixed as wa a + wb b, then to levels.
  void (*mix_u8)(const uint8_t *a, const uint8_t *b, float wa, float wb, int n, cpk_scale s, float *dst);
  void (*mix_u16)(const uint16_t *a, const uint16_t *b, float wa, float wb, int n, cpk_scale s, float *dst);
  // n samples to 2 n: those at src[i] sit on column 2 i (left) or halfway to 2 i + 1 (center). Reads src[-1...n].
  void (*upsample_left)(const float *src, int n, float *dst);
  void (*upsample_center)(const float *src, int n, float *dst);
  void (*ycc_to_pixels)(const float *y, const float *cb, const float *cr, int n, cpk_ycc m, uint32_t *dst);
  void (*rgb_to_pixels)(const float *r, const float *g, const float *b, int n, uint32_t *dst);
  void (*pixels_to_ycc)(const uint32_t *src, int n, cpk_ycc m, float *y, float *cb, float *cr);
  void (*pixels_to_rgb)(const uint32_t *src, int n, float *r, float *g, float *b);
  // Luma of BT.601 as bytes: (77 R' + 150 G' + 29 B') / 256.
  void (*luma)(const uint32_t *src, int n, uint8_t *dst);
  // Levels blended into dst by alpha / 255; where alpha is 0 dst keeps its bits.
  void (*merge_u8)(const float *src, const uint8_t *alpha, int n, cpk_quantizer q, uint8_t *dst);
  void (*merge_u16)(const float *src, const uint8_t *alpha, int n, cpk_quantizer q, uint16_t *dst);
  // sums[0...2] += w alpha (1, cb, cr).
  void (*weigh_chroma)(const uint8_t *alpha, const float *cb, const float *cr, float w, int n, float *const *sums);
  // 2 n samples to n, around column 2 i (left: 1 2 1) or between 2 i and 2 i + 1 (center: 1 1). Reads src[-1...2n-1].
  void (*downsample_left)(const float *src, int n, float *dst);
  void (*downsample_center)(const float *src, int n, float *dst);
  // The levels sum / weight blended into dst by opacity; where opacity is 0 dst keeps its bits.
  void (*merge_chroma_u8)(
      const float *sum, const float *weight, const float *opacity, int n, cpk_quantizer q, uint8_t *dst);
  void (*merge_chroma_u16)(
      const float *sum, const float *weight, const float *opacity, int n, cpk_quantizer q, uint16_t *dst);

  // dst = sum of w[t] rows[t], in the order of t.
  void (*weigh_rows_u8)(const uint8_t *const *rows, const float *w, int taps, int n, float *dst);
  void (*weigh_rows_u16)(const uint16_t *const *rows, const float *w, int taps, int n, float *dst);
  void (*weigh_rows_f32)(const float *const *rows, const float *w, int taps, int n, float *dst);
  // dst[i] = sum of w[t] src[i + t * step].
  void (*convolve)(const float *src, int step, const float *w, int taps, int n, float *dst);
  // dst[i] = sum of w[i * taps + t] src[starts[i] + t], for samples of one or four floats.
  void (*gather_1)(const float *src, const int32_t *starts, const float *w, int taps, int n, float *dst);
  void (*gather_4)(const float *src, const int32_t *starts, const float *w, int taps, int n, float *dst);
  // Rounded to nearest and clamped to 0...max.
  void (*round_u8)(const float *src, int n, float max, uint8_t *dst);
  void (*round_u16)(const float *src, int n, float max, uint16_t *dst);
  // The mean of 2 x 2 samples, rounded half up: n samples from rows a and b of 2 n.
  void (*halve_u8)(const uint8_t *a, const uint8_t *b, int n, uint8_t *dst);
  void (*halve_pixels)(const uint32_t *a, const uint32_t *b, int n, uint32_t *dst);

  // Steps to the nearest set sample above (then also below) in its column: dst = set ? 0 : previous + 1.
  void (*column_steps)(const uint8_t *set, const int32_t *previous, int n, int32_t *dst);
  void (*column_steps_back)(const int32_t *below, int n, int32_t *dst);
  // Squared distances along a row whose samples lie `steps` from the set in their own columns: the lower envelope of
  // parabolas. `scratch` holds 2 n. INT32_MAX where every step is CPK_FAR.
  void (*row_distances)(const int32_t *steps, int n, int32_t *scratch, int32_t *dst);
} cpk_pixel_kernels;

// Further from the set than any sample of a plane can be.
#define CPK_FAR (1 << 20)

// The kernels of the level in force.
const cpk_pixel_kernels *cpk_pixel(void);
