// What the timeline shows, row by row: time, thumbnails with cuts and marks, confidence, and where the fill comes from.

import { projectURL } from "./api.js";
import { covers } from "./state.js";
import { timecode } from "./messages.js";

const ROWS = { ruler: [0, 18], thumbnails: [18, 52], confidence: [74, 20], provenance: [98, 20] };
export const HEIGHT = 120;
const LABEL_GAP = 74;

const NAMES = ["line", "well", "soft", "accent", "good", "fair", "poor", "borrowed", "made-up", "abstained", "cut"];
let colors = null;

/** The theme's colours, read anew when it changes. */
export function forgetColors() {
  colors = null;
}

function theme() {
  if (colors) return colors;
  const probe = document.createElement("i");
  document.body.append(probe);
  colors = Object.fromEntries(NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color];
  }));
  probe.remove();
  return colors;
}

export function drawStrips(context, timeline) {
  drawRuler(context, timeline);
  drawThumbnails(context, timeline);
  drawCuts(context, timeline);
  drawWell(context, timeline, ROWS.confidence);
  drawWell(context, timeline, ROWS.provenance);
  drawConfidence(context, timeline);
  drawProvenance(context, timeline);
  drawMarkedFrames(context, timeline);
}

function drawRuler(context, { width, shown, toX, project }) {
  const [top, height] = ROWS.ruler;
  const perFrame = width / (shown.to - shown.from);
  const rate = Math.max(1, Math.round(project.media.rate[0] / project.media.rate[1]));
  const steps = [1, 2, 5, 10, rate, 2 * rate, 5 * rate, 10 * rate, 30 * rate, 60 * rate, 300 * rate, 600 * rate, 3600 * rate];
  const step = steps.find((frames) => frames * perFrame >= LABEL_GAP) ?? steps.at(-1);
  context.font = "10.5px ui-sans-serif, system-ui, sans-serif";
  context.textBaseline = "middle";
  context.fillStyle = theme().soft;
  context.strokeStyle = theme().line;
  context.lineWidth = 1;
  context.beginPath();
  for (let frame = Math.ceil(shown.from / step) * step; frame < shown.to; frame += step) {
    const x = Math.round(toX(frame)) + 0.5;
    context.moveTo(x, top + 4);
    context.lineTo(x, top + height);
    const label = step < rate ? String(frame) : timecode(frame, project.media.rate);
    if (x + 60 < width) context.fillText(label, x + 8, top + height / 2 + 1);
  }
  context.stroke();
}

const thumbnails = new Map();
let owner = null;

/** A thumbnail, fetched on the first asking; null until it is here. */
function thumbnail(project, frame, redraw) {
  if (owner !== project.id) {
    thumbnails.clear();
    owner = project.id;
  }
  const known = thumbnails.get(frame);
  if (known) return known.complete && known.naturalWidth > 0 ? known : null;
  const image = new Image();
  image.decoding = "async";
  image.onload = redraw;
  image.src = projectURL(project.id, `/thumbnails/${frame}.jpg`);
  thumbnails.set(frame, image);
  if (thumbnails.size > 600) thumbnails.delete(thumbnails.keys().next().value);
  return null;
}

function drawThumbnails(context, { width, shown, toX, project, redraw }) {
  const [top, height] = ROWS.thumbnails;
  const wide = Math.max(24, height * (project.media.width / project.media.height));
  const perFrame = width / (shown.to - shown.from);
  // Steps in powers of two keep the thumbnails in place while the timeline is zoomed.
  const step = 2 ** Math.max(0, Math.ceil(Math.log2(wide / perFrame)));
  const slot = step * perFrame;
  context.fillStyle = theme().well;
  context.fillRect(0, top, width, height);
  for (let frame = Math.floor(shown.from / step) * step; frame < shown.to; frame += step) {
    const image = thumbnail(project, Math.min(frame, project.media.frames - 1), redraw);
    const x = toX(frame);
    if (!image) continue;
    context.save();
    context.beginPath();
    context.rect(x, top, slot - 1, height);
    context.clip();
    const scale = Math.max(height / image.naturalHeight, slot / image.naturalWidth);
    const [drawnWide, drawnHigh] = [image.naturalWidth * scale, image.naturalHeight * scale];
    context.drawImage(image, x + (slot - drawnWide) / 2, top + (height - drawnHigh) / 2, drawnWide, drawnHigh);
    context.restore();
  }
}

function drawCuts(context, { toX, project, width }) {
  const [top, height] = ROWS.thumbnails;
  for (const cut of project.cuts) {
    const x = Math.round(toX(cut)) + 0.5;
    if (x < 0 || x > width) continue;
    context.fillStyle = theme().cut;
    context.fillRect(x - 1, top - 3, 2, height + 3);
    context.beginPath();
    context.moveTo(x - 5, top - 7);
    context.lineTo(x + 5, top - 7);
    context.lineTo(x, top - 1);
    context.fill();
  }
}

function drawWell(context, { width }, [top, height]) {
  context.fillStyle = theme().well;
  context.beginPath();
  context.roundRect(0, top, width, height, 3);
  context.fill();
}

/** Columns of the strip: each shows the worst frame that falls into it. */
function columns({ width, shown, toX, report }, value) {
  const wide = Math.max(1, width / (shown.to - shown.from));
  const worst = new Map();
  for (const entry of report?.frames ?? []) {
    if (entry.frame < shown.from - 1 || entry.frame > shown.to) continue;
    const found = value(entry);
    if (found === null) continue;
    const column = wide > 1 ? toX(entry.frame) : Math.floor(toX(entry.frame));
    const before = worst.get(column);
    if (!before || found.rank < before.rank) worst.set(column, found);
  }
  return [wide > 1 ? Math.max(1, wide - (wide > 4 ? 1 : 0)) : 1, worst];
}

/** The least confidence of a frame's objects; null where none was tracked. */
export function leastConfidence(entry) {
  const values = Object.values(entry.confidence ?? {});
  return values.length > 0 ? Math.min(...values) : null;
}

export const confidenceGrade = (value) => (value >= 0.8 ? "good" : value >= 0.6 ? "fair" : "poor");

function drawConfidence(context, timeline) {
  const [top, height] = ROWS.confidence;
  drawTracked(context, timeline);
  const [wide, found] = columns(timeline, (entry) => {
    const value = leastConfidence(entry);
    return value === null ? null : { rank: value, value };
  });
  for (const [x, { value }] of found) {
    const tall = Math.max(2, value * (height - 2));
    context.fillStyle = theme()[confidenceGrade(value)];
    context.fillRect(x, top + height - 1 - tall, wide, tall);
  }
}

/** A thin line under the frames that have masks, for the time until their confidence is here. */
function drawTracked(context, { toX, project }) {
  const [top, height] = ROWS.confidence;
  context.fillStyle = theme().accent;
  for (const [from, to] of project.track.frames ?? []) {
    context.fillRect(toX(from), top + height - 2, toX(to + 1) - toX(from), 2);
  }
}

function drawProvenance(context, timeline) {
  const [top, height] = ROWS.provenance;
  const { toX, project } = timeline;
  context.fillStyle = theme().borrowed;
  for (const [from, to] of project.clean?.frames ?? []) {
    context.globalAlpha = 0.25;
    context.fillRect(toX(from), top, toX(to + 1) - toX(from), height);
    context.globalAlpha = 1;
  }
  const [wide, found] = columns(timeline, (entry) => {
    const sum = entry.borrowed + entry.madeUp + entry.abstained;
    return sum > 0 && covers(project.clean?.frames, entry.frame) ? { rank: entry.borrowed / sum, entry, sum } : null;
  });
  for (const [x, { entry, sum }] of found) {
    let y = top + height;
    for (const [part, color] of [["borrowed", "borrowed"], ["madeUp", "made-up"], ["abstained", "abstained"]]) {
      const tall = (entry[part] / sum) * height;
      y -= tall;
      context.fillStyle = theme()[color];
      context.fillRect(x, y, wide, tall);
    }
  }
}

/** A diamond on each frame that holds marks, in the object's colour. */
function drawMarkedFrames(context, { toX, project, shown }) {
  const [top, height] = ROWS.thumbnails;
  for (const prompt of project.prompts) {
    if (prompt.frame < shown.from - 1 || prompt.frame > shown.to) continue;
    const object = project.objects.find(({ id }) => id === prompt.object);
    const [x, y] = [toX(prompt.frame + 0.5), top + height - 7];
    context.beginPath();
    context.moveTo(x, y - 6);
    context.lineTo(x + 6, y);
    context.lineTo(x, y + 6);
    context.lineTo(x - 6, y);
    context.closePath();
    context.fillStyle = object?.color ?? theme().accent;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = "#fff";
    context.stroke();
  }
}
