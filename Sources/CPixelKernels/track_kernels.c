#include "cpu_variants.h"
#include "include/track_kernels.h"
#include <string.h>
#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))
enum { LANES = 16, H1 = CPK_TRACK_HIDDEN1, H2 = CPK_TRACK_HIDDEN2,
       PLACE = CPK_TRACK_PLACE, HP = CPK_TRACK_HEAD_HIDDEN, BLOCK = 8 };
// A head: a linear unit over the hidden layer, then a layer over hidden layer and place, then its output unit.
enum { LINEAR = H2 + 1, IN = H2 + PLACE, LAYER = IN * HP + HP, HEAD = CPK_TRACK_HEAD };
_Static_assert(HEAD == LINEAR + LAYER + HP + 1, "the header tells the size of a head");
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

// Appends the place (x, y) to the head's inputs.
INLINE void place_inputs(const lanes *x, const lanes *y, lanes *in) {
  in[H2] = *x;
  in[H2 + 1] = *y;
  in[H2 + 2] = *x * *x;
  in[H2 + 3] = *y * *y;
  in[H2 + 4] = *x * *y;
}

// Log-odds without (`look`) and with (`full`) the place; `in` holds the hidden layer and the place, `units` receives the
// head's own layer.
INLINE void head_columns(const float *head, const lanes *in, lanes *units, lanes *look, lanes *full) {
  lanes z = (lanes){0} + head[H2];
  for (int j = 0; j < H2; j++) z += in[j] * head[j];
  const float *layer = head + LINEAR, *out = layer + LAYER;
  dense(layer, layer + IN * HP, (const float *)in, LANES, IN, HP, units);
  *look = z;
  z += out[HP];
  for (int j = 0; j < HP; j++) {
    leaky(&units[j]);
    z += units[j] * out[j];
  }
  *full = z;
}

INLINE void margin_body(const float *head, const float *hidden, long stride, const float *xs, float y, float *look,
                        float *full, long count) {
  lanes in[IN], units[HP], zl, zf;
  for (long p = 0; p < count; p += LANES) {
    int n = count - p < LANES ? (int)(count - p) : LANES;
    lanes px = {0}, py = (lanes){0} + y;
    for (int j = 0; j < H2; j++) {
      in[j] = (lanes){0};
      memcpy(&in[j], hidden + j * stride + p, n * sizeof(float));
    }
    memcpy(&px, xs + p, n * sizeof(float));
    place_inputs(&px, &py, in);
    head_columns(head, in, units, &zl, &zf);
    memcpy(look + p, &zl, n * sizeof(float));
    memcpy(full + p, &zf, n * sizeof(float));
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

// Adds one head's gradient and, to `d2`, that of the hidden layer before its slope.
INLINE void head_gradient(const float *head, const lanes *in, const lanes *units, const lanes *look, const lanes *full,
                          float *g, lanes *d2) {
  lanes both = *look + *full, du[HP];
  outer((const float *)in, LANES, H2, &both, 1, g, g + H2);
  const float *layer = head + LINEAR, *out = layer + LAYER;
  float *glayer = g + LINEAR, *gout = glayer + LAYER;
  outer((const float *)units, LANES, HP, full, 1, gout, gout + HP);
  for (int j = 0; j < HP; j++) {
    du[j] = *full * out[j];
    scale_by_slope(&du[j], &units[j]);
  }
  outer((const float *)in, LANES, IN, du, HP, glayer, glayer + IN * HP);
  for (int i = 0; i < H2; i++) {
    d2[i] += both * head[i];
    for (int j = 0; j < HP; j++) d2[i] += du[j] * layer[i * HP + j];
  }
}

INLINE void load_place(const float *places, int k, int count, int s, lanes *in) {
  const lanes x = *(const lanes *)(places + (2L * k) * count + s);
  const lanes y = *(const lanes *)(places + (2L * k + 1) * count + s);
  place_inputs(&x, &y, in);
}

INLINE void gradient_body(const float *weights, int inputs, int objects, const float *samples, const float *places,
                          const uint8_t *labels, const float *importance, int count, float *gradient) {
  const float *w2 = weights + inputs * H1 + H1, *heads = w2 + H1 * H2 + H2;
  float *g2 = gradient + (w2 - weights), *gheads = gradient + (heads - weights);
  lanes h1[H1], in[IN], units[HP], d1[H1], d2[H2], look[255], full[255];
  for (int s = 0; s < count; s += LANES) {
    hidden_columns(weights, inputs, samples + s, count, h1, in);
    lanes look_sum = (lanes){0} + 1.0f, full_sum = look_sum;
    for (int k = 0; k < objects; k++) {
      load_place(places, k, count, s, in);
      head_columns(heads + k * HEAD, in, units, &look[k], &full[k]);
      exponential(&look[k]);
      exponential(&full[k]);
      look_sum += look[k];
      full_sum += full[k];
    }
    lanes weight = *(const lanes *)(importance + s);
    for (int j = 0; j < H2; j++) d2[j] = (lanes){0};
    for (int k = 0; k < objects; k++) {
      lanes hit, unused_look, unused_full;
      for (int l = 0; l < LANES; l++) hit[l] = labels[s + l] == k + 1 ? 1.0f : 0.0f;
      lanes dl = (look[k] / look_sum - hit) * weight, df = (full[k] / full_sum - hit) * weight;
      load_place(places, k, count, s, in);
      head_columns(heads + k * HEAD, in, units, &unused_look, &unused_full);
      head_gradient(heads + k * HEAD, in, units, &dl, &df, gheads + k * HEAD, d2);
    }
    for (int j = 0; j < H2; j++) scale_by_slope(&d2[j], &in[j]);
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
  TARGET static void margin_##NAME(const float *w, const float *h, long s, const float *x, float y, float *l,       \
                                   float *f, long c) {                                                              \
    margin_body(w, h, s, x, y, l, f, c);                                                                            \
  }                                                                                                                 \
  TARGET static void gradient_##NAME(const float *w, int n, int k, const float *x, const float *p, const uint8_t *l,\
                                     const float *i, int c, float *g) {                                             \
    gradient_body(w, n, k, x, p, l, i, c, g);                                                                       \
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

CPK_EACH_LEVEL(VARIANT)

const cpk_track_table *cpk_track(void) {
  switch (cpk_current_level()) {
    case CPK_AVX512: return &table_avx512;
    case CPK_AVX2: return &table_avx2;
    default: return &table_baseline;
  }
}
