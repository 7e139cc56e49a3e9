// Label maps of frames, and the tinted picture of them that lies over the video.

import { picture, projectURL } from "./api.js";
import { state } from "./state.js";
import { tell } from "./status.js";
import { paintLabels } from "./overlay.js";

const ROOM = 120e6;
const kept = new Map();
const running = new Map();
const listeners = [];
let held = 0;

/** Runs `listener(frame)` when a frame's mask has come or changed; -1 stands for any. */
export const onMask = (listener) => listeners.push(listener);
const announce = (frame) => listeners.forEach((listener) => listener(frame));

/** The overlay of a frame, or null where it is not here (yet). */
export function overlayOf(frame) {
  const entry = kept.get(frame);
  if (!entry?.labels) return null;
  entry.overlay ??= paintLabels(entry.labels, entry.width, entry.height, state.project.objects, state.object);
  return entry.overlay;
}

/** The object at a pixel of a frame: 0 for none. */
export function labelAt(frame, x, y) {
  const entry = kept.get(frame);
  if (!entry?.labels || x < 0 || y < 0 || x >= entry.width || y >= entry.height) return 0;
  return entry.labels[Math.floor(y) * entry.width + Math.floor(x)];
}

export const hasMask = (frame) => kept.has(frame);

/** Fetches the mask of a frame unless it is here. */
export function loadMask(frame) {
  if (kept.has(frame)) return Promise.resolve();
  if (running.has(frame)) return running.get(frame).promise;
  const control = new AbortController();
  const promise = picture(projectURL(state.project.id, `/masks/${frame}.png`), control.signal, true)
    .then((bitmap) => {
      if (running.get(frame)?.control !== control) return;
      keep(frame, bitmap ? labelsOf(bitmap) : { labels: null });
    })
    .catch(tell)
    .finally(() => { if (running.get(frame)?.control === control) running.delete(frame); });
  running.set(frame, { promise, control });
  return promise;
}

function keep(frame, entry) {
  kept.delete(frame);
  kept.set(frame, entry);
  held = 0;
  for (const { labels } of kept.values()) held += labels ? labels.length * 5 : 64;
  for (const [old, { labels }] of kept) {
    if (held <= ROOM || old === frame) break;
    held -= labels ? labels.length * 5 : 64;
    kept.delete(old);
  }
  announce(frame);
}

function pixelsOf(bitmap) {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
}

/** Labels from a picture in the DAVIS palette: each colour holds the bits of its number. */
function labelsOf(bitmap) {
  const data = pixelsOf(bitmap);
  const labels = new Uint8Array(bitmap.width * bitmap.height);
  for (let pixel = 0; pixel < labels.length; pixel += 1) {
    const [red, green, blue] = [data[4 * pixel], data[4 * pixel + 1], data[4 * pixel + 2]];
    if ((red | green | blue) === 0) continue;
    let label = 0;
    for (let bit = 0; bit < 3; bit += 1) {
      const shift = 7 - bit;
      label |= (((red >> shift) & 1) | (((green >> shift) & 1) << 1) | (((blue >> shift) & 1) << 2)) << (3 * bit);
    }
    labels[pixel] = label & 255;
  }
  return { labels, width: bitmap.width, height: bitmap.height };
}

async function decodeDataURL(url) {
  const text = atob(url.slice(url.indexOf(",") + 1));
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return createImageBitmap(new Blob([bytes], { type: "image/png" }), { colorSpaceConversion: "none" });
}

/** Puts a newly answered mask of one object (0/255) into a frame's labels. */
export async function putMask(frame, object, dataURL) {
  const bitmap = await decodeDataURL(dataURL);
  const data = pixelsOf(bitmap);
  const before = kept.get(frame);
  const fits = before?.labels?.length === bitmap.width * bitmap.height;
  const labels = fits ? before.labels.slice() : new Uint8Array(bitmap.width * bitmap.height);
  for (let pixel = 0; pixel < labels.length; pixel += 1) {
    if (data[4 * pixel] > 127) labels[pixel] = object;
    else if (labels[pixel] === object) labels[pixel] = 0;
  }
  running.get(frame)?.control.abort();
  running.delete(frame);
  keep(frame, { labels, width: bitmap.width, height: bitmap.height });
}

/** Forgets the masks between two frames, because they were made anew. */
export function forgetMasks(from = 0, to = Infinity) {
  for (const frame of [...kept.keys()]) if (frame >= from && frame <= to) kept.delete(frame);
  for (const [frame, { control }] of running) {
    if (frame < from || frame > to) continue;
    control.abort();
    running.delete(frame);
  }
  announce(-1);
}

export function clearMasks() {
  for (const { control } of running.values()) control.abort();
  running.clear();
  kept.clear();
  held = 0;
}

let looks = "";
state.on("project object", () => {
  const objects = state.project?.objects.map(({ id, color, visible, included }) => [id, color, visible, included]);
  const next = JSON.stringify([objects, state.object]);
  if (next === looks) return;
  looks = next;
  for (const entry of kept.values()) entry.overlay = null;
  announce(-1);
});
