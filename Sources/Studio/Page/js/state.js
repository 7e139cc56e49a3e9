// What the page knows at this moment. All of a project comes from the API; the rest is where the person stands.

/** Values by name, with listeners for each: a listener runs once after a change of any of its names. */
export class State {
  #values;
  #listeners = [];

  constructor(values) {
    this.#values = { ...values };
    return new Proxy(this, {
      get: (target, name) => (name in target ? target[name].bind?.(target) ?? target[name] : target.#values[name]),
      set: (target, name, value) => {
        target.set({ [name]: value });
        return true;
      },
    });
  }

  set(changes) {
    const changed = Object.keys(changes).filter((name) => this.#values[name] !== changes[name]);
    if (changed.length === 0) return;
    Object.assign(this.#values, changes);
    for (const { names, listener } of [...this.#listeners]) {
      if (names.some((name) => changed.includes(name))) listener();
    }
  }

  /** Tells listeners of `name` although its value is the same object. */
  touch(name) {
    for (const { names, listener } of [...this.#listeners]) if (names.includes(name)) listener();
  }

  /** Runs `listener` now and after each change of one of `names` (parted by blanks). */
  watch(names, listener) {
    this.on(names, listener);
    listener();
  }

  on(names, listener) {
    this.#listeners.push({ names: names.split(" "), listener });
  }
}

export const state = new State({
  server: null,
  project: null,
  step: "video",
  frame: 0,
  object: 1,
  tool: "pan",
  view: "source",
  held: false,
  divider: 0.5,
  masksShown: true,
  playing: false,
  preparing: false,
  candidates: [],
  looking: false,
  report: null,
  forecast: null,
  selecting: false,
  connected: true,
});

export const STEPS = ["video", "select", "track", "inpaint", "download"];

/** True where frame `n` lies in one of `ranges`, pairs with their ends included. */
export const covers = (ranges, n) => (ranges ?? []).some(([from, to]) => n >= from && n <= to);

export const activeJobs = (project) =>
  (project?.jobs ?? []).filter((job) => ["queued", "running", "paused"].includes(job.state));

/** The newest job among `kinds`, by the order of the list. */
export const lastJob = (project, ...kinds) => (project?.jobs ?? []).filter((job) => kinds.includes(job.kind)).at(-1);

export const promptAt = (project, frame, object) =>
  (project?.prompts ?? []).find((prompt) => prompt.frame === frame && prompt.object === object);

/** Which steps are done; the first that is not is what comes next. */
export function progressOf(project) {
  if (!project) return { done: new Set(), next: "video" };
  const done = new Set(["video"]);
  if (project.objects.length > 0 && (project.prompts.length > 0 || project.track.state !== "none")) done.add("select");
  if (project.track.state === "done") done.add("track");
  if (project.clean?.state === "done") done.add("inpaint");
  if (project.outputs.some((output) => output.kind === "inpainting_h264") && done.has("inpaint")) done.add("download");
  const next = STEPS.find((step) => !done.has(step)) ?? "download";
  return { done, next };
}
