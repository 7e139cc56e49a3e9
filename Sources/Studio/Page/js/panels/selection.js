// Step 2: how the object is marked.

import { button, element } from "../elements.js";
import { clearMarks, propose, resetSelection, stepCandidate } from "../marking.js";
import { confirmThat } from "../dialogs.js";
import { promptAt, state } from "../state.js";
import { telling } from "../status.js";
import { number, percent, t } from "../messages.js";
import { disclosure } from "./controls.js";
import { settingNumber } from "./settings.js";

const press = { clear: telling(clearMarks), propose: telling(propose), candidate: telling(stepCandidate) };

const reset = telling(async () => {
  if (await confirmThat(t("select.reset"), t("select.resetSure"), t("select.reset"))) await resetSelection();
});

function marks(prompt) {
  if (!prompt) return element("p", { class: "soft" }, t("select.unmarked", { frame: state.frame }));
  const inside = prompt.points.filter((point) => point.inside).length;
  const parts = [];
  if (inside > 0) parts.push(t("select.inside", { n: inside }));
  if (prompt.points.length > inside) parts.push(t("select.outside", { n: prompt.points.length - inside }));
  if (prompt.box) parts.push(t("select.box"));
  if (prompt.strokes.length > 0) parts.push(t("select.strokes", { n: prompt.strokes.length }));
  return element("p", {}, t("select.marked", { frame: state.frame, parts: parts.join(", ") }));
}

function candidates(prompt) {
  const { candidates: found, looking } = state;
  if (!prompt || found.length === 0) return null;
  const chosen = found[prompt.candidate] ?? found[0];
  const disabled = looking || found.length < 2;
  const place = t("select.candidate", { n: number(prompt.candidate + 1), of: number(found.length) });
  return element(
    "div",
    { class: "stepper", role: "group", "aria-label": t("select.candidates"), "aria-busy": String(looking) },
    button({
      label: t("select.previous"), iconName: "left", keys: "Shift+C", disabled, press: () => press.candidate(-1),
      data: { key: "candidate-back" },
    }),
    element(
      "span", { class: "grow" },
      element("strong", {}, looking ? t("select.looking") : disabled ? t("select.only") : place),
      element("small", {}, t("select.score", { score: percent(chosen.score), pixels: number(chosen.pixels) }))),
    button({
      label: t("select.next"), iconName: "right", keys: "C", disabled, press: () => press.candidate(1),
      data: { key: "candidate-on" },
    }));
}

export function selectionPanel() {
  const { project } = state;
  const prompt = promptAt(project, state.frame, state.object);
  return [
    element("p", { class: "lead" }, t(project.prompts.length === 0 ? "select.lead" : "select.more")),
    element(
      "section", { class: "card" },
      marks(prompt), candidates(prompt),
      element(
        "div", { class: "actions" },
        button({
          text: t("select.clear"), kind: "small", keys: "Backspace", disabled: !prompt, press: press.clear, data: { key: "clear" },
        }),
        button({
          text: t("select.reset"), kind: "small", disabled: project.objects.length === 0, press: reset, data: { key: "reset" },
        }))),
    disclosure(
      "propose", t("select.propose"),
      element("p", { class: "soft" }, t("select.proposeHint")),
      settingNumber("pointsPerSide", 2, 64), settingNumber("maximumObjects", 1, 255),
      button({
        text: t("select.proposeNow"), iconName: "sparkle", disabled: state.selecting, press: press.propose,
        data: { key: "propose" },
      })),
  ];
}
