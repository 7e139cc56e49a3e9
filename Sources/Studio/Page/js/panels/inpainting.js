// Step 4: filling, with what it will need foretold and what it did reported.

import { button, element } from "../elements.js";
import { failureOf, isBusy, jobCards } from "../jobs.js";
import { bytes, duration, number, percent, t } from "../messages.js";
import { setSettings } from "../preferences.js";
import { startJob } from "../project.js";
import { covers, state } from "../state.js";
import { telling } from "../status.js";
import { disclosure, segments } from "./controls.js";
import { settingChoice, settingSlider, settingSwitch } from "./settings.js";

const CODECS = ["h264", "h265", "vp9", "prores", "ffv1"];

export const inpaint = telling(() => startJob({ kind: "inpaint", range: state.project.range }));
export const preview = telling(() => startJob({ kind: "preview", frame: state.frame }));

function forecast() {
  const { settings } = state.project;
  const rows = state.forecast?.rows ?? [];
  if (rows.length === 0) return null;
  return element(
    "section", {},
    element("h3", {}, t("inpaint.size")),
    element("p", { class: "soft" }, t("inpaint.sizeHint", { budget: bytes(state.forecast.budget) })),
    element(
      "table", { class: "forecast" },
      element("thead", {}, element(
        "tr", {},
        ["scale", "pixels", "memory", "time"].map((name) => element("th", { scope: "col" }, t(`inpaint.${name}`))))),
      element("tbody", {}, rows.map((row) => element(
        "tr", { class: `${row.resize === settings.resize ? "chosen" : ""} ${row.fits ? "" : "unfit"}` },
        element("td", {}, element(
          "label", {},
          element("input", {
            type: "radio", name: "resize", checked: row.resize === settings.resize, data: { key: `resize-${row.resize}` },
            on: { change: () => setSettings({ resize: row.resize }) },
          }), percent(row.resize))),
        element("td", {}, `${row.width} × ${row.height}`),
        element("td", { title: row.fits ? "" : t("inpaint.unfit") }, `${bytes(row.memoryBytes)}${row.fits ? "" : " !"}`),
        element("td", {}, row.seconds ? `≈ ${duration(row.seconds)}` : "—"))))));
}

function report() {
  const frames = (state.report?.frames ?? []).filter((entry) => covers(state.project.clean?.frames, entry.frame));
  const sums = { borrowed: 0, madeUp: 0, abstained: 0 };
  for (const entry of frames) for (const part of Object.keys(sums)) sums[part] += entry[part] ?? 0;
  const all = sums.borrowed + sums.madeUp + sums.abstained;
  if (all === 0) return null;
  return element(
    "section", { class: "report" },
    element("h3", {}, t("report.title")),
    element("div", { class: "bar", "aria-hidden": "true" }, Object.entries(sums).map(([part, sum]) =>
      element("i", { class: part, style: { "flex-grow": sum } }))),
    element("dl", {}, Object.entries(sums).map(([part, sum]) => [
      element("dt", {}, element("i", { class: part, "aria-hidden": "true" }), t(`report.${part}`)),
      element("dd", {}, percent(sum / all)),
    ])),
    element("p", { class: "soft" }, t("report.hint", { n: number(frames.length) })));
}

function compare() {
  if (!(state.project.clean?.frames?.length > 0)) return null;
  return element(
    "section", { class: "card" },
    segments({
      key: "view", label: t("view.label"), value: state.view, change: (view) => { state.view = view; },
      choices: [["source", t("view.source")], ["split", t("view.split")], ["clean", t("view.clean")]],
    }),
    element("p", { class: "soft" }, t("view.hint")));
}

export function inpaintingPanel() {
  const { project } = state;
  const { settings } = project;
  const busy = isBusy("inpaint", "preview");
  const isDone = project.clean?.state === "done";
  const isReady = project.objects.some((object) => object.included) && (project.track.frames.length > 0 || settings.still);
  return [
    jobCards("inpaint", "preview"),
    failureOf("inpaint", "preview"),
    busy ? null : element(
      "section", { class: "card" },
      button({
        text: t(isDone ? "inpaint.again" : "inpaint.start"), iconName: "fill", kind: isDone ? "plain wide" : "primary wide",
        keys: "I", press: inpaint, disabled: !isReady, data: { key: "inpaint" },
      }),
      button({
        text: t("inpaint.preview"), iconName: "play", kind: "plain wide", keys: "P", press: preview, disabled: !isReady,
        data: { key: "preview" },
      }),
      isReady ? null : element("p", { class: "soft" }, t("inpaint.notReady")),
      project.clean?.state === "stale" ? element("p", { class: "warning" }, t("inpaint.stale")) : null),
    compare(),
    report(),
    element(
      "section", {},
      element("h3", {}, t("inpaint.mask")),
      settingSlider("dilate", 60, { unit: " px", auto: t("automatic") }), settingSlider("feather", 40, { unit: " px" }),
      settingSwitch("shadow")),
    forecast(),
    disclosure(
      "encoding", t("settings.encoding"),
      settingChoice("codec", CODECS.map((codec) => [codec, t(`codec.${codec}`)])),
      settingSlider("quality", 40, { auto: t("automatic") })),
  ];
}
