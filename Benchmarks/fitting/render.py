#!/usr/bin/env python3
"""Renders pictures whose objects and parts are known: render.py FOLDER COUNT [FIRST]

Things with parts of their own colours (figures, vehicles, animals, signs, frames of thin tubes, blobs) stand before grounds of
several textures, shaded, with cast shadows, some of them camouflaged; then blur, noise and JPEG. Writes NAME.ppm, NAME.segs
(three label maps, 16 bit: things, things with parts, things) and NAME.objs (a byte map for each thing), which segment-samples
reads. The same numbers give the same pictures.
"""
import pathlib
import sys

import cv2
import numpy as np

WIDTH, HEIGHT = 480, 320
cv2.setNumThreads(1)


def noise(rng, scale, octaves=4, gain=0.6):
    total, weight, sum_ = np.zeros((HEIGHT, WIDTH), np.float32), 1.0, 0.0
    for _ in range(octaves):
        size = max(2, int(WIDTH / scale) + 2), max(2, int(HEIGHT / scale) + 2)
        grid = rng.uniform(-1, 1, (size[1], size[0])).astype(np.float32)
        total += weight * cv2.resize(grid, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
        sum_ += weight
        weight *= gain
        scale = max(1.5, scale / 2)
    return total / sum_


def color(rng):
    hue, value = rng.uniform(0, 180), rng.beta(2, 2) * 225 + 15
    saturation = rng.beta(1.2, 2.2) * 230
    return cv2.cvtColor(np.uint8([[[hue, saturation, value]]]), cv2.COLOR_HSV2RGB)[0, 0].astype(np.float32)


def pattern(rng):
    """A map of 0 to 1 between two colours: stripes, bricks, checks or blotches."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    angle, period = rng.uniform(0, np.pi), rng.uniform(4, 30)
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    kind = rng.integers(4)
    if kind == 0:
        return (np.mod(u, period) < period * rng.uniform(0.2, 0.6)).astype(np.float32)
    if kind == 1:
        row = np.floor(v / period)
        joint = (np.mod(v, period) < 2) | (np.mod(u + row * period, 2 * period) < 2)
        return joint.astype(np.float32)
    if kind == 2:
        return np.mod(np.floor(u / period) + np.floor(v / period), 2).astype(np.float32)
    return (noise(rng, period * 2, 2) > rng.uniform(0, 0.4)).astype(np.float32)


def texture(rng, base, strength=None):
    strength = rng.choice([4, 10, 22, 40]) if strength is None else strength
    picture = base + strength * noise(rng, rng.uniform(6, 90), rng.integers(2, 6))[..., None]
    picture = picture + 0.3 * strength * np.stack([noise(rng, rng.uniform(8, 60), 2) for _ in range(3)], -1)
    if rng.random() < 0.35:
        other = color(rng) if rng.random() < 0.5 else base * rng.uniform(0.6, 1.4)
        share = cv2.GaussianBlur(pattern(rng), (0, 0), 0.7)[..., None] * rng.uniform(0.3, 1)
        picture = picture * (1 - share) + other * share
    return picture


def polygon(points):
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillPoly(mask, [np.round(np.asarray(points) * 16).astype(np.int32)], 255, shift=4)
    return mask


def blob(rng, x, y, width, height, rough=0.15, angle=0.0):
    t = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    r = 1 + sum(rough / k * rng.normal() * np.cos(k * t + rng.uniform(0, 6.3)) for k in range(2, 8))
    px, py = r * np.cos(t) * width / 2, r * np.sin(t) * height / 2
    c, s = np.cos(angle), np.sin(angle)
    return polygon(np.stack([x + c * px - s * py, y + s * px + c * py], -1))


def tube(points, thickness):
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    line = np.round(np.asarray(points) * 16).astype(np.int32)
    cv2.polylines(mask, [line], False, 255, max(1, int(round(thickness))), cv2.LINE_8, 4)
    return mask


def figure(rng, x, y, s):
    lean, skin = rng.normal(0, 0.12), ("skin",)
    top, hip = np.array([x, y - 0.28 * s]), np.array([x + lean * s, y + 0.1 * s])
    parts = []
    for side in (-1, 1):
        knee = hip + [side * rng.uniform(0.01, 0.1) * s, 0.2 * s]
        foot = knee + [rng.normal(0, 0.06) * s, 0.2 * s]
        parts.append(("legs", tube([hip, knee, foot], 0.09 * s)))
        parts.append(("shoes", blob(rng, foot[0] + 0.02 * s, foot[1], 0.12 * s, 0.05 * s)))
    parts.append(("torso", blob(rng, *((top + hip) / 2), rng.uniform(0.18, 0.28) * s, 0.44 * s, 0.08, lean)))
    for side in (-1, 1):
        elbow = top + [side * rng.uniform(0.08, 0.22) * s, rng.uniform(-0.1, 0.2) * s]
        hand = elbow + rng.normal(0, 0.12, 2) * s
        parts.append(("torso" if rng.random() < 0.6 else skin[0], tube([top + [side * 0.07 * s, 0.03 * s], elbow], 0.07 * s)))
        parts.append((skin[0], tube([elbow, hand], 0.055 * s)))
    head = top + [rng.normal(0, 0.02) * s, -0.13 * s]
    parts.append((skin[0], blob(rng, *head, 0.13 * s, 0.17 * s, 0.04)))
    parts.append(("hair", blob(rng, head[0], head[1] - 0.05 * s, 0.145 * s, 0.1 * s, 0.08)))
    return parts


def vehicle(rng, x, y, s):
    h, f = rng.uniform(0.22, 0.34) * s, rng.choice([-1, 1])
    body = [(-.5, .2), (-.5, -.25), (-.2, -.3), (.3, -.3), (.5, -.1), (.5, .2)]
    cabin = [(-.38, -.25), (-.28, -.85), (.12, -.85), (.32, -.25)]
    window = [(-.31, -.3), (-.24, -.75), (.08, -.75), (.22, -.3)]
    place = lambda shape: [(x + f * a * s, y + b * h) for a, b in shape]
    parts = [("body", polygon(place(cabin))), ("body", polygon(place(body))), ("window", polygon(place(window)))]
    for a in (-.3, .3):
        parts.append(("wheel", blob(rng, x + f * a * s, y + .2 * h, .17 * s, .17 * s, 0)))
        parts.append(("rim", blob(rng, x + f * a * s, y + .2 * h, .09 * s, .09 * s, 0)))
    if rng.random() < .5:
        parts.append(("lamp", blob(rng, x + f * .47 * s, y - .02 * h, .05 * s, .12 * h, 0)))
    return parts


def animal(rng, x, y, s):
    f, parts = rng.choice([-1, 1]), []
    for a in (-.25, -.18, .18, .25):
        parts.append(("fur", tube([(x + a * s, y), (x + (a + rng.normal(0, .04)) * s, y + .3 * s)], .06 * s)))
    parts.append(("fur", blob(rng, x, y, .6 * s, .27 * s, .08)))
    parts.append(("fur", tube([(x + f * .22 * s, y), (x + f * .36 * s, y - .15 * s)], .1 * s)))
    parts.append(("head", blob(rng, x + f * .38 * s, y - .18 * s, .2 * s, .14 * s, .08)))
    parts.append(("fur", tube([(x - f * .28 * s, y), (x - f * .45 * s, y - rng.uniform(-.1, .2) * s)], .035 * s)))
    if rng.random() < .5:
        parts.append(("patch", cv2.bitwise_and(parts[4][1], blob(rng, x + rng.normal(0, .1) * s, y, .25 * s, .2 * s, .3))))
    return parts


def sign(rng, x, y, s):
    w, h, parts = s * rng.uniform(.4, .9), s * rng.uniform(.3, .8), []
    tilt = rng.normal(0, .06, 8) * s
    corners = np.array([(-w, -h), (w, -h), (w, h), (-w, h)]) / 2 + tilt.reshape(4, 2) + [x, y]
    if rng.random() < .4:
        parts.append(("post", tube([(x, y), (x, y + s)], .05 * s)))
    parts.append(("board", polygon(corners)))
    for _ in range(rng.integers(0, 5)):
        spot = np.array([x, y]) + rng.uniform(-.3, .3, 2) * [w, h]
        parts.append((f"mark{rng.integers(3)}", cv2.bitwise_and(parts[-1][1] if parts[-1][0] == "board" else polygon(corners),
                      blob(rng, *spot, w * rng.uniform(.1, .5), h * rng.uniform(.05, .4), .1))))
    return parts


def tubes(rng, x, y, s):
    t, r = max(1.6, .025 * s), .22 * s
    circle = np.stack([np.cos(np.linspace(0, 6.3, 40)), np.sin(np.linspace(0, 6.3, 40))], -1) * r
    a, b = np.array([x - .32 * s, y + .1 * s]), np.array([x + .32 * s, y + .1 * s])
    seat, bar, crank = np.array([x - .12 * s, y - .2 * s]), np.array([x + .22 * s, y - .25 * s]), np.array([x - .03 * s, y + .1 * s])
    parts = [("tyre", tube(circle + a, t * 1.4)), ("tyre", tube(circle + b, t * 1.4))]
    parts += [("frame", tube(line, t)) for line in ([a, seat, crank, a], [seat, bar, crank], [bar, b])]
    return parts + [("seat", blob(rng, *seat, .14 * s, .05 * s, .05))]


def lump(rng, x, y, s):
    angle, parts = rng.uniform(0, np.pi), []
    parts.append(("lump", blob(rng, x, y, s * rng.uniform(.3, .9), s * rng.uniform(.3, .9), .25, angle)))
    for _ in range(rng.integers(0, 4)):
        spot = np.array([x, y]) + rng.normal(0, .2, 2) * s
        parts.append((f"lump{rng.integers(3)}", blob(rng, *spot, s * rng.uniform(.1, .5), s * rng.uniform(.1, .5), .2, angle)))
    return parts


KINDS = [figure, figure, vehicle, animal, sign, tubes, lump, lump]


def grounds(rng):
    picture = np.empty((HEIGHT, WIDTH, 3), np.float32)
    picture[:] = texture(rng, color(rng))
    labels = np.zeros((HEIGHT, WIDTH), np.uint16)
    clutter = rng.integers(1, 6) + (rng.integers(0, 25) if rng.random() < .6 else 0)
    for i in range(clutter):
        size = rng.uniform(.1, .8) if i < 5 else rng.uniform(.02, .2)
        if i < 3 and rng.random() < .5:
            line = HEIGHT * rng.uniform(.2, .8) + noise(rng, rng.uniform(60, 400), 2)[0] * rng.uniform(0, 60)
            mask = np.mgrid[0:HEIGHT, 0:WIDTH][0] > line
        else:
            mask = blob(rng, rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), WIDTH * size * rng.uniform(.3, 1),
                        HEIGHT * size * rng.uniform(.3, 1), rng.choice([0, .3]), rng.uniform(0, 3)) > 0
        near = picture[mask].mean(0) + rng.normal(0, 35, 3) if mask.any() and rng.random() < .6 else color(rng)
        picture[mask] = texture(rng, np.float32(near))[mask]
        labels[mask] = i + 1
    return picture, labels


def shade(rng, alpha):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    inside = alpha > .5
    if not inside.any():
        return 1
    span = max(np.ptp(x[inside]), np.ptp(y[inside]), 1)
    a = rng.uniform(0, 6.3)
    slope = ((x - x[inside].mean()) * np.cos(a) + (y - y[inside].mean()) * np.sin(a)) / span
    depth = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, 3)
    round_ = np.minimum(1, depth / max(depth.max(), 1))
    return (1 + rng.uniform(0, .5) * slope + rng.uniform(0, .35) * (round_ - .5))[..., None]


def render(seed):
    rng = np.random.default_rng(seed)
    picture, background = grounds(rng)
    wholes, parts = background.copy(), background.copy()
    things = []
    for index in range(rng.integers(2, 7)):
        s = np.exp(rng.uniform(np.log(35), np.log(230)))
        x, y = rng.uniform(.05, .95) * WIDTH, rng.uniform(.2, .9) * HEIGHT
        shapes = KINDS[rng.integers(len(KINDS))](rng, x, y, s)
        whole = np.bitwise_or.reduce([m for _, m in shapes])
        if rng.random() < .6:
            cast = np.roll(whole, int(rng.normal(0, .1) * s), 1)
            cast = cv2.warpAffine(cast, np.float32([[1, rng.normal(0, .4), 0], [0, .35, (y + .4 * s) * .65]]), (WIDTH, HEIGHT))
            cast = cv2.GaussianBlur(cast.astype(np.float32) / 255, (0, 0), rng.uniform(2, 10))
            picture *= 1 - rng.uniform(.15, .6) * cast[..., None]
        under = picture[whole > 0].mean(0) if (whole > 0).any() else color(rng)
        hidden, common = rng.random() < .35, rng.random() < .25
        shared = color(rng)
        cloth = {}
        for number, (name, mask) in enumerate(shapes):
            if name not in cloth:
                base = under + rng.normal(0, 14, 3) if hidden and rng.random() < .7 else color(rng)
                base = shared + rng.normal(0, 10, 3) if common else base
                cloth[name] = (texture(rng, base), len(cloth) + 1)
            skin, label = cloth[name]
            alpha = cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), .6)
            picture = picture * (1 - alpha[..., None]) + skin * shade(rng, alpha) * alpha[..., None]
            inside = mask > 127
            wholes[inside] = 100 * (index + 1)
            parts[inside] = 100 * (index + 1) + label
        things.append(100 * (index + 1))
    light = 1 + rng.uniform(0, .35) * noise(rng, rng.uniform(150, 600), 2)[..., None]
    picture = np.clip(picture * light, 0, 255)
    if rng.random() < .8:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(.4, 1.5))
    picture = picture + rng.normal(0, rng.uniform(.5, 8), picture.shape)
    picture = np.uint8(np.clip(picture, 0, 255))
    if rng.random() < .6:
        coded = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(50, 95))])[1]
        picture = cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1]
    objects = [wholes == t for t in things if 150 <= (wholes == t).sum() <= .4 * WIDTH * HEIGHT]
    rng.shuffle(objects)
    return picture, [wholes, parts, wholes], objects


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(first, first + count):
        picture, maps, objects = render(seed)
        name = folder / f"{seed:05d}"
        cv2.imwrite(str(name) + ".ppm", picture[..., ::-1])
        pathlib.Path(str(name) + ".segs").write_bytes(np.stack(maps).astype("<u2").tobytes())
        pathlib.Path(str(name) + ".objs").write_bytes(np.uint8(objects).tobytes() if objects else b"")


if __name__ == "__main__":
    main()
