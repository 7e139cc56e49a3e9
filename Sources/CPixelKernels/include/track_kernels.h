#pragma once
#include <stdint.h>
#include "cpu_level.h"

// Kernels of Tracking. Planes are row-major floats without padding; lanes are pixels or samples, and every sum
// runs in the order of the scalar reference, so that all CPU levels agree bit for bit.

enum {
  CPK_TRACK_HIDDEN1 = 32,
  CPK_TRACK_HIDDEN2 = 16,
  CPK_TRACK_HEAD_HIDDEN = 16,
  CPK_TRACK_PLACE = 5,  // x, y, x^2, y^2, xy
  CPK_TRACK_HEAD = 17 + 21 * 16 + 16 + 17,
};

// Parameters of the two hidden layers, in this order: inputs x HIDDEN1 weights, HIDDEN1 biases, HIDDEN1 x HIDDEN2
// weights, HIDDEN2 biases; then a head of HEAD parameters for each object: HIDDEN2 weights and a bias of a linear unit
// (the look), (HIDDEN2 + PLACE) x HEAD_HIDDEN weights and their biases of a layer that knows the place as well, and
// HEAD_HIDDEN weights and a bias of its output, which adds to the look.
typedef struct {
  // Hidden activations of `count` pixels: input i of pixel p at features[i * stride + p], unit j to
  // hidden[j * stride + p].
  void (*hidden)(const float *weights, int inputs, const float *features, float *hidden, long count, long stride);
  // One object's log-odds against the background of `count` pixels, by look alone and with the place: unit j of
  // pixel p at hidden[j * stride + p], at (xs[p], y) in the object's own coordinates.
  void (*margin)(const float *head, const float *hidden, long stride, const float *xs, float y, float *look,
                 float *full, long count);
  // Adds to `gradient` (laid out as the parameters) that of the weighted cross entropies of both log-odds over `count`
  // samples, a multiple of 16: input i of sample s at inputs[i * count + s], its place for object k (from 0) at
  // places[2 * k * count + s] and places[(2 * k + 1) * count + s], label 0 background, k + 1 object k.
  void (*gradient)(const float *weights, int inputs, int objects, const float *samples, const float *places,
                   const uint8_t *labels, const float *importance, int count, float *gradient);
  // Mean over a (2 * radius + 1)^2 window, cut at the borders. `scratch` holds width * height floats.
  void (*box_mean)(const float *source, float *target, float *scratch, int width, int height, int radius);
  // `rounds` Chebyshev-accelerated Jacobi rounds on: data * (x - target) + sum of weights * (x - neighbour) = 0.
  // `right` and `down` couple a pixel to its neighbour; the last row of `down` is 0. `scratch` holds 2 * width * height floats.
  void (*diffuse)(const float *target, const float *data, const float *right, const float *down, float *x,
                  float *scratch, int width, int height, int rounds);
} cpk_track_table;

const cpk_track_table *cpk_track(void);
