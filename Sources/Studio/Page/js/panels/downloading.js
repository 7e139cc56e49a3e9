// Step 5: the files, each made when it is asked for.

import { projectURL } from "../api.js";
import { button, element, icon } from "../elements.js";
import { failureOf, jobCards } from "../jobs.js";
import { bytes, t } from "../messages.js";
import { startJob } from "../project.js";
import { activeJobs, state } from "../state.js";
import { telling } from "../status.js";

const FORMS = [
  ["inpainting_h264", "film", "clean"], ["seg_video", "mask", "track"], ["mask_zip", "zip", "track"],
  ["prores_matte", "mask", "track"], ["ffv1", "film", "clean"], ["png_zip", "images", "clean"],
];

const make = telling((form) => startJob({ kind: "export", form, range: state.project.range }));

const outputOf = (form) => state.project.outputs.filter((output) => output.kind === form).at(-1);

function row([form, iconName, needs]) {
  const { project } = state;
  const output = outputOf(form);
  const job = activeJobs(project).find((other) => other.kind === "export" && other.form === form);
  const isPossible = needs === "clean" ? (project.clean?.frames?.length ?? 0) > 0 : project.track.frames.length > 0;
  return element(
    "li", { class: "form" },
    icon(iconName),
    element("strong", {}, t(`form.${form}`)),
    element(
      "small", {},
      output
        ? [element("span", { title: output.name }, output.name), element("span", {}, `· ${bytes(output.bytes)}`)]
        : t(`form.${form}.hint`)),
    output
      ? element("a", {
        class: "button primary", href: projectURL(project.id, `/outputs/${form}`), download: output.name,
        data: { key: `get-${form}` },
        "aria-label": t("download.get", { name: output.name }), title: t("download.get", { name: output.name }),
      }, icon("download"), element("span", {}, t("download.save")))
      : button({
        text: t(job ? "download.making" : "download.make"), kind: "plain", disabled: !isPossible || Boolean(job),
        press: () => make(form),
        "aria-label": t("download.makeThis", { name: t(`form.${form}`) }), data: { key: `make-${form}` },
      }),
    output ? button({
      label: t("download.again", { name: t(`form.${form}`) }), iconName: "again", kind: "quiet",
      disabled: Boolean(job) || !isPossible, press: () => make(form), data: { key: `again-${form}` },
    }) : null);
}

export function downloadingPanel() {
  const { project } = state;
  return [
    jobCards("export", "inpaint"),
    failureOf("export"),
    project.clean?.state === "done" ? null : element("p", { class: "warning" }, t("download.notWhole")),
    element("ul", { class: "forms" }, FORMS.map(row)),
    element("p", { class: "soft" }, t("download.hint")),
  ];
}
