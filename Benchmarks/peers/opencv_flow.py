"""OpenCV's DIS (medium, one thread) on the cases that flow-benchmark wrote: case, user milliseconds a pair, error."""
import glob
import os
import resource
import sys

import cv2
import numpy as np


def user_seconds():
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def photometric(first, second, flow):
    height, width = first.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    px, py = x + flow[..., 0], y + flow[..., 1]
    inside = (px >= 0) & (py >= 0) & (px < width - 1) & (py < height - 1)
    left, top = np.clip(px.astype(int), 0, width - 2), np.clip(py.astype(int), 0, height - 2)
    fx, fy, s = px - left, py - top, second.astype(np.float32)
    upper = s[top, left] * (1 - fx) + s[top, left + 1] * fx
    lower = s[top + 1, left] * (1 - fx) + s[top + 1, left + 1] * fx
    return np.abs(upper * (1 - fy) + lower * fy - first)[inside]


def main(folder):
    cv2.setNumThreads(1)
    engine = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    for case in sorted(os.listdir(folder)):
        pairs, errors = [], []
        for place in sorted(glob.glob(os.path.join(folder, case, "*"))):
            read = lambda name: cv2.imread(os.path.join(place, name), cv2.IMREAD_GRAYSCALE)
            first, second = read("first.pgm"), read("second.pgm")
            pairs.append((first, second))
            flow = engine.calc(first, second, None)
            if os.path.exists(os.path.join(place, "flow.f32")):
                truth = np.fromfile(os.path.join(place, "flow.f32"), np.float32).reshape(*first.shape, 2)
                errors.append(np.linalg.norm(flow - truth, axis=2)[read("visible.pgm") != 0])
            else:
                errors.append(photometric(first, second, flow))
        rounds = 20 // len(pairs)
        start = user_seconds()
        for _ in range(rounds):
            for first, second in pairs:
                engine.calc(first, second, None)
        milliseconds = (user_seconds() - start) / (rounds * len(pairs)) * 1000
        print(f"{case}\t{milliseconds:.2f}\t{np.concatenate(errors).mean():.4f}")


main(sys.argv[1])
