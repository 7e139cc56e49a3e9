// Dense inverse search and densification: T. Kroeger, R. Timofte, D. Dai, L. Van Gool, "Fast Optical Flow using Dense
// Inverse Search", ECCV 2016.
#include "flow_levels.h"

#define SIDE CPK_FLOW_PATCH
#define FEWEST_SEEN 16.0f

typedef struct {
  float count, d, dd, gxd, gyd;      // sums over the patch of the difference and its products
  float gx, gy, gxx, gxy, gyy;       // sums of the template's derivatives
} sums;

// The sums of four vectors, each pairwise in the same order.
INLINE v4 sums_of(v8 a, v8 b, v8 c, v8 d) {
  v8 ab = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  v8 cd = __builtin_shufflevector(c, d, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(c, d, 4, 5, 6, 7, 12, 13, 14, 15);
  v8 even = __builtin_shufflevector(ab, cd, 0, 2, 4, 6, 8, 10, 12, 14);
  v8 odd = __builtin_shufflevector(ab, cd, 1, 3, 5, 7, 9, 11, 13, 15);
  v8 pair = even + odd;
  return __builtin_shufflevector(pair, pair, 0, 2, 4, 6) + __builtin_shufflevector(pair, pair, 1, 3, 5, 7);
}

typedef struct {
  const float *at;
  ptrdiff_t offset;  // of `at` from sample (0, 0)
  float fx, fy;
} place;

// Where the patch at (x, y) moved by (u, v) begins in `to`, kept within the border.
INLINE place locate(const cpk_flow_level *to, int x, int y, float u, float v) {
  float px = clamp_float((float)x + u, -SIDE, (float)(to->width - 1));
  float py = clamp_float((float)y + v, -SIDE, (float)(to->height - 1));
  int ix = (int)(px + 16) - 16, iy = (int)(py + 16) - 16;
  ptrdiff_t offset = (ptrdiff_t)iy * to->stride + ix;
  return (place){to->image + offset, offset, px - (float)ix, py - (float)iy};
}

INLINE v8 across(const float *row, float fx) {
  v8 left = LOAD(v8, row), right = LOAD(v8, row + 1);
  return left + (right - left) * fx;
}

INLINE void template_sums(const cpk_flow_level *from, ptrdiff_t offset, sums *s) {
  v8 gx = {0}, gy = {0}, gxx = {0}, gxy = {0}, gyy = {0};
  for (int r = 0; r < SIDE; r++) {
    v8 x = LOAD(v8, from->gx + offset + r * from->stride), y = LOAD(v8, from->gy + offset + r * from->stride);
    gx += x;
    gy += y;
    gxx += x * x;
    gxy += x * y;
    gyy += y * y;
  }
  v4 first = sums_of(gx, gy, gxx, gxy), second = sums_of(gyy, gyy, gyy, gyy);
  s->count = SIDE * SIDE;
  s->gx = first[0];
  s->gy = first[1];
  s->gxx = first[2];
  s->gxy = first[3];
  s->gyy = second[0];
}

INLINE void compare(const cpk_flow_level *from, ptrdiff_t offset, const cpk_flow_level *to, place p, sums *s) {
  v8 d = {0}, dd = {0}, gxd = {0}, gyd = {0};
  v8 upper = across(p.at, p.fx);
  for (int r = 0; r < SIDE; r++) {
    ptrdiff_t row = offset + r * from->stride;
    v8 lower = across(p.at + (r + 1) * to->stride, p.fx);
    v8 difference = upper + (lower - upper) * p.fy - LOAD(v8, from->image + row);
    d += difference;
    dd += difference * difference;
    gxd += difference * LOAD(v8, from->gx + row);
    gyd += difference * LOAD(v8, from->gy + row);
    upper = lower;
  }
  v4 all = sums_of(d, dd, gxd, gyd);
  s->d = all[0];
  s->dd = all[1];
  s->gxd = all[2];
  s->gyd = all[3];
}

// 1 where a sample of the patch is seen in both pictures.
INLINE v8 seen_in_both(const cpk_flow_level *from, ptrdiff_t row, const cpk_flow_level *to, place p, int r) {
  v8 seen = from->valid ? LOAD(v8, from->valid + row) : (v8){1, 1, 1, 1, 1, 1, 1, 1};
  if (to->valid) {
    const float *upper = to->valid + p.offset + r * to->stride, *lower = upper + to->stride;
    seen *= LOAD(v8, upper) * LOAD(v8, upper + 1) * (LOAD(v8, lower) * LOAD(v8, lower + 1));
  }
  return seen;
}

INLINE void compare_seen(const cpk_flow_level *from, ptrdiff_t offset, const cpk_flow_level *to, place p, sums *s) {
  v8 n = {0}, d = {0}, dd = {0}, gxd = {0}, gyd = {0}, gx = {0}, gy = {0}, gxx = {0}, gxy = {0}, gyy = {0};
  for (int r = 0; r < SIDE; r++) {
    ptrdiff_t row = offset + r * from->stride;
    v8 upper = across(p.at + r * to->stride, p.fx), lower = across(p.at + (r + 1) * to->stride, p.fx);
    v8 seen = seen_in_both(from, row, to, p, r);
    v8 difference = (upper + (lower - upper) * p.fy - LOAD(v8, from->image + row)) * seen;
    v8 x = LOAD(v8, from->gx + row) * seen, y = LOAD(v8, from->gy + row) * seen;
    n += seen;
    d += difference;
    dd += difference * difference;
    gxd += difference * x;
    gyd += difference * y;
    gx += x;
    gy += y;
    gxx += x * x;
    gxy += x * y;
    gyy += y * y;
  }
  v4 first = sums_of(d, dd, gxd, gyd), second = sums_of(gx, gy, gxx, gxy), third = sums_of(gyy, n, n, n);
  *s = (sums){third[1], first[0], first[1], first[2], first[3], second[0], second[1], second[2], second[3], third[0]};
}

// The mean squared difference after taking out the mean, or a negative number where too little is seen.
INLINE float match(const cpk_flow_level *from, ptrdiff_t offset, int from_touched, const cpk_flow_level *to, int x,
                   int y, float u, float v, sums *s) {
  place p = locate(to, x, y, u, v);
  if (from_touched || (to->touched && to->touched[p.offset])) {
    compare_seen(from, offset, to, p, s);
    if (s->count < FEWEST_SEEN) return -1;
  } else {
    if (to->touched) template_sums(from, offset, s);
    compare(from, offset, to, p, s);
  }
  float share = 1 / s->count;
  float residual = (s->dd - s->d * s->d * share) * share;
  return residual > 0 ? residual : 0;
}

// Gauss-Newton on the displacement; leaves the best that was met and returns its residual.
INLINE float descend(const cpk_flow_level *from, ptrdiff_t offset, int from_touched, const cpk_flow_level *to, int x,
                     int y, cpk_flow_search settings, float *u, float *v, float residual, sums s) {
  float bu = *u, bv = *v;
  for (int i = 0; i < settings.iterations; i++) {
    float share = 1 / s.count;
    float hxx = s.gxx - s.gx * s.gx * share, hxy = s.gxy - s.gx * s.gy * share, hyy = s.gyy - s.gy * s.gy * share;
    float ex = s.gxd - s.gx * s.d * share, ey = s.gyd - s.gy * s.d * share;
    hxx += 1;
    hyy += 1;
    float determinant = hxx * hyy - hxy * hxy;
    if (!(determinant > 1e-3f)) break;
    float du = (hyy * ex - hxy * ey) / determinant, dv = (hxx * ey - hxy * ex) / determinant;
    float nu = bu - du, nv = bv - dv;
    float wx = nu - *u, wy = nv - *v;
    if (!(wx * wx + wy * wy < SIDE * SIDE)) break;
    float next = match(from, offset, from_touched, to, x, y, nu, nv, &s);
    if (next < 0 || !(next < residual)) break;
    residual = next;
    bu = nu;
    bv = nv;
    if (du * du + dv * dv < settings.settled) break;
  }
  *u = bu;
  *v = bv;
  return residual;
}

INLINE void interpolate(const cpk_flow_grid *grid, float x, float y, float *u, float *v) {
  x = clamp_float(x, 0, (float)(grid->width - 1));
  y = clamp_float(y, 0, (float)(grid->height - 1));
  int ix = (int)x, iy = (int)y;
  int right = ix + 1 < grid->width, down = iy + 1 < grid->height ? grid->stride : 0;
  float fx = x - (float)ix, fy = y - (float)iy;
  const float *pu = grid->u + (ptrdiff_t)iy * grid->stride + ix, *pv = grid->v + (ptrdiff_t)iy * grid->stride + ix;
  float uu = pu[0] + (pu[right] - pu[0]) * fx, ul = pu[down] + (pu[down + right] - pu[down]) * fx;
  float vu = pv[0] + (pv[right] - pv[0]) * fx, vl = pv[down] + (pv[down + right] - pv[down]) * fx;
  *u = uu + (ul - uu) * fy;
  *v = vu + (vl - vu) * fy;
}

INLINE int patch_origin(int index, int stride, int size) {
  int origin = index * stride;
  return origin < size - SIDE ? origin : size - SIDE;
}

typedef struct {
  float u, v, residual;
  sums at;
} candidate;

INLINE void consider(const cpk_flow_level *from, ptrdiff_t offset, int from_touched, const cpk_flow_level *to, int x,
                     int y, float u, float v, candidate *best) {
  if (u == best->u && v == best->v) return;
  sums s = best->at;
  float residual = match(from, offset, from_touched, to, x, y, u, v, &s);
  if (residual >= 0 && (best->residual < 0 || residual < best->residual)) *best = (candidate){u, v, residual, s};
}

INLINE void search(const cpk_flow_level *from, const cpk_flow_level *to, const cpk_flow_grid *coarse,
                   const cpk_flow_grid *initial, cpk_flow_search settings, cpk_flow_grid *patches, float *trust,
                   int first, int last) {
  int across_count = patches->width, stride = patches->stride;
  for (int pass = 0; pass < 2; pass++) {
    int step = pass ? -1 : 1;
    for (int j = pass ? last - 1 : first; pass ? j >= first : j < last; j += step) {
      int y = patch_origin(j, settings.stride, from->height);
      int has_row = pass ? j + 1 < last : j > first;
      for (int i = pass ? across_count - 1 : 0; pass ? i >= 0 : i < across_count; i += step) {
        int x = patch_origin(i, settings.stride, from->width);
        ptrdiff_t offset = (ptrdiff_t)y * from->stride + x;
        int index = j * stride + i;
        int from_touched = from->touched && from->touched[offset];
        int has_column = pass ? i + 1 < across_count : i > 0;
        candidate best = {0};
        if (!from_touched) template_sums(from, offset, &best.at);
        if (pass) {
          best.u = patches->u[index];
          best.v = patches->v[index];
        } else if (coarse->u) {
          interpolate(coarse, (float)x * 0.5f + 1.5f, (float)y * 0.5f + 1.5f, &best.u, &best.v);
          best.u *= 2;
          best.v *= 2;
        }
        best.residual = match(from, offset, from_touched, to, x, y, best.u, best.v, &best.at);
        float su = best.u, sv = best.v;
        if (!pass && initial->u) {
          float u, v;
          interpolate(initial, (float)x + 3.5f, (float)y + 3.5f, &u, &v);
          consider(from, offset, from_touched, to, x, y, u, v, &best);
        }
        if (has_column)
          consider(from, offset, from_touched, to, x, y, patches->u[index - step], patches->v[index - step], &best);
        if (has_row)
          consider(from, offset, from_touched, to, x, y, patches->u[index - step * stride],
                   patches->v[index - step * stride], &best);
        int moved = best.u != su || best.v != sv;
        if (best.residual >= 0 && (!pass || moved))
          best.residual =
              descend(from, offset, from_touched, to, x, y, settings, &best.u, &best.v, best.residual, best.at);
        patches->u[index] = best.u;
        patches->v[index] = best.v;
        trust[index] = best.residual >= 0 ? 1 : 0;
      }
    }
  }
}

INLINE v8 absolute(v8 x) {
  v8 negative = -x;
  return __builtin_elementwise_max(x, negative);
}

INLINE void spread(const cpk_flow_level *from, const cpk_flow_level *to, int x, int y, float u, float v, float trust,
                   float *scratch, int plane, int row_stride, int first, int last) {
  place p = locate(to, x, y, u, v);
  int begin = first > y ? first - y : 0, end = last - y < SIDE ? last - y : SIDE;
  ptrdiff_t offset = (ptrdiff_t)y * from->stride + x;
  int touched = (from->touched && from->touched[offset]) || (to->touched && to->touched[p.offset]);
  v8 one = {1, 1, 1, 1, 1, 1, 1, 1};
  float most = trust > 0 ? 1.0f : 1e-3f;
  v8 upper = across(p.at + begin * to->stride, p.fx);
  for (int r = begin; r < end; r++) {
    ptrdiff_t row = offset + r * from->stride;
    v8 lower = across(p.at + (r + 1) * to->stride, p.fx);
    v8 difference = absolute(upper + (lower - upper) * p.fy - LOAD(v8, from->image + row));
    upper = lower;
    v8 weight = most / __builtin_elementwise_max(difference, one);
    if (touched) {
      v8 seen = seen_in_both(from, row, to, p, r);
      weight = weight * seen + (one - seen) * 1e-3f;
    }
    float *out = scratch + (ptrdiff_t)(y + r - first) * row_stride + x;
    STORE(out, LOAD(v8, out) + weight);
    STORE(out + plane, LOAD(v8, out + plane) + weight * u);
    STORE(out + 2 * plane, LOAD(v8, out + 2 * plane) + weight * v);
  }
}

INLINE void densify(const cpk_flow_level *from, const cpk_flow_level *to, const cpk_flow_grid *patches,
                    const float *trust, int stride, cpk_flow_grid *dense, float *scratch, int first, int last) {
  int plane = (last - first) * dense->stride;
  memset(scratch, 0, (size_t)plane * 3 * sizeof(float));
  for (int j = 0; j < patches->height; j++) {
    int y = patch_origin(j, stride, from->height);
    if (y + SIDE <= first || y >= last) continue;
    for (int i = 0; i < patches->width; i++) {
      int index = j * patches->stride + i;
      spread(from, to, patch_origin(i, stride, from->width), y, patches->u[index], patches->v[index], trust[index],
             scratch, plane, dense->stride, first, last);
    }
  }
  for (int y = first; y < last; y++) {
    const float *in = scratch + (ptrdiff_t)(y - first) * dense->stride;
    float *u = dense->u + (ptrdiff_t)y * dense->stride, *v = dense->v + (ptrdiff_t)y * dense->stride;
    for (int x = 0; x < dense->width; x++) {
      float share = 1 / in[x];
      u[x] = in[x + plane] * share;
      v[x] = in[x + 2 * plane] * share;
    }
  }
}

DEFINE_LEVELS(search,
              (const cpk_flow_level *from, const cpk_flow_level *to, const cpk_flow_grid *coarse,
               const cpk_flow_grid *initial, cpk_flow_search settings, cpk_flow_grid *patches, float *trust,
               int first, int last),
              (from, to, coarse, initial, settings, patches, trust, first, last))
DEFINE_LEVELS(densify,
              (const cpk_flow_level *from, const cpk_flow_level *to, const cpk_flow_grid *patches,
               const float *trust, int stride, cpk_flow_grid *dense, float *scratch, int first, int last),
              (from, to, patches, trust, stride, dense, scratch, first, last))
