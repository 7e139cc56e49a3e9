// What the page says: a live region for what happened, and notes for what went wrong.

import { $, button, element } from "./elements.js";
import { APIError } from "./api.js";
import { t } from "./messages.js";

/** Tells screen readers, and shows the words in the status line. */
export function say(text) {
  const line = $("#status");
  line.textContent = text;
  // The words fade again: their animation starts anew.
  line.getAnimations().forEach((animation) => { animation.currentTime = 0; });
}

/** Shows a note that stays until it is closed, or for some seconds where it is only news. */
export function note(text, { kind = "news", action } = {}) {
  const tray = $("#notes");
  for (const old of tray.children) if (old.dataset.text === text) old.remove();
  const shown = element(
    "div", { class: `note ${kind}`, role: kind === "error" ? "alert" : "status", data: { text } },
    element("p", {}, text),
    action ? button({ text: action.text, kind: "small", press: () => { shown.remove(); action.press(); } }) : null,
    button({ label: t("close"), iconName: "close", kind: "quiet", press: () => shown.remove() }));
  tray.append(shown);
  // Shown anew, the tray lies over a dialog that was opened after it.
  if (tray.matches(":popover-open")) tray.hidePopover();
  tray.showPopover();
  while (tray.children.length > 4) tray.firstChild.remove();
  if (kind === "news") setTimeout(() => shown.remove(), 6000);
}

/** Says what an error means: the API's sentence, or that the server is not reached. Silence where a request was given up. */
export function tell(error) {
  if (error?.name === "AbortError") return;
  if (error instanceof APIError) note(error.message, { kind: "error" });
  else if (error instanceof TypeError && /fetch|network|load/i.test(error.message)) {
    note(t("error.unreachable"), { kind: "error" });
  } else {
    note(t("error.unexpected", { detail: error?.message ?? String(error) }), { kind: "error" });
    console.error(error);
  }
}

/** Wraps an action so that its failure is told. */
export const telling = (action) => async (...values) => {
  try {
    return await action(...values);
  } catch (error) {
    tell(error);
    return undefined;
  }
};
