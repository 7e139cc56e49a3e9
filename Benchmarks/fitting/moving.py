#!/usr/bin/env python3
"""Clips of outlined things that move, with the truth, as track-samples reads them: moving.py OUT COUNT START FOLDER=SHARE...

FOLDERs hold what prepare.py writes; each gives its share of the things. Writes OUT/NUMBER.clip from START on: width, height, frames and
0 as 32 bit, all frames as RGB of 8 bit, a label for each of their pixels. The same numbers give the same clips.

A thing moves, turns, grows and bends over the picture that it was cut from or over another; what it hid there is made up. The camera
goes its own way. Other things pass, many of them like it and across its way, some of them tracked too; bars hide, lights dazzle,
shadows go along, what is fast is blurred. The truth of some clips is drawn wide, holds the shadow or a part of the thing: what follows a
mask must hold what the mask holds. Needs numpy and opencv.
"""
import pathlib
import sys

import cv2
import numpy as np

from outlined import Pictures, box_of, without

FRAMES = 24
SIZES = [(427, 240), (427, 240), (360, 270), (320, 240), (480, 200)]


def walk(rng, start, speed, change, jitter=0.0):
    """A value for each frame that starts anywhere near and goes on smoothly."""
    way = np.cumsum(rng.normal(0, speed) + np.cumsum(rng.normal(0, change, FRAMES)))
    return start + way - way[0] + rng.normal(0, 1, FRAMES) * jitter


def blurred(color, share, way):
    """Along `way`, in pixels, of which a shutter is open for half."""
    length = np.hypot(*way) / 2
    size = int(length) // 2 * 2 + 3
    if length < 1.5 or size > 40:
        return color, share
    kernel, along = np.zeros((size, size), np.float32), np.array(way) / np.hypot(*way) * length / 2
    for t in np.linspace(-1, 1, 3 * size):
        kernel[round(size // 2 + t * along[1]), round(size // 2 + t * along[0])] = 1
    both = cv2.filter2D(np.dstack([color * share[..., None], share]), -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT)
    return both[..., :3] / np.maximum(both[..., 3:], 1e-3), both[..., 3]


def beside_a_line(rng, shape, middle, length):
    """Near a middle, in any direction."""
    turn = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[:shape[0], :shape[1]]
    apart = (x - middle[0]) * np.cos(turn) + (y - middle[1]) * np.sin(turn)
    return (apart < rng.uniform(-.1, .3) * length).astype(np.float32)


class Camera:
    """What of a picture is in view on each frame."""

    def __init__(self, rng, image, width, height):
        self.image, self.width, self.height = image.astype(np.float32), width, height
        rows, columns = image.shape[:2]
        moves = rng.random() > .25
        self.least = max(width / columns, height / rows)
        self.zoom = np.exp(walk(rng, np.log(self.least * rng.uniform(1.05, 1.7)), .008 * moves, .003 * moves))
        speed = rng.choice([.3, 1.5, 4]) * moves
        self.x = walk(rng, rng.uniform(.35, .65) * columns, speed, speed * .2, .2 * moves)
        self.y = walk(rng, rng.uniform(.35, .65) * rows, speed * .4, speed * .1, .2 * moves)
        self.turn = walk(rng, 0, .004 * moves, .002 * moves)
        self.down, self.across = np.mgrid[:height, :width].astype(np.float32)

    def look_at(self, rng, x, y, zoom):
        """Has a place somewhere near the middle on the first frame."""
        self.zoom *= max(zoom, self.least * .9) / self.zoom[0]
        self.x += x - self.x[0] + rng.normal(0, .12) * self.width / self.zoom[0]
        self.y += y - self.y[0] + rng.normal(0, .08) * self.height / self.zoom[0]

    def seen(self, t, x, y):
        """Where a place of the picture is in view."""
        cosine, sine = np.cos(self.turn[t]) * self.zoom[t], np.sin(self.turn[t]) * self.zoom[t]
        dx, dy = x - self.x[t], y - self.y[t]
        return cosine * dx - sine * dy + self.width / 2, sine * dx + cosine * dy + self.height / 2

    def place(self, t, x, y):
        """Which place of the picture is in view."""
        cosine, sine = np.cos(self.turn[t]) / self.zoom[t], np.sin(self.turn[t]) / self.zoom[t]
        dx, dy = x - self.width / 2, y - self.height / 2
        return cosine * dx + sine * dy + self.x[t], cosine * dy - sine * dx + self.y[t]

    def view(self, t):
        x, y = self.place(t, self.across, self.down)
        return cv2.remap(self.image, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


class Thing:
    """What moves before a camera's picture."""

    def __init__(self, rng, image, mask, camera, place, size, is_own, is_slow):
        left, top, right, bottom = box_of(mask)
        self.image, self.mask, self.camera = image.astype(np.float32), mask.astype(np.float32), camera
        self.middle, length = ((left + right) / 2, (top + bottom) / 2), max(right - left, bottom - top)
        speed = size * (.01 if is_slow else rng.choice([.03, .1, .25], p=[.6, .33, .07]))
        self.x, self.y = walk(rng, place[0], speed, speed * .25, .3), walk(rng, place[1], speed * .5, speed * .15, .3)
        if rng.random() < .25:
            pace, phase = rng.uniform(.15, .6), rng.uniform(0, 2 * np.pi)
            self.x += rng.uniform(.3, 1.6) * size * (np.sin(pace * np.arange(FRAMES) + phase) - np.sin(phase))
        self.zoom = size / length * np.exp(1.1 * np.tanh(walk(rng, 0, rng.choice([.02, .05], p=[.85, .15]), .006) / 1.1))
        self.turn = walk(rng, 0 if is_own else rng.normal(0, .15), .015, .008)
        self.side = -1 if not is_own and rng.random() < .5 else 1
        shape = camera.across.shape[::-1]
        self.bends = [[cv2.resize(rng.normal(0, 1, (4, 4)).astype(np.float32), shape, interpolation=cv2.INTER_CUBIC) for _ in "xy"]
                      for _ in range(2)]
        self.bend, self.paces, self.phases = abs(rng.normal(0, .03)) * size, rng.uniform(.1, .7, 2), rng.uniform(0, 2 * np.pi, 2)
        self.gain = np.exp(walk(rng, 0 if is_own else rng.normal(0, .12), .015, .01))
        self.is_blurred = rng.random() < .35
        self.marked = self.mask * beside_a_line(rng, self.mask.shape, self.middle, length) if rng.random() < .2 else self.mask
        self.label = 0

    def drawn(self, t):
        """Its colour, the share of each pixel that it covers, and where it is marked."""
        x, y = self.camera.seen(t, self.x[t], self.y[t])
        zoom = self.zoom[t] * self.camera.zoom[t]
        dx, dy = self.camera.across - x, self.camera.down - y
        for bend, pace, phase in zip(self.bends, self.paces, self.phases):
            swing = (np.sin(pace * t + phase) - np.sin(phase)) * self.bend * self.camera.zoom[0]
            dx, dy = dx + bend[0] * swing, dy + bend[1] * swing
        cosine, sine = np.cos(self.turn[t]) / zoom, np.sin(self.turn[t]) / zoom
        at = ((cosine * dx + sine * dy) * self.side + self.middle[0]).astype(np.float32), (cosine * dy - sine * dx + self.middle[1]).astype(np.float32)
        share = cv2.remap(self.mask, *at, cv2.INTER_LINEAR, borderValue=0)
        color = cv2.remap(self.image, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT) * self.gain[t]
        if self.is_blurred and t > 0:
            color, share = blurred(color, share, (self.x[t] - self.x[t - 1], self.y[t] - self.y[t - 1]))
        marked = share if self.marked is self.mask else np.minimum(share, cv2.remap(self.marked, *at, cv2.INTER_LINEAR, borderValue=0))
        return color, share, marked > .5


class Weather:
    """What a clip has beside things: shadows, a bar before all, a light, the camera's exposure and noise, and how its truth is drawn."""

    def __init__(self, rng, camera, size):
        self.rng, self.camera, self.size = rng, camera, size
        self.shadow = (rng.normal(0, .4), rng.uniform(.02, .25), rng.uniform(.4, .8)) if rng.random() < .5 else None
        self.is_shadow_held, self.grown = rng.random() < .6, int(rng.choice([0, 0, 0, 0, 1, 2, 3, 5]))
        anywhere = camera.place(0, rng.random() * camera.width, rng.random() * camera.height)
        self.bar = (anywhere, rng.uniform(.1, .5) * size, rng.normal(0, .4), rng.uniform(20, 230, 3)) if rng.random() < .2 else None
        lit = camera.place(0, rng.random() * camera.width, rng.random() * camera.height)
        self.light = (lit, rng.uniform(.15, .5) * camera.width / camera.zoom[0], rng.choice([-1, 1, 1]) * rng.uniform(30, 120))
        self.is_lit = rng.random() < .3
        self.exposure, self.gamma = np.exp(walk(rng, 0, .006, .004)), np.exp(rng.normal(0, .1))
        self.noise, self.quality = rng.uniform(0, 5), int(rng.integers(50, 96))

    def shade(self, picture, labels, share, thing, t):
        """A thing's shadow on the ground; part of the truth in some clips."""
        if self.shadow is None:
            return picture
        slant, drop, dark = self.shadow
        height = self.camera.height
        foot = .4 * self.camera.seen(t, thing.x[t], thing.y[t])[1] + self.size * .2
        lying = np.float32([[1, slant * .5, self.size * drop * slant - slant * .25 * height], [0, .6, foot]])
        shadow = cv2.GaussianBlur(cv2.warpAffine(share, lying, share.shape[::-1]), (0, 0), 2)
        if self.is_shadow_held and thing.label:
            labels[(shadow > .35) & (labels == 0)] = thing.label
        return picture * (1 - (1 - dark) * shadow[..., None])

    def hide(self, picture, labels, t):
        if self.bar is None:
            return picture
        place, width, slant, color = self.bar
        x, y = self.camera.seen(t, *place)
        apart = (self.camera.across - x) * np.cos(slant) + (self.camera.down - y) * np.sin(slant)
        share = np.clip(width / 2 - np.abs(apart) + .5, 0, 1)[..., None]
        labels[share[..., 0] > .5] = 0
        return picture * (1 - share) + color * (1 + .2 * np.sin(apart / 3))[..., None] * share

    def taken(self, picture, t):
        """As a camera takes it and an encoder leaves it."""
        if self.is_lit:
            place, reach, level = self.light
            x, y = self.camera.seen(t, *place)
            far = (self.camera.across - x)**2 + (self.camera.down - y)**2
            picture = picture + level * np.exp(-far / (2 * (reach * self.camera.zoom[t])**2))[..., None]
        picture = 255 * np.clip(picture * self.exposure[t] / 255, 0, 1)**self.gamma + self.rng.normal(0, self.noise, picture.shape)
        coded = cv2.imencode(".jpg", np.clip(picture, 0, 255).astype(np.uint8)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, self.quality])[1]
        return cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1]

    def drawn(self, labels, count):
        """The truth as a person draws it: wide in some clips."""
        if self.grown:
            disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * self.grown + 1,) * 2)
            for label in range(1, count + 1):
                labels[(cv2.dilate((labels == label).astype(np.uint8), disc) > 0) & (labels == 0)] = label
        return labels


def first_thing(rng, pictures, width, height):
    """It, and what it was cut from: the picture, the masks of the things on it, its own, the folder."""
    image, masks, folder = pictures.pick()
    mask = masks[rng.integers(len(masks))]
    is_own = rng.random() < .6
    camera = Camera(rng, without(image, mask) if is_own else pictures.pick()[0], width, height)
    left, top, right, bottom = box_of(mask)
    length, wanted = max(right - left, bottom - top), np.exp(rng.uniform(np.log(30), np.log(.8 * height)))
    if is_own:
        place, size = ((left + right) / 2, (top + bottom) / 2), length
        camera.look_at(rng, *place, np.clip(wanted / length, .35, 2.2))
    else:
        place, size = camera.place(0, rng.uniform(.25, .75) * width, rng.uniform(.3, .7) * height), wanted / camera.zoom[0]
    return Thing(rng, image, mask, camera, place, size, is_own, rng.random() < .3), (image, masks, mask, folder)


def like(rng, pictures, image, masks, mask, folder):
    """A picture and masks of another thing: the same, beside it, of its folder, or any."""
    chance = rng.random()
    if chance < .12:
        return image, [mask]
    if chance < .32 and len(masks) > 1:
        return image, [other for other in masks if other is not mask]
    return pictures.pick(folder if chance < .75 else None)[:2]


def cross(rng, thing, first, size):
    """Has a thing pass over where the first is on some frame."""
    meeting, side, speed = rng.integers(3, FRAMES - 2), rng.choice([-1, 1]), np.exp(rng.uniform(np.log(.03), np.log(.3)))
    apart, turns_back = np.arange(FRAMES) - meeting, rng.random() < .25
    on = side * size * .35 * np.sqrt(1 + apart**2 / 6) if turns_back else side * size * speed * apart
    thing.x += on - thing.x[meeting] + first.x[meeting] + rng.normal(0, .15) * size
    thing.y += first.y[meeting] - thing.y[meeting] + rng.normal(0, .15) * size


def things_of(rng, pictures, width, height):
    """The first thing of a clip and those that pass behind or before it, the farthest first; numbers those that are tracked."""
    first, cut = first_thing(rng, pictures, width, height)
    first.label, things, camera = 1, [first], first.camera
    length = first.zoom[0] * max(np.ptp(np.nonzero(cut[2]), axis=1))
    for _ in range(rng.choice([0, 1, 2], p=[.25, .5, .25])):
        shown, outlined = like(rng, pictures, *cut)
        place = camera.place(0, rng.uniform(.05, .95) * width, rng.uniform(.2, .8) * height)
        is_near = rng.random() < .65
        size = length * np.exp(rng.normal(0, .2 if is_near else .4))
        thing = Thing(rng, shown, outlined[rng.integers(len(outlined))], camera, place, size, False, rng.random() < .5)
        if is_near:
            cross(rng, thing, first, length)
        thing.label = 1 + max(other.label for other in things) if rng.random() < (.3 if is_near else .5) else 0
        things.insert(rng.integers(len(things) + 1), thing)
    return things, camera, length * camera.zoom[0]


def clip(rng, pictures):
    """Frames and labels."""
    width, height = SIZES[rng.integers(len(SIZES))]
    things, camera, size = things_of(rng, pictures, width, height)
    weather, frames, truth = Weather(rng, camera, size), [], []
    for t in range(FRAMES):
        picture, labels = camera.view(t), np.zeros((height, width), np.uint8)
        for thing in things:
            color, share, marked = thing.drawn(t)
            picture = weather.shade(picture, labels, share, thing, t)
            picture = picture * (1 - share[..., None]) + color * share[..., None]
            labels[share > .5] = 0
            labels[marked] = thing.label
        picture = weather.hide(picture, labels, t)
        frames.append(weather.taken(picture, t))
        truth.append(weather.drawn(labels, max(thing.label for thing in things)))
    return np.stack(frames), np.stack(truth)


def is_marked(labels):
    """Whether each thing that is tracked is in view on the first frame."""
    sizes = np.bincount(labels[0].ravel(), minlength=2)[1:labels.max() + 1]
    return len(sizes) > 0 and sizes[0] >= 150 and sizes.min() > 80


def main():
    out, count, start = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    cv2.setNumThreads(1)
    out.mkdir(parents=True, exist_ok=True)
    for number in range(start, start + count):
        rng = np.random.default_rng(number)
        frames, truth = clip(rng, Pictures(sys.argv[4:], rng))
        while not is_marked(truth):
            frames, truth = clip(rng, Pictures(sys.argv[4:], rng))
        head = np.array([frames.shape[2], frames.shape[1], len(frames), 0], "<i4")
        (out / f"{number:06d}.clip").write_bytes(head.tobytes() + frames.tobytes() + truth.tobytes())


if __name__ == "__main__":
    main()
