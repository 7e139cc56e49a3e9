// Starts the page: words, session, and whatever the address names.

import { APIError, get, onTokenNeeded, openSession } from "./api.js";
import { $ } from "./elements.js";
import { askText } from "./dialogs.js";
import { loadMessages, t, translateDocument } from "./messages.js";
import { showHome, startHome } from "./home.js";
import { startKeyboard } from "./keyboard.js";
import { startObjects } from "./objects.js";
import { startPointing } from "./pointing.js";
import { startTheme } from "./preferences.js";
import { closeProject, openProject } from "./project.js";
import { currentProject, go } from "./routes.js";
import { state } from "./state.js";
import { say, tell } from "./status.js";
import { startSteps } from "./steps.js";
import { startTimeline } from "./timeline.js";
import { startToolbar } from "./toolbar.js";
import { startUploading } from "./uploading.js";
import { startViewer } from "./viewer.js";

const RETRY = 2000;

/** Asks for the token until the server takes it. */
async function enter() {
  if (await openSession()) await askForToken();
}

async function askForToken() {
  let isNeeded = true;
  let fault = null;
  while (isNeeded) {
    const token = await askText(t("token.title"), {
      label: t("token.label"), action: t("token.enter"), secret: true, hint: t("token.hint"), fault,
    });
    if (!token) continue;
    try {
      isNeeded = await openSession(token);
    } catch (error) {
      if (!(error instanceof APIError)) throw error;
      fault = error.message;
    }
  }
}

async function show() {
  const id = currentProject();
  say("");
  document.body.classList.toggle("home", !id);
  $("#home").hidden = Boolean(id);
  $("#work").hidden = !id;
  $("#project-bar").hidden = !id;
  if (!id) {
    closeProject();
    await showHome();
    return;
  }
  if (state.project?.id === id) return;
  try {
    await openProject(id);
  } catch (error) {
    tell(error);
    go(null);
  }
}

async function start() {
  await loadMessages();
  translateDocument();
  startTheme();
  startToolbar();
  startViewer();
  startPointing();
  startTimeline();
  startObjects();
  startSteps();
  startKeyboard();
  startHome();
  startUploading();
  document.body.classList.remove("loading");
  onTokenNeeded(askForToken);
  await enterWhenThere();
  addEventListener("hashchange", show);
  await show();
}

/** A server that is not up yet is waited for. */
async function enterWhenThere() {
  for (;;) {
    try {
      await enter();
      state.server = await get("/server");
      return;
    } catch (error) {
      tell(error);
      await new Promise((resolve) => { setTimeout(resolve, RETRY); });
    }
  }
}

start();
