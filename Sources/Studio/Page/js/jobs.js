// The card of a running job: how far, how fast, how long; pause, resume and cancel.

import { button, element } from "./elements.js";
import { sentence } from "./api.js";
import { command } from "./project.js";
import { activeJobs, lastJob, state } from "./state.js";
import { telling } from "./status.js";
import { duration, has, number, percent, t } from "./messages.js";

const press = telling(command);

function detail(job) {
  if (job.state === "queued") return t("job.queued");
  const parts = [];
  if (job.total > 0) parts.push(t("job.frames", { done: number(job.done), total: number(job.total) }));
  if (job.state === "paused") return [...parts, t("job.paused")].join(" · ");
  if (job.rate) parts.push(t("job.rate", { rate: number(job.rate, 1) }));
  if (job.secondsLeft) parts.push(t("left", { time: duration(job.secondsLeft) }));
  return parts.join(" · ") || t("job.starting");
}

/** A button that sends a verb of the API, named by the same word. */
const jobButton = (job, verb, iconName, key) =>
  button({ text: t(verb), iconName, kind: "small", press: () => press(job, verb), data: { key } });

/** The card of a job that is on its way. */
export function jobCard(job) {
  const share = job.total > 0 ? job.done / job.total : 0;
  const stage = job.stage && has(`stage.${job.stage}`) ? t(`stage.${job.stage}`) : t(`job.${job.kind}`);
  const isPaused = job.state === "paused";
  return element(
    "section", { class: `job ${job.state}`, "aria-label": t(`job.${job.kind}`) },
    element("header", {}, element("strong", {}, stage), element("output", {}, job.total > 0 ? percent(share) : "")),
    element("progress", { max: 1, ...(job.total > 0 ? { value: share } : {}), "aria-label": t(`job.${job.kind}`) }),
    element("small", {}, detail(job)),
    job.attempt > 1 ? element("small", { class: "soft" }, t("job.attempt", { n: job.attempt })) : null,
    element(
      "div", { class: "actions" },
      jobButton(job, isPaused ? "resume" : "pause", isPaused ? "play" : "pause", "job-pause"),
      jobButton(job, "cancel", "close", "job-cancel")));
}

/** Cards of all active jobs of these kinds. */
export const jobCards = (...kinds) => activeJobs(state.project).filter((job) => kinds.includes(job.kind)).map(jobCard);

export const isBusy = (...kinds) => activeJobs(state.project).some((job) => kinds.includes(job.kind));

/** Why the newest job of these kinds failed, and the way on from what it saved; null where it did not. */
export function failureOf(...kinds) {
  const job = lastJob(state.project, ...kinds);
  if (job?.state !== "failed") return null;
  return element(
    "section", { class: "failure", role: "alert" },
    element("p", {}, job.message ? sentence(job.message) : t("job.failed")),
    element(
      "div", { class: "actions" },
      button({
        text: t("job.goOn"), iconName: "again", kind: "small", press: () => press(job, "resume"), data: { key: "job-again" },
      })));
}
