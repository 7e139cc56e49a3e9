#!/usr/bin/env python3
"""OpenCV's grabCut under the click robot, on the objects that click-benchmark plays.

    opencv_grabcut.py FOLDER [--limit N]     FOLDER holds <clip>/frames/*.ppm and <clip>/masks/*.pgm

The robot clicks the object's innermost pixel, then the innermost pixel of the largest error. A click is a disc of 5 pixels of sure
object or background; within a twelfth of the diagonal of the first click pixels are probable object, beyond a quarter surely
background (of seven such rules the one that serves grabCut best). Prints the overlap after 1, 3 and 5 clicks, with a box around
the object, the clicks to 85 and 90 % (20 at most unless --limit) and user CPU seconds a click. Like ours it finds objects on at most
a million pixels, to which larger frames are reduced; overlaps are taken at full size. Nothing is played beyond five clicks and 90 %.
"""
import argparse
import pathlib
import resource

import cv2
import numpy as np

cv2.setNumThreads(1)
LARGEST = 1_000_000
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


def reduced(image):
    """The image as grabCut is given it, and by how much it is larger."""
    ratio = max(1.0, (image.shape[0] * image.shape[1] / LARGEST) ** .5)
    if ratio == 1:
        return image, ratio
    size = int(image.shape[1] / ratio), int(image.shape[0] / ratio)
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA), ratio


def at_full_size(guess, truth):
    return cv2.resize(guess.astype(np.uint8), truth.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0


def cut(image, hints, box=None):
    cv2.setRNGSeed(1)  # of the first guess at the colours
    models = np.zeros((1, 65)), np.zeros((1, 65))
    mask = hints.copy()
    mode = cv2.GC_INIT_WITH_RECT if box else cv2.GC_INIT_WITH_MASK
    cv2.grabCut(image, mask, box, *models, 3, mode)
    return (mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)


def play(image, truth, limit):
    image, ratio = reduced(image)
    x, y = innermost(truth)
    hints = first_hints(image.shape[:2], (int(x / ratio), int(y / ratio)))
    clicks, overlaps = [(x, y, cv2.GC_FGD)], []
    while len(overlaps) < limit and not (len(overlaps) >= 5 and max(overlaps) >= .9):
        for x, y, value in clicks:
            cv2.circle(hints, (int(x / ratio), int(y / ratio)), 5, value, -1)
        guess = at_full_size(cut(image, hints), truth)
        overlaps.append(overlap(guess, truth))
        missed, extra = largest(truth & ~guess), largest(guess & ~truth)
        if not missed.any() and not extra.any():
            break
        inside = missed.sum() >= extra.sum()
        clicks.append((*innermost(missed if inside else extra), cv2.GC_FGD if inside else cv2.GC_BGD))
    return overlaps


def first_hints(shape, place):
    hints = np.full(shape, cv2.GC_BGD, np.uint8)
    reach = np.hypot(*shape)
    cv2.circle(hints, place, int(reach / 4), cv2.GC_PR_BGD, -1)
    cv2.circle(hints, place, int(reach / 12), cv2.GC_PR_FGD, -1)
    return hints


def boxed(image, truth):
    ys, xs = np.nonzero(truth)
    image, ratio = reduced(image)
    left, top, right, bottom = (int(v / ratio) for v in (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1))
    box = left, top, max(1, right - left), max(1, bottom - top)
    return at_full_size(cut(image, np.zeros(image.shape[:2], np.uint8), box), truth)


def clicks_to(share, overlaps, limit):
    return next((k for k, value in enumerate(overlaps, 1) if value >= share), limit)


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
        click = (seconds() - start) / len(overlaps)
        rows.append([*(overlaps[min(k, len(overlaps)) - 1] for k in (1, 3, 5)), overlap(boxed(image, truth), truth),
                     *(clicks_to(share, overlaps, args.limit) for share in (.85, .9)), click])
        print(f"grabCut {name:22s} " + " ".join(f"{v:.3f}" for v in rows[-1]), flush=True)
    mean = np.mean(rows, axis=0)
    print(f"grabCut mean of {len(rows)}: after 1, 3, 5 clicks {mean[0]:.3f} {mean[1]:.3f} {mean[2]:.3f}, box {mean[3]:.3f}, "
          f"NoC85 {mean[4]:.1f}, NoC90 {mean[5]:.1f}, {mean[6]:.3f} s a click")


if __name__ == "__main__":
    main()
