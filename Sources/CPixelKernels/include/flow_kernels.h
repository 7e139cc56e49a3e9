#pragma once
#include <stdint.h>
#include "cpu_level.h"

// Samples of replicated border around every plane of a pyramid level.
#define CPK_FLOW_BORDER 16
// Side of the square patches of the inverse search.
#define CPK_FLOW_PATCH 8

// One level of a pyramid. Pointers lead to sample (0, 0); the border lies around it.
typedef struct {
  const float *image;
  const float *gx;         // derivatives per pixel; zero in the border
  const float *gy;
  const float *valid;      // 1 seen, 0 hole; NULL where all is seen
  const uint8_t *touched;  // 1 where the 9x9 samples from here right and down hold a hole; NULL where all is seen
  int width, height, stride;
} cpk_flow_level;

// Displacements on a grid, in pixels of that grid: two planes of the same stride.
typedef struct {
  float *u;
  float *v;
  int width, height, stride;
} cpk_flow_grid;

typedef struct {
  int stride;      // between patches
  int iterations;  // of Gauss-Newton, for each start
  float settled;   // squared step below which a patch is at rest
} cpk_flow_search;

// The linearised problem of the variational refinement. Even columns and odd columns of a row lie apart, so that the
// red and the black samples of a row are contiguous: row y holds its even samples at (2 * y) * stride and its odd ones
// at (2 * y + 1) * stride. Before each half row and after it lie at least 16 samples, and a whole row above and below:
// any finite numbers.
typedef struct {
  float *constraint[9];  // a * du + b * dv + c = 0: brightness a, b, c; x gradient a, b, c; y gradient a, b, c
  float *u0, *v0;        // the flow that the constraints are linearised at
  float *u, *v;          // the flow sought
  float *right, *down;   // smoothness weights of the edges to the right and down
  float *a12, *c1, *c2;  // the data term, weighted
  float *inverse1, *inverse2;
  int columns;  // of the picture
  int width, height, stride;  // width of a half row, a multiple of 16
} cpk_flow_system;

typedef struct {
  float alpha;  // smoothness
  float delta;  // brightness constancy
  float gamma;  // gradient constancy
} cpk_flow_weights;

typedef struct {
  // Rows `first..<last` of the result of halving a picture: means of 2x2 samples, the last column and row repeated.
  void (*halve_bytes)(const uint8_t *source, int width, int height, float *out, int stride, int first, int last);
  void (*halve)(const float *source, int width, int height, int source_stride, float *out, int stride, int first,
                int last);
  // Smoothed central differences (Scharr) of a picture with its border filled.
  void (*gradients)(const float *image, int width, int stride, float *gx, float *gy, int first, int last);
  // Dense inverse search for the patch rows `first..<last`, which pass good displacements on among themselves only.
  // `coarse` is the flow of the next coarser level and `initial` a guess at this level; both may be empty (u NULL).
  // `trust` receives 1, or 0 where a patch saw too little.
  void (*search)(const cpk_flow_level *from, const cpk_flow_level *to, const cpk_flow_grid *coarse,
                 const cpk_flow_grid *initial, cpk_flow_search settings, cpk_flow_grid *patches, float *trust,
                 int first, int last);
  // Rows `first..<last` of the flow: for each sample the mean of the patches over it, weighted by how well they match.
  // `scratch` holds 3 * (last - first) * dense->stride floats.
  void (*densify)(const cpk_flow_level *from, const cpk_flow_level *to, const cpk_flow_grid *patches,
                  const float *trust, int stride, cpk_flow_grid *dense, float *scratch, int first, int last);
  // Fetches `to` at the flow: `mean` of both pictures, `change` between them, `seen` 0 where there is nothing to compare.
  void (*warp)(const cpk_flow_level *from, const cpk_flow_level *to, const cpk_flow_grid *flow, float *mean,
               float *change, float *seen, int first, int last);
  // First derivatives (five samples wide) of bordered planes.
  void (*derive)(const float *plane, int width, int stride, float *dx, float *dy, int first, int last);
  // Fills the constraints, and the flow to start from.
  void (*linearise)(const float *const planes[8], const float *seen, int stride, const cpk_flow_grid *flow,
                    cpk_flow_system *system, int first, int last);
  // Edge weights of the smoothness term, then the weighted data term.
  void (*smoothness)(cpk_flow_system *system, cpk_flow_weights weights, int first, int last);
  void (*data)(cpk_flow_system *system, cpk_flow_weights weights, int first, int last);
  // One half sweep of successive over-relaxation: the samples with (x + y) % 2 == colour.
  void (*relax)(cpk_flow_system *system, float omega, int colour, int first, int last);
  // Rows of the flow sought, back in natural order.
  void (*gather)(const cpk_flow_system *system, cpk_flow_grid *flow, int first, int last);
  // Bytes to floats.
  void (*widen)(const uint8_t *source, int width, float *out, int stride, int first, int last);
  // Twice as large (or one less, across and down), with vectors twice as long, bilinear.
  void (*enlarge)(const cpk_flow_grid *flow, cpk_flow_grid *out, int first, int last);
  // Pairs (u, v), `width` a row.
  void (*interleave)(const cpk_flow_grid *flow, float *out, int width, int first, int last);
} cpk_flow_table;

// The table of the level in force.
const cpk_flow_table *cpk_flow(void);
