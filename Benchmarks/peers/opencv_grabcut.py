#!/usr/bin/env python3
"""OpenCV's grabCut under the click robot, on the objects that click-benchmark plays.

    opencv_grabcut.py FOLDER [--limit N]     FOLDER holds <clip>/frames/*.ppm and <clip>/masks/*.pgm

The robot clicks the object's innermost pixel, then the innermost pixel of the largest error. A click is a disc of 5 pixels of sure
object or background; within a twelfth of the diagonal of the first click pixels are probable object, beyond a quarter surely
background (of seven such rules the one that serves grabCut best). Prints the overlap after 1, 3 and 5 clicks, with a box around
the object, the clicks to 85 and 90 % (20 at most unless --limit) and user CPU seconds a click.
"""
import argparse
import pathlib
import resource

import cv2
import numpy as np

cv2.setNumThreads(1)
CLIPS = [("car-shadow", ["00000", "00020"]), ("bmx-trees", ["00000", "00040"]), ("judo", []), ("bike", []),
         ("market", []), ("crowd", [])]


def seconds():
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def overlap(a, b):
    union = (a | b).sum()
    return 1.0 if union == 0 else (a & b).sum() / union


def innermost(mask):
    padded = np.pad(mask.astype(np.uint8), 1)
    distance = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1]
    y, x = np.unravel_index(distance.argmax(), distance.shape)
    return x, y


def largest(mask):
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax() if count > 1 else mask


def cut(image, hints, box=None):
    models = np.zeros((1, 65)), np.zeros((1, 65))
    mask = hints.copy()
    mode = cv2.GC_INIT_WITH_RECT if box else cv2.GC_INIT_WITH_MASK
    cv2.grabCut(image, mask, box, *models, 3, mode)
    return (mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)


def play(image, truth, limit):
    height, width = truth.shape
    hints = np.empty(truth.shape, np.uint8)
    x, y = innermost(truth)
    reach = np.hypot(width, height)
    hints[:] = cv2.GC_BGD
    cv2.circle(hints, (int(x), int(y)), int(reach / 4), cv2.GC_PR_BGD, -1)
    cv2.circle(hints, (int(x), int(y)), int(reach / 12), cv2.GC_PR_FGD, -1)
    clicks, overlaps = [(x, y, cv2.GC_FGD)], []
    while len(overlaps) < limit:
        for x, y, value in clicks:
            cv2.circle(hints, (int(x), int(y)), 5, value, -1)
        guess = cut(image, hints)
        overlaps.append(overlap(guess, truth))
        missed, extra = largest(truth & ~guess), largest(guess & ~truth)
        if not missed.any() and not extra.any():
            break
        inside = missed.sum() >= extra.sum()
        clicks.append((*innermost(missed if inside else extra), cv2.GC_FGD if inside else cv2.GC_BGD))
    return overlaps + [overlaps[-1]] * (limit - len(overlaps))


def clicks_to(share, overlaps):
    return next((k for k, value in enumerate(overlaps, 1) if value >= share), len(overlaps))


def objects(folder):
    for clip, names in CLIPS:
        for path in sorted((folder / clip / "masks").glob("*.pgm")):
            if names and path.stem not in names:
                continue
            labels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
            scene = path.stem == "mask"
            image = cv2.imread(str(folder / clip / "frames" / (("frame" if scene else path.stem) + ".ppm")))
            if image.shape[:2] != labels.shape:
                continue
            things = []
            for label in np.unique(labels):
                truth = labels == label
                area = int(truth.sum())
                if label in (0, 255) or area < 100:
                    continue
                if scene and (area * 20 > labels.size or largest(truth).sum() * 100 < area * 95):
                    continue
                things.append((area, label, truth))
            if scene:
                things = sorted(things, key=lambda t: -t[0])[:11]
            for _, label, truth in things:
                yield f"{clip}/{path.stem}#{label}", image, truth


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--limit", type=int, default=20)
    args = parser.parse_args()
    rows = []
    for name, image, truth in objects(args.folder):
        start = seconds()
        overlaps = play(image, truth, args.limit)
        click = (seconds() - start) / args.limit
        ys, xs = np.nonzero(truth)
        box = (int(xs.min()), int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1)
        boxed = overlap(cut(image, np.zeros(truth.shape, np.uint8), box), truth)
        rows.append([*(overlaps[min(k, args.limit) - 1] for k in (1, 3, 5)), boxed,
                     *(clicks_to(share, overlaps) for share in (.85, .9)), click])
        print(f"grabCut {name:22s} " + " ".join(f"{v:.3f}" for v in rows[-1]), flush=True)
    mean = np.mean(rows, axis=0)
    print(f"grabCut mean of {len(rows)}: after 1, 3, 5 clicks {mean[0]:.3f} {mean[1]:.3f} {mean[2]:.3f}, box {mean[3]:.3f}, "
          f"NoC85 {mean[4]:.1f}, NoC90 {mean[5]:.1f}, {mean[6]:.3f} s a click")


if __name__ == "__main__":
    main()
