// Files that arrive: dropped, chosen, gone on with after a reload.

import { get, post, remove as removePath } from "./api.js";
import { $, button, element, fill, icon } from "./elements.js";
import { bytes, duration, percent, t } from "./messages.js";
import { say, tell, telling } from "./status.js";
import { Upload } from "./tus.js";
import { applyRememberedSettings } from "./preferences.js";
import { go } from "./routes.js";
import { state } from "./state.js";

const uploads = [];
let unfinished = [];

/** Takes files from a drop or a choice; one that the server holds a part of goes on from there. */
export function take(files) {
  for (const file of files) {
    const known = unfinished.find((part) => part.name === file.name && part.length === file.size);
    unfinished = unfinished.filter((part) => part !== known);
    const upload = new Upload(file, { id: known?.id ?? null, onChange: draw });
    if (known) say(t("upload.goesOn", { name: file.name }));
    uploads.push(upload);
    begin(upload);
  }
  draw();
}

async function begin(upload) {
  const isThere = await upload.run();
  if (isThere) await makeProject(upload);
}

async function makeProject(upload) {
  upload.state = "checking";
  draw();
  try {
    const project = await post("/projects", { upload: upload.id });
    forget(upload);
    await applyRememberedSettings(project);
    if (uploads.length === 0 && !state.project) go(project.id);
  } catch (error) {
    upload.state = "failed";
    upload.error = error;
  }
  draw();
}

function forget(upload) {
  uploads.splice(uploads.indexOf(upload), 1);
  draw();
}

const discard = telling(async (upload) => {
  forget(upload);
  await upload.remove();
});

/** Asks for uploads that were left unfinished, and offers them. */
export async function loadUnfinished() {
  try {
    const { uploads: parts } = await get("/uploads");
    unfinished = parts.filter((part) => !uploads.some((upload) => upload.id === part.id));
    draw();
  } catch (error) {
    tell(error);
  }
}

const discardPart = telling(async (part) => {
  unfinished = unfinished.filter((other) => other !== part);
  draw();
  await removePath(`/uploads/${encodeURIComponent(part.id)}`);
});

function words(upload) {
  const { size } = upload.file;
  const parts = [`${percent(size ? upload.offset / size : 1)} · ${bytes(upload.offset)} / ${bytes(size)}`];
  if (upload.state === "running" && upload.rate) {
    const left = duration((size - upload.offset) / upload.rate);
    parts.push(t("upload.rate", { rate: bytes(upload.rate) }), t("left", { time: left }));
  }
  if (upload.state !== "running") parts.push(t(`upload.${upload.state}`));
  return parts.join(" · ");
}

function card(upload) {
  const { file, state: now } = upload;
  return element(
    "li", { class: `upload ${now}`, role: now === "failed" ? "alert" : undefined },
    icon("film"),
    element(
      "div", { class: "grow" },
      element("strong", {}, file.name),
      element("progress", { max: file.size || 1, value: upload.offset, "aria-label": t("upload.progress", { name: file.name }) }),
      element("small", {}, now === "failed" ? upload.error.message : words(upload))),
    now === "running" || now === "waiting"
      ? button({ label: t("pause"), iconName: "pause", press: () => upload.pause(), data: { key: `pause-${file.name}` } }) : null,
    now === "paused" || (now === "failed" && upload.id !== null && upload.offset < file.size)
      ? button({ label: t("resume"), iconName: "play", press: () => begin(upload), data: { key: `pause-${file.name}` } }) : null,
    now === "checking" ? null
      : button({ label: t("upload.discard"), iconName: "close", kind: "quiet", press: () => discard(upload) }));
}

function partCard(part) {
  return element(
    "li", { class: "upload part" },
    icon("film"),
    element(
      "div", { class: "grow" },
      element("strong", {}, part.name),
      element("progress", { max: part.length, value: part.offset, "aria-label": t("upload.progress", { name: part.name }) }),
      element("small", {}, t("upload.unfinished", { share: percent(part.offset / part.length) }))),
    button({ text: t("upload.continue"), kind: "small", press: () => $("#file").click() }),
    button({ label: t("upload.discard"), iconName: "close", kind: "quiet", press: () => discardPart(part) }));
}

function draw() {
  const list = $("#uploads");
  list.hidden = uploads.length + unfinished.length === 0;
  fill(list, uploads.map(card), unfinished.map(partCard));
}

export function startUploading() {
  const zone = $("#drop");
  const input = $("#file");
  zone.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  let depth = 0;
  const over = (isOver) => document.body.classList.toggle("dropping", isOver);
  addEventListener("dragenter", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    depth += 1;
    over(true);
  });
  addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) over(false);
  });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    over(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    if (state.project) go(null);
    take(files);
  });
  addEventListener("beforeunload", (event) => {
    if (uploads.some((upload) => upload.state === "running")) event.preventDefault();
  });
}
