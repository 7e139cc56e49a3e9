#!/usr/bin/env python3
"""Pictures segmented by people, as segment-samples reads them: prepare.py KIND SOURCE FOLDER

Kinds, and what SOURCE is of each:
  bsds         BSDS500/data: images/*/NAME.jpg and groundTruth/*/NAME.mat (Arbelaez et al. 2011); mostly parts of things
  coco         coco128-seg: images/*/NAME.jpg and labels/*/NAME.txt, polygons (Lin et al. 2014); whole things
  instances    COCO as its authors offer it: annotations/instances_PART.json and PART/NAME.jpg
  salient      ECSSD: images/NAME.jpg and ground_truth_mask/NAME.png (Yan et al. 2013); the whole things that catch the eye
  pedestrians  PennFudanPed: PNGImages/NAME.png and PedMasks/NAME_mask.png (Wang et al. 2007)
  horses       weizmann_horse_db: rgb/NAME.jpg and figure_ground/NAME.jpg (Borenstein and Ullman 2002)

Writes NAME.ppm, NAME.segs (a label map of 16 bit a person; empty but for bsds) and NAME.objs (a byte map for each object, nine at
most, no speck and not most of the picture). Needs numpy and pillow, and scipy for bsds and salient.
"""
import json
import pathlib
import sys

import numpy as np
from PIL import Image, ImageDraw

AGREED, LEAST, MOST, COUNT, LONGEST, APART = .7, .002, .75, 9, 640, .1


def overlap_with(region, labels):
    """The best overlap of a region with one of another person's."""
    counts = np.bincount(labels[region])
    best = counts.argmax()
    return counts[best] / (region.sum() + (labels == best).sum() - counts[best])


def agreed(maps):
    """The regions that two people drew nearly alike."""
    for person, labels in enumerate(maps):
        others = maps[:person] + maps[person + 1:]
        for label in np.unique(labels):
            region = labels == label
            if max((overlap_with(region, other) for other in others), default=0) >= AGREED:
                yield region


def reduced(picture, *masks):
    """The picture and its masks with no side longer than LONGEST."""
    scale = min(1, LONGEST / max(picture.size))
    size = tuple(round(side * scale) for side in picture.size)
    return [np.array(picture.convert("RGB").resize(size, Image.LANCZOS))] + [np.array(m.resize(size, Image.NEAREST)) for m in masks]


def bsds(source):
    import scipy.io
    for truth in sorted(source.glob("groundTruth/*/*.mat")):
        people = scipy.io.loadmat(truth)["groundTruth"][0]
        maps = [person["Segmentation"][0, 0].astype(np.int32) for person in people]
        picture = Image.open(source / "images" / truth.parent.name / (truth.stem + ".jpg"))
        yield truth.stem, np.array(picture.convert("RGB")), agreed(maps), maps


def outlined(picture, polygons):
    """The mask of what polygons enclose."""
    mask = Image.new("L", picture.size)
    for polygon in polygons:
        ImageDraw.Draw(mask).polygon(list(polygon), fill=1)
    return mask


def coco(source):
    for path in sorted(source.glob("images/*/*.jpg")):
        labels = source / "labels" / path.parent.name / (path.stem + ".txt")
        if not labels.exists():
            continue
        picture, masks = Image.open(path), []
        for line in labels.read_text().splitlines():
            corners = np.array(line.split()[1:], float).reshape(-1, 2) * picture.size
            masks.append(outlined(picture, [corners.ravel()]))
        pixels, *masks = reduced(picture, *masks)
        yield path.stem, pixels, [mask > 0 for mask in masks], []


def instances(source):
    for path in sorted(source.glob("annotations/instances_*.json")):
        known = json.loads(path.read_text())
        part = source / path.stem.removeprefix("instances_")
        for image in known["images"]:
            picture, masks = Image.open(part / image["file_name"]), []
            for thing in known["annotations"]:
                if thing["image_id"] == image["id"] and not thing["iscrowd"]:
                    masks.append(outlined(picture, thing["segmentation"]))
            pixels, *masks = reduced(picture, *masks)
            yield pathlib.Path(image["file_name"]).stem, pixels, [mask > 0 for mask in masks], []


def salient(source):
    """Each part that stands apart is a thing, where it is a good share of all."""
    import scipy.ndimage
    for path in sorted(source.glob("images/*.jpg")):
        pixels, mask = reduced(Image.open(path), Image.open(source / "ground_truth_mask" / (path.stem + ".png")).convert("L"))
        labels, _ = scipy.ndimage.label(mask > 127)
        sizes = np.bincount(labels.ravel())
        yield path.stem, pixels, [labels == i for i in range(1, len(sizes)) if sizes[i] > APART * sizes[1:].sum()], []


def pedestrians(source):
    for path in sorted(source.glob("PNGImages/*.png")):
        pixels, labels = reduced(Image.open(path), Image.open(source / "PedMasks" / (path.stem + "_mask.png")))
        yield path.stem, pixels, [labels == label for label in np.unique(labels) if label], []


def horses(source):
    for path in sorted(source.glob("rgb/*")):
        picture, mask = Image.open(path), Image.open(source / "figure_ground" / path.name).convert("L")
        if min(picture.size) >= 180 and abs(picture.width / picture.height - mask.width / mask.height) < .02:
            pixels, mask = reduced(picture, mask)
            yield path.stem, pixels, [mask > 127], []


def distinct(regions):
    found = []
    for region in regions:
        if LEAST * region.size < region.sum() < MOST * region.size:
            if all((region & known).sum() <= AGREED * (region | known).sum() for known in found):
                found.append(region)
    return found


def main():
    kinds = {kind.__name__: kind for kind in (bsds, coco, instances, salient, pedestrians, horses)}
    kind, source, folder = kinds[sys.argv[1]], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(3)
    for stem, picture, regions, maps in kind(source):
        objects = distinct(regions)
        chosen = [objects[i] for i in rng.permutation(len(objects))[:COUNT]]
        name = folder / stem
        Image.fromarray(picture).save(f"{name}.ppm")
        pathlib.Path(f"{name}.segs").write_bytes(np.array(maps, "<u2").tobytes())
        pathlib.Path(f"{name}.objs").write_bytes(np.array(chosen, np.uint8).tobytes())


if __name__ == "__main__":
    main()
