#pragma once
// Kernels in C behind tables filled by CPU level. Each family has its own header, source and table.
// Every function is bit-identical at every level: floating contraction is off, sums keep their order.
#include "cpu_level.h"
#include "fill_kernels.h"     // Inpainting
#include "flow_kernels.h"     // Motion
#include "pixel_kernels.h"    // Imaging: colour, resampling, morphology
#include "segment_kernels.h"  // Segmentation
#include "track_kernels.h"    // Tracking
