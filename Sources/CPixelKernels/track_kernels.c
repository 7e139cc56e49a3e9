#include "include/track_kernels.h"
#include <string.h>
#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))
enum { LANES = 16, H1 = CPK_TRACK_HIDDEN1, H2 = CPK_TRACK_HIDDEN2, BLOCK = 8 };
typedef float lanes __attribute__((vector_size(64), aligned(4)));
typedef int32_t ilanes __attribute__((vector_size(64), aligned(4)));

// Vectors pass by pointer: by value their calling convention would depend on the CPU level.
INLINE void leaky(lanes *v) {
  ilanes positive = *v > 0.0f;
  lanes small = *v * 0.05f;
  *v = (lanes)(((ilanes)*v & positive) | ((ilanes)small & ~positive));
}

// v *= the slope of `leaky` where its result was `activation`.
INLINE void scale_by_slope(lanes *v, const lanes *activation) {
  ilanes positive = *activation > 0.0f;
  lanes small = *v * 0.05f;
  *v = (lanes)(((ilanes)*v & positive) | ((ilanes)small & ~positive));
}

// e^v for |v| clamped to 30, by 2^n times a polynomial of degree 5; relative error below 3e-6.
INLINE void exponential(lanes *v) {
  ilanes high = *v > 30.0f, low = *v < -30.0f;
  lanes top = (lanes){0} + 30.0f, bottom = (lanes){0} - 30.0f;
  lanes x = (lanes)(((ilanes)*v & ~(high | low)) | ((ilanes)top & high) | ((ilanes)bottom & low));
  lanes t = x * 1.44269504f;
  ilanes n = __builtin_convertvector(t + 128.5f, ilanes) - 128;
  lanes f = (t - __builtin_convertvector(n, lanes)) * 0.69314718f;
  lanes p = f * 0.0083333f + 0.0416667f;
  p = p * f + 0.1666667f;
  p = p * f + 0.5f;
  p = p * f + 1.0f;
  p = p * f + 1.0f;
  *v = p * (lanes)((n + 127) << 23);
}

// One dense layer on LANES columns: out[j] = bias[j] + sum over i of weights[i * outputs + j] * in[i].
INLINE void dense(const float *weights, const float *bias, const float *in, long in_stride, int inputs, int outputs,
                  lanes *out) {
  for (int j0 = 0; j0 < outputs; j0 += BLOCK) {
    lanes acc[BLOCK];
    for (int j = 0; j < BLOCK; j++) acc[j] = (lanes){0} + bias[j0 + j];
    for (int i = 0; i < inputs; i++) {
      lanes x = *(const lanes *)(in + i * in_stride);
      const float *w = weights + i * outputs + j0;
      for (int j = 0; j < BLOCK; j++) acc[j] += x * w[j];
    }
    for (int j = 0; j < BLOCK; j++) out[j0 + j] = acc[j];
  }
}

INLINE void hidden_columns(const float *weights, int inputs, const float *in, long in_stride, lanes *h1, lanes *h2) {
  const float *b1 = weights + inputs * H1, *w2 = b1 + H1, *b2 = w2 + H1 * H2;
  dense(weights, b1, in, in_stride, inputs, H1, h1);
  for (int j = 0; j < H1; j++) leaky(&h1[j]);
  dense(w2, b2, (const float *)h1, LANES, H1, H2, h2);
  for (int j = 0; j < H2; j++) leaky(&h2[j]);
}

INLINE void hidden_body(const float *weights, int inputs, const float *features, float *hidden, long count,
                        long stride) {
  lanes h1[H1], h2[H2];
  long p = 0;
  for (; p + LANES <= count; p += LANES) {
    hidden_columns(weights, inputs, features + p, stride, h1, h2);
    for (int j = 0; j < H2; j++) *(lanes *)(hidden + j * stride + p) = h2[j];
  }
  int rest = (int)(count - p);
  if (rest == 0) return;
  float tail[128 * LANES];
  memset(tail, 0, sizeof tail);
  for (int i = 0; i < inputs; i++) memcpy(tail + i * LANES, features + i * stride + p, rest * sizeof(float));
  hidden_columns(weights, inputs, tail, LANES, h1, h2);
  for (int j = 0; j < H2; j++) memcpy(hidden + j * stride + p, &h2[j], rest * sizeof(float));
}

INLINE void margin_body(const float *head, const float *hidden, float *margin, long count, long stride) {
  for (long p = 0; p < count; p++) {
    float sum = head[H2];
    for (int j = 0; j < H2; j++) sum += head[j] * hidden[j * stride + p];
    margin[p] = sum;
  }
}

INLINE float total(const lanes *v) {
  float s = 0;
  for (int i = 0; i < LANES; i++) s += (*v)[i];
  return s;
}

// Adds the outer product of inputs and deltas, summed over LANES columns, to the gradient of a dense layer.
INLINE void outer(const float *in, long in_stride, int inputs, const lanes *delta, int outputs, float *weights,
                  float *bias) {
  for (int j = 0; j < outputs; j++) bias[j] += total(&delta[j]);
  for (int i = 0; i < inputs; i++) {
    lanes x = *(const lanes *)(in + i * in_stride);
    for (int j = 0; j < outputs; j++) {
      lanes product = x * delta[j];
      weights[i * outputs + j] += total(&product);
    }
  }
}

INLINE void gradient_body(const float *weights, int inputs, int objects, const float *samples, const uint8_t *labels,
                          const float *importance, int count, float *gradient) {
  const float *w2 = weights + inputs * H1 + H1, *heads = w2 + H1 * H2 + H2;
  float *g2 = gradient + (w2 - weights), *gheads = gradient + (heads - weights);
  lanes h1[H1], h2[H2], d1[H1], d2[H2], odds[255];
  for (int s = 0; s < count; s += LANES) {
    hidden_columns(weights, inputs, samples + s, count, h1, h2);
    lanes sum = (lanes){0} + 1.0f;
    for (int k = 0; k < objects; k++) {
      const float *head = heads + k * (H2 + 1);
      lanes z = (lanes){0} + head[H2];
      for (int j = 0; j < H2; j++) z += h2[j] * head[j];
      exponential(&z);
      odds[k] = z;
      sum += odds[k];
    }
    lanes weight = *(const lanes *)(importance + s);
    for (int j = 0; j < H2; j++) d2[j] = (lanes){0};
    for (int k = 0; k < objects; k++) {
      lanes hit;
      for (int l = 0; l < LANES; l++) hit[l] = labels[s + l] == k + 1 ? 1.0f : 0.0f;
      lanes delta = (odds[k] / sum - hit) * weight;
      const float *head = heads + k * (H2 + 1);
      outer((const float *)h2, LANES, H2, &delta, 1, gheads + k * (H2 + 1), gheads + k * (H2 + 1) + H2);
      for (int j = 0; j < H2; j++) d2[j] += delta * head[j];
    }
    for (int j = 0; j < H2; j++) scale_by_slope(&d2[j], &h2[j]);
    outer((const float *)h1, LANES, H1, d2, H2, g2, g2 + H1 * H2);
    for (int i = 0; i < H1; i++) {
      lanes d = (lanes){0};
      for (int j = 0; j < H2; j++) d += d2[j] * w2[i * H2 + j];
      scale_by_slope(&d, &h1[i]);
      d1[i] = d;
    }
    outer(samples + s, count, inputs, d1, H1, gradient, gradient + inputs * H1);
  }
}

INLINE void box_rows(const float *source, float *target, int width, int height, int radius) {
  for (int y = 0; y < height; y++) {
    const float *in = source + (long)y * width;
    float *out = target + (long)y * width;
    float sum = 0;
    int right = -1, left = 0;
    for (int x = 0; x < width; x++) {
      int last = x + radius < width ? x + radius : width - 1;
      while (right < last) sum += in[++right];
      while (left < x - radius) sum -= in[left++];
      out[x] = sum / (float)(right - left + 1);
    }
  }
}

INLINE void box_body(const float *source, float *target, float *scratch, int width, int height, int radius) {
  box_rows(source, scratch, width, height, radius);
  float sum[64];
  for (int x0 = 0; x0 < width; x0 += 64) {
    int n = width - x0 < 64 ? width - x0 : 64;
    memset(sum, 0, sizeof sum);
    int bottom = -1, top = 0;
    for (int y = 0; y < height; y++) {
      int last = y + radius < height ? y + radius : height - 1;
      while (bottom < last) {
        const float *in = scratch + (long)++bottom * width + x0;
        for (int x = 0; x < n; x++) sum[x] += in[x];
      }
      while (top < y - radius) {
        const float *in = scratch + (long)top++ * width + x0;
        for (int x = 0; x < n; x++) sum[x] -= in[x];
      }
      float scale = 1.0f / (float)(bottom - top + 1);
      float *out = target + (long)y * width + x0;
      for (int x = 0; x < n; x++) out[x] = sum[x] * scale;
    }
  }
}

typedef struct {
  const float *target, *data, *right, *down, *up, *x, *x_up, *x_down, *before;
  float *next, omega;
} jacobi_row;

INLINE void jacobi_pixel(const jacobi_row *r, int i, int left, int right) {
  float lw = left ? r->right[i - 1] : 0.0f, rw = right ? r->right[i] : 0.0f;
  float lx = left ? r->x[i - 1] : 0.0f, rx = right ? r->x[i + 1] : 0.0f;
  float weight = r->data[i] + lw + rw + r->up[i] + r->down[i];
  float sum = r->data[i] * r->target[i] + lw * lx + rw * rx + r->up[i] * r->x_up[i] + r->down[i] * r->x_down[i];
  r->next[i] = r->omega * (sum / weight - r->before[i]) + r->before[i];
}

// The last row of `down` is 0 by contract and serves as the couplings above the first.
INLINE void jacobi(const float *target, const float *data, const float *right, const float *down, const float *x,
                   const float *before, float *next, int width, int height, int y, float omega) {
  long row = (long)y * width, last = (long)(height - 1) * width;
  const jacobi_row r = {target + row,
                        data + row,
                        right + row,
                        down + row,
                        down + (y > 0 ? row - width : last),
                        x + row,
                        x + (y > 0 ? row - width : row),
                        x + (y + 1 < height ? row + width : row),
                        before + row,
                        next + row,
                        omega};
  jacobi_pixel(&r, 0, 0, width > 1);
#pragma clang loop vectorize(assume_safety)
  for (int i = 1; i < width - 1; i++) jacobi_pixel(&r, i, 1, 1);
  if (width > 1) jacobi_pixel(&r, width - 1, 1, 0);
}

INLINE void diffuse_body(const float *target, const float *data, const float *right, const float *down, float *x,
                         float *scratch, int width, int height, int rounds) {
  const float radius = 0.97f;
  long count = (long)width * height;
  float *before = scratch, *next = scratch + count;
  memcpy(before, x, count * sizeof(float));
  float omega = 1.0f;
  for (int round = 0; round < rounds; round++) {
    for (int y = 0; y < height; y++)
      jacobi(target, data, right, down, x, before, next, width, height, y, omega);
    memcpy(before, x, count * sizeof(float));
    memcpy(x, next, count * sizeof(float));
    omega = round == 0 ? 1.0f / (1.0f - 0.5f * radius * radius) : 1.0f / (1.0f - 0.25f * radius * radius * omega);
  }
}

#define VARIANT(NAME, TARGET)                                                                                       \
  TARGET static void hidden_##NAME(const float *w, int n, const float *f, float *h, long c, long s) {               \
    hidden_body(w, n, f, h, c, s);                                                                                  \
  }                                                                                                                 \
  TARGET static void margin_##NAME(const float *w, const float *h, float *m, long c, long s) {                      \
    margin_body(w, h, m, c, s);                                                                                     \
  }                                                                                                                 \
  TARGET static void gradient_##NAME(const float *w, int n, int k, const float *x, const uint8_t *l, const float *i, \
                                     int c, float *g) {                                                             \
    gradient_body(w, n, k, x, l, i, c, g);                                                                          \
  }                                                                                                                 \
  TARGET static void box_##NAME(const float *a, float *b, float *s, int w, int h, int r) {                          \
    box_body(a, b, s, w, h, r);                                                                                     \
  }                                                                                                                 \
  TARGET static void diffuse_##NAME(const float *t, const float *d, const float *r, const float *b, float *x,       \
                                    float *s, int w, int h, int n) {                                                \
    diffuse_body(t, d, r, b, x, s, w, h, n);                                                                        \
  }                                                                                                                 \
  static const cpk_track_table table_##NAME = {hidden_##NAME, margin_##NAME, gradient_##NAME, box_##NAME,           \
                                               diffuse_##NAME};

VARIANT(baseline, )
#if defined(__x86_64__)
VARIANT(avx2, __attribute__((target("avx2,fma,bmi2"))))
VARIANT(avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))))
#endif

const cpk_track_table *cpk_track(void) {
#if defined(__x86_64__)
  switch (cpk_current_level()) {
    case CPK_AVX512: return &table_avx512;
    case CPK_AVX2: return &table_avx2;
    default: break;
  }
#endif
  return &table_baseline;
}
