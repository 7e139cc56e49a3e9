"""Outlined pictures, as prepare.py writes them, and pictures without what is outlined. Needs numpy and opencv."""
import pathlib

import cv2
import numpy as np

LONGEST = 600


class Pictures:
    """Outlined pictures, drawn by chance."""

    def __init__(self, folders, rng):
        given = [text.rpartition("=") for text in folders]
        shares = np.array([float(share) for _, _, share in given])
        self.folders = [sorted(pathlib.Path(folder).glob("*.ppm")) for folder, _, _ in given]
        self.shares, self.rng = shares / shares.sum(), rng

    def pick(self, folder=None):
        """A picture, the masks of its things, and its folder."""
        while True:
            drawn = self.rng.choice(len(self.folders), p=self.shares) if folder is None else folder
            path = self.folders[drawn][self.rng.integers(len(self.folders[drawn]))]
            image = cv2.imread(str(path))[..., ::-1]
            height, width = image.shape[:2]
            masks = np.fromfile(path.with_suffix(".objs"), np.uint8).reshape(-1, height, width)
            scale = min(1, LONGEST / max(height, width))
            size = round(width * scale), round(height * scale)
            masks = [cv2.resize((mask > 0).astype(np.float32), size, interpolation=cv2.INTER_AREA) > .5 for mask in masks]
            masks = [mask for mask in masks if .004 < mask.mean() < .4]
            if masks:
                return cv2.resize(image, size, interpolation=cv2.INTER_AREA), masks, drawn


def box_of(mask):
    ys, xs = np.nonzero(mask)
    return xs.min(), ys.min(), xs.max() + 1, ys.max() + 1


def without(image, mask):
    """The image with what `mask` covers made up: from beside it where that is known, from means of growing windows elsewhere."""
    hole = cv2.dilate(mask.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    left, top, right, bottom = box_of(hole)
    width, height = int(right - left), int(bottom - top)
    shifted = []
    for dx, dy in ((width, 0), (-width, 0), (0, height), (0, -height), (width * 3 // 2, height // 2), (-width * 3 // 2, height // 2)):
        shift = np.float32([[1, 0, dx], [0, 1, dy]])
        shown = (cv2.warpAffine((~hole).astype(np.uint8), shift, hole.shape[::-1]) > 0) & hole
        shifted.append((shown.sum(), shift, shown))
    out, unknown = image.copy(), hole.copy()
    for _, shift, shown in sorted(shifted, key=lambda found: -found[0])[:2]:
        taken = unknown & shown
        out[taken] = cv2.warpAffine(image, shift, hole.shape[::-1])[taken]
        unknown &= ~shown
    known = (~unknown).astype(np.float32)
    for size in (9, 33, 97, 401):
        share = cv2.blur(known, (size, size))
        taken = unknown & (share > .05)
        out[taken] = cv2.blur(out * known[..., None], (size, size))[taken] / share[taken][:, None]
        unknown &= ~taken
    return out
