// Tools under the pointer, the finger and the arrow keys: points, box, scribble, pan and zoom.

import { $ } from "./elements.js";
import { labelAt } from "./masks.js";
import { addPoint, addStroke, nameOf, setBox } from "./marking.js";
import { state } from "./state.js";
import { say, telling } from "./status.js";
import { t } from "./messages.js";
import { draft, redraw, viewport } from "./viewer.js";

const canvas = $("#picture");
const pointers = new Map();
const SMALLEST_BOX = 3;
let action = null;

const place = (event) => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

const pixelAt = (event) => viewport.toPicture(...place(event)).map(Math.floor);

const clamped = ([x, y]) => [
  Math.min(viewport.picture.width - 1, Math.max(0, x)), Math.min(viewport.picture.height - 1, Math.max(0, y)),
];

/** Right button and Shift turn a mark around: what was inside becomes outside. */
const isTurned = (event) => event.button === 2 || event.shiftKey;

const marks = {
  /** The mask is asked for while the finger is still down. */
  point: telling((pixel, inside) => addPoint(pixel[0], pixel[1], inside)),
  box: telling((box) => setBox(box)),
  stroke: telling((points, inside) => addStroke(points, inside)),
};

function boxBetween(a, b) {
  const [left, top] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
  return [left, top, Math.abs(a[0] - b[0]) + 1, Math.abs(a[1] - b[1]) + 1];
}

function begin(event) {
  if (!state.project) return;
  pointers.set(event.pointerId, place(event));
  canvas.setPointerCapture(event.pointerId);
  if (pointers.size === 2) {
    draft.shape = null;
    action = { kind: "pinch", apart: distance() };
    return;
  }
  const pixel = pixelAt(event);
  if (event.button === 1 || state.tool === "pan" || !viewport.contains(...pixel)) {
    action = { kind: "pan", last: place(event) };
  } else if (state.tool === "box" && event.button === 0) {
    action = { kind: "box", start: pixel };
  } else if (state.tool === "scribble") {
    action = { kind: "stroke", points: [pixel], inside: !isTurned(event) };
  } else {
    const inside = (state.tool !== "outside") !== isTurned(event);
    action = { kind: "done" };
    marks.point(pixel, inside);
  }
  draft.cursor = null;
  redraw();
}

const distance = () => {
  const [a, b] = [...pointers.values()];
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
};

function move(event) {
  if (!state.project) return;
  hover(event);
  if (!pointers.has(event.pointerId)) return;
  const now = place(event);
  if (action?.kind === "pinch" && pointers.size === 2) {
    const before = [...pointers.values()];
    pointers.set(event.pointerId, now);
    const after = [...pointers.values()];
    const middle = (points) => [(points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2];
    viewport.pan(middle(after)[0] - middle(before)[0], middle(after)[1] - middle(before)[1]);
    viewport.zoom(distance() / action.apart, ...middle(after));
    action.apart = distance();
    return;
  }
  pointers.set(event.pointerId, now);
  if (action?.kind === "pan") {
    viewport.pan(now[0] - action.last[0], now[1] - action.last[1]);
    action.last = now;
  } else if (action?.kind === "box") {
    draft.shape = { kind: "box", box: boxBetween(action.start, clamped(pixelAt(event))) };
  } else if (action?.kind === "stroke") {
    extend(action.points, clamped(pixelAt(event)));
    draft.shape = { kind: "stroke", points: action.points, inside: action.inside };
  }
  redraw();
}

function extend(points, pixel) {
  const last = points.at(-1);
  if (Math.hypot(pixel[0] - last[0], pixel[1] - last[1]) >= 2) points.push(pixel);
}

function end(event) {
  pointers.delete(event.pointerId);
  const finished = action;
  if (pointers.size > 0 || !finished) return;
  action = null;
  draft.shape = null;
  if (event.type !== "pointercancel") {
    if (finished.kind === "box") finishBox(finished.start, clamped(pixelAt(event)));
    if (finished.kind === "stroke") marks.stroke(finished.points, finished.inside);
  }
  redraw();
}

function finishBox(start, stop) {
  const box = boxBetween(start, stop);
  if (box[2] >= SMALLEST_BOX && box[3] >= SMALLEST_BOX) marks.box(box);
}

/** Shows the pixel under the pointer, and the name of what is selected there. */
function hover(event) {
  const pixel = pixelAt(event);
  const object = state.project.objects.find(({ id }) => id === labelAt(state.frame, ...pixel));
  $("#pixel").textContent = viewport.contains(...pixel)
    ? `${pixel[0]}, ${pixel[1]}${object ? ` · ${nameOf(object)}` : ""}` : "";
}

function wheel(event) {
  if (!state.project) return;
  event.preventDefault();
  const lines = event.deltaMode === 1 ? 16 : 1;
  if (event.shiftKey || (Math.abs(event.deltaX) > Math.abs(event.deltaY) && !event.ctrlKey)) {
    viewport.pan(-(event.deltaX || event.deltaY) * lines, 0);
  } else {
    viewport.zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0018)), ...place(event));
  }
}

// The arrow keys move a cross; Enter marks under it, Shift+Enter turns the mark around.

let corner = null;

function moveCursor(dx, dy) {
  const start = draft.cursor ?? { x: Math.floor(viewport.picture.width / 2), y: Math.floor(viewport.picture.height / 2) };
  const [x, y] = clamped(draft.cursor ? [start.x + dx, start.y + dy] : [start.x, start.y]);
  draft.cursor = { x, y };
  const [left, top] = viewport.toView(x, y);
  if (left < 0 || top < 0 || left > viewport.view.width || top > viewport.view.height) {
    viewport.pan(viewport.view.width / 2 - left, viewport.view.height / 2 - top);
  }
  if (corner?.kind === "box") draft.shape = { kind: "box", box: boxBetween(corner.start, [x, y]) };
  if (corner?.kind === "stroke") {
    extend(corner.points, [x, y]);
    draft.shape = { kind: "stroke", points: corner.points, inside: corner.inside };
  }
  const object = state.project.objects.find(({ id }) => id === labelAt(state.frame, x, y));
  $("#pixel").textContent = `${x}, ${y}${object ? ` · ${nameOf(object)}` : ""}`;
  redraw();
}

function markAtCursor(turned) {
  if (!draft.cursor) {
    moveCursor(0, 0);
    return;
  }
  const pixel = [draft.cursor.x, draft.cursor.y];
  if (state.tool === "box" || state.tool === "scribble") {
    if (!corner) {
      corner = { kind: state.tool === "box" ? "box" : "stroke", start: pixel, points: [pixel], inside: !turned };
      say(t("status.corner"));
    } else {
      corner.kind === "box" ? finishBox(corner.start, pixel) : marks.stroke(corner.points, corner.inside);
      corner = null;
      draft.shape = null;
    }
  } else if (state.tool !== "pan") {
    marks.point(pixel, (state.tool !== "outside") !== turned);
  }
  redraw();
}

function keys(event) {
  if (!state.project || event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (arrow) {
    const step = event.shiftKey ? 10 : 1;
    moveCursor(arrow[0] * step, arrow[1] * step);
  } else if (event.key === "Enter") {
    markAtCursor(event.shiftKey);
  } else if (event.key === "Escape" && (corner || draft.cursor)) {
    corner = null;
    draft.shape = null;
    draft.cursor = null;
    redraw();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

export function startPointing() {
  canvas.addEventListener("pointerdown", begin);
  // The mouse leaves the keys to the timeline; the picture takes them only by Tab or G.
  canvas.addEventListener("mousedown", (event) => {
    event.preventDefault();
    document.activeElement?.blur();
  });
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("pointerleave", () => { $("#pixel").textContent = ""; });
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("wheel", wheel, { passive: false });
  canvas.addEventListener("dblclick", () => { if (state.tool === "pan") viewport.fit(); });
  canvas.addEventListener("keydown", keys);
  state.watch("tool", () => { canvas.dataset.tool = state.tool; corner = null; });
  state.on("frame", () => { corner = null; draft.shape = null; });
}
