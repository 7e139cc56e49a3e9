// Videos and image folders that are on the server already.

import { get, post } from "./api.js";
import { button, element, fill, icon } from "./elements.js";
import { openDialog } from "./dialogs.js";
import { bytes, t } from "./messages.js";
import { applyRememberedSettings } from "./preferences.js";
import { go } from "./routes.js";
import { state } from "./state.js";
import { tell } from "./status.js";

/** Lets the person choose below the server's folders; opens the choice as a project. */
export async function openFromServer() {
  const chosen = await openDialog(t("folders.title"), chooser, { wide: true });
  if (!chosen) return;
  try {
    const project = await post("/projects", chosen);
    await applyRememberedSettings(project);
    go(project.id);
  } catch (error) {
    tell(error);
  }
}

function chooser(close) {
  const list = element("ul", { class: "entries" });
  const way = element("nav", { class: "way", "aria-label": t("folders.way") });
  const body = element("div", { class: "body" }, way, list);

  // The dialog may not be open yet: it takes the focus when it is.
  const focusFirst = () => queueMicrotask(() => list.querySelector("button")?.focus());

  const showRoots = () => {
    fill(way, element("span", {}, t("folders.roots")));
    fill(list, state.server.folders.map((folder) => row("folder", folder.name, "", () => show(folder, []))));
    focusFirst();
  };

  const show = async (folder, path) => {
    try {
      const entry = path.at(-1);
      const query = entry ? `?entry=${encodeURIComponent(entry.id)}` : "";
      const { entries } = await get(`/folders/${encodeURIComponent(folder.id)}${query}`);
      fill(
        way,
        button({ text: t("folders.roots"), kind: "link", press: showRoots }), "›",
        button({ text: folder.name, kind: "link", press: () => show(folder, []) }),
        path.map((part, depth) => [
          "›", button({ text: part.name, kind: "link", press: () => show(folder, path.slice(0, depth + 1)) }),
        ]));
      const rows = entries.map((found) => rowOf(folder, path, found));
      fill(list, rows.length > 0 ? rows : element("li", { class: "empty" }, t("folders.empty")));
      focusFirst();
    } catch (error) {
      tell(error);
    }
  };

  const rowOf = (folder, path, found) => {
    if (found.kind === "folder") return row("folder", found.name, "", () => show(folder, [...path, found]));
    const isImages = found.kind === "images";
    return row(
      isImages ? "images" : "film", found.name, isImages ? t("folders.images") : bytes(found.bytes),
      () => close({ folder: folder.id, entry: found.id }));
  };

  const row = (iconName, name, detail, press) => element("li", {}, element(
    "button", { type: "button", class: "entry", on: { click: press } },
    icon(iconName), element("span", { class: "grow" }, name), element("small", {}, detail)));

  showRoots();
  return body;
}
