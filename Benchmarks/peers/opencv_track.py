#!/usr/bin/env python3
"""The tracker that OpenCV gives for the asking: the mask carried by DIS flow, then grabCut in a band around it.

    opencv_track.py CLIP [CLIP ...]     folders with frames/ and masks/ (ppm, pgm; labels 0, 1, ...)

Prints J, F and decay of the first object against the truth, for the warp alone and with grabCut, and user CPU seconds a
frame. Scores are those of shared/tools/evaluate.py. Needs numpy and opencv-python-headless.
"""
import math
import pathlib
import resource
import sys

import cv2
import numpy as np

cv2.setNumThreads(1)


def seconds():
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def boundary(m):
    m = m.astype(np.uint8)
    e, s, se = m.copy(), m.copy(), m.copy()
    e[:, :-1], s[:-1], se[:-1, :-1] = m[:, 1:], m[1:], m[1:, 1:]
    b = (m ^ e) | (m ^ s) | (m ^ se)
    b[-1], b[:, -1] = (m ^ e)[-1], (m ^ s)[:, -1]
    b[-1, -1] = 0
    return b.astype(bool)


def boundary_f(truth, guess, tolerance=0.008):
    radius = math.ceil(tolerance * math.hypot(*truth.shape))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    bt, bg = boundary(truth), boundary(guess)
    near_t = cv2.dilate(bt.astype(np.uint8), disc) > 0
    near_g = cv2.dilate(bg.astype(np.uint8), disc) > 0
    if not bt.any() and not bg.any():
        return 1.0
    if not bt.any() or not bg.any():
        return 0.0
    precision, recall = (bg & near_t).sum() / bg.sum(), (bt & near_g).sum() / bt.sum()
    return 0.0 if precision + recall == 0 else 2 * precision * recall / (precision + recall)


def carry(mask, grey, before, flow):
    """`mask` of the frame `before`, looked up where each pixel of `grey` came from."""
    field = flow.calc(grey, before, None)
    height, width = grey.shape
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return cv2.remap(mask, xs + field[..., 0], ys + field[..., 1], cv2.INTER_NEAREST, borderValue=0)


def cut(frame, mask):
    """grabCut where the carried mask's outline may have moved."""
    if mask.sum() < 20:
        return mask
    radius = max(3, int(0.08 * math.sqrt(mask.sum())))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    sure, may = cv2.erode(mask, disc), cv2.dilate(mask, disc)
    trimap = np.full(mask.shape, cv2.GC_BGD, np.uint8)
    trimap[may > 0] = cv2.GC_PR_BGD
    trimap[mask > 0] = cv2.GC_PR_FGD
    trimap[sure > 0] = cv2.GC_FGD
    if not ((trimap & 1) == 1).any() or not ((trimap & 1) == 0).any():
        return mask
    cv2.setRNGSeed(1)
    cv2.grabCut(frame, trimap, None, np.zeros((1, 65)), np.zeros((1, 65)), 2, cv2.GC_INIT_WITH_MASK)
    return ((trimap & 1) == 1).astype(np.uint8)


def track(frames, first, refine):
    flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    greys = [cv2.cvtColor(f, cv2.COLOR_BGR2GRAY) for f in frames]
    masks, start = [first], seconds()
    for t in range(1, len(frames)):
        mask = carry(masks[-1], greys[t], greys[t - 1], flow)
        masks.append(cut(frames[t], mask) if refine else mask)
    return masks, (seconds() - start) / max(1, len(frames) - 1)


def score(truths, masks):
    j, f = [], []
    for truth, mask in list(zip(truths, masks))[1:]:
        if truth is None:
            continue
        truth, mask = truth > 0, mask > 0
        union = (truth | mask).sum()
        j.append(1.0 if union == 0 else (truth & mask).sum() / union)
        f.append(boundary_f(truth, mask))
    quarter = max(1, len(j) // 4)
    return np.mean(j), np.mean(f), np.mean(j[:quarter]) - np.mean(j[-quarter:])


def main():
    print("clip | method | J | F | decay | s a frame")
    means = {"warp": [], "warp + grabCut": []}
    for folder in map(pathlib.Path, sys.argv[1:]):
        paths = sorted((folder / "frames").iterdir())
        frames = [cv2.imread(str(p)) for p in paths]
        truths = []
        for path in paths:
            file = folder / "masks" / (path.stem + ".pgm")
            truths.append((cv2.imread(str(file), cv2.IMREAD_UNCHANGED) == 1).astype(np.uint8) if file.exists() else None)
        for method in means:
            masks, cost = track(frames, truths[0], method != "warp")
            j, f, decay = score(truths, masks)
            means[method].append(j)
            print(f"{folder.name} | {method} | {j:.3f} | {f:.3f} | {decay:.3f} | {cost:.3f}")
    for method, values in means.items():
        print(f"mean | {method} | {np.mean(values):.3f}")


if __name__ == "__main__":
    main()
