// Playing: two videos in step where they are there, single pictures where they are not; sound from the source.

import { fetchOne, playingSources, redraw, showsClean } from "./viewer.js";
import { loadMask } from "./masks.js";
import { widthFor } from "./frames.js";
import { projectURL } from "./api.js";
import { state } from "./state.js";
import { t } from "./messages.js";
import { say } from "./status.js";

const AHEAD = 10;
const videos = { source: document.createElement("video"), clean: document.createElement("video") };
videos.clean.muted = true;
let run = 0;

for (const [kind, video] of Object.entries(videos)) {
  video.preload = "auto";
  video.playsInline = true;
  video.dataset.kind = kind;
}

const rateOf = (project) => project.media.rate[0] / project.media.rate[1];

/** Opens a video of the project; true where it can be played. */
function open(kind, file) {
  const url = projectURL(state.project.id, `/video/${file}`);
  const video = videos[kind];
  if (video.dataset.url === url && video.readyState >= 1) return Promise.resolve(true);
  video.dataset.url = url;
  return new Promise((resolve) => {
    const finish = (isThere) => {
      video.onloadedmetadata = null;
      video.onerror = null;
      if (!isThere) video.dataset.url = "";
      resolve(isThere);
    };
    video.onloadedmetadata = () => finish(true);
    video.onerror = () => finish(false);
    video.src = url;
  });
}

function seek(video, seconds) {
  return new Promise((resolve) => {
    video.onseeked = () => { video.onseeked = null; resolve(); };
    video.currentTime = seconds;
  });
}

/** The first frame that a clean video shows: 0, or the range's start where it is shorter than the source. */
function cleanStart() {
  const rate = rateOf(state.project);
  const isWhole = Math.abs(videos.clean.duration - videos.source.duration) < 2.5 / rate;
  return isWhole ? 0 : state.project.clean.frames[0]?.[0] ?? 0;
}

export async function play() {
  const { project } = state;
  if (!project || state.playing) return;
  const mine = (run += 1);
  const last = project.media.frames - 1;
  if (state.frame >= last) state.frame = 0;
  state.playing = true;
  const hasSource = await open("source", "source.mp4");
  const wantsClean = project.clean?.state === "done" && state.view !== "source" && showsClean();
  const hasClean = hasSource && wantsClean && await open("clean", "clean.mp4");
  if (run !== mine) return;
  const rate = rateOf(project);
  const start = state.frame;
  if (!hasSource) { playStills(mine, start, rate); return; }
  const offset = hasClean ? cleanStart() : 0;
  await Promise.all([
    seek(videos.source, (start + 0.5) / rate),
    hasClean ? seek(videos.clean, Math.max(0, start - offset + 0.5) / rate) : null,
  ]);
  if (run !== mine) return;
  playingSources.source = videos.source;
  playingSources.clean = hasClean ? videos.clean : null;
  try {
    await Promise.all([videos.source.play(), hasClean ? videos.clean.play() : null]);
  } catch {
    // Sound without a gesture may be refused; the picture still plays.
    videos.source.muted = true;
    await videos.source.play();
  }
  if (run === mine) follow(mine, rate, hasClean, offset);
}

/** Shows each frame as the source's clock gives it, and pulls the clean video after it where they drift apart. */
function follow(mine, rate, hasClean, offset) {
  const { source, clean } = videos;
  const last = state.project.media.frames - 1;
  const tick = (_, { mediaTime }) => {
    if (run !== mine) return;
    const frame = Math.min(last, Math.floor(mediaTime * rate + 0.5));
    const wanted = source.currentTime - offset / rate;
    if (hasClean && wanted >= 0 && wanted < clean.duration && Math.abs(clean.currentTime - wanted) > 1.5 / rate) {
      clean.currentTime = wanted;
    }
    state.frame = frame;
    prefetch(frame);
    redraw();
    source.requestVideoFrameCallback(tick);
  };
  source.requestVideoFrameCallback(tick);
  source.onended = () => { if (run === mine) { pause(); state.frame = last; } };
}

function playStills(mine, start, rate) {
  const began = performance.now();
  const last = state.project.media.frames - 1;
  const tick = (now) => {
    if (run !== mine) return;
    const frame = Math.min(last, start + Math.floor(((now - began) / 1000) * rate));
    state.frame = frame;
    prefetch(frame);
    if (frame === last) pause();
    else requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

function prefetch(frame) {
  const { project } = state;
  const width = Math.min(960, widthFor(960));
  for (let ahead = frame + 1; ahead <= Math.min(frame + AHEAD, project.media.frames - 1); ahead += 1) {
    if (!playingSources.source || (state.view !== "source" && showsClean() && !playingSources.clean)) fetchOne(ahead, width);
    else if (state.masksShown && project.objects.length > 0) loadMask(ahead);
  }
}

export function pause() {
  if (!state.playing) return;
  run += 1;
  for (const video of Object.values(videos)) video.pause();
  playingSources.source = null;
  playingSources.clean = null;
  state.playing = false;
  say(t("status.frame", { frame: state.frame }));
}

export const toggle = () => (state.playing ? pause() : play());

/** Goes to a frame, clamped to the clip; playing stops. */
export function go(frame) {
  if (!state.project) return;
  pause();
  state.frame = Math.min(state.project.media.frames - 1, Math.max(0, Math.round(frame)));
}

export function setMuted(isMuted) {
  videos.source.muted = isMuted;
}

let opened = null;
state.on("project", () => {
  const id = state.project?.id ?? null;
  if (id === opened) return;
  opened = id;
  for (const video of Object.values(videos)) {
    video.removeAttribute("src");
    video.dataset.url = "";
    video.load();
  }
});
// A new clean film stands under the same address.
state.on("project", (() => {
  let before = null;
  return () => {
    const now = state.project?.clean?.state ?? null;
    if (now !== before && now === "done") videos.clean.dataset.url = "";
    before = now;
  };
})());
