// Marks on a frame, and the mask that answers them.

import { get, post, projectPath } from "./api.js";
import { history } from "./history.js";
import { putMask, forgetMasks } from "./masks.js";
import { change, inOrder } from "./project.js";
import { promptAt, state } from "./state.js";
import { say, tell } from "./status.js";
import { number, t } from "./messages.js";

export const MARKING_TOOLS = ["inside", "outside", "box", "scribble"];
const REST_BEFORE_PREPARING = 250;
const BUSY = 2000;

const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

const emptyPrompt = (frame, object) => ({ frame, object, points: [], box: null, strokes: [], candidate: 0 });
const isEmpty = (prompt) => prompt.points.length === 0 && !prompt.box && prompt.strokes.length === 0;

let prepareTimer = 0;
const prepared = new Set();

/** Has the server look at the frame before the first click on it. */
export function prepareSoon() {
  clearTimeout(prepareTimer);
  const { project, frame, tool, playing } = state;
  state.preparing = false;
  if (!project || playing || !MARKING_TOOLS.includes(tool)) return;
  const key = `${project.id}/${frame}`;
  if (prepared.has(key)) return;
  prepareTimer = setTimeout(async () => {
    state.preparing = true;
    prepared.clear();
    prepared.add(key);
    try {
      await post(projectPath(project.id, "/prepare"), { frame });
    } catch (error) {
      prepared.delete(key);
      state.preparing = false;
      tell(error);
    }
  }, REST_BEFORE_PREPARING);
}

/** An object that nobody named has its number in the page's language. */
export const nameOf = ({ id, name }) => (name === defaultName(id) ? t("objects.name", { n: id }) : name);
const defaultName = (id) => `Object ${id}`;

/** Adds an object with the lowest free number and chooses it. */
export function addObject(name) {
  const objects = state.project.objects;
  let id = 1;
  while (objects.some((object) => object.id === id)) id += 1;
  if (id > 255) throw new Error(t("objects.full"));
  state.object = id;
  const added = { id, name: name ?? defaultName(id), color: paletteColor(id), visible: true, included: true };
  return change({ objects: [...objects, added] });
}

/** The DAVIS palette: the bits of the number dealt to red, green and blue, the highest first. */
export function paletteColor(label) {
  const color = [0, 0, 0];
  for (let bit = 0; bit < 8; bit += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      color[channel] |= ((label >> (bit * 3 + channel)) & 1) << (7 - bit);
    }
  }
  return `#${color.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Changes the marks of the chosen object on this frame, and asks for its mask. */
export function mark(label, alter) {
  const { project, frame } = state;
  history.record(label);
  if (!project.objects.some((object) => object.id === state.object)) addObject().catch(tell);
  const before = promptAt(state.project, frame, state.object) ?? emptyPrompt(frame, state.object);
  const prompt = { ...structuredClone(before), candidate: 0 };
  alter(prompt);
  return ask(prompt, { undoable: true });
}

export const addPoint = (x, y, inside) =>
  mark(t(inside ? "undo.inside" : "undo.outside"), (prompt) => prompt.points.push({ x, y, inside }));

export const setBox = (box) => mark(t("undo.box"), (prompt) => { prompt.box = box; });

export const addStroke = (points, inside) =>
  mark(t("undo.scribble"), (prompt) => prompt.strokes.push({ inside, points }));

/** Takes away the marks of the chosen object on this frame. */
export function clearMarks() {
  const prompt = promptAt(state.project, state.frame, state.object);
  if (!prompt) return undefined;
  history.record(t("undo.clear"));
  return ask(emptyPrompt(state.frame, state.object), {});
}

/** Takes away all marks and objects. */
export async function resetSelection() {
  history.record(t("undo.reset"));
  const prompts = state.project.prompts;
  for (const prompt of prompts) await ask(emptyPrompt(prompt.frame, prompt.object), { quiet: true });
  state.object = 1;
  await change({ objects: [], prompts: [] });
  forgetMasks();
  say(t("status.reset"));
}

export async function stepCandidate(by) {
  const marked = promptAt(state.project, state.frame, state.object);
  if (!marked) return;
  if (!further && state.candidates.length === 0) lookFurther(marked);
  await further;
  const prompt = promptAt(state.project, state.frame, state.object);
  const count = state.candidates.length;
  if (!prompt || count < 2) return;
  history.record(t("undo.candidate"));
  await ask({ ...prompt, candidate: (prompt.candidate + by + count) % count }, { isStep: true });
}

let further = null;
let asks = 0;

/** Asks what else the marks may mean: after the first answer, which does not wait for it. */
function lookFurther({ frame, object }) {
  const asked = get(projectPath(state.project.id, `/candidates?frame=${frame}&object=${object}`))
    .then(({ candidates }) => { if (further === asked) state.candidates = candidates; })
    .catch((error) => {
      if (further !== asked) return undefined;
      if (error.status === 503) return wait(BUSY).then(() => { if (further === asked) lookFurther({ frame, object }); });
      // Marks that changed meanwhile are asked about anew.
      if (![404, 409].includes(error.status)) tell(error);
      return undefined;
    })
    .finally(() => { if (further === asked) forgetFurther(); });
  further = asked;
  state.looking = true;
}

function forgetFurther() {
  further = null;
  state.looking = false;
}

function keepPrompt(prompt) {
  const others = state.project.prompts.filter((other) => other.frame !== prompt.frame || other.object !== prompt.object);
  state.project = { ...state.project, prompts: isEmpty(prompt) ? others : [...others, prompt] };
}

/** Sends a prompt as it shall be; the mask comes back for its frame. */
async function ask(prompt, { undoable = false, quiet = false, isStep = false }) {
  const id = state.project.id;
  asks += 1;
  const own = asks;
  forgetFurther();
  keepPrompt(prompt);
  state.selecting = true;
  try {
    const answer = await inOrder(() => post(projectPath(id, "/select"), prompt));
    if (state.project?.id !== id) return;
    if (answer.mask) await putMask(prompt.frame, prompt.object, answer.mask);
    else forgetMasks(prompt.frame, prompt.frame);
    if (quiet) return;
    const candidates = answer.candidates ?? [];
    if (!isStep && prompt.frame === state.frame && prompt.object === state.object) {
      state.candidates = candidates;
      // Of quick clicks only the last one's readings are wanted.
      if (own === asks && !isEmpty(prompt)) lookFurther(prompt);
    }
    const pixels = candidates[answer.chosen]?.pixels;
    say(isEmpty(prompt) ? t("status.cleared")
      : t("status.selected", { pixels: number(pixels ?? 0), ms: number(answer.milliseconds) }));
  } catch (error) {
    if (undoable && state.project?.id === id) state.project = { ...state.project, prompts: history.drop()?.prompts ?? [] };
    throw error;
  } finally {
    state.selecting = false;
  }
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

async function restore(entry, key) {
  if (!entry) return;
  const { objects, prompts, range, settings } = entry.parts;
  const now = state.project;
  const known = new Set(now.objects.map((object) => object.id));
  const returning = objects.filter((object) => !known.has(object.id));
  if (returning.length > 0) await change({ objects: [...now.objects, ...returning] });
  const find = (list, other) => list.find((prompt) => prompt.frame === other.frame && prompt.object === other.object);
  for (const prompt of now.prompts) {
    if (!find(prompts, prompt)) await ask(emptyPrompt(prompt.frame, prompt.object), { quiet: true });
  }
  for (const prompt of prompts) {
    if (!same(find(now.prompts, prompt), prompt)) await ask(prompt, { quiet: true });
  }
  const parts = {};
  if (!same(state.project.objects, objects)) parts.objects = objects;
  if (!same(now.range, range)) parts.range = range;
  if (!same(now.settings, settings)) parts.settings = settings;
  if (Object.keys(parts).length > 0) await change(parts);
  if (!objects.some((object) => object.id === state.object)) state.object = objects[0]?.id ?? 1;
  state.candidates = [];
  say(t(key, { what: entry.label }));
}

export const undo = () => restore(history.back(), "status.undone");
export const redo = () => restore(history.forth(), "status.redone");

/** Has the server propose objects on this frame. */
export async function propose() {
  const { project, frame } = state;
  history.record(t("undo.propose"));
  state.selecting = true;
  try {
    const answer = await inOrder(() => post(projectPath(project.id, "/propose"), { frame }));
    state.project = { ...state.project, objects: answer.objects, prompts: answer.prompts };
    forgetMasks(frame, frame);
    const known = new Set(project.prompts.map((prompt) => prompt.object));
    const found = answer.objects.filter((object) => !known.has(object.id));
    if (found.length > 0) state.object = found[0].id;
    say(t("status.proposed", { n: found.length }));
  } catch (error) {
    history.drop();
    throw error;
  } finally {
    state.selecting = false;
  }
}

state.on("frame tool step playing", prepareSoon);
state.on("frame object", () => {
  state.candidates = [];
  forgetFurther();
});
