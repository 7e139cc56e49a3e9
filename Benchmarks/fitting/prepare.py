#!/usr/bin/env python3
"""Pictures segmented by people, as segment-samples reads them: prepare.py BSDS500/data FOLDER

Reads images/*/NAME.jpg and groundTruth/*/NAME.mat of BSDS500 (Arbelaez et al. 2011). Writes NAME.ppm, NAME.segs (a label map of 16
bit a person) and NAME.objs (a byte map for each object: a region that two people drew nearly alike, no speck and not most of the
picture; nine at most). Needs numpy, scipy and pillow.
"""
import pathlib
import sys

import numpy as np
import scipy.io
from PIL import Image

AGREED, LEAST, MOST, COUNT = .7, .002, .6, 9


def overlap_with(region, labels):
    """The best overlap of a region with one of another person's."""
    counts = np.bincount(labels[region])
    best = counts.argmax()
    return counts[best] / (region.sum() + (labels == best).sum() - counts[best])


def objects_of(maps):
    objects = []
    for person, labels in enumerate(maps):
        others = maps[:person] + maps[person + 1:]
        for label in np.unique(labels):
            region = labels == label
            if not LEAST * region.size < region.sum() < MOST * region.size:
                continue
            if max((overlap_with(region, other) for other in others), default=0) < AGREED:
                continue
            if all((region & known).sum() <= AGREED * (region | known).sum() for known in objects):
                objects.append(region)
    return objects


def main():
    source, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(3)
    for part in ("train", "val", "test"):
        for truth in sorted((source / "groundTruth" / part).glob("*.mat")):
            people = scipy.io.loadmat(truth)["groundTruth"][0]
            maps = [person["Segmentation"][0, 0].astype(np.int32) for person in people]
            objects = objects_of(maps)
            chosen = [objects[i] for i in rng.permutation(len(objects))[:COUNT]]
            picture = np.array(Image.open(source / "images" / part / (truth.stem + ".jpg")).convert("RGB"))
            name = folder / truth.stem
            Image.fromarray(picture).save(f"{name}.ppm")
            pathlib.Path(f"{name}.segs").write_bytes(np.stack(maps).astype("<u2").tobytes())
            pathlib.Path(f"{name}.objs").write_bytes(np.array(chosen, np.uint8).tobytes())


if __name__ == "__main__":
    main()
