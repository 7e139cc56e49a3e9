// The list of objects: which is marked now, how it is called, whether it is seen, whether it takes part.

import { $, button, element, fill, icon } from "./elements.js";
import { addObject, nameOf } from "./marking.js";
import { history } from "./history.js";
import { change, edit } from "./project.js";
import { state } from "./state.js";
import { say, telling } from "./status.js";
import { t } from "./messages.js";

const alter = telling((label, id, values) => edit(label, {
  objects: state.project.objects.map((object) => (object.id === id ? { ...object, ...values } : object)),
}));

const add = telling(() => {
  history.record(t("undo.add"));
  return addObject();
});

/** Takes an object out of the list, with its marks. */
export const removeObject = telling(async (id) => {
  const object = state.project.objects.find((other) => other.id === id);
  if (!object) return;
  history.record(t("undo.remove"));
  const objects = state.project.objects.filter((other) => other.id !== id);
  if (state.object === id) state.object = objects[0]?.id ?? 1;
  await change({ objects, prompts: state.project.prompts.filter((prompt) => prompt.object !== id) });
  say(t("status.removed", { name: nameOf(object) }));
});

export function chooseObject(by) {
  const objects = state.project?.objects ?? [];
  if (objects.length === 0) return;
  const now = objects.findIndex(({ id }) => id === state.object);
  state.object = objects[(now + by + objects.length) % objects.length].id;
  say(t("status.object", { name: nameOf(objects.find(({ id }) => id === state.object)) }));
}

function rename(object, input) {
  const name = input.value.trim();
  if (name && name !== nameOf(object)) alter(t("undo.rename"), object.id, { name });
  else input.value = nameOf(object);
}

function row(object) {
  const chosen = object.id === state.object;
  const marks = state.project.prompts.filter((prompt) => prompt.object === object.id).length;
  const input = element("input", {
    class: "name", value: nameOf(object), "aria-label": t("objects.rename", { name: nameOf(object) }), maxLength: 60,
    data: { key: `name-${object.id}` },
    on: {
      change: () => rename(object, input),
      focus: () => { if (state.object !== object.id) state.object = object.id; },
      keydown: (event) => {
        event.stopPropagation();
        if (event.key === "Enter") input.blur();
        if (event.key === "Escape") { input.value = nameOf(object); input.blur(); }
      },
    },
  });
  return element(
    "li", { class: `object ${chosen ? "chosen" : ""} ${object.included ? "" : "excluded"}` },
    element(
      "button",
      {
        type: "button", class: "swatch", "aria-pressed": String(chosen), data: { key: `choose-${object.id}` },
        title: t("objects.choose", { name: nameOf(object) }), "aria-label": t("objects.choose", { name: nameOf(object) }),
        style: { "--swatch": object.color }, on: { click: () => { state.object = object.id; } },
      },
      String(object.id)),
    input,
    element("small", { class: "soft", title: t("objects.marked", { n: marks }) }, marks > 0 ? `◆ ${marks}` : ""),
    button({
      label: t(object.visible ? "objects.hide" : "objects.show", { name: nameOf(object) }),
      iconName: object.visible ? "eye" : "eye-off", kind: "quiet", "aria-pressed": String(!object.visible), data: { key: `eye-${object.id}` },
      press: () => alter(t("undo.visible"), object.id, { visible: !object.visible }),
    }),
    element(
      "label", { class: "tick", title: t("objects.include", { name: nameOf(object) }) },
      element("input", {
        type: "checkbox", checked: object.included, "aria-label": t("objects.include", { name: nameOf(object) }),
        data: { key: `in-${object.id}` },
        on: { change: (event) => alter(t("undo.include"), object.id, { included: event.target.checked }) },
      }), icon("check")),
    button({
      label: t("objects.remove", { name: nameOf(object) }), iconName: "trash", kind: "quiet", data: { key: `remove-${object.id}` },
      press: () => removeObject(object.id),
    }));
}

export function drawObjects() {
  const { project } = state;
  $("#objects-part").hidden = !project || state.step === "video" || state.step === "download";
  if (!project) return;
  $("#objects-title").textContent = t("objects.title", { n: project.objects.length });
  fill(
    $("#objects"),
    project.objects.length === 0 ? element("li", { class: "empty" }, t("objects.none")) : project.objects.map(row));
}

export function startObjects() {
  $("#add-object").addEventListener("click", add);
  state.watch("project object step", drawObjects);
}
