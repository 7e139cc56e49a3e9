#!/usr/bin/env python3
"""Fits one table of Segmentation: fit.py SAMPLES_GLOB INPUTS HIDDEN NAME OUT.swift

Rows of INPUTS floats, a target 0..1 and a weight, as segment-samples writes them. One hidden layer of rectified units,
logistic output, cross entropy, Adam; a tenth of the files is kept out for the figures that are printed.
"""
import glob
import sys

import numpy as np


def load(pattern, inputs):
    rows = np.concatenate([np.fromfile(f, "<f4") for f in sorted(glob.glob(pattern))]).reshape(-1, inputs + 2)
    return rows[np.isfinite(rows).all(1)]


def fit(rows, inputs, hidden, epochs=12, batch=1024, seed=1):
    rng = np.random.default_rng(seed)
    held = int(len(rows) * 0.9)
    train, test = rows[:held], rows[held:]
    mean, deviation = train[:, :inputs].mean(0), train[:, :inputs].std(0)
    used = deviation > 1e-5
    deviation[~used] = 1

    def normal(r):
        return (r[:, :inputs] - mean) / deviation * used

    params = [rng.normal(0, np.sqrt(2 / inputs), (hidden, inputs)), np.zeros(hidden),
              rng.normal(0, np.sqrt(1 / hidden), hidden), np.zeros(1)]
    moments = [[np.zeros_like(p), np.zeros_like(p)] for p in params]
    x, y = normal(train).astype(np.float32), train[:, inputs]
    w = train[:, inputs + 1] / train[:, inputs + 1].mean()
    steps, total = 0, epochs * (len(x) // batch)
    for _ in range(epochs):
        for part in np.array_split(rng.permutation(len(x)), max(1, len(x) // batch)):
            steps += 1
            a = x[part] @ params[0].T + params[1]
            h = np.maximum(a, 0)
            p = 1 / (1 + np.exp(-(h @ params[2] + params[3])))
            d = (p - y[part]) * w[part] / len(part)
            dh = np.outer(d, params[2]) * (a > 0)
            grads = [dh.T @ x[part] + 1e-5 * params[0], dh.sum(0), h.T @ d, d.sum(keepdims=True)]
            rate = 4e-3 * 0.5 * (1 + np.cos(np.pi * min(1, steps / total)))
            for q, g, m in zip(params, grads, moments):
                m[0] = 0.9 * m[0] + 0.1 * g
                m[1] = 0.999 * m[1] + 0.001 * g * g
                q -= rate * (m[0] / (1 - 0.9**steps)) / (np.sqrt(m[1] / (1 - 0.999**steps)) + 1e-8)
    for label, part in (("fitted", train), ("held out", test)):
        h = np.maximum(normal(part) @ params[0].T + params[1], 0)
        p = 1 / (1 + np.exp(-(h @ params[2] + params[3])))
        y, w = part[:, inputs], part[:, inputs + 1]
        loss = -(w * (y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))).sum() / w.sum()
        base = (w * y).sum() / w.sum()
        chance = -(base * np.log(base) + (1 - base) * np.log(1 - base))
        corr = np.corrcoef(p, y)[0, 1]
        print(f"{label}: {len(part)} rows, loss {loss:.4f} (constant {chance:.4f}), correlation {corr:.4f}")
    first = params[0] / deviation * used
    bias = params[1] - first @ mean
    return np.concatenate([np.concatenate([np.r_[first[i], bias[i], params[2][i]] for i in range(hidden)]), params[3]])


def write(weights, name, path):
    text = [f"{v:.4g}" for v in weights]
    lines, line = [], "   "
    for t in text:
        if len(line) + len(t) + 2 > 120:
            lines.append(line)
            line = "   "
        line += f" {t},"
    lines.append(line)
    with open(path, "w") as out:
        out.write("extension FittedModels {\n  /// Written by `Benchmarks/fitting/fit.py`.\n")
        out.write(f"  static let {name}Weights: [Float] = [\n" + "\n".join(lines) + "\n  ]\n}\n")


if __name__ == "__main__":
    pattern, inputs, hidden, name, path = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
    np.seterr(over="ignore")
    write(fit(load(pattern, inputs), inputs, hidden), name, path)
