// Step 3: following the object, and where to correct.

import { projectURL } from "../api.js";
import { button, element } from "../elements.js";
import { failureOf, isBusy, jobCards } from "../jobs.js";
import { number, percent, t } from "../messages.js";
import { go } from "../playback.js";
import { startJob } from "../project.js";
import { state } from "../state.js";
import { leastConfidence, confidenceGrade } from "../strips.js";
import { telling } from "../status.js";
import { setRange } from "../timeline.js";
import { disclosure, field, numberInput, segments } from "./controls.js";
import { settingNumber, settingSwitch } from "./settings.js";

const WORST = 8;
let direction = "both";

export const track = telling(() => startJob({ kind: "track", range: state.project.range, direction }));

/** Frames offered for correction, the least sure first. */
export const worstFrames = () => (state.report?.worst ?? []).slice(0, WORST);

/** Goes to the next of the worst frames. */
export function nextWorst() {
  const worst = worstFrames();
  if (worst.length === 0) return;
  go(worst[(worst.indexOf(state.frame) + 1) % worst.length]);
}

function worst() {
  const frames = worstFrames();
  if (frames.length === 0) return null;
  const entries = new Map(state.report.frames.map((entry) => [entry.frame, entry]));
  return element(
    "section", {},
    element("h3", {}, t("track.worst")),
    element("p", { class: "soft" }, t("track.worstHint")),
    element("ul", { class: "worst" }, frames.map((frame) => {
      const value = leastConfidence(entries.get(frame) ?? {});
      return element("li", {}, element(
        "button",
        {
          type: "button", class: frame === state.frame ? "here" : "", data: { key: `worst-${frame}` },
          "aria-label": t("track.goTo", { frame, value: value === null ? "" : percent(value) }), on: { click: () => go(frame) },
        },
        element("img", {
          src: projectURL(state.project.id, `/thumbnails/${frame}.jpg`), alt: "", width: 160, height: 90, loading: "lazy",
        }),
        element("span", {}, number(frame)),
        value === null ? null : element("b", { class: confidenceGrade(value) }, percent(value))));
    })));
}

function summary() {
  const values = (state.report?.frames ?? []).map(leastConfidence).filter((value) => value !== null);
  if (values.length === 0) return null;
  const sure = values.filter((value) => value >= 0.8).length;
  return element(
    "p", { class: "soft" }, t("track.summary", { n: number(values.length), sure: percent(sure / values.length) }),
    worstFrames().length === 0 ? ` ${t("track.noWorst")}` : "");
}

export function trackingPanel() {
  const { project } = state;
  const { range } = project;
  const last = project.media.frames - 1;
  const busy = isBusy("track");
  const standing = project.track.state;
  const action = { stale: "track.again", partial: "track.goOn", paused: "track.goOn" }[standing] ?? "track.start";
  return [
    jobCards("track"),
    failureOf("track"),
    busy ? null : element(
      "section", { class: "card" },
      element(
        "div", { class: "pair" },
        field(t("track.from"), numberInput({
          key: "from", value: range[0], min: 0, max: range[1], change: (frame) => setRange("start", frame),
        })),
        field(t("track.to"), numberInput({
          key: "to", value: range[1], min: range[0], max: last, change: (frame) => setRange("end", frame),
        }))),
      segments({
        key: "direction", label: t("track.direction"), value: direction, change: (value) => { direction = value; },
        choices: [["backward", t("track.backward")], ["both", t("track.both")], ["forward", t("track.forward")]],
      }),
      button({
        text: t(action), iconName: "track", kind: standing === "done" ? "plain wide" : "primary wide", keys: "T", press: track,
        disabled: project.objects.length === 0, data: { key: "track" },
      }),
      project.objects.length === 0 ? element("p", { class: "soft" }, t("track.nothing")) : null,
      standing === "stale" ? element("p", { class: "warning" }, t("track.stale")) : null),
    summary(),
    worst(),
    disclosure(
      "tracking", t("settings.advanced"),
      settingSwitch("still"), settingSwitch("planar"), settingNumber("samGap", 0, 10000), settingNumber("memoryGap", 1, 1000),
      settingNumber("memoryLength", 1, 1000)),
  ];
}
