#pragma once
// Kernels in C behind tables filled by CPU level. Each family has its own header, source and table:
//   pixel_kernels.h  pixels: colour, resampling, morphology
//   flow_kernels.h   Motion
//   fill_kernels.h   Inpainting
// Every function is bit-identical at every level: floating contraction is off, sums keep their order.
#include "cpu_level.h"
