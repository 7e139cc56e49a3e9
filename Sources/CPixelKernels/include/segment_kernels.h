#pragma once
#include <stdint.h>
#include "cpu_level.h"

// Segmentation: smoothing and colour gradients over float planes, row-major, width * height, edges clamped.
// Each call computes rows row0..<row1 of `out` only, so bands may run on different threads.
typedef struct {
  // Along x with `2 * radius + 1` taps; in and out must not overlap.
  void (*convolve_rows)(const float *in, float *out, int32_t width, int32_t row0, int32_t row1,
                        const float *taps, int32_t radius);
  // Along y.
  void (*convolve_columns)(const float *in, float *out, int32_t width, int32_t height, int32_t row0,
                           int32_t row1, const float *taps, int32_t radius);
  // Square root of the larger eigenvalue of the three planes' summed structure tensor (Di Zenzo 1986),
  // from central differences.
  void (*color_gradient)(const float *l, const float *a, const float *b, float *out, int32_t width,
                         int32_t height, int32_t row0, int32_t row1);
} cpk_segment_table;

const cpk_segment_table *cpk_segment_kernels(void);

// One layer of a convolution network over cells of interleaved channels: 1 x 1 (reach 0) or 3 x 3 (reach 1). Planes have a
// border of one cell, so width + 2 cells a row and height + 2 rows; rows row0..<row1 of the inner `out` are written, its
// border is left. `outputs` is a multiple of 8; weights are [output / 8][dy][dx][input][output % 8]. `rectify` != 0 turns
// negatives to 0.
// in and out must not overlap. The sums of one output run over dy, dx and input in this order at every CPU level.
typedef void (*cpk_network_layer)(const float *in, float *out, int32_t width, int32_t row0, int32_t row1, int32_t inputs,
                                  int32_t outputs, int32_t reach, const float *weights, const float *biases,
                                  int32_t rectify);

cpk_network_layer cpk_network_layer_kernel(void);

// Minimum cut of a graph by augmenting paths over two search trees (Boykov and Kolmogorov 2004).
typedef struct cpk_cut cpk_cut;

// NULL where memory is short. Nodes 0..<nodes; room for `edges` pairs.
cpk_cut *cpk_cut_create(int32_t nodes, int32_t edges);
void cpk_cut_destroy(cpk_cut *cut);
// Capacities of the arcs source -> node and node -> sink; at most INT32_MAX / 4.
void cpk_cut_set_terminals(cpk_cut *cut, int32_t node, int32_t from_source, int32_t to_sink);
// Capacities of both arcs between two nodes. Returns 0 where the edges are used up.
int32_t cpk_cut_add_edge(cpk_cut *cut, int32_t a, int32_t b, int32_t forward, int32_t backward);
// The value of the maximum flow. To be called once.
int64_t cpk_cut_solve(cpk_cut *cut);
// 1 where the node is on the source's side after solving.
int32_t cpk_cut_on_source_side(const cpk_cut *cut, int32_t node);
