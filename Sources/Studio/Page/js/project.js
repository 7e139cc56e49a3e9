// The open project: loaded, followed by events, and changed in order.

import { checkSession, get, patch, post, projectPath, sentence } from "./api.js";
import { EventStream } from "./events.js";
import { clearFrames, forgetFrames } from "./frames.js";
import { clearMasks, forgetMasks } from "./masks.js";
import { history } from "./history.js";
import { activeJobs, progressOf, state } from "./state.js";
import { note, say, tell } from "./status.js";
import { t } from "./messages.js";

/** What the person changes; while changes are on their way, the page's own is newer than any answer. */
const OWN_PARTS = ["name", "objects", "prompts", "range", "settings"];
const SETTLED = 400;

let stream = null;
let tail = Promise.resolve();
let waiting = 0;
let settleTimer = 0;
let reportTimer = 0;

/** Runs changes of the project one after the other, in the order in which the person made them. */
export function inOrder(change) {
  waiting += 1;
  const result = tail.then(change);
  tail = result.catch(() => {}).then(() => {
    waiting -= 1;
    if (waiting === 0) settle();
  });
  return result;
}

/** After the last of some changes the server's word counts again. */
function settle() {
  clearTimeout(settleTimer);
  settleTimer = setTimeout(() => { if (waiting === 0) refresh(); }, SETTLED);
}

export async function openProject(id) {
  closeProject();
  const project = await get(projectPath(id));
  history.clear();
  const step = progressOf(project).next;
  state.set({
    project, frame: Math.min(rememberedFrame(id) ?? project.range[0], project.media.frames - 1),
    object: project.objects[0]?.id ?? 1, step: step === "video" ? "select" : step, candidates: [], report: null,
    forecast: null, view: project.clean?.state === "done" ? "split" : "source", playing: false,
  });
  refreshReport(0);
  refreshForecast();
  stream = new EventStream(id, {
    project: receive,
    job: receiveJob,
    masks: ({ from, to }) => { extend("track", from, to); forgetMasks(from, to); refreshReport(700); },
    clean: ({ from, to }) => { extend("clean", from, to); forgetFrames("clean", from, to); refreshReport(700); },
    prepared: ({ frame }) => { if (frame === state.frame) state.preparing = false; },
  }, (connected) => {
    if (!connected) checkSession();
    if (connected && !state.connected) { refresh(); say(t("status.connected")); }
    state.connected = connected;
  });
}

export function closeProject() {
  stream?.close();
  stream = null;
  clearFrames();
  clearMasks();
  state.set({ project: null, report: null, forecast: null, playing: false, connected: true });
}

export async function refresh() {
  if (!state.project) return;
  try {
    receive(await get(projectPath(state.project.id)));
    refreshReport(300);
  } catch (error) {
    tell(error);
  }
}

/** Takes the server's state of the project, whatever is newest. */
export function receive(project) {
  const before = state.project;
  if (!before || before.id !== project.id) return;
  const own = waiting > 0 ? Object.fromEntries(OWN_PARTS.map((part) => [part, before[part]])) : {};
  state.project = { ...project, ...own };
  if (before.track.state !== project.track.state || before.clean?.state !== project.clean?.state) refreshReport(200);
}

/** Adds the frames that have just come to what the project has. */
function extend(part, from, to) {
  const project = state.project;
  const before = project?.[part];
  if (!before) return;
  const apart = before.frames.filter(([first, last]) => last < from - 1 || first > to + 1);
  const touching = before.frames.filter((range) => !apart.includes(range));
  const joined = [Math.min(from, ...touching.map(([first]) => first)), Math.max(to, ...touching.map(([, last]) => last))];
  const frames = [...apart, joined].sort((a, b) => a[0] - b[0]);
  state.project = { ...project, [part]: { ...before, frames } };
}

function receiveJob(job) {
  const project = state.project;
  if (!project) return;
  const known = project.jobs.find((other) => other.id === job.id);
  const jobs = known ? project.jobs.map((other) => (other.id === job.id ? job : other)) : [...project.jobs, job];
  state.project = { ...project, jobs };
  if (known?.state === job.state) return;
  if (job.state === "done") say(t(`job.done.${job.kind}`));
  if (job.state === "failed") note(job.message ? sentence(job.message) : t("job.failed"), { kind: "error" });
  if (job.state === "done" || job.state === "failed") refresh();
  if (job.state === "done" && (job.kind === "inpaint" || job.kind === "preview")) state.view = "split";
}

/** Changes named parts of the project: seen at once, then told to the server. */
export function change(parts) {
  state.project = { ...state.project, ...parts };
  const id = state.project.id;
  return inOrder(async () => {
    const answer = await patch(projectPath(id), parts);
    if (answer && state.project?.id === id) receive(answer);
  });
}

/** Like `change`, as a step that can be undone. */
export function edit(label, parts) {
  history.record(label);
  return change(parts);
}

export async function startJob(request) {
  const job = await inOrder(() => post(projectPath(state.project.id, "/jobs"), request));
  receiveJob(job);
  return job;
}

export async function command(job, verb) {
  receiveJob(await post(`/jobs/${encodeURIComponent(job.id)}/${verb}`));
}

export function refreshReport(wait) {
  clearTimeout(reportTimer);
  reportTimer = setTimeout(async () => {
    const id = state.project?.id;
    if (!id) return;
    try {
      const report = await get(projectPath(id, "/report"));
      if (state.project?.id === id) state.report = report;
    } catch (error) {
      if (error.status !== 404) tell(error);
    }
  }, wait);
}

export async function refreshForecast() {
  const id = state.project?.id;
  if (!id) return;
  try {
    const forecast = await get(projectPath(id, "/forecast"));
    if (state.project?.id === id) state.forecast = forecast;
  } catch (error) {
    if (error.status !== 404) tell(error);
  }
}

const rememberedFrame = (id) => {
  const frame = Number(sessionStorage.getItem(`frame:${id}`));
  return Number.isInteger(frame) && frame > 0 ? frame : undefined;
};

state.on("frame", () => {
  if (state.project) sessionStorage.setItem(`frame:${state.project.id}`, state.frame);
});

state.on("project", () => {
  const busy = activeJobs(state.project).find((job) => job.total > 0);
  const name = state.project?.name;
  const share = busy ? `${Math.floor((100 * busy.done) / busy.total)}% · ` : "";
  document.title = `${share}${name ? `${name} · ` : ""}Cleanplate`;
});
