// Filters and distances, compiled once a CPU level: NAME(x) appends the level, TARGET sets it.

#define WEIGH(T, SUFFIX, CAST)                                                                                  \
  TARGET static void NAME(weigh_rows_##SUFFIX)(const T *const *rows, const float *w, int taps, int n,           \
                                               float *restrict dst) {                                           \
    for (int i = 0; i < n; i++) dst[i] = w[0] * (float)CAST rows[0][i];                                         \
    for (int t = 1; t < taps; t++) {                                                                            \
      const T *restrict row = rows[t];                                                                          \
      float weight = w[t];                                                                                      \
      for (int i = 0; i < n; i++) dst[i] += weight * (float)CAST row[i];                                        \
    }                                                                                                           \
  }
WEIGH(uint8_t, u8, (int32_t))
WEIGH(uint16_t, u16, (int32_t))
WEIGH(float, f32, )
#undef WEIGH

TARGET static void NAME(convolve)(const float *restrict src, int step, const float *restrict w, int taps, int n,
                                  float *restrict dst) {
  for (int i = 0; i < n; i++) dst[i] = w[0] * src[i];
  for (int t = 1; t < taps; t++) {
    const float *restrict at = src + (long)t * step;
    float weight = w[t];
    for (int i = 0; i < n; i++) dst[i] += weight * at[i];
  }
}

TARGET static void NAME(gather_1)(const float *restrict src, const int32_t *restrict starts, const float *restrict w,
                                  int taps, int n, float *restrict dst) {
  for (int i = 0; i < n; i++) {
    const float *at = src + starts[i], *weights = w + (long)i * taps;
    float sum = weights[0] * at[0];
    for (int t = 1; t < taps; t++) sum += weights[t] * at[t];
    dst[i] = sum;
  }
}

TARGET static void NAME(gather_4)(const float *restrict src, const int32_t *restrict starts, const float *restrict w,
                                  int taps, int n, float *restrict dst) {
  typedef float vec4 __attribute__((vector_size(16), aligned(4), may_alias));
  for (int i = 0; i < n; i++) {
    const vec4 *at = (const vec4 *)(src + 4L * starts[i]);
    const float *weights = w + (long)i * taps;
    vec4 sum = at[0] * weights[0];
    for (int t = 1; t < taps; t++) sum += at[t] * weights[t];
    *(vec4 *)(dst + 4L * i) = sum;
  }
}

#define ROUND(T, SUFFIX)                                                                                        \
  TARGET static void NAME(round_##SUFFIX)(const float *restrict src, int n, float max, T *restrict dst) {       \
    for (int i = 0; i < n; i++) dst[i] = (T)(int32_t)(NAME(clamp)(src[i], max) + 0.5f);                         \
  }
ROUND(uint8_t, u8)
ROUND(uint16_t, u16)
#undef ROUND

TARGET static void NAME(halve_u8)(const uint8_t *restrict a, const uint8_t *restrict b, int n, uint8_t *restrict dst) {
  for (int i = 0; i < n; i++)
    dst[i] = (uint8_t)((a[2 * i] + a[2 * i + 1] + b[2 * i] + b[2 * i + 1] + 2) >> 2);
}

TARGET static void NAME(halve_pixels)(const uint32_t *restrict a, const uint32_t *restrict b, int n,
                                      uint32_t *restrict dst) {
  for (int i = 0; i < n; i++) {
    const uint32_t *p = a + 4 * i, *q = b + 4 * i;
    uint32_t red = (p[0] & 0xffff) + (p[2] & 0xffff) + (q[0] & 0xffff) + (q[2] & 0xffff) + 2;
    uint32_t green = (p[0] >> 16) + (p[2] >> 16) + (q[0] >> 16) + (q[2] >> 16) + 2;
    uint32_t blue = (p[1] & 0xffff) + (p[3] & 0xffff) + (q[1] & 0xffff) + (q[3] & 0xffff) + 2;
    dst[2 * i] = red >> 2 | green >> 2 << 16;
    dst[2 * i + 1] = blue >> 2;
  }
}

TARGET static void NAME(column_steps)(const uint8_t *restrict set, const int32_t *restrict previous, int n,
                                      int32_t *restrict dst) {
  for (int i = 0; i < n; i++) {
    int32_t next = previous[i] + 1 < CPK_FAR ? previous[i] + 1 : CPK_FAR;
    dst[i] = set[i] ? 0 : next;
  }
}

TARGET static void NAME(column_steps_back)(const int32_t *restrict below, int n, int32_t *restrict dst) {
  for (int i = 0; i < n; i++) dst[i] = below[i] + 1 < dst[i] ? below[i] + 1 : dst[i];
}

TARGET static inline int64_t NAME(parabola)(int64_t x, int64_t apex, int64_t step) {
  return (x - apex) * (x - apex) + step * step;
}

TARGET static void NAME(row_distances)(const int32_t *restrict steps, int n, int32_t *restrict scratch,
                                       int32_t *restrict dst) {
  int32_t *apex = scratch, *from = scratch + n;
  int last = -1;
  for (int u = 0; u < n; u++) {
    if (steps[u] >= CPK_FAR) continue;
    while (last >= 0 && NAME(parabola)(from[last], apex[last], steps[apex[last]]) >
                            NAME(parabola)(from[last], u, steps[u]))
      last--;
    if (last < 0) {
      last = 0, apex[0] = u, from[0] = 0;
      continue;
    }
    int64_t i = apex[last];
    int64_t meet = ((int64_t)u * u - i * i + (int64_t)steps[u] * steps[u] - (int64_t)steps[i] * steps[i]) /
                   (2 * (u - i));
    if (meet + 1 < n) last++, apex[last] = u, from[last] = (int32_t)meet + 1;
  }
  if (last < 0) {
    for (int x = 0; x < n; x++) dst[x] = INT32_MAX;
    return;
  }
  for (int x = n - 1; x >= 0; x--) {
    int64_t distance = NAME(parabola)(x, apex[last], steps[apex[last]]);
    dst[x] = (int32_t)(distance < INT32_MAX ? distance : INT32_MAX);
    if (x == from[last]) last--;
  }
}
