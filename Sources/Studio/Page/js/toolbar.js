// Buttons that are always there: tools, zoom, undo, playing, views; and what they show of the state.

import { $, setIcon } from "./elements.js";
import { history } from "./history.js";
import { MARKING_TOOLS, redo, undo } from "./marking.js";
import { go, pause, setMuted, toggle } from "./playback.js";
import { state } from "./state.js";
import { telling } from "./status.js";
import { percent, t } from "./messages.js";
import { hasClean, showsClean, viewport } from "./viewer.js";
import { zoomTimeline, setRange } from "./timeline.js";
import { edit } from "./project.js";

const VIEWS = ["source", "split", "clean"];
let isMuted = false;

/** Chooses a tool; a marking tool leads to the step in which it marks. */
export function chooseTool(tool) {
  if (!state.project) return;
  if (MARKING_TOOLS.includes(tool) && state.step !== "select" && state.step !== "track") state.step = "select";
  state.tool = tool;
}

export const actions = {
  undo: telling(undo),
  redo: telling(redo),
  toggle: telling(toggle),
  first: () => go(0),
  last: () => go(Infinity),
  back: (by = 1) => go(state.frame - by),
  forth: (by = 1) => go(state.frame + by),
  zoomIn: () => viewport.zoom(1.5),
  zoomOut: () => viewport.zoom(1 / 1.5),
  fit: () => viewport.fit(),
  actual: () => viewport.actualSize(),
  setStart: () => setRange("start", state.frame),
  setEnd: () => setRange("end", state.frame),
  timelineIn: () => zoomTimeline(0.6),
  timelineOut: () => zoomTimeline(1 / 0.6),
  masks: () => { state.masksShown = !state.masksShown; },
  sound: () => { isMuted = !isMuted; setMuted(isMuted); drawSound(); },
  view: () => {
    if (state.project?.clean?.frames?.length) state.view = VIEWS[(VIEWS.indexOf(state.view) + 1) % VIEWS.length];
  },
  hold: (isHeld) => { state.held = isHeld; },
  /** The start of the shot before this frame, or of the one after it. */
  cut: (direction) => {
    const starts = [0, ...state.project.cuts];
    const next = direction > 0 ? starts.find((cut) => cut > state.frame) : starts.filter((cut) => cut < state.frame).at(-1);
    go(next ?? (direction > 0 ? state.project.media.frames - 1 : 0));
  },
};

function drawSound() {
  setIcon($("#sound"), isMuted ? "mute" : "sound");
  $("#sound").setAttribute("aria-pressed", String(isMuted));
}

const press = {
  "#undo": actions.undo, "#redo": actions.redo, "#play": actions.toggle, "#first": actions.first, "#last": actions.last,
  "#back": () => actions.back(), "#forth": () => actions.forth(), "#zoom-in": actions.zoomIn, "#zoom-out": actions.zoomOut,
  "#fit": actions.fit, "#actual": actions.actual, "#masks": actions.masks, "#sound": actions.sound, "#view": actions.view,
  "#set-start": actions.setStart, "#set-end": actions.setEnd,
  "#timeline-in": actions.timelineIn, "#timeline-out": actions.timelineOut,
};

function drawHistory() {
  for (const [selector, can, next, key] of [
    ["#undo", history.canUndo, history.nextUndo, "undo"], ["#redo", history.canRedo, history.nextRedo, "redo"],
  ]) {
    $(selector).disabled = !can;
    const label = next ? t(`${key}.what`, { what: next }) : t(key);
    $(selector).setAttribute("aria-label", label);
    $(selector).title = `${label} (${$(selector).dataset.keys})`;
  }
}

/** Holding the button shows the source, like holding its key. */
function startHolding(button) {
  const end = () => actions.hold(false);
  button.addEventListener("pointerdown", () => actions.hold(true));
  for (const name of ["pointerup", "pointercancel", "pointerleave", "blur"]) button.addEventListener(name, end);
  button.addEventListener("keydown", (event) => { if (event.key === " " || event.key === "Enter") actions.hold(true); });
  button.addEventListener("keyup", end);
}

function startName() {
  const input = $("#name");
  input.addEventListener("change", () => {
    const name = input.value.trim();
    if (name && name !== state.project.name) telling(edit)(t("project.rename"), { name });
    else input.value = state.project.name;
  });
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" || event.key === "Escape") input.blur();
  });
}

export function startToolbar() {
  for (const [selector, action] of Object.entries(press)) $(selector).addEventListener("click", () => action());
  for (const button of document.querySelectorAll("[data-tool]")) {
    if (button.matches("button")) button.addEventListener("click", () => chooseTool(button.dataset.tool));
  }
  startHolding($("#before"));
  startName();
  history.watch(drawHistory);
  state.watch("tool", () => {
    for (const button of document.querySelectorAll("button[data-tool]")) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === state.tool));
    }
  });
  state.watch("playing", () => {
    setIcon($("#play"), state.playing ? "pause" : "play");
    $("#play").setAttribute("aria-label", t(state.playing ? "pause" : "transport.play"));
    document.body.classList.toggle("playing", state.playing);
  });
  state.watch("masksShown", () => {
    setIcon($("#masks"), state.masksShown ? "eye" : "eye-off");
    $("#masks").setAttribute("aria-pressed", String(state.masksShown));
  });
  state.watch("project view frame held step", () => {
    const isThere = Boolean(state.project?.clean?.frames?.length) && showsClean();
    $("#view").hidden = !isThere;
    $("#before").hidden = !isThere;
    $("#view").querySelector("span").textContent = t(`view.${state.view}`);
    const isClean = isThere && hasClean(state.frame);
    const seen = state.held || state.view === "source" ? t("view.source") : "";
    $("#seen").textContent = isThere ? (isClean ? seen : t("view.notHere")) : "";
    $("#seen").hidden = !$("#seen").textContent;
  });
  state.watch("project", () => {
    $("#sound").hidden = !state.project?.media.audio;
    if (state.project && document.activeElement !== $("#name")) $("#name").value = state.project.name;
  });
  state.watch("preparing selecting", () => {
    $("#working").hidden = !state.preparing && !state.selecting;
    $("#working span").textContent = t(state.preparing ? "viewer.preparing" : "viewer.selecting");
  });
  state.watch("connected", () => { $("#offline").hidden = state.connected; });
  viewport.onChange(() => { $("#zoom").textContent = percent(viewport.scale * devicePixelRatio); });
  addEventListener("blur", () => actions.hold(false));
  document.addEventListener("visibilitychange", () => { if (document.hidden) pause(); });
}
