// Colour rows, compiled once a CPU level: NAME(x) appends the level, TARGET sets it.

TARGET static inline float NAME(clamp)(float v, float max) {
  v = v > 0.0f ? v : 0.0f;
  return v < max ? v : max;
}

#define LOAD(T, SUFFIX)                                                                                         \
  TARGET static void NAME(load_##SUFFIX)(const T *restrict src, int n, cpk_scale s, float *restrict dst) {      \
    for (int i = 0; i < n; i++) dst[i] = ((float)(int32_t)src[i] - s.offset) * s.scale;                         \
  }                                                                                                             \
  TARGET static void NAME(mix_##SUFFIX)(const T *restrict a, const T *restrict b, float wa, float wb, int n,    \
                                        cpk_scale s, float *restrict dst) {                                     \
    for (int i = 0; i < n; i++)                                                                                 \
      dst[i] = ((float)(int32_t)a[i] * wa + (float)(int32_t)b[i] * wb - s.offset) * s.scale;                    \
  }
LOAD(uint8_t, u8)
LOAD(uint16_t, u16)
#undef LOAD

// Eight columns at a time by hand: the compiler keeps neighbours in registers and then finds nothing to vectorise.
typedef float NAME(vec8) __attribute__((vector_size(32), aligned(4), may_alias));

#define INTERLEAVE(even, odd, dst)                                                                              \
  ((NAME(vec8) *)(dst))[0] = __builtin_shufflevector(even, odd, 0, 8, 1, 9, 2, 10, 3, 11);                      \
  ((NAME(vec8) *)(dst))[1] = __builtin_shufflevector(even, odd, 4, 12, 5, 13, 6, 14, 7, 15);

TARGET static void NAME(upsample_left)(const float *restrict src, int n, float *restrict dst) {
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    NAME(vec8) here = *(const NAME(vec8) *)(src + i), after = *(const NAME(vec8) *)(src + i + 1);
    NAME(vec8) between = 0.5f * (here + after);
    INTERLEAVE(here, between, dst + 2 * i)
  }
  for (; i < n; i++) {
    dst[2 * i] = src[i];
    dst[2 * i + 1] = 0.5f * (src[i] + src[i + 1]);
  }
}

TARGET static void NAME(upsample_center)(const float *restrict src, int n, float *restrict dst) {
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    NAME(vec8) before = *(const NAME(vec8) *)(src + i - 1), here = *(const NAME(vec8) *)(src + i);
    NAME(vec8) after = *(const NAME(vec8) *)(src + i + 1);
    NAME(vec8) left = 0.25f * before + 0.75f * here, right = 0.75f * here + 0.25f * after;
    INTERLEAVE(left, right, dst + 2 * i)
  }
  for (; i < n; i++) {
    dst[2 * i] = 0.25f * src[i - 1] + 0.75f * src[i];
    dst[2 * i + 1] = 0.75f * src[i] + 0.25f * src[i + 1];
  }
}

#undef INTERLEAVE

TARGET static inline void NAME(put)(float r, float g, float b, uint32_t *dst) {
  uint32_t red = (uint32_t)(int32_t)(NAME(clamp)(r, 65280.0f) + 0.5f);
  uint32_t green = (uint32_t)(int32_t)(NAME(clamp)(g, 65280.0f) + 0.5f);
  uint32_t blue = (uint32_t)(int32_t)(NAME(clamp)(b, 65280.0f) + 0.5f);
  dst[0] = red | green << 16;
  dst[1] = blue;
}

TARGET static void NAME(ycc_to_pixels)(const float *restrict y, const float *restrict cb, const float *restrict cr,
                                       int n, cpk_ycc m, uint32_t *restrict dst) {
  for (int i = 0; i < n; i++)
    NAME(put)(y[i] + m.cr_r * cr[i], y[i] + m.cb_g * cb[i] + m.cr_g * cr[i], y[i] + m.cb_b * cb[i], dst + 2 * i);
}

TARGET static void NAME(rgb_to_pixels)(const float *restrict r, const float *restrict g, const float *restrict b,
                                       int n, uint32_t *restrict dst) {
  for (int i = 0; i < n; i++) NAME(put)(r[i], g[i], b[i], dst + 2 * i);
}

TARGET static void NAME(pixels_to_ycc)(const uint32_t *restrict src, int n, cpk_ycc m, float *restrict y,
                                       float *restrict cb, float *restrict cr) {
  for (int i = 0; i < n; i++) {
    float r = (float)(int32_t)(src[2 * i] & 0xffff);
    float g = (float)(int32_t)(src[2 * i] >> 16);
    float b = (float)(int32_t)(src[2 * i + 1] & 0xffff);
    float luma = m.kr * r + m.kg * g + m.kb * b;
    y[i] = luma;
    cb[i] = (b - luma) * m.b_cb;
    cr[i] = (r - luma) * m.r_cr;
  }
}

TARGET static void NAME(pixels_to_rgb)(const uint32_t *restrict src, int n, float *restrict r, float *restrict g,
                                       float *restrict b) {
  for (int i = 0; i < n; i++) {
    r[i] = (float)(int32_t)(src[2 * i] & 0xffff);
    g[i] = (float)(int32_t)(src[2 * i] >> 16);
    b[i] = (float)(int32_t)(src[2 * i + 1] & 0xffff);
  }
}

TARGET static void NAME(luma)(const uint32_t *restrict src, int n, uint8_t *restrict dst) {
  for (int i = 0; i < n; i++) {
    uint32_t r = src[2 * i] & 0xffff, g = src[2 * i] >> 16, b = src[2 * i + 1] & 0xffff;
    uint32_t level = (32768 + 77 * r + 150 * g + 29 * b) >> 16;
    dst[i] = (uint8_t)(level < 255 ? level : 255);
  }
}

TARGET static inline int32_t NAME(blend)(float value, float old, float opacity, cpk_quantizer q) {
  float sample = value * q.scale + q.offset;
  float mixed = opacity >= 1.0f ? sample : old + (sample - old) * opacity;
  return (int32_t)(NAME(clamp)(mixed, q.max) + 0.5f);
}

#define MERGE(T, SUFFIX)                                                                                        \
  TARGET static void NAME(merge_##SUFFIX)(const float *restrict src, const uint8_t *restrict alpha, int n,      \
                                          cpk_quantizer q, T *restrict dst) {                                   \
    for (int i = 0; i < n; i++) {                                                                               \
      T old = dst[i];                                                                                           \
      int32_t merged = NAME(blend)(src[i], (float)(int32_t)old, (float)(int32_t)alpha[i] / 255.0f, q);          \
      dst[i] = alpha[i] ? (T)merged : old;                                                                      \
    }                                                                                                           \
  }                                                                                                             \
  TARGET static void NAME(merge_chroma_##SUFFIX)(const float *restrict sum, const float *restrict weight,       \
                                                 const float *restrict opacity, int n, cpk_quantizer q,         \
                                                 T *restrict dst) {                                             \
    for (int i = 0; i < n; i++) {                                                                               \
      T old = dst[i];                                                                                           \
      float total = weight[i] > 0.0f ? weight[i] : 1.0f;                                                        \
      int32_t merged = NAME(blend)(sum[i] / total, (float)(int32_t)old, opacity[i], q);                         \
      dst[i] = opacity[i] > 0.0f ? (T)merged : old;                                                             \
    }                                                                                                           \
  }
MERGE(uint8_t, u8)
MERGE(uint16_t, u16)
#undef MERGE

TARGET static void NAME(weigh_chroma)(const uint8_t *restrict alpha, const float *restrict cb,
                                      const float *restrict cr, float w, int n, float *const *sums) {
  float *restrict total = sums[0], *restrict blue = sums[1], *restrict red = sums[2];
  for (int i = 0; i < n; i++) {
    float weight = (float)(int32_t)alpha[i] * w;
    total[i] += weight;
    blue[i] += weight * cb[i];
    red[i] += weight * cr[i];
  }
}

TARGET static void NAME(downsample_left)(const float *restrict src, int n, float *restrict dst) {
  for (int i = 0; i < n; i++) dst[i] = src[2 * i - 1] + 2.0f * src[2 * i] + src[2 * i + 1];
}

TARGET static void NAME(downsample_center)(const float *restrict src, int n, float *restrict dst) {
  for (int i = 0; i < n; i++) dst[i] = src[2 * i] + src[2 * i + 1];
}
