// Pictures of frames: fetched when needed, kept while there is room, the one looked at first.

import { picture, projectURL } from "./api.js";
import { state } from "./state.js";
import { tell } from "./status.js";

const ROOM = 220e6;
const WIDTHS = [480, 640, 960, 1280, 1920];

const kept = new Map();
const running = new Map();
const stale = new Set();
const listeners = [];
let held = 0;

/** Runs `listener(kind, frame)` when a picture has come. */
export const onPicture = (listener) => listeners.push(listener);

/** The width to ask for: enough for `pixels` device pixels across, or the whole picture. */
export function widthFor(pixels) {
  const full = state.project.media.width;
  const fitting = WIDTHS.find((width) => width >= pixels);
  return fitting && fitting < full ? fitting : full;
}

const keyOf = (kind, frame, width) => `${kind}/${frame}/${width}`;

/** The best picture of a frame that is here: at `width`, or at any. */
export function shown(kind, frame, width) {
  const exact = kept.get(keyOf(kind, frame, width));
  if (exact) {
    kept.delete(keyOf(kind, frame, width));
    kept.set(keyOf(kind, frame, width), exact);
    return exact.bitmap;
  }
  let best = null;
  for (const entry of kept.values()) {
    if (entry.kind !== kind || entry.frame !== frame || !entry.bitmap) continue;
    if (entry.bitmap.width > (best?.width ?? 0)) best = entry.bitmap;
  }
  return best;
}

function url(kind, frame, width) {
  const folder = kind === "clean" ? "clean" : "frames";
  if (width === "exact") return projectURL(state.project.id, `/${folder}/${frame}.png`);
  const query = width === state.project.media.width ? "" : `?width=${width}`;
  return projectURL(state.project.id, `/${folder}/${frame}.jpg${query}`);
}

/** Fetches a picture unless it is here or on its way. Resolves to it, or null where there is none. */
export function load(kind, frame, width) {
  const key = keyOf(kind, frame, width);
  if (kept.has(key)) return Promise.resolve(kept.get(key).bitmap);
  if (running.has(key)) return running.get(key).promise;
  const control = new AbortController();
  const promise = picture(url(kind, frame, width), control.signal, stale.has(`${kind}/${frame}`))
    .then((bitmap) => {
      if (running.get(key)?.control === control) keep(key, { kind, frame, width, bitmap });
      return bitmap;
    })
    .catch((error) => { tell(error); return null; })
    .finally(() => { if (running.get(key)?.control === control) running.delete(key); });
  running.set(key, { promise, control, kind, frame });
  return promise;
}

function keep(key, entry) {
  kept.set(key, entry);
  held += weight(entry);
  for (const [old, { bitmap }] of kept) {
    if (held <= ROOM || old === key) break;
    held -= weight(kept.get(old));
    bitmap?.close();
    kept.delete(old);
  }
  for (const listener of listeners) listener(entry.kind, entry.frame);
}

const weight = ({ bitmap }) => (bitmap ? bitmap.width * bitmap.height * 4 : 64);

/** Gives up pictures on their way that are further than `reach` from `frame`. */
export function giveUpFar(frame, reach) {
  for (const [key, entry] of running) {
    if (Math.abs(entry.frame - frame) <= reach) continue;
    entry.control.abort();
    running.delete(key);
  }
}

/** Forgets pictures of one kind between two frames, because the server has made them anew. */
export function forgetFrames(kind, from = 0, to = Infinity) {
  for (const [key, entry] of kept) {
    if (entry.kind !== kind || entry.frame < from || entry.frame > to) continue;
    held -= weight(entry);
    kept.delete(key);
  }
  for (let frame = from; frame <= Math.min(to, from + 10000); frame += 1) stale.add(`${kind}/${frame}`);
  for (const listener of listeners) listener(kind, -1);
}

export function clearFrames() {
  for (const { control } of running.values()) control.abort();
  for (const { bitmap } of kept.values()) bitmap?.close();
  kept.clear();
  running.clear();
  stale.clear();
  held = 0;
}
