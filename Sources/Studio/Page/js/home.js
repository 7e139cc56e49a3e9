// The first page: the way in, and the projects that are kept.

import { get, patch, post, projectPath, projectURL, remove } from "./api.js";
import { $, button, element, fill } from "./elements.js";
import { askText, confirmThat } from "./dialogs.js";
import { openFromServer } from "./folders.js";
import { ago, bytes, duration, number, t } from "./messages.js";
import { go } from "./routes.js";
import { activeJobs, progressOf, state, STEPS } from "./state.js";
import { say, tell, telling } from "./status.js";
import { loadUnfinished } from "./uploading.js";

let projects = [];

export async function showHome() {
  try {
    [{ projects }, state.server] = await Promise.all([get("/projects"), get("/server")]);
    draw();
    await loadUnfinished();
  } catch (error) {
    tell(error);
  }
}

const rename = telling(async (project) => {
  const name = await askText(t("project.rename"), { value: project.name, action: t("project.rename") });
  if (!name) return;
  await patch(projectPath(project.id), { name });
  await showHome();
});

const duplicate = telling(async (project) => {
  await post(projectPath(project.id, "/duplicate"));
  say(t("status.duplicated", { name: project.name }));
  await showHome();
});

const discard = telling(async (project) => {
  const isSure = await confirmThat(
    t("project.delete"), t("project.deleteSure", { name: project.name, bytes: bytes(project.bytes) }), t("project.delete"));
  if (!isSure) return;
  await remove(projectPath(project.id));
  say(t("status.deleted", { name: project.name }));
  await showHome();
});

function card(project) {
  const { media } = project;
  const { next, done } = progressOf(project);
  const busy = activeJobs(project)[0];
  const onward = done.has("download") ? t("project.done") : t("project.next", { step: t(`step.${next}`) });
  const standing = busy ? t(`job.${busy.kind}`) : onward;
  return element(
    "li", { class: "project" },
    element(
      "a", { href: `#/p/${project.id}`, class: "cover", "aria-label": t("project.open", { name: project.name }) },
      element("img", {
        src: projectURL(project.id, "/thumbnails/0.jpg"), alt: "", loading: "lazy", width: 320, height: 180,
      }),
      element("span", { class: `standing ${busy ? "busy" : ""}` }, standing),
      element(
        "span", { class: "dots", "aria-hidden": "true" },
        STEPS.map((step) => element("i", { class: done.has(step) ? "done" : "" })))),
    element(
      "div", { class: "about" },
      element("strong", { title: project.name }, project.name),
      element("small", {}, `${media.width} × ${media.height} · ${duration(media.seconds)} · ${bytes(project.bytes)}`),
      element("small", { class: "soft" }, ago(project.updated))),
    element(
      "div", { class: "tools" },
      button({ label: t("project.rename"), iconName: "pencil", kind: "quiet", press: () => rename(project) }),
      button({ label: t("project.duplicate"), iconName: "copy", kind: "quiet", press: () => duplicate(project) }),
      button({ label: t("project.delete"), iconName: "trash", kind: "quiet", press: () => discard(project) })));
}

function draw() {
  const { disk, folders, limits, version } = state.server;
  $("#from-server").hidden = folders.length === 0;
  $("#limits").textContent = t("home.limits", { bytes: bytes(limits.bytes), time: duration(limits.seconds) });
  $("#version").textContent = `Cleanplate ${version}`;
  const share = disk.budget > 0 ? disk.used / disk.budget : 0;
  fill(
    $("#disk"),
    element("span", {}, t("home.disk", { used: bytes(disk.used), budget: bytes(disk.budget), free: bytes(disk.free) })),
    element("meter", { min: 0, max: 1, low: 0.7, high: 0.9, optimum: 0.1, value: share, "aria-label": t("home.diskLabel") }));
  $("#projects-title").textContent = t("home.projects", { n: number(projects.length) });
  $("#projects-part").hidden = projects.length === 0;
  const newest = [...projects].sort((a, b) => (a.updated < b.updated ? 1 : -1));
  fill($("#projects"), newest.map(card));
}

export function startHome() {
  $("#from-server").addEventListener("click", openFromServer);
  $("#brand").addEventListener("click", () => go(null));
}
