#!/usr/bin/env python3
"""Fits the network that sees what a click changes in an answer: corrections.py MINUTES OUT FOLDER=SHARE... [--held FOLDER] [--start FILE]

FOLDERs hold what `segment-samples corrections` writes; each gives its share of the steps. Files of one name are of one picture: samples
taken again with what was fitted on the first (Ross, Gordon and Bagnell 2011) go into FOLDER/again. Every five minutes the overlaps of
answers on the pictures of --held are printed by the number of clicks, by the rule and with the network. Writes the running mean of the
weights as OUT.pt, from which --start goes on, as Sources/Segmentation/Context/CorrectionWeights.swift, and what the network says on a
small pattern as Tests/SegmentationTests/CorrectionAnswers.swift, which the Swift network is held to. Needs torch and numpy.
"""
import pathlib

import numpy as np
import torch

import context

CHANNELS, CLICKED, FEATURES = [16, 24, 32, 48], 32, 40
BEFORE, SIGN, RULED = 33, 35, 40  # places of the label before, the click's side and the rule's odds
KEPT = 8.0
SCALES = 1.0, .7
TABLE = context.ROOT / "Sources/Segmentation/Context/CorrectionWeights.swift"
ANSWERS = context.ROOT / "Tests/SegmentationTests/CorrectionAnswers.swift"


class Picture:
    """A picture and the corrections on it, from one file or several."""

    def __init__(self, paths):
        parts = [context.Picture(path, FEATURES + 1) for path in paths]
        self.whole, self.areas, self.grids = parts[0], parts[0].areas, {}
        self.kinds, self.shares, self.features, self.worth = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("kinds", "shares", "features", "worth"))

    def grid(self, scale=1.0):
        if scale not in self.grids:
            self.grids[scale] = self.whole.make_grid(scale, False)
            if len(self.grids) == len(SCALES):
                self.whole = None
        return self.grids[scale]


class Network(context.CellNetwork):
    def __init__(self, means, scales):
        super().__init__()
        self.register_buffer("means", means)
        self.register_buffer("scales", scales)
        self.entry, self.exit = self.entry_of(FEATURES), self.exit_of(FEATURES, CHANNELS[0])
        self.add_trunk(CHANNELS)

    def forward(self, values, grid, noise=0.0, flipped=False):
        """values: prompts x superpixels x (FEATURES and the rule's odds); noise, in deviations, is for fitting."""
        odds = values[..., RULED].clamp(-KEPT, KEPT)
        wrong = ((values[..., BEFORE] > .5) != (values[..., SIGN] > 0)).float()
        values = torch.cat([values[..., :31], values[..., 31:32].clamp(-6, 6), values[..., 32:FEATURES]], 2)
        values = ((values - self.means) * self.scales).clamp(-5, 5)
        said = self.said(values, grid, self.entry, self.exit, noise, slice(CLICKED, SIGN + 1), flipped)
        return odds + wrong * said


def overlap(logits, shares, areas):
    inside = (logits > 0).float()
    shared = (inside * shares * areas).sum(1)
    return shared / ((inside * areas).sum(1) + (shares * areas).sum(1) - shared)


@torch.no_grad()
def report(network, pictures):
    before, after = {}, {}
    for picture in pictures:
        which, areas = np.flatnonzero(picture.worth > .5), torch.tensor(picture.areas)
        if not len(which):
            continue
        values, shares = context.prompts_of(picture, which)
        ruled, seen = overlap(values[..., RULED], shares, areas), overlap(network(values, picture.grid()), shares, areas)
        for kind, old, new in zip(picture.kinds[which], ruled.tolist(), seen.tolist()):
            before.setdefault(kind, []).append(old)
            after.setdefault(kind, []).append(new)
    return "  ".join(f"{k}: {np.mean(before[k]):.4f} -> {np.mean(after[k]):.4f}" for k in sorted(after))


def statistics(pictures):
    return context.normal(np.concatenate([p.features[::3, ::11, :FEATURES].reshape(-1, FEATURES) for p in pictures]))


def loss_of_some(network, folders, parts, rng):
    """Of corrections on one picture."""
    folder = folders[rng.choice(len(folders), p=parts)]
    picture = folder[rng.integers(len(folder))]
    grid, noise = picture.grid(SCALES[rng.integers(len(SCALES))]), float(rng.choice([0, .05, .1, .2]))
    which = context.worthy(np.arange(len(picture.worth)), picture.worth, rng)
    values, shares = context.prompts_of(picture, which)
    return context.loss_of(network(values, grid, noise, bool(rng.random() < .5)), shares, torch.tensor(picture.areas))


def table_of(network):
    """The weights in the order in which CorrectionNetwork.swift reads them."""
    weights = context.weights_of(*network.entry, *network.exit, *network.trunk())
    return context.flat([network.means, network.scales, *weights])


@torch.no_grad()
def write_answers(network):
    pattern = context.Pattern()
    i, k = np.mgrid[:pattern.count, :FEATURES + 1]
    values = ((i * 7 + k * 3) % 11 / 4).astype(np.float32)
    values[:, 31] = (i[:, 31] * 5 % 13 - 6) / 2
    values[:, BEFORE], values[:, SIGN] = i[:, 0] % 3 == 0, 1
    values[:, RULED] = (i[:, 0] * 3 % 7 - 3) / 2
    said = context.as_written(network)(torch.tensor(values[None]), pattern.grid())[0].tolist()
    context.write_said(said, ANSWERS, "logits", "corrections.py")


def pictures_of(folder):
    """Those without a prompt on them left out."""
    again = pathlib.Path(folder) / "again"
    found = (Picture([p for p in (path, again / path.name) if p.exists()]) for path in sorted(pathlib.Path(folder).glob("*.bin")))
    return [picture for picture in found if len(picture.worth)]


def main():
    options = context.options_of(__doc__)
    torch.manual_seed(5)
    rng = np.random.default_rng(5)
    folders, parts, kept_out = context.loaded(options, pictures_of)
    network = Network(*statistics([picture for folder in folders for picture in folder[::4]]))
    mean = context.fit(network, options, lambda: loss_of_some(network, folders, parts, rng),
                       lambda mean: f"overlap by number of clicks, by the rule and with the network: {report(mean, kept_out)}")
    context.write(table_of(mean), TABLE, "correctionWeights", "corrections.py")
    write_answers(mean)


if __name__ == "__main__":
    main()
