"""The peers of the fill on the evaluation clips, as OpenCV computes them on one thread.

A line for each clip and protocol: user seconds a frame of DIS (medium) in both directions, and of the median of the
frames laid on each other by the camera's motion the PSNR of the whole frame and the flicker inside the hole.
"""
import argparse
import os
import resource
import warnings

import cv2
import numpy as np

REACH, STEP = 45, 3


def user_seconds():
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def pictures(folder, count, flag=cv2.IMREAD_COLOR):
    return [cv2.imread(os.path.join(folder, name), flag) for name in sorted(os.listdir(folder))[:count]]


def flow_seconds(frames):
    engine = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    grey = [cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY) for frame in frames]
    start = user_seconds()
    for first, second in zip(grey, grey[1:]):
        engine.calc(first, second, None)
        engine.calc(second, first, None)
    return (user_seconds() - start) / len(frames)


def camera_step(first, second, hole):
    """The homography from one frame to the next, by corners outside of both holes."""
    known = cv2.erode(np.uint8(hole == 0) * 255, np.ones((9, 9), np.uint8))
    corners = cv2.goodFeaturesToTrack(first, 400, 0.01, 5, mask=known)
    if corners is None:
        return np.eye(3)
    ends, found, _ = cv2.calcOpticalFlowPyrLK(first, second, corners, None)
    homes, back, _ = cv2.calcOpticalFlowPyrLK(second, first, ends, None)
    good = (found[:, 0] == 1) & (back[:, 0] == 1) & (np.linalg.norm(homes - corners, axis=2)[:, 0] < 0.5)
    if good.sum() < 8:
        return np.eye(3)
    fit, _ = cv2.findHomography(corners[good], ends[good], cv2.RANSAC, 1.0)
    return np.eye(3) if fit is None else fit


def median_fill(frames, holes):
    blanked = [np.where(hole[..., None] != 0, 128, frame).astype(np.uint8) for frame, hole in zip(frames, holes)]
    grey = [cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY) for frame in blanked]
    path = [np.eye(3)]
    for index in range(len(frames) - 1):
        path.append(camera_step(grey[index], grey[index + 1], holes[index] | holes[index + 1]) @ path[-1])
    out = []
    for index, frame in enumerate(blanked):
        filled = cv2.inpaint(frame, np.uint8(holes[index] != 0), 3, cv2.INPAINT_TELEA)
        rows, columns = np.nonzero(holes[index])
        place = path[index] @ np.stack([columns, rows, np.ones_like(rows)]).astype(float)
        views = []
        for other in range(index - REACH, index + REACH + 1, STEP):
            if not 0 <= other < len(frames) or other == index:
                continue
            there = path[other] @ np.linalg.inv(path[index]) @ np.stack([columns, rows, np.ones(len(rows))])
            x, y = np.float32(there[:1] / there[2]).T, np.float32(there[1:2] / there[2]).T
            known = np.float32(cv2.erode(np.uint8(holes[other] == 0), np.ones((5, 5), np.uint8)))
            seen = cv2.remap(known, x, y, cv2.INTER_NEAREST, borderValue=0)[:, 0] > 0
            view = cv2.remap(np.float32(frames[other]), x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)[:, 0]
            views.append(np.where(seen[:, None], view, np.nan))
        if views:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # What no view shows stays empty.
                median = np.nanmedian(np.stack(views), axis=0)
            told = ~np.isnan(median[:, 0])
            filled[rows[told], columns[told]] = np.clip(median[told] + 0.5, 0, 255)
        out.append(filled)
    return out


def scores(truth, output, holes):
    errors = [np.mean((np.float64(a) - b) ** 2) for a, b in zip(truth, output)]
    psnr = np.mean([100 if error == 0 else 10 * np.log10(255**2 / error) for error in errors])
    changes = []
    for index in range(1, len(truth)):
        hole = holes[index] != 0
        d = (np.float64(output[index]) - output[index - 1]) - (np.float64(truth[index]) - truth[index - 1])
        if hole.any():
            changes.append(np.abs(d)[hole].mean())
    return psnr, np.mean(changes)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval")
    parser.add_argument("--frames", type=int)
    parser.add_argument("--clips", type=lambda text: text.split(","))
    parser.add_argument("--holes", choices=["still", "moving"])
    args, _ = parser.parse_known_args()
    cv2.setNumThreads(1)
    for protocol in [args.holes] if args.holes else ["still", "moving"]:
        for name in args.clips or sorted(os.listdir(args.eval)):
            place = os.path.join(args.eval, name)
            frames = pictures(os.path.join(place, "frames"), args.frames)
            if protocol == "still":
                holes = [cv2.imread(os.path.join(place, "still.pgm"), cv2.IMREAD_GRAYSCALE)] * len(frames)
            else:
                holes = pictures(os.path.join(place, "moving"), args.frames, cv2.IMREAD_GRAYSCALE)
            psnr, flicker = scores(frames, median_fill(frames, holes), holes)
            print(f"{name}/{protocol} {flow_seconds(frames):.4f} {psnr:.2f} {flicker:.2f}", flush=True)


main()
