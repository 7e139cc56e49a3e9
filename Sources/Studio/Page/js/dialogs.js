// Dialogs: asking for a name, a yes, a token; the folders of the server; the sheet of keys.

import { button, element } from "./elements.js";
import { t } from "./messages.js";

/** Opens a modal dialog; resolves to what `close(value)` was given, or null where it was dismissed. */
export function openDialog(title, build, { wide = false } = {}) {
  return new Promise((resolve) => {
    const opener = document.activeElement;
    const heading = element("h2", { id: "dialog-title" }, title);
    const dialog = element("dialog", { class: wide ? "wide" : "", "aria-labelledby": "dialog-title" });
    let result = null;
    const close = (value) => { result = value; dialog.close(); };
    dialog.append(
      element(
        "header", {}, heading,
        button({ label: t("close"), iconName: "close", kind: "quiet", press: () => close(null) })),
      build(close));
    dialog.addEventListener("close", () => {
      dialog.remove();
      opener?.focus?.();
      resolve(result);
    });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) close(null); });
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("[autofocus]")?.focus();
  });
}

/** Asks for a line of text. Resolves to it, or null. */
export function askText(title, options = {}) {
  const { value = "", label = title, action = t("ok"), secret = false, hint = null, fault = null } = options;
  return openDialog(title, (close) => {
    const input = element("input", {
      type: secret ? "password" : "text", value, autofocus: true, autocomplete: "off", "aria-label": label, maxLength: 200,
      on: { keydown: (event) => { if (event.key === "Enter" && input.value.trim()) close(input.value.trim()); } },
    });
    queueMicrotask(() => input.select());
    return element(
      "div", { class: "body" }, hint ? element("p", {}, hint) : null, input,
      fault ? element("p", { class: "warning", role: "alert" }, fault) : null,
      element(
        "div", { class: "actions" },
        button({ text: t("cancel"), press: () => close(null) }),
        button({ text: action, kind: "primary", press: () => { if (input.value.trim()) close(input.value.trim()); } })));
  });
}

/** Asks for a yes before what cannot be undone. */
export function confirmThat(title, text, action) {
  return openDialog(title, (close) => element(
    "div", { class: "body" }, element("p", {}, text),
    element(
      "div", { class: "actions" },
      button({ text: t("cancel"), press: () => close(false), autofocus: true }),
      button({ text: action, kind: "danger", press: () => close(true) }))));
}
