// The timeline: scrubbing, the range's handles, zoom, and the way from a frame to a place and back.

import { $ } from "./elements.js";
import { history } from "./history.js";
import { nameOf } from "./marking.js";
import { go } from "./playback.js";
import { change } from "./project.js";
import { state } from "./state.js";
import { telling } from "./status.js";
import { duration, number, percent, t, timecode } from "./messages.js";
import { drawStrips, HEIGHT } from "./strips.js";

const canvas = $("#strips");
const context = canvas.getContext("2d");
const track = $("#track");
const LEAST_FRAMES = 12;

/** The frames that are seen: from the left edge to the right one. */
const shown = { from: 0, to: 1 };
let width = 1;
let asked = false;

const lastFrame = () => state.project.media.frames - 1;
const toX = (frame) => ((frame - shown.from) / (shown.to - shown.from)) * width;
const toFrame = (x) => shown.from + (x / width) * (shown.to - shown.from);

export function redrawTimeline() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; draw(); });
}

function draw() {
  const ratio = devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, HEIGHT);
  if (!state.project) return;
  drawStrips(context, { width, shown, toX, project: state.project, report: state.report, redraw: redrawTimeline });
  const { frame, project } = state;
  const [start, end] = project.range;
  place($("#playhead"), toX(frame + 0.5), frame);
  place($("#range-start"), toX(start), start);
  place($("#range-end"), toX(end + 1), end);
  shade($("#before-range"), 0, toX(start));
  shade($("#after-range"), toX(end + 1), width);
}

function place(handle, x, frame) {
  handle.hidden = x < -8 || x > width + 8;
  handle.style.left = `${x}px`;
  handle.setAttribute("aria-valuemax", lastFrame());
  handle.setAttribute("aria-valuenow", frame);
  handle.setAttribute("aria-valuetext", t("timeline.value", { frame, time: timecode(frame, state.project.media.rate) }));
}

function shade(veil, from, to) {
  const left = Math.max(0, from);
  veil.style.left = `${left}px`;
  veil.style.width = `${Math.max(0, Math.min(width, to) - left)}px`;
}

function resize() {
  width = Math.max(1, track.clientWidth);
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(HEIGHT * devicePixelRatio);
  redrawTimeline();
}

const frameAt = (event) => Math.floor(toFrame(event.clientX - track.getBoundingClientRect().left));

/** Follows a pointer that is pressed on `target`. */
function drag(target, { start, move, stop }) {
  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !state.project) return;
    target.setPointerCapture(event.pointerId);
    event.preventDefault();
    start?.(event);
  });
  target.addEventListener("pointermove", (event) => {
    if (target.hasPointerCapture(event.pointerId)) move(event);
    else if (target === canvas) explain(event);
  });
  target.addEventListener("pointerup", (event) => {
    if (target.hasPointerCapture(event.pointerId)) stop?.(event);
  });
}

/** Sets one end of the range; neither end passes the other. */
export function setRange(which, frame, merge) {
  const [start, end] = state.project.range;
  const at = Math.min(lastFrame(), Math.max(0, frame));
  const range = which === "start" ? [Math.min(at, end), end] : [start, Math.max(at, start)];
  if (range[0] === start && range[1] === end) return;
  history.record(t("undo.range"), merge);
  telling(change)({ range });
}

function dragHandle(handle, which) {
  let before = null;
  drag(handle, {
    start: () => { before = state.project.range; handle.focus(); },
    move: (event) => {
      const at = Math.min(lastFrame(), Math.max(0, frameAt(event)));
      const [start, end] = state.project.range;
      const range = which === "start" ? [Math.min(at, end), end] : [start, Math.max(at, start)];
      state.project = { ...state.project, range };
    },
    stop: () => {
      const range = state.project.range;
      if (range[0] === before[0] && range[1] === before[1]) return;
      state.project = { ...state.project, range: before };
      history.record(t("undo.range"));
      telling(change)({ range });
    },
  });
  handle.addEventListener("keydown", (event) => {
    const [start, end] = state.project.range;
    const at = which === "start" ? start : end;
    const to = stepped(event, at);
    if (to === null) return;
    setRange(which, to, `range-${which}`);
  });
}

/** The frame that a key of a slider leads to; null for other keys. */
function stepped(event, at) {
  const big = Math.max(10, Math.round(state.project.media.rate[0] / state.project.media.rate[1]));
  const to = {
    ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1,
    PageDown: at - big, PageUp: at + big, Home: 0, End: lastFrame(),
  }[event.key];
  if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return null;
  event.preventDefault();
  event.stopPropagation();
  return event.shiftKey && event.key.startsWith("Arrow") ? at + 10 * (to - at) : to;
}

function wheel(event) {
  if (!state.project) return;
  event.preventDefault();
  const span = shown.to - shown.from;
  if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    pan(((event.deltaX || event.deltaY) / width) * span);
  } else {
    zoomTimeline(Math.exp(event.deltaY * 0.002), toFrame(event.clientX - track.getBoundingClientRect().left));
  }
}

export function zoomTimeline(factor, around = state.frame + 0.5) {
  const whole = lastFrame() + 1;
  const span = Math.min(whole, Math.max(Math.min(LEAST_FRAMES, whole), (shown.to - shown.from) * factor));
  const share = (around - shown.from) / (shown.to - shown.from);
  show(around - share * span, span);
}

const pan = (frames) => show(shown.from + frames, shown.to - shown.from);

function show(from, span) {
  const whole = lastFrame() + 1;
  shown.from = Math.max(0, Math.min(whole - span, from));
  shown.to = shown.from + span;
  redrawTimeline();
}

/** Says what the strips hold at the frame under the pointer. */
function explain(event) {
  const frame = frameAt(event);
  const entry = state.report?.frames.find((other) => other.frame === frame);
  const lines = [t("timeline.value", { frame, time: timecode(frame, state.project.media.rate) })];
  for (const [id, value] of Object.entries(entry?.confidence ?? {})) {
    const object = state.project.objects.find((other) => String(other.id) === id);
    if (object) lines.push(`${nameOf(object)}: ${percent(value)}`);
  }
  const filled = entry ? entry.borrowed + entry.madeUp + entry.abstained : 0;
  if (filled > 0) {
    for (const part of ["borrowed", "madeUp", "abstained"]) {
      if (entry[part] > 0) lines.push(`${t(`report.${part}`)}: ${percent(entry[part] / filled)}`);
    }
  }
  canvas.title = lines.join("\n");
}

function followPlayhead() {
  const span = shown.to - shown.from;
  if (state.frame < shown.from || state.frame >= shown.to) show(state.frame - span * 0.1, span);
}

function showTimes() {
  const { project, frame } = state;
  if (!project) return;
  // What is being typed is left alone.
  if (document.activeElement !== $("#frame-number")) $("#frame-number").value = frame;
  $("#frame-number").max = lastFrame();
  $("#frame-count").textContent = `/ ${number(lastFrame())}`;
  $("#timecode").textContent = timecode(frame, project.media.rate);
  const [start, end] = project.range;
  const seconds = ((end - start + 1) * project.media.rate[1]) / project.media.rate[0];
  $("#range-text").textContent = t("timeline.range", { start, end, n: end - start + 1, time: duration(seconds) });
}

let opened = null;

export function startTimeline() {
  new ResizeObserver(resize).observe(track);
  drag(canvas, { start: (event) => go(frameAt(event)), move: (event) => go(frameAt(event)) });
  drag($("#playhead"), { start: () => $("#playhead").focus(), move: (event) => go(frameAt(event)) });
  dragHandle($("#range-start"), "start");
  dragHandle($("#range-end"), "end");
  $("#playhead").addEventListener("keydown", (event) => {
    const to = stepped(event, state.frame);
    if (to !== null) go(to);
  });
  track.addEventListener("wheel", wheel, { passive: false });
  canvas.addEventListener("dblclick", () => show(0, lastFrame() + 1));
  $("#frame-number").addEventListener("change", (event) => go(Number(event.target.value) || 0));
  $("#frame-number").addEventListener("blur", showTimes);
  $("#frame-number").addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "Escape") event.target.blur();
  });
  state.on("project", () => {
    if (state.project && state.project.id !== opened) show(0, lastFrame() + 1);
    opened = state.project?.id ?? null;
  });
  state.on("frame", followPlayhead);
  state.on("frame project", showTimes);
  state.on("frame project report step", redrawTimeline);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawTimeline);
}
