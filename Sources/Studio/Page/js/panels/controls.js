// Controls of the panels: labelled fields, switches, segmented choices.

import { element } from "../elements.js";

let count = 0;
const nextId = () => `control-${(count += 1)}`;

/** A row with a label, a hint, and a control. */
export function field(label, control, hint) {
  control.id ||= nextId();
  return element(
    "div", { class: "field" },
    element("label", { for: control.id }, label, hint ? element("small", {}, hint) : null), control);
}

/** A number with a slider; `auto` allows none, shown by its word. */
export function slider({ key, value, min, max, step = 1, unit = "", auto, change }) {
  const shown = element("output", {}, value === null ? auto : `${value}${unit}`);
  const input = element("input", {
    type: "range", min: auto ? min - step : min, max, step, value: value ?? min - step, data: { key },
    on: {
      input: () => { shown.textContent = read() === null ? auto : `${read()}${unit}`; },
      change: () => change(read()),
    },
  });
  const read = () => (auto && Number(input.value) < min ? null : Number(input.value));
  input.id = nextId();
  const box = element("div", { class: "slider" }, input, shown);
  Object.defineProperty(box, "id", { get: () => input.id, set: () => {} });
  return box;
}

export function numberInput({ key, value, min, max, change }) {
  return element("input", {
    type: "number", min, max, value, data: { key },
    on: {
      change: (event) => {
        const given = Math.round(Number(event.target.value));
        const kept = Math.min(max, Math.max(min, Number.isFinite(given) ? given : value));
        event.target.value = kept;
        change(kept);
      },
      keydown: (event) => { if (event.key === "Enter") event.target.blur(); },
    },
  });
}

/** A switch with its label and hint in one row. */
export function toggle({ key, label, hint, value, change }) {
  return element(
    "label", { class: "toggle" },
    element("span", {}, label, hint ? element("small", {}, hint) : null),
    element("input", {
      type: "checkbox", role: "switch", checked: value, data: { key }, on: { change: (event) => change(event.target.checked) },
    }));
}

/** One of some choices, side by side. */
export function segments({ key, label, value, choices, change }) {
  const name = nextId();
  return element(
    "div", { class: "segments", role: "radiogroup", "aria-label": label },
    choices.map(([choice, text]) => element(
      "label", {},
      element("input", {
        type: "radio", name, value: choice, checked: choice === value, data: { key: `${key}-${choice}` },
        on: { change: () => change(choice) },
      }),
      element("span", {}, text))));
}

export function select({ key, value, choices, change }) {
  return element(
    "select", { data: { key }, on: { change: (event) => change(event.target.value) } },
    choices.map(([choice, text]) => element("option", { value: choice, selected: choice === value }, text)));
}

/** A part that opens and closes, and stays as it was over redraws. */
const opened = new Set();
export function disclosure(key, title, ...children) {
  return element(
    "details",
    {
      open: opened.has(key),
      on: { toggle: (event) => (event.target.open ? opened.add(key) : opened.delete(key)) },
    },
    element("summary", { data: { key: `summary-${key}` } }, title), children);
}
