// The picture: one canvas with the frame, its clean version beside a divider, the masks and the marks.

import { $, element } from "./elements.js";
import { giveUpFar, load, onPicture, shown, widthFor } from "./frames.js";
import { hasMask, loadMask, onMask, overlayOf } from "./masks.js";
import { drawMarks } from "./marks.js";
import { covers, promptAt, state } from "./state.js";
import { t } from "./messages.js";
import { Viewport } from "./viewport.js";

const PIXELATED_FROM = 3;
const REACH = 6;
const GIVE_UP = 14;
const PREFETCH_REST = 60;

export const viewport = new Viewport();
const canvas = $("#picture");
const context = canvas.getContext("2d", { alpha: false });
/** What a tool shows while it is being used: `{ kind: "box" | "stroke" | "cursor", … }`. */
export const draft = { shape: null, cursor: null };
/** Sources that play, by kind; the canvas shows them in place of still pictures. */
export const playingSources = { source: null, clean: null };

let asked = false;
let lastFrame = 0;
let timer = 0;

export function redraw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; draw(); });
}

/** True where a clean picture of this frame is there. */
export const hasClean = (frame) => covers(state.project?.clean?.frames, frame);

/** Marks are set on the source; the clean version is seen in the other steps. */
export const showsClean = () => state.step !== "select" && state.step !== "track";

/** Which of the two pictures are seen now; holding the key shows what was before. */
export function viewNow() {
  if (state.held || !showsClean() || !hasClean(state.frame)) return "source";
  return state.view;
}

function widthNow() {
  const pixels = viewport.scale * devicePixelRatio;
  if (pixels >= 2 && !state.playing) return "exact";
  return widthFor(viewport.picture.width * pixels);
}

/** Asks for what this frame shows first, then for its neighbours in the direction of travel. */
function fetchFrame() {
  const { project, frame, playing } = state;
  if (!project) return;
  const direction = frame >= lastFrame ? 1 : -1;
  lastFrame = frame;
  giveUpFar(frame, GIVE_UP);
  fetchOne(frame, widthNow());
  clearTimeout(timer);
  if (playing) return;
  timer = setTimeout(async () => {
    const isHere = () => state.project?.id === project.id && state.frame === frame;
    if (!isHere()) return;
    if (widthNow() === "exact") fetchOne(frame, widthFor(viewport.picture.width));
    for (let step = 1; step <= REACH && isHere(); step += 1) {
      await Promise.all([frame + direction * step, step <= 2 ? frame - direction * step : -1]
        .filter((near) => near >= 0 && near < project.media.frames)
        .map((near) => fetchOne(near, widthFor(viewport.picture.width * viewport.scale * devicePixelRatio))));
    }
  }, PREFETCH_REST);
}

/** The frame that is looked at is always asked for; its neighbours where tracking or marks have been. */
function mayHaveMask(frame) {
  const { objects, track, prompts } = state.project;
  if (objects.length === 0) return false;
  return frame === state.frame || covers(track.frames, frame) || prompts.some((prompt) => prompt.frame === frame);
}

export function fetchOne(frame, width) {
  if (!state.project) return Promise.resolve();
  const wants = [];
  if (!playingSources.source || !state.playing) wants.push(load("source", frame, width));
  if (hasClean(frame) && state.view !== "source" && showsClean()) wants.push(load("clean", frame, width));
  if (state.masksShown && mayHaveMask(frame) && !hasMask(frame)) wants.push(loadMask(frame));
  return Promise.all(wants);
}

function resize() {
  const { width, height } = canvas.parentElement.getBoundingClientRect();
  canvas.width = Math.max(1, Math.round(width * devicePixelRatio));
  canvas.height = Math.max(1, Math.round(height * devicePixelRatio));
  viewport.setView(width, height);
}

/** The picture of a kind at this frame: a playing video, or a still. */
function imageOf(kind) {
  return playingSources[kind] ?? shown(kind, state.frame, widthNow());
}

let lastShown = null;

function draw() {
  const ratio = devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = getComputedStyle(canvas.parentElement).backgroundColor;
  context.fillRect(0, 0, viewport.view.width, viewport.view.height);
  if (!state.project) return;
  const { scale, picture } = viewport;
  context.imageSmoothingEnabled = scale * ratio < PIXELATED_FROM;
  context.imageSmoothingQuality = "high";
  const view = viewNow();
  const before = imageOf("source") ?? lastShown;
  const after = view === "source" ? null : imageOf("clean");
  if (before) lastShown = before;
  const split = view === "split" ? state.divider : 0;
  if (before && (view !== "clean" || !after)) drawPart(before, 0, after && view === "split" ? split : 1);
  if (after) drawPart(after, split, 1);
  canvas.dataset.frame = imageOf("source") || after ? state.frame : "";
  canvas.dataset.view = after ? view : "source";
  // Where before and after are compared, the tint would hide what is compared.
  if (state.masksShown && !after && !(state.held && showsClean())) drawOverlay();
  if (scale * ratio >= 14) drawGrid();
  drawMarks(context, viewport, { prompt: markedPrompt(), draft });
  placeDivider(after && view === "split");
  const { width, height } = picture;
  canvas.setAttribute("aria-label", t("viewer.label", { frame: state.frame, width, height }));
}

const markedPrompt = () =>
  (state.step === "select" || state.step === "track") && !state.playing
    ? promptAt(state.project, state.frame, state.object) : null;

/** Draws the columns of a picture between two parts of its width. */
function drawPart(image, from, to) {
  const { picture, scale, x, y } = viewport;
  const [wide, high] = [image.videoWidth ?? image.width, image.videoHeight ?? image.height];
  if (!wide || to <= from) return;
  context.save();
  context.beginPath();
  context.rect(x + from * picture.width * scale, y, (to - from) * picture.width * scale, picture.height * scale);
  context.clip();
  context.drawImage(image, 0, 0, wide, high, x, y, picture.width * scale, picture.height * scale);
  context.restore();
}

function drawOverlay() {
  const overlay = overlayOf(state.frame);
  if (overlay) drawPart(overlay, 0, 1);
}

function drawGrid() {
  const { picture, scale, view } = viewport;
  const [left, top] = viewport.toPicture(0, 0).map((value) => Math.max(0, Math.floor(value)));
  const [right, bottom] = viewport.toPicture(view.width, view.height);
  context.strokeStyle = "rgb(127 127 127 / 0.35)";
  context.lineWidth = 1 / devicePixelRatio;
  context.beginPath();
  for (let column = left; column <= Math.min(right, picture.width); column += 1) {
    const [x] = viewport.toView(column, 0);
    context.moveTo(x, Math.max(0, viewport.y));
    context.lineTo(x, Math.min(view.height, viewport.y + picture.height * scale));
  }
  for (let row = top; row <= Math.min(bottom, picture.height); row += 1) {
    const [, y] = viewport.toView(0, row);
    context.moveTo(Math.max(0, viewport.x), y);
    context.lineTo(Math.min(view.width, viewport.x + picture.width * scale), y);
  }
  context.stroke();
}

const divider = $("#divider");

function placeDivider(isSeen) {
  divider.hidden = !isSeen;
  if (!isSeen) return;
  const { picture, scale, x, y, view } = viewport;
  divider.style.left = `${x + state.divider * picture.width * scale}px`;
  divider.style.top = `${Math.max(0, y)}px`;
  divider.style.height = `${Math.min(view.height, y + picture.height * scale) - Math.max(0, y)}px`;
  divider.setAttribute("aria-valuenow", Math.round(100 * state.divider));
}

function moveDivider(position) {
  state.divider = Math.min(1, Math.max(0, position));
}

divider.addEventListener("pointerdown", (event) => {
  divider.setPointerCapture(event.pointerId);
  event.preventDefault();
  divider.focus();
});
divider.addEventListener("pointermove", (event) => {
  if (!divider.hasPointerCapture(event.pointerId)) return;
  const box = canvas.getBoundingClientRect();
  moveDivider(viewport.toPicture(event.clientX - box.left, 0)[0] / viewport.picture.width);
});
divider.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -0.02, ArrowRight: 0.02, Home: -1, End: 1 }[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  moveDivider(state.divider + step);
});
divider.append(element("span", { class: "knob", "aria-hidden": "true" }));

export function startViewer() {
  new ResizeObserver(resize).observe(canvas.parentElement);
  resize();
  viewport.onChange(() => { redraw(); if (state.project) fetchFrame(); });
  onPicture((kind, frame) => {
    if (frame === -1 && state.project) fetchFrame();
    if (frame === -1 || frame === state.frame) redraw();
  });
  onMask((frame) => {
    if (frame === -1 && state.project) fetchFrame();
    if (frame === -1 || frame === state.frame) redraw();
  });
  state.on("project", () => {
    if (!state.project) { lastShown = null; return; }
    viewport.setPicture(state.project.media.width, state.project.media.height);
  });
  state.on("frame view project masksShown step", () => { if (state.project) fetchFrame(); });
  state.on("frame view held divider masksShown project step object playing tool", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}
