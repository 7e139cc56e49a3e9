#!/usr/bin/env python3
"""Fits the network that sees the superpixels of a prompt beside each other: context.py MINUTES OUT FOLDER=SHARE... [--held FOLDER] [--start FILE]

FOLDERs hold what `segment-samples contexts` writes; each gives its share of the steps. A step takes prompts on one picture, and rather
on things than on grounds: on what is not tiny and does not lie along the frame's border. Every five minutes the overlaps of answers
on the pictures of --held are printed, without and with the network. Writes the running mean of the weights as OUT.pt, from which
--start goes on, as Sources/Segmentation/Context/ContextWeights.swift, and what the network says on a small pattern as
Tests/SegmentationTests/ContextAnswers.swift, which the Swift network is held to. Needs torch and numpy.

What the folders outline decides what a click takes: with BSDS500 alone, where people mostly outlined parts, a click took less of
whole things than without the network.
"""
import argparse
import base64
import copy
import math
import pathlib
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

DROPPED = .08  # the share of features that a step with noise does without
CHANNELS, CELLS, FEATURES = [24, 32, 48, 64], 8000, 32
PROMPTS = {"clicks": (1, 2), "box": (3, 4)}
ROOT = pathlib.Path(__file__).parents[2]
TABLE = ROOT / "Sources/Segmentation/Context/ContextWeights.swift"
ANSWERS = ROOT / "Tests/SegmentationTests/ContextAnswers.swift"


class Picture:
    """A picture, its superpixels and the prompts on it."""

    def __init__(self, path, columns=FEATURES):
        raw = path.read_bytes()
        self.width, self.height, self.count, prompts = (int(v) for v in np.frombuffer(raw, "<i4", 4))
        pixels, place = self.width * self.height, 16
        self.labels = np.frombuffer(raw, "<u2", pixels, place).copy()
        self.rgb = np.frombuffer(raw, "u1", 3 * pixels, place + 2 * pixels).reshape(-1, 3).copy()
        rows = np.frombuffer(raw, "<f4", prompts * (1 + (columns + 1) * self.count), place + 5 * pixels)
        rows = rows.reshape(prompts, 1 + (columns + 1) * self.count)
        self.kinds = rows[:, 0].copy().view("<i4")
        self.shares = rows[:, 1:1 + self.count].astype(np.float16)
        features = rows[:, 1 + self.count:].reshape(prompts, self.count, columns)
        self.features = np.clip(features, -25, 60000).astype(np.float16)
        self.areas = np.bincount(self.labels, minlength=self.count).astype(np.float32)
        self.worth = np.array([self.worth_of(share.astype(np.float32)) for share in self.shares])
        self.grids = {}

    def worth_of(self, shares):
        labels = self.labels.reshape(self.height, self.width)
        rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
        area = (shares * self.areas).sum() + 1
        border = shares[rim].sum() / math.sqrt(area)
        size = min(1, max(.15, area / len(self.labels) / .02))
        return size * (1 if border < .6 else .35 if border < 1.5 else .15)

    def grid(self, scale=1.0, flipped=False):
        key = scale, flipped
        if key not in self.grids:
            if len(self.grids) >= 4:
                self.grids.pop(next(iter(self.grids)))
            self.grids[key] = self.make_grid(scale, flipped)
        return self.grids[key]

    def make_grid(self, scale, flipped):
        """Columns, rows, the matrices superpixels -> cells and back, and the picture by cells; CellGrid.swift does the same."""
        step = math.sqrt(CELLS * scale / len(self.labels))
        columns, rows = max(8, round(self.width * step)), max(8, round(self.height * step))
        across, down = np.arange(self.width) * columns // self.width, np.arange(self.height) * rows // self.height
        across = columns - 1 - across if flipped else across
        cell, cells = (down[:, None] * columns + across).ravel(), columns * rows
        pairs, shared = np.unique(cell * self.count + self.labels.astype(np.int64), return_counts=True)
        at, of, shared = pairs // self.count, pairs % self.count, shared.astype(np.float32)
        sizes = np.bincount(cell, minlength=cells).astype(np.float32)

        def matrix(to, source, shares, shape):
            return torch.sparse_coo_tensor(np.stack([to, source]), torch.tensor(shares), shape).coalesce().to_sparse_csr()

        rgb = self.rgb.astype(np.float32) / 255
        light = rgb @ np.array([.299, .587, .114], np.float32)
        mean = [np.bincount(cell, plane, minlength=cells) / sizes for plane in (*rgb.T, light, light * light)]
        spread = 4 * np.sqrt(np.maximum(0, mean[4] - mean[3]**2))
        look = np.stack([4 * (m - .45) for m in mean[:3]] + [spread]).astype(np.float32)
        return (columns, rows, matrix(at, of, shared / sizes[at], (cells, self.count)),
                matrix(of, at, shared / self.areas[of], (self.count, cells)), torch.tensor(look).reshape(4, rows, columns))


def conv(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 3, padding=1)


def within(x, shown):
    return x if shown is None else x * shown


def halved(x, shown):
    """Each cell the mean of those of up to four that there are."""
    if shown is None:
        return F.avg_pool2d(x, 2, ceil_mode=True), None
    share = F.avg_pool2d(shown, 2, ceil_mode=True)
    return F.avg_pool2d(x, 2, ceil_mode=True) / share.clamp(min=1e-3), (share > 0).float()


class CellNetwork(nn.Module):
    """A network over a grid of cells between ends for superpixels, as SuperpixelEnds.swift and CellTrunk.swift have it."""

    @staticmethod
    def entry_of(features):
        return nn.ModuleList([nn.Linear(features, 24), nn.Linear(24, 16)])

    @staticmethod
    def exit_of(features, fine, hidden=32):
        """At first it says nothing."""
        layers = nn.ModuleList([nn.Linear(fine + features, hidden), nn.Linear(hidden, 1)])
        nn.init.zeros_(layers[1].weight)
        nn.init.zeros_(layers[1].bias)
        return layers

    def add_trunk(self, c, inputs=20):
        self.descent = nn.ModuleList(nn.ModuleList([conv(a, b), conv(b, b)]) for a, b in zip([inputs] + c[:3], c))
        self.sideways = nn.ModuleList(nn.Conv2d(c[i + 1], c[i], 1) for i in range(3))
        self.ascent = nn.ModuleList(conv(c[i], c[i]) for i in range(3))

    def trunk(self):
        return *(layer for pair in self.descent for layer in pair), *self.sideways, *self.ascent

    def seen(self, x, shown=None):
        """shown: 1 where there are cells and 0 where grids of several sizes in one batch have none; None where all are of one size.

        With half the digits while it is fitted: the weights are kept with as many in the end, and a step takes .7 of the time."""
        if not torch.is_grad_enabled():
            return self.passed(x, shown)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return self.passed(x.bfloat16(), None if shown is None else shown.bfloat16()).float()

    def passed(self, x, shown):
        scales, kept = [], []
        for layers in self.descent:
            if scales:
                x, shown = halved(x, shown)
            for layer in layers:
                x = within(F.relu(layer(x)), shown)
            scales.append(x)
            kept.append(shown)
        for i in (2, 1, 0):
            fine = scales[i]
            coarse = F.interpolate(self.sideways[i](x), scale_factor=2, mode="nearest")
            joined = within(fine + coarse[..., :fine.shape[-2], :fine.shape[-1]], kept[i])
            x = within(F.relu(self.ascent[i](joined)), kept[i])
        return x

    def said(self, values, grid, entry, exit, noise=0.0, certain=slice(0), flipped=False):
        """values: prompts x superpixels x features, normalised; those at `certain` a step with noise never does without."""
        columns, rows, spread, gather, look = grid
        batch, count, features = values.shape
        if noise:
            values = values + noise * torch.randn_like(values)
            kept = torch.rand(batch, 1, features) > DROPPED
            kept[..., certain] = True
            values = values * kept
            look = (look + .25 * torch.randn(4, 1, 1)) * (1 + .2 * torch.randn(4, 1, 1))
        entered = values
        for layer in entry:
            entered = F.relu(layer(entered))
        cells = (spread @ entered.permute(1, 0, 2).reshape(count, -1)).reshape(rows, columns, batch, -1).permute(2, 3, 0, 1)
        cells = torch.cat([cells, look[None].expand(batch, -1, -1, -1)], 1).contiguous(memory_format=torch.channels_last)
        seen = self.seen(cells.flip(3)).flip(3) if flipped else self.seen(cells)
        seen = (gather @ seen.permute(2, 3, 0, 1).reshape(rows * columns, -1)).reshape(count, batch, -1).permute(1, 0, 2)
        return exit[1](F.relu(exit[0](torch.cat([seen, values], 2))))[..., 0]


class Network(CellNetwork):
    def __init__(self, means, scales):
        super().__init__()
        for prompt in PROMPTS:
            self.register_buffer(f"means_{prompt}", means[prompt])
            self.register_buffer(f"scales_{prompt}", scales[prompt])
        self.entry = nn.ModuleDict({prompt: self.entry_of(FEATURES) for prompt in PROMPTS})
        self.exit = nn.ModuleDict({prompt: self.exit_of(FEATURES, CHANNELS[0]) for prompt in PROMPTS})
        self.add_trunk(CHANNELS)

    def forward(self, prompt, values, grid, noise=0.0):
        """values: prompts x superpixels x FEATURES; place 31 holds the regression's odds; noise, in deviations, is for fitting."""
        odds = values[..., 31].clamp(-20, 20)
        values = torch.cat([values[..., :31], values[..., 31:32].clamp(-6, 6)], 2)
        values = ((values - getattr(self, f"means_{prompt}")) * getattr(self, f"scales_{prompt}")).clamp(-5, 5)
        return odds + self.said(values, grid, self.entry[prompt], self.exit[prompt], noise)


def loss_of(logits, shares, areas):
    """Cross entropy in the object's areas, and one less a soft overlap."""
    size = (shares * areas).sum(1)
    entropy = (F.binary_cross_entropy_with_logits(logits, shares, reduction="none") * areas).sum(1)
    entropy = (entropy / torch.maximum(size, .01 * areas.sum())).clamp(max=30)
    probable = torch.sigmoid(logits)
    shared = (probable * shares * areas).sum(1)
    return .5 * entropy.mean() + (1 - shared / (size + (probable * areas).sum(1) - shared)).mean()


def overlap(logits, shares, areas):
    """Of the part whose expected overlap is greatest, as ExpectedOverlap.swift finds it."""
    probable, order = torch.sigmoid(logits), torch.argsort(-logits, 1)
    area = areas.expand_as(logits).gather(1, order)
    likely = (probable * areas).gather(1, order)
    expected = likely.cumsum(1) / (area.cumsum(1) + likely.sum(1, keepdim=True) - likely.cumsum(1))
    least = logits.gather(1, order).gather(1, expected.argmax(1, keepdim=True)).clamp(max=0)
    inside = (logits >= least).float()
    shared = (inside * shares * areas).sum(1)
    return shared / ((inside * areas).sum(1) + (shares * areas).sum(1) - shared)


def prompts_of(picture, which):
    return torch.tensor(picture.features[which].astype(np.float32)), torch.tensor(picture.shares[which].astype(np.float32))


@torch.no_grad()
def report(network, pictures):
    before, after = {}, {}
    for picture in pictures:
        areas = torch.tensor(picture.areas)
        for prompt, kinds in PROMPTS.items():
            for kind in kinds:
                which = np.flatnonzero((picture.kinds == kind) & (picture.worth > .5))
                if not len(which):
                    continue
                values, shares = prompts_of(picture, which)
                before.setdefault(kind, []).extend(overlap(values[..., 31], shares, areas).tolist())
                after.setdefault(kind, []).extend(overlap(network(prompt, values, picture.grid()), shares, areas).tolist())
    return "  ".join(f"{k}: {np.mean(before[k]):.4f} -> {np.mean(after[k]):.4f}" for k in sorted(after))


def statistics(pictures):
    means, scales = {}, {}
    for prompt, kinds in PROMPTS.items():
        rows = np.concatenate([p.features[np.isin(p.kinds, kinds)][::3, ::7].reshape(-1, FEATURES) for p in pictures])
        means[prompt], scales[prompt] = normal(rows)
    return means, scales


def normal(rows):
    """Means, and what makes each feature's variance 1; place 31 holds odds."""
    rows = rows.astype(np.float32)
    rows[:, 31] = rows[:, 31].clip(-6, 6)
    deviation = rows.std(0)
    scales = np.where(deviation < 1e-3, 0, 1 / np.maximum(deviation, 1e-3)).astype(np.float32)
    return torch.tensor(rows.mean(0)), torch.tensor(scales)


def fit(network, options, loss_of_step, report_of):
    """Steps down what `loss_of_step()` gives, None for a step without prompts; returns the running mean of the weights."""
    if options.start:
        network.load_state_dict(torch.load(options.start))
    network.to(memory_format=torch.channels_last)
    mean = copy.deepcopy(network)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=1e-2)

    def tell(what):
        print(f"{what}; {report_of(mean)}", flush=True)
        torch.save(mean.state_dict(), options.out + ".pt")

    start = told = time.time()
    step = 0
    while (done := (time.time() - start) / 60 / options.minutes) < 1:
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(1, step / 200) * max(.01, .5 * (1 + math.cos(math.pi * done)))
        loss = loss_of_step()
        if loss is None:
            continue
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 2)
        optimizer.step()
        step += 1
        share = min(.998, step / (step + 10))
        with torch.no_grad():
            for kept, new in zip(mean.parameters(), network.parameters()):
                kept.lerp_(new, 1 - share)
        if time.time() - told > 300:
            told = time.time()
            tell(f"{100 * done:.0f} %, {step} steps")
    tell("fitted")
    return mean


def loss_of_some(network, folders, parts, rng):
    """Of prompts of one kind on one picture; None where it has none."""
    folder = folders[rng.choice(len(folders), p=parts)]
    picture = folder[rng.integers(len(folder))]
    prompt = "clicks" if rng.random() < .7 else "box"
    kinds = (1,) if prompt == "clicks" and rng.random() < .5 else PROMPTS[prompt]
    which = np.flatnonzero(np.isin(picture.kinds, kinds))
    grid = picture.grid(float(rng.choice([.5, .75, 1, 1.4])), bool(rng.random() < .5))
    noise = float(rng.choice([0, .05, .1, .2]))
    if not len(which):
        return None
    which = worthy(which, picture.worth[which], rng)
    values, shares = prompts_of(picture, which)
    return loss_of(network(prompt, values, grid, noise), shares, torch.tensor(picture.areas))


def worthy(which, worth, rng):
    return rng.choice(which, min(8, len(which)), replace=False, p=worth / worth.sum())


def table_of(network):
    """The weights in the order in which ContextNetwork.swift reads them."""
    ends = [(getattr(network, f"means_{prompt}"), getattr(network, f"scales_{prompt}"),
             *weights_of(*network.entry[prompt], *network.exit[prompt])) for prompt in PROMPTS]
    return flat([weights for end in ends for weights in end] + weights_of(*network.trunk()))


def weights_of(*layers):
    """[dy][dx][input][output], then biases."""
    return [part for layer in layers for part in (layer.weight.movedim((0, 1), (-1, -2)), layer.bias)]


def flat(parts):
    return np.concatenate([part.detach().numpy().astype(np.float32).ravel() for part in parts])


def halves_of(table):
    """As bfloat16, rounded to nearest."""
    bits = table.view(np.uint32)
    return ((bits + 0x7fff + (bits >> 16 & 1)) >> 16).astype("<u2")


def write(table, path, name, tool):
    text = base64.b64encode(halves_of(table).tobytes()).decode()
    lines = "\n".join("    " + text[i:i + 116] for i in range(0, len(text), 116))
    path.write_text(f"extension FittedModels {{\n  /// Written by `Benchmarks/fitting/{tool}`: bfloat16, little endian, in base 64.\n"
                    f'  static let {name} = """\n{lines}\n    """\n}}\n')


class Pattern(Picture):
    """The picture, superpixels and features that ContextNetworkTests.swift makes by the same sums."""

    def __init__(self):
        self.width, self.height, self.count = 192, 128, 24
        y, x = np.mgrid[:self.height, :self.width]
        self.labels = (y // 32 * 6 + np.minimum(5, (x + y * 5 % 7) // 33)).ravel()
        self.rgb = np.stack([(x * 7 + y * 3) % 256, x * y % 256, (x * x + y) % 256], 2).astype(np.uint8).reshape(-1, 3)
        self.areas = np.bincount(self.labels).astype(np.float32)
        i, k = np.mgrid[:self.count, :FEATURES]
        values = (i * 7 + k * 3) % 11 / 4
        values[:, 31] = (i[:, 31] * 5 % 13 - 6) / 2
        self.values = torch.tensor(values[None].astype(np.float32))
        self.grids = {}


def as_written(network):
    """The network with its weights as the table holds them."""
    rounded = copy.deepcopy(network)
    for tensor in rounded.state_dict().values():
        bits = halves_of(tensor.numpy().ravel()).astype(np.uint32) << 16
        tensor.copy_(torch.tensor(bits.view(np.float32)).reshape(tensor.shape))
    return rounded


def rows_of(numbers, indent):
    rows = [", ".join(f"{v:.3f}" for v in numbers[i:i + 12]) for i in range(0, len(numbers), 12)]
    return "".join(f"{indent}{row},\n" for row in rows)


def write_said(said, path, name, tool):
    """What a network says on the pattern of its test, one number after another."""
    text = f"/// Written by `Benchmarks/fitting/{tool}`: what PyTorch says on the pattern of `{path.stem.replace('Answers', 'NetworkTests')}`.\n"
    path.write_text(text + f"enum {path.stem} {{\n  static let {name}: [Float] = [\n{rows_of(said, '    ')}  ]\n}}\n")


@torch.no_grad()
def write_answers(network):
    rounded, pattern, lines = as_written(network), Pattern(), []
    for prompt in PROMPTS:
        said = rounded(prompt, pattern.values, pattern.grid())[0].tolist()
        lines.append(f"    .{prompt}: [\n" + rows_of(said, "      ") + "    ],\n")
    ANSWERS.write_text("@testable import Segmentation\n\n/// Written by `Benchmarks/fitting/context.py`: what PyTorch says on the pattern of "
                       "`ContextNetworkTests`.\nenum ContextAnswers {\n"
                       f"  static let logits: [ContextNetwork.Prompt: [Float]] = [\n{''.join(lines)}  ]\n}}\n")


def pictures_of(folder):
    return [Picture(path) for path in sorted(pathlib.Path(folder).glob("*.bin"))]


def options_of(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", type=float)
    parser.add_argument("out")
    parser.add_argument("folders", nargs="+", metavar="FOLDER=SHARE")
    parser.add_argument("--held", type=pathlib.Path)
    parser.add_argument("--start")
    parser.add_argument("--rate", type=float, default=2e-3)
    return parser.parse_args()


def loaded(options, pictures_of):
    """The pictures of each folder, the folders' shares of the steps, and the pictures kept out."""
    given = [text.rpartition("=") for text in options.folders]
    parts = np.array([float(share) for _, _, share in given])
    return [pictures_of(folder) for folder, _, _ in given], parts / parts.sum(), pictures_of(options.held) if options.held else []


def main():
    options = options_of(__doc__)
    torch.manual_seed(5)
    rng = np.random.default_rng(5)
    folders, parts, kept_out = loaded(options, pictures_of)
    network = Network(*statistics([picture for folder in folders for picture in folder[::4]]))
    mean = fit(network, options, lambda: loss_of_some(network, folders, parts, rng),
               lambda mean: f"overlap by kind of prompt, without and with: {report(mean, kept_out)}")
    write(table_of(mean), TABLE, "contextWeights", "context.py")
    write_answers(mean)


if __name__ == "__main__":
    main()
