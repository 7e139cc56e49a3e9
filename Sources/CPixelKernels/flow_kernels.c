#include "flow_levels.h"

#define BASELINE_ENTRY(name, parameters, arguments) .name = cpk_flow_##name##_baseline,
#define AVX2_ENTRY(name, parameters, arguments) .name = cpk_flow_##name##_avx2,
#define AVX512_ENTRY(name, parameters, arguments) .name = cpk_flow_##name##_avx512,

static const cpk_flow_table tables[3] = {
  [CPK_BASELINE] = {FLOW_KERNELS(BASELINE_ENTRY)},
  [CPK_AVX2] = {FLOW_KERNELS(AVX2_ENTRY)},
  [CPK_AVX512] = {FLOW_KERNELS(AVX512_ENTRY)},
};

const cpk_flow_table *cpk_flow(void) { return &tables[cpk_current_level()]; }
