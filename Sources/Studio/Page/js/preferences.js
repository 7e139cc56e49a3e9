// What the browser remembers: the theme, and the settings last used, for the next project.

import { change, refreshForecast } from "./project.js";
import { patch, projectPath } from "./api.js";
import { setIcon, $ } from "./elements.js";
import { history } from "./history.js";
import { forgetColors } from "./strips.js";
import { state } from "./state.js";
import { telling } from "./status.js";
import { t } from "./messages.js";

const SETTINGS = "cleanplate.settings";
const THEME = "cleanplate.theme";
/** Settings that belong to one clip and are not carried to the next. */
const OWN = new Set(["memory", "resize", "still"]);

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** Changes settings of the project as a step that can be undone, and remembers them. */
export const setSettings = telling(async (values) => {
  history.record(t("undo.settings"), Object.keys(values).join());
  const settings = { ...state.project.settings, ...values };
  localStorage.setItem(SETTINGS, JSON.stringify({ ...read(SETTINGS), ...values }));
  await change({ settings });
  refreshForecast();
});

/** Gives a new project the settings that were last used. */
export async function applyRememberedSettings(project) {
  const kept = Object.entries(read(SETTINGS) ?? {}).filter(([name]) => !OWN.has(name) && name in project.settings);
  if (kept.length === 0) return;
  await patch(projectPath(project.id), { settings: { ...project.settings, ...Object.fromEntries(kept) } });
}

const systemIsDark = () => matchMedia("(prefers-color-scheme: dark)").matches;
const isDark = () => (document.documentElement.dataset.theme ?? (systemIsDark() ? "dark" : "light")) === "dark";

function showTheme() {
  setIcon($("#theme"), isDark() ? "sun" : "moon");
  forgetColors();
  state.touch("report");
  state.touch("view");
}

export function switchTheme() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(THEME, JSON.stringify(theme));
  showTheme();
}

export function startTheme() {
  const theme = read(THEME);
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  $("#theme").addEventListener("click", switchTheme);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
  showTheme();
}
