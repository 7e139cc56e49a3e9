// Variational refinement with brightness and gradient constancy: T. Brox, A. Bruhn, N. Papenberg, J. Weickert, "High
// Accuracy Optical Flow Estimation Based on a Theory for Warping", ECCV 2004; constraints normalised as by H. Zimmer et
// al., "Optic Flow in Harmony", IJCV 2011.
#include "flow_levels.h"

INLINE void warp(const cpk_flow_level *from, const cpk_flow_level *to, const cpk_flow_grid *flow, float *mean,
                 float *change, float *seen, int first, int last) {
  float right = (float)(to->width - 1), bottom = (float)(to->height - 1);
  for (int y = first; y < last; y++) {
    ptrdiff_t row = (ptrdiff_t)y * from->stride;
    const float *u = flow->u + (ptrdiff_t)y * flow->stride, *v = flow->v + (ptrdiff_t)y * flow->stride;
    for (int x = 0; x < from->width; x++) {
      float px = (float)x + u[x], py = (float)y + v[x];
      float cx = clamp_float(px, -1, right + 1), cy = clamp_float(py, -1, bottom + 1);
      int ix = (int)(cx + 1) - 1, iy = (int)(cy + 1) - 1;
      float fx = cx - (float)ix, fy = cy - (float)iy;
      ptrdiff_t at = (ptrdiff_t)iy * to->stride + ix;
      const float *p = to->image + at;
      float upper = p[0] + (p[1] - p[0]) * fx;
      float lower = p[to->stride] + (p[to->stride + 1] - p[to->stride]) * fx;
      float fetched = upper + (lower - upper) * fy, here = from->image[row + x];
      int inside = px >= 0 && py >= 0 && px <= right && py <= bottom;
      float visible = inside ? 1 : 0;
      if (from->valid) visible *= from->valid[row + x];
      if (to->valid) {
        const float *q = to->valid + at;
        visible *= q[0] * q[1] * (q[to->stride] * q[to->stride + 1]);
      }
      mean[row + x] = (here + fetched) * 0.5f;
      change[row + x] = fetched - here;
      seen[row + x] = visible;
    }
  }
}

INLINE v16 five(const float *p, ptrdiff_t step) {
  return (LOAD(v16, p + step) - LOAD(v16, p - step)) * (8.0f / 12) - (LOAD(v16, p + 2 * step) - LOAD(v16, p - 2 * step)) * (1.0f / 12);
}

INLINE void derive(const float *plane, int width, int stride, float *dx, float *dy, int first, int last) {
  for (int y = first; y < last; y++) {
    ptrdiff_t row = (ptrdiff_t)y * stride;
    for (int x = 0; x < width; x += 16) {
      if (dx) STORE(dx + row + x, five(plane + row + x, 1));
      STORE(dy + row + x, five(plane + row + x, stride));
    }
  }
}

INLINE void split(const float *from, float *even, float *odd) {
  v16 a = LOAD(v16, from), b = LOAD(v16, from + 16);
  STORE(even, EVEN(a, b));
  STORE(odd, ODD(a, b));
}

#define ZETA2 0.01f
#define EPSILON2 1e-6f

// a, b and c of one constraint, divided by the length of (a, b) and multiplied by `seen`.
INLINE void constrain(const float *pa, const float *pb, const float *pc, const float *seen, float *const *out,
                      ptrdiff_t even, ptrdiff_t odd) {
  v16 a0 = LOAD(v16, pa), a1 = LOAD(v16, pa + 16), b0 = LOAD(v16, pb), b1 = LOAD(v16, pb + 16);
  v16 c0 = LOAD(v16, pc), c1 = LOAD(v16, pc + 16);
  v16 s0 = LOAD(v16, seen) / __builtin_elementwise_sqrt(a0 * a0 + b0 * b0 + ZETA2);
  v16 s1 = LOAD(v16, seen + 16) / __builtin_elementwise_sqrt(a1 * a1 + b1 * b1 + ZETA2);
  v16 a[2] = {a0 * s0, a1 * s1}, b[2] = {b0 * s0, b1 * s1}, c[2] = {c0 * s0, c1 * s1};
  STORE(out[0] + even, EVEN(a[0], a[1]));
  STORE(out[0] + odd, ODD(a[0], a[1]));
  STORE(out[1] + even, EVEN(b[0], b[1]));
  STORE(out[1] + odd, ODD(b[0], b[1]));
  STORE(out[2] + even, EVEN(c[0], c[1]));
  STORE(out[2] + odd, ODD(c[0], c[1]));
}

// `planes`: Ix, Iy, It, Ixx, Ixy, Iyy, Itx, Ity.
INLINE void linearise(const float *const planes[8], const float *seen, int stride, const cpk_flow_grid *flow,
                      cpk_flow_system *system, int first, int last) {
  for (int y = first; y < last; y++) {
    ptrdiff_t row = (ptrdiff_t)y * stride;
    ptrdiff_t even = (ptrdiff_t)(2 * y) * system->stride, odd = even + system->stride;
    const float *u = flow->u + (ptrdiff_t)y * flow->stride, *v = flow->v + (ptrdiff_t)y * flow->stride;
    for (int x = 0; x < system->width; x += 16) {
      ptrdiff_t p = row + 2 * x, e = even + x, o = odd + x;
      constrain(planes[0] + p, planes[1] + p, planes[2] + p, seen + p, system->constraint, e, o);
      constrain(planes[3] + p, planes[4] + p, planes[6] + p, seen + p, system->constraint + 3, e, o);
      constrain(planes[4] + p, planes[5] + p, planes[7] + p, seen + p, system->constraint + 6, e, o);
      split(u + 2 * x, system->u0 + e, system->u0 + o);
      split(v + 2 * x, system->v0 + e, system->v0 + o);
      split(u + 2 * x, system->u + e, system->u + o);
      split(v + 2 * x, system->v + e, system->v + o);
    }
  }
}

// Weights from the differences to the right and down, as for one side of a sample; the picture's last column and row
// have no such edge.
INLINE void smoothness(cpk_flow_system *system, cpk_flow_weights weights, int first, int last) {
  ptrdiff_t stride = system->stride;
  // No edges lead out of the picture at the top and the left either.
  if (first == 0) memset(system->down - 2 * stride, 0, (size_t)(stride + system->width) * sizeof(float));
  for (int y = first; y < last; y++) {
    system->right[2 * y * stride - 1] = system->right[(2 * y + 1) * stride - 1] = 0;
    int bottom = y == system->height - 1;
    for (int parity = 0; parity < 2; parity++) {
      ptrdiff_t row = (2 * y + parity) * stride;
      ptrdiff_t next = parity ? 2 * y * stride + 1 : row + stride;
      ptrdiff_t below = bottom ? row : row + 2 * stride;
      for (int x = 0; x < system->width; x += 16) {
        v16 u = LOAD(v16, system->u + row + x), v = LOAD(v16, system->v + row + x);
        v16 ux = LOAD(v16, system->u + next + x) - u, vx = LOAD(v16, system->v + next + x) - v;
        v16 uy = LOAD(v16, system->u + below + x) - u, vy = LOAD(v16, system->v + below + x) - v;
        v16 weight = weights.alpha / __builtin_elementwise_sqrt((ux * ux + vx * vx) + (uy * uy + vy * vy) + EPSILON2);
        STORE(system->right + row + x, weight);
        STORE(system->down + row + x, bottom ? weight * 0.0f : weight);
      }
      // The last column has nothing to its right to differ from.
      if (((system->columns - 1) & 1) == parity) {
        int x = system->columns / 2 - (parity ? 1 : 0);
        float uy = system->u[below + x] - system->u[row + x], vy = system->v[below + x] - system->v[row + x];
        float weight = weights.alpha / __builtin_elementwise_sqrt((uy * uy + vy * vy) + EPSILON2);
        system->down[row + x] = bottom ? 0 : weight;
      }
      for (int x = (system->columns - 1 - parity) / 2; x < system->width; x++) {
        if (2 * x + parity >= system->columns - 1) system->right[row + x] = 0;
        if (2 * x + parity >= system->columns) system->down[row + x] = 0;
      }
    }
  }
}

INLINE void data(cpk_flow_system *system, cpk_flow_weights weights, int first, int last) {
  ptrdiff_t stride = system->stride;
  float *const *k = system->constraint;
  for (int y = first; y < last; y++) {
    for (int parity = 0; parity < 2; parity++) {
      ptrdiff_t row = (2 * y + parity) * stride;
      ptrdiff_t previous = parity ? row - stride : row + stride - 1;
      for (int x = 0; x < system->width; x += 16) {
        ptrdiff_t p = row + x;
        v16 u0 = LOAD(v16, system->u0 + p), v0 = LOAD(v16, system->v0 + p);
        v16 du = LOAD(v16, system->u + p) - u0, dv = LOAD(v16, system->v + p) - v0;
        v16 a = LOAD(v16, k[0] + p), b = LOAD(v16, k[1] + p), c = LOAD(v16, k[2] + p);
        v16 r = a * du + b * dv + c;
        v16 w = weights.delta / __builtin_elementwise_sqrt(r * r + EPSILON2);
        v16 a11 = w * a * a, a12 = w * a * b, a22 = w * b * b, b1 = w * a * c, b2 = w * b * c;
        v16 ax = LOAD(v16, k[3] + p), bx = LOAD(v16, k[4] + p), cx = LOAD(v16, k[5] + p);
        v16 ay = LOAD(v16, k[6] + p), by = LOAD(v16, k[7] + p), cy = LOAD(v16, k[8] + p);
        v16 rx = ax * du + bx * dv + cx, ry = ay * du + by * dv + cy;
        w = weights.gamma / __builtin_elementwise_sqrt((rx * rx + ry * ry) + EPSILON2);
        a11 += w * (ax * ax + ay * ay);
        a12 += w * (ax * bx + ay * by);
        a22 += w * (bx * bx + by * by);
        b1 += w * (ax * cx + ay * cy);
        b2 += w * (bx * cx + by * cy);
        v16 edges = (LOAD(v16, system->right + p) + LOAD(v16, system->right + previous + x)) +
                    (LOAD(v16, system->down + p) + LOAD(v16, system->down + p - 2 * stride));
        edges += 1e-6f;
        STORE(system->a12 + p, a12);
        STORE(system->c1 + p, a11 * u0 + a12 * v0 - b1);
        STORE(system->c2 + p, a12 * u0 + a22 * v0 - b2);
        STORE(system->inverse1 + p, 1.0f / (a11 + edges));
        STORE(system->inverse2 + p, 1.0f / (a22 + edges));
      }
    }
  }
}

INLINE void relax(cpk_flow_system *system, float omega, int colour, int first, int last) {
  ptrdiff_t stride = system->stride;
  float *u = system->u, *v = system->v;
  const float *right = system->right, *down = system->down;
  for (int y = first; y < last; y++) {
    int parity = (y + colour) & 1;
    ptrdiff_t row = (2 * y + parity) * stride;
    ptrdiff_t next = parity ? row - stride + 1 : row + stride, previous = next - 1;
    for (int x = 0; x < system->width; x += 16) {
      ptrdiff_t p = row + x;
      v16 we = LOAD(v16, right + p), ww = LOAD(v16, right + previous + x);
      v16 ws = LOAD(v16, down + p), wn = LOAD(v16, down + p - 2 * stride);
      v16 su = (we * LOAD(v16, u + next + x) + ww * LOAD(v16, u + previous + x)) +
               (ws * LOAD(v16, u + p + 2 * stride) + wn * LOAD(v16, u + p - 2 * stride));
      v16 sv = (we * LOAD(v16, v + next + x) + ww * LOAD(v16, v + previous + x)) +
               (ws * LOAD(v16, v + p + 2 * stride) + wn * LOAD(v16, v + p - 2 * stride));
      v16 a12 = LOAD(v16, system->a12 + p), ou = LOAD(v16, u + p), ov = LOAD(v16, v + p);
      v16 nu = (LOAD(v16, system->c1 + p) - a12 * ov + su) * LOAD(v16, system->inverse1 + p);
      nu = ou + (nu - ou) * omega;
      v16 nv = (LOAD(v16, system->c2 + p) - a12 * nu + sv) * LOAD(v16, system->inverse2 + p);
      nv = ov + (nv - ov) * omega;
      STORE(u + p, nu);
      STORE(v + p, nv);
    }
  }
}

INLINE void gather(const cpk_flow_system *system, cpk_flow_grid *flow, int first, int last) {
  for (int y = first; y < last; y++) {
    ptrdiff_t even = (ptrdiff_t)(2 * y) * system->stride, odd = even + system->stride;
    ptrdiff_t row = (ptrdiff_t)y * flow->stride;
    for (int x = 0; x < system->width; x += 16) {
      v16 u0 = LOAD(v16, system->u + even + x), u1 = LOAD(v16, system->u + odd + x);
      v16 w0 = LOAD(v16, system->v + even + x), w1 = LOAD(v16, system->v + odd + x);
      STORE(flow->u + row + 2 * x, LOW(u0, u1));
      STORE(flow->u + row + 2 * x + 16, HIGH(u0, u1));
      STORE(flow->v + row + 2 * x, LOW(w0, w1));
      STORE(flow->v + row + 2 * x + 16, HIGH(w0, w1));
    }
  }
}

DEFINE_LEVELS(warp,
              (const cpk_flow_level *from, const cpk_flow_level *to, const cpk_flow_grid *flow, float *mean,
               float *change, float *seen, int first, int last),
              (from, to, flow, mean, change, seen, first, last))
DEFINE_LEVELS(derive, (const float *plane, int width, int stride, float *dx, float *dy, int first, int last),
              (plane, width, stride, dx, dy, first, last))
DEFINE_LEVELS(linearise,
              (const float *const planes[8], const float *seen, int stride, const cpk_flow_grid *flow,
               cpk_flow_system *system, int first, int last),
              (planes, seen, stride, flow, system, first, last))
DEFINE_LEVELS(smoothness, (cpk_flow_system *system, cpk_flow_weights weights, int first, int last),
              (system, weights, first, last))
DEFINE_LEVELS(data, (cpk_flow_system *system, cpk_flow_weights weights, int first, int last),
              (system, weights, first, last))
DEFINE_LEVELS(relax, (cpk_flow_system *system, float omega, int colour, int first, int last),
              (system, omega, colour, first, last))
DEFINE_LEVELS(gather, (const cpk_flow_system *system, cpk_flow_grid *flow, int first, int last),
              (system, flow, first, last))
