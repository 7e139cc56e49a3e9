// The five steps: where the person stands, what is done, what comes next; and the panel of the step.

import { $, button, element, fill, icon } from "./elements.js";
import { MARKING_TOOLS } from "./marking.js";
import { downloadingPanel } from "./panels/downloading.js";
import { inpaintingPanel } from "./panels/inpainting.js";
import { selectionPanel } from "./panels/selection.js";
import { trackingPanel } from "./panels/tracking.js";
import { videoPanel } from "./panels/video.js";
import { activeJobs, progressOf, state, STEPS } from "./state.js";
import { percent, t } from "./messages.js";

const PANELS = {
  video: videoPanel, select: selectionPanel, track: trackingPanel, inpaint: inpaintingPanel, download: downloadingPanel,
};
/** The step in which a kind of job is watched. */
const STEP_OF = { ingest: "video", track: "track", inpaint: "inpaint", preview: "inpaint", export: "download" };
let lastMarkingTool = "inside";
let asked = false;

export function goToStep(step) {
  if (state.project && STEPS.includes(step)) state.step = step;
}

function drawSteps() {
  const { project, step } = state;
  const { done, next } = progressOf(project);
  const busy = new Map(activeJobs(project).map((job) => [STEP_OF[job.kind], job]));
  fill($("#steps"), STEPS.map((name, index) => {
    const job = busy.get(name);
    const share = job?.total > 0 ? percent(job.done / job.total) : null;
    const classes = [
      name === step && "here", done.has(name) && "done", name === next && !job && "next", job && "busy",
    ].filter(Boolean);
    const stateWord = done.has(name) ? t("step.isDone") : name === next ? t("step.isNext") : "";
    return element("li", {}, element(
      "button",
      {
        type: "button", data: { key: `step-${name}`, step: name }, disabled: !project, class: classes.join(" "),
        "aria-current": name === step ? "step" : undefined, title: `${t(`step.${name}`)} (${index + 1})`, on: { click: () => goToStep(name) },
      },
      element("span", { class: "number" }, done.has(name) && !job ? icon("check") : String(index + 1)),
      element("span", { class: "word" }, t(`step.${name}`)),
      share ? element("small", {}, share) : null,
      element("span", { class: "unseen" }, stateWord)));
  }));
}

/** The way on: what is next, said as a button at the panel's end. */
function onward() {
  const { done, next } = progressOf(state.project);
  const following = STEPS[STEPS.indexOf(state.step) + 1];
  if (!following) return null;
  const isReady = done.has(state.step) || STEPS.indexOf(next) > STEPS.indexOf(state.step);
  return element(
    "div", { class: "onward" },
    button({
      text: t("step.on", { step: t(`step.${following}`) }), iconName: "right", kind: `wide ${isReady ? "primary" : "plain"}`,
      press: () => goToStep(following), data: { key: "onward" },
    }));
}

function drawPanel() {
  if (!state.project) return;
  $("#panel-title").textContent = t(`step.${state.step}`);
  fill($("#panel"), PANELS[state.step]());
  fill($("#onward"), onward());
}

function redrawPanel() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; drawSteps(); drawPanel(); });
}

/** Marking tools belong to the steps that mark; elsewhere the hand moves the picture. */
function chooseTool() {
  const marks = state.step === "select" || state.step === "track";
  if (marks && !MARKING_TOOLS.includes(state.tool)) state.tool = lastMarkingTool;
  if (!marks && MARKING_TOOLS.includes(state.tool)) state.tool = "pan";
}

export function startSteps() {
  state.on("tool", () => { if (MARKING_TOOLS.includes(state.tool)) lastMarkingTool = state.tool; });
  state.on("step project", chooseTool);
  state.on("project step frame object candidates looking report forecast view selecting", redrawPanel);
  state.on("step", () => { $("#panel").scrollTop = 0; });
  drawSteps();
}
