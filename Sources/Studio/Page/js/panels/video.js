// Step 1: what the clip is.

import { button, element } from "../elements.js";
import { jobCards } from "../jobs.js";
import { bytes, duration, number, t } from "../messages.js";
import { go } from "../routes.js";
import { go as goToFrame } from "../playback.js";
import { state } from "../state.js";

const row = (name, value) => [element("dt", {}, t(`video.${name}`)), element("dd", {}, value)];

export function videoPanel() {
  const { media, cuts, bytes: size } = state.project;
  const rate = media.rate[0] / media.rate[1];
  return [
    jobCards("ingest"),
    element(
      "dl", { class: "facts" },
      row("file", media.name),
      row("size", [`${media.width} × ${media.height}`, media.rotation ? ` · ${t("video.rotated", { degrees: media.rotation })}` : ""]),
      row("frames", number(media.frames)),
      row("rate", t("video.perSecond", { rate: number(rate, Number.isInteger(rate) ? 0 : 2) })),
      row("length", duration(media.seconds)),
      row("sound", t(media.audio ? "yes" : "no")),
      row("color", media.color),
      row("codec", media.codec),
      row("disk", bytes(size))),
    media.interlaced ? element("p", { class: "warning" }, t("video.interlaced")) : null,
    element("h3", {}, t("video.shots", { n: cuts.length + 1 })),
    element("p", { class: "soft" }, t(cuts.length > 0 ? "video.cuts" : "video.noCuts")),
    cuts.length > 0
      ? element("ul", { class: "chips" }, cuts.slice(0, 60).map((cut) => element("li", {}, button({
        text: number(cut), kind: "small", label: t("video.goToCut", { frame: cut }), press: () => goToFrame(cut),
      })))) : null,
    button({ text: t("video.other"), iconName: "folder", press: () => go(null) }),
  ];
}
