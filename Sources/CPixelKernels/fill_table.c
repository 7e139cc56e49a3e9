#include "fill_kernels.h"

const cpk_fill_table *cpk_fill_kernels(void) {
  static const cpk_fill_table tables[3] = {
      {cpk_fill_advance_baseline, cpk_fill_sample_baseline, cpk_fill_patch_baseline},
      {cpk_fill_advance_avx2, cpk_fill_sample_avx2, cpk_fill_patch_avx2},
      {cpk_fill_advance_avx512, cpk_fill_sample_avx512, cpk_fill_patch_avx512},
  };
  return &tables[cpk_current_level()];
}
