// The three variants of each flow kernel: the body is inlined into one function for each CPU level.
#pragma once
#include "flow_body.h"

#define FLOW_KERNELS(X) \
  X(halve_bytes, (const uint8_t *source, int width, int height, float *out, int stride, int first, int last), \
    (source, width, height, out, stride, first, last)) \
  X(halve, \
    (const float *source, int width, int height, int source_stride, float *out, int stride, int first, int last), \
    (source, width, height, source_stride, out, stride, first, last)) \
  X(gradients, (const float *image, int width, int stride, float *gx, float *gy, int first, int last), \
    (image, width, stride, gx, gy, first, last)) \
  X(search, \
    (const cpk_flow_level *from, const cpk_flow_level *to, const cpk_flow_grid *coarse, \
     const cpk_flow_grid *initial, cpk_flow_search settings, cpk_flow_grid *patches, float *trust, int first, int last), \
    (from, to, coarse, initial, settings, patches, trust, first, last)) \
  X(densify, \
    (const cpk_flow_level *from, const cpk_flow_level *to, const cpk_flow_grid *patches, const float *trust, \
     int stride, cpk_flow_grid *dense, float *scratch, int first, int last), \
    (from, to, patches, trust, stride, dense, scratch, first, last)) \
  X(warp, \
    (const cpk_flow_level *from, const cpk_flow_level *to, const cpk_flow_grid *flow, float *mean, float *change, \
     float *seen, int first, int last), \
    (from, to, flow, mean, change, seen, first, last)) \
  X(derive, (const float *plane, int width, int stride, float *dx, float *dy, int first, int last), \
    (plane, width, stride, dx, dy, first, last)) \
  X(linearise, \
    (const float *const planes[8], const float *seen, int stride, const cpk_flow_grid *flow, cpk_flow_system *system, \
     int first, int last), \
    (planes, seen, stride, flow, system, first, last)) \
  X(smoothness, (cpk_flow_system *system, cpk_flow_weights weights, int first, int last), \
    (system, weights, first, last)) \
  X(data, (cpk_flow_system *system, cpk_flow_weights weights, int first, int last), (system, weights, first, last)) \
  X(relax, (cpk_flow_system *system, float omega, int colour, int first, int last), \
    (system, omega, colour, first, last)) \
  X(gather, (const cpk_flow_system *system, cpk_flow_grid *flow, int first, int last), (system, flow, first, last)) \
  X(widen, (const uint8_t *source, int width, float *out, int stride, int first, int last), \
    (source, width, out, stride, first, last)) \
  X(enlarge, (const cpk_flow_grid *flow, cpk_flow_grid *out, int first, int last), (flow, out, first, last)) \
  X(interleave, (const cpk_flow_grid *flow, float *out, int width, int first, int last), \
    (flow, out, width, first, last))

#define DECLARE_LEVELS(name, parameters, arguments) \
  void cpk_flow_##name##_baseline parameters; \
  void cpk_flow_##name##_avx2 parameters; \
  void cpk_flow_##name##_avx512 parameters;
FLOW_KERNELS(DECLARE_LEVELS)

#define DEFINE_LEVELS(name, parameters, arguments) \
  void cpk_flow_##name##_baseline parameters { name arguments; } \
  AVX2 void cpk_flow_##name##_avx2 parameters { name arguments; } \
  AVX512 void cpk_flow_##name##_avx512 parameters { name arguments; }
