#include "CPixelKernels.h"

#pragma STDC FP_CONTRACT OFF

#define TABLE                                                                                                   \
  {NAME(load_u8), NAME(load_u16), NAME(mix_u8), NAME(mix_u16), NAME(upsample_left), NAME(upsample_center),      \
   NAME(ycc_to_pixels), NAME(rgb_to_pixels), NAME(pixels_to_ycc), NAME(pixels_to_rgb), NAME(luma),              \
   NAME(merge_u8), NAME(merge_u16), NAME(weigh_chroma), NAME(downsample_left), NAME(downsample_center),         \
   NAME(merge_chroma_u8), NAME(merge_chroma_u16), NAME(weigh_rows_u8), NAME(weigh_rows_u16),                    \
   NAME(weigh_rows_f32), NAME(convolve), NAME(gather_1), NAME(gather_4), NAME(round_u8), NAME(round_u16),       \
   NAME(halve_u8), NAME(halve_pixels), NAME(column_steps), NAME(column_steps_back), NAME(row_distances)}

#define NAME(x) x##_baseline
#define TARGET
#include "pixel_color_rows.h"
#include "pixel_filter_rows.h"
static const cpk_pixel_kernels baseline = TABLE;
#undef NAME
#undef TARGET

#if defined(__x86_64__)
#define NAME(x) x##_avx2
#define TARGET __attribute__((target("avx2,fma,bmi2")))
#include "pixel_color_rows.h"
#include "pixel_filter_rows.h"
static const cpk_pixel_kernels avx2 = TABLE;
#undef NAME
#undef TARGET

#define NAME(x) x##_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma,bmi2")))
#include "pixel_color_rows.h"
#include "pixel_filter_rows.h"
static const cpk_pixel_kernels avx512 = TABLE;
#undef NAME
#undef TARGET
#endif

const cpk_pixel_kernels *cpk_pixel(void) {
#if defined(__x86_64__)
  switch (cpk_current_level()) {
    case CPK_AVX512: return &avx512;
    case CPK_AVX2: return &avx2;
    case CPK_BASELINE: break;
  }
#endif
  return &baseline;
}
