#!/usr/bin/env python3
"""Fits the network that joins a tracker's evidence: fusion.py MINUTES OUT FOLDER=SHARE... [--held FOLDER] [--start FILE]

FOLDERs hold what `track-samples` writes; each gives its share of the steps. Every five minutes the overlaps of masks with the truth on
the clips of --held are printed, without and with the network: of the first five frames, and of those after. Writes the running mean of
the weights as OUT.pt, from which --start goes on, as Sources/Tracking/Fusion/FusionWeights.swift, and what the network says on a small
pattern as Tests/TrackingTests/FusionAnswers.swift, which the Swift network is held to. Needs torch and numpy.

Samples taken while the tracker uses what was fitted before (Ross, Gordon and Bagnell 2011) show it what its own masks lead to.
"""
import pathlib

import numpy as np
import torch
from torch.nn import functional as F

import context

CHANNELS, TOLD, HIDDEN = [16, 24, 32, 48], 21, 16
SCORE, OTHERS, ACROSS, APPEARANCE, PICTURE, VIEW = 6, 7, 12, slice(2, 6), slice(8, 12), slice(18, 21)  # channels of EvidencePlane
SCORE_SCALE, OTHERS_SCALE = .25, .33
BATCH, BESIDE = 8, 64
TABLE = context.ROOT / "Sources/Tracking/Fusion/FusionWeights.swift"
ANSWERS = context.ROOT / "Tests/TrackingTests/FusionAnswers.swift"


class Window:
    """What the tracker told of an object on a frame, and the object's share of each cell."""

    def __init__(self, told, shares, frame):
        self.told, self.shares, self.frame = told, shares, frame

    def flipped(self):
        told = self.told[:, ::-1].copy()
        told[..., ACROSS] *= -1
        return Window(told, self.shares[:, ::-1], self.frame)


def batch_of(windows):
    """What was told, the shares, and 1 where there are cells: windows x channels (1) x rows x columns, filled up with 0."""
    rows, columns = (-(-max(window.shares.shape[axis] for window in windows) // 8) * 8 for axis in (0, 1))
    told = np.zeros((len(windows), TOLD, rows, columns), np.float32)
    shares, shown = np.zeros((2, len(windows), 1, rows, columns), np.float32)
    for i, window in enumerate(windows):
        height, width = window.shares.shape
        told[i, :, :height, :width] = window.told.transpose(2, 0, 1)
        shares[i, 0, :height, :width], shown[i, 0, :height, :width] = window.shares.clip(0, 1), 1
    return torch.tensor(told).contiguous(memory_format=torch.channels_last), torch.tensor(shares), torch.tensor(shown)


def windows_of(path):
    raw, place, windows = path.read_bytes(), 0, []
    while place < len(raw):
        width, height, frame, _ = (int(v) for v in np.frombuffer(raw, "<i4", 4, place))
        place, cells = place + 16, width * height
        told = np.frombuffer(raw, "<f2", cells * TOLD, place).reshape(height, width, TOLD)
        place += 2 * cells * TOLD
        windows.append(Window(told, np.frombuffer(raw, "<f2", cells, place).reshape(height, width), frame))
        place += 2 * cells
    return windows


def clips_of(folder):
    found = (windows_of(path) for path in sorted(pathlib.Path(folder).glob("*.bin")))
    return [windows for windows in found if windows]


class Network(context.CellNetwork):
    def __init__(self):
        super().__init__()
        self.add_trunk(CHANNELS, TOLD)
        self.exit = self.exit_of(TOLD, CHANNELS[0], HIDDEN)

    def forward(self, told, shown=None):
        """told: windows x channels x rows x columns. What is to be added to each cell's score."""
        joined = torch.cat([self.seen(told, shown), told], 1).permute(0, 2, 3, 1)
        return self.exit[1](F.relu(self.exit[0](joined))).permute(0, 3, 1, 2)


def odds_of(told):
    """Of the object against all others, without the network."""
    return told[:, SCORE:SCORE + 1] / SCORE_SCALE - told[:, OTHERS:OTHERS + 1] / OTHERS_SCALE


def disturbed(told, shown):
    """In other light, and sometimes without a part of the evidence."""
    def chance(count):
        return torch.randn(len(told), count, 1, 1)

    noisy = told + .03 * torch.randn_like(told)
    noisy[:, PICTURE] = noisy[:, PICTURE] * (1 + .2 * chance(4)) + chance(4) * torch.tensor([.2, .1, .1, .06]).view(1, 4, 1, 1)
    noisy[:, APPEARANCE] *= (torch.rand(len(told), 4, 1, 1) > .06).float()
    noisy[:, VIEW] *= (torch.rand(len(told), 1, 1, 1) > .1).float()
    return noisy * shown


def loss_of(logits, shares, shown):
    """Cross entropy in the object's areas, and one less a soft overlap where there is an object."""
    size, cells = shares.sum((1, 2, 3)), shown.sum((1, 2, 3))
    entropy = (F.binary_cross_entropy_with_logits(logits, shares, reduction="none") * shown).sum((1, 2, 3)) / (size + .05 * cells)
    probable = torch.sigmoid(logits) * shown
    shared = (probable * shares).sum((1, 2, 3))
    missed = 1 - shared / (size + probable.sum((1, 2, 3)) - shared).clamp(min=1)
    return (.3 * entropy.clamp(max=20) + missed * (size > 3)).mean()


def by_shape(clips):
    """All windows, those of like shape beside each other: batches of them hold few cells that are none."""
    def shape(window):
        height, width = window.shares.shape
        return round(2 * np.log2(width / height)), width * height

    return sorted((window for clip in clips for window in clip), key=shape)


def loss_of_some(network, folders, parts, rng):
    windows = folders[rng.choice(len(folders), p=parts)]
    near = max(0, rng.integers(-BESIDE // 2, len(windows) - BESIDE // 2))
    chosen = rng.choice(windows[near:near + BESIDE], BATCH, replace=False)
    windows = [window.flipped() if rng.random() < .5 else window for window in chosen]
    told, shares, shown = batch_of(windows)
    seen = disturbed(told, shown) if rng.random() < .7 else told
    return loss_of((odds_of(told) + network(seen, shown)).clamp(-15, 15), shares, shown)


@torch.no_grad()
def report(network, clips):
    overlaps, windows = {}, [window for clip in clips for window in clip]
    for start in range(0, len(windows), 8):
        some = windows[start:start + 8]
        told, shares, shown = batch_of(some)
        before = odds_of(told)
        both = [overlap(odds, shares, shown) for odds in (before, before + network(told, shown))]
        for window, *pair, size in zip(some, *both, shares.sum((1, 2, 3))):
            if size > 3:
                overlaps.setdefault("to the fifth" if window.frame < 6 else "later", []).append(pair)
    return "  ".join(f"{k}: {np.mean(pairs, 0)[0]:.4f} -> {np.mean(pairs, 0)[1]:.4f}" for k, pairs in overlaps.items())


def overlap(odds, shares, shown):
    inside = (odds > 0) * shown
    shared = (inside * shares).sum((1, 2, 3))
    return (shared / (inside.sum((1, 2, 3)) + shares.sum((1, 2, 3)) - shared).clamp(min=1e-3)).tolist()


def table_of(network):
    """The weights in the order in which FusionNetwork.swift reads them."""
    return context.flat(context.weights_of(*network.trunk(), *network.exit))


@torch.no_grad()
def write_answers(network):
    y, x, k = np.mgrid[:13, :18, :TOLD]
    told = ((x * 7 + y * 5 + k * 3) % 11 / 4 - 1).astype(np.float32)
    said = context.as_written(network)(torch.tensor(told).permute(2, 0, 1)[None]).flatten().tolist()
    context.write_said(said, ANSWERS, "odds", "fusion.py")


def main():
    options = context.options_of(__doc__)
    torch.manual_seed(5)
    rng = np.random.default_rng(5)
    folders, parts, kept_out = context.loaded(options, clips_of)
    folders = [by_shape(clips) for clips in folders]
    network = Network()
    mean = context.fit(network, options, lambda: loss_of_some(network, folders, parts, rng),
                       lambda mean: f"overlap without and with the network: {report(mean, kept_out)}")
    context.write(table_of(mean), TABLE, "fusionWeights", "fusion.py")
    write_answers(mean)


if __name__ == "__main__":
    main()
