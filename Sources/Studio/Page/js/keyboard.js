// Keys for everything, and the sheet that lists them.

import { $, element } from "./elements.js";
import { openDialog } from "./dialogs.js";
import { addObject, clearMarks, stepCandidate } from "./marking.js";
import { chooseObject, removeObject } from "./objects.js";
import { inpaint, preview } from "./panels/inpainting.js";
import { nextWorst, track } from "./panels/tracking.js";
import { switchTheme } from "./preferences.js";
import { state, STEPS } from "./state.js";
import { telling } from "./status.js";
import { goToStep } from "./steps.js";
import { t } from "./messages.js";
import { actions, chooseTool } from "./toolbar.js";
import { history } from "./history.js";

const clear = telling(clearMarks);
const candidate = telling(stepCandidate);
const add = telling(() => { history.record(t("undo.add")); return addObject(); });

/** Groups of the sheet: keys as they are shown, the message, and what they do by `key` (lower case, modifiers before it). */
const GROUPS = [
  ["help.steps", [
    ["1 … 5", "help.step", Object.fromEntries(STEPS.map((step, index) => [String(index + 1), () => goToStep(step)]))],
    ["T", "help.track", { t: track }],
    ["I", "help.inpaint", { i: inpaint }],
    ["P", "help.preview", { p: preview }],
    ["W", "help.worst", { w: nextWorst }],
  ]],
  ["help.frames", [
    ["Space", "help.play", { " ": actions.toggle }],
    ["← →", "help.frame", { arrowleft: () => actions.back(), arrowright: () => actions.forth() }],
    [", .", "help.frameAnywhere", { ",": () => actions.back(), ".": () => actions.forth() }],
    ["Shift ← →", "help.frames10", {
      "shift+arrowleft": () => actions.back(10), "shift+arrowright": () => actions.forth(10),
    }],
    ["Home End", "help.ends", { home: actions.first, end: actions.last }],
    ["Page ↑ ↓", "help.cuts", { pageup: () => actions.cut(-1), pagedown: () => actions.cut(1) }],
    ["[ ]", "help.range", { "[": actions.setStart, "]": actions.setEnd }],
  ]],
  ["help.objects", [
    ["N", "help.add", { n: add }],
    ["O", "help.object", { o: () => chooseObject(1), "shift+o": () => chooseObject(-1) }],
    ["Delete", "help.remove", { delete: () => removeObject(state.object) }],
    ["M", "help.masks", { m: actions.masks }],
  ]],
  ["help.marking", [
    ["A D", "help.points", { a: () => chooseTool("inside"), d: () => chooseTool("outside") }],
    ["X S H", "help.tools", { x: () => chooseTool("box"), s: () => chooseTool("scribble"), h: () => chooseTool("pan") }],
    ["G", "help.viewer", { g: () => $("#picture").focus() }],
    ["← ↑ → ↓", "help.cross", {}],
    ["Enter", "help.mark", {}],
    ["Shift Enter", "help.turned", {}],
    ["C", "help.candidate", { c: () => candidate(1), "shift+c": () => candidate(-1) }],
    ["Backspace", "help.clear", { backspace: clear }],
    ["Ctrl Z · Ctrl Shift Z", "help.undo", { "ctrl+z": actions.undo, "ctrl+shift+z": actions.redo, "ctrl+y": actions.redo }],
  ]],
  ["help.seeing", [
    ["B", "help.before", { b: () => actions.hold(true) }],
    ["V", "help.view", { v: actions.view }],
    ["+ − 0", "help.zoom", { "+": actions.zoomIn, "=": actions.zoomIn, "-": actions.zoomOut, 0: actions.fit }],
    ["L", "help.sound", { l: actions.sound }],
    ["Y", "help.theme", { y: switchTheme }],
    ["?", "help.help", { "?": () => showHelp(), "shift+?": () => showHelp() }],
  ]],
];

/** Works without a project too. */
const ANYWHERE = new Set(["?", "shift+?", "y"]);
const bindings = new Map(GROUPS.flatMap(([, rows]) => rows.flatMap(([, , keys]) => Object.entries(keys))));

function nameOf(event) {
  const modifiers = [event.ctrlKey || event.metaKey ? "ctrl+" : "", event.shiftKey ? "shift+" : ""].join("");
  // Physical places for letters, so that a Korean layout works as well.
  const letter = event.code.match(/^Key([A-Z])$/)?.[1].toLowerCase();
  return modifiers + (letter ?? event.key.toLowerCase());
}

const isTyping = (target) => target.matches("input:not([type=checkbox]):not([type=radio]), select, textarea");
const pressesItself = (target, key) => key === " " && target.matches("button, a, input, summary, [role=button]");

function handle(event) {
  if (event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (isTyping(event.target)) return;
  const name = nameOf(event);
  const action = bindings.get(name) ?? (event.shiftKey ? bindings.get(event.key.toLowerCase()) : undefined);
  if (!action || pressesItself(event.target, event.key)) return;
  if (event.target.matches("[role=radiogroup] input, input[type=radio]") && event.key.startsWith("Arrow")) return;
  if (!state.project && !ANYWHERE.has(name)) return;
  event.preventDefault();
  action();
}

export function showHelp() {
  return openDialog(t("help.title"), () => element(
    "div", { class: "body sheet" },
    GROUPS.map(([title, rows]) => element(
      "section", {}, element("h3", {}, t(title)),
      element("dl", {}, rows.map(([keys, message]) => [
        element("dt", {}, keys.split(" ").map((key) => (key === "·" || key === "…" ? key : element("kbd", {}, key)))),
        element("dd", {}, t(message)),
      ]))))), { wide: true });
}

export function startKeyboard() {
  addEventListener("keydown", handle);
  addEventListener("keyup", (event) => { if (nameOf(event).endsWith("b")) actions.hold(false); });
  $("#help").addEventListener("click", showHelp);
}
