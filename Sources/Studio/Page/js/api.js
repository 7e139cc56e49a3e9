// The server's JSON API. Nothing else is asked by the page, so a script can do all that it does.

const ROOT = "/api/v1";
let csrf = "";
let askForToken = null;
let asking = null;

/** Sets what asks the person for the token, where the server wants one again. */
export const onTokenNeeded = (ask) => { askForToken = ask; };

function enterAgain() {
  asking ??= askForToken().finally(() => { asking = null; });
  return asking;
}

/** An answer that says what went wrong, in the API's own sentence. */
export class APIError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The API's words as a sentence: with a capital, unless they begin with a name, and a stop. */
export function sentence(words) {
  const text = /^[a-z]+(?=[ ,;])/.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

async function failure(response) {
  try {
    const { error } = await response.json();
    return new APIError(response.status, error.code, sentence(error.message));
  } catch {
    return new APIError(response.status, "unknown", `${response.status} ${response.statusText}`);
  }
}

/**
 * Sends a request; a changing one carries the page's key, and asks for a new one where the server was started anew.
 * Throws APIError, or TypeError where the server is not reached.
 */
export async function send(method, path, options = {}) {
  const response = await attempt(method, path, options);
  if (response.ok) return response;
  const error = await failure(response);
  if (error.code === "csrf") await openSession();
  else if (error.status === 401 && askForToken && path !== "/session") await enterAgain();
  else throw error;
  const again = await attempt(method, path, options);
  if (!again.ok) throw await failure(again);
  return again;
}

function attempt(method, path, { body, headers = {}, signal, cache }) {
  const changing = method !== "GET" && method !== "HEAD";
  const isData = body instanceof Blob || body === undefined;
  return fetch(path.startsWith("/api/") ? path : ROOT + path, {
    method, signal, cache, credentials: "same-origin",
    headers: {
      ...(changing ? { "X-Cleanplate-CSRF": csrf } : {}),
      ...(isData ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    body: isData ? body : JSON.stringify(body),
  });
}

const json = async (method, path, body) => {
  const response = await send(method, path, { body });
  const text = await response.text();
  return text ? JSON.parse(text) : null;
};

export const get = (path) => json("GET", path);
export const post = (path, body = {}) => json("POST", path, body);
export const patch = (path, body) => json("PATCH", path, body);
export const remove = (path) => json("DELETE", path);

/** Opens the session; true where a token has to be given first. */
export async function openSession(token) {
  const session = token === undefined ? await get("/session") : await post("/session", { token });
  csrf = session.csrf ?? csrf;
  if (token !== undefined && !session.csrf) return openSession();
  return session.tokenRequired;
}

/** Finds out whether a server that was lost wants the token again; silent where it is not there. */
export async function checkSession() {
  try {
    const response = await attempt("GET", "/session", {});
    const session = response.ok ? await response.json() : null;
    if (session?.csrf) csrf = session.csrf;
    if (session?.tokenRequired && askForToken) await enterAgain();
  } catch {
    // The event stream tries again, and asks again.
  }
}

export const projectPath = (id, rest = "") => `/projects/${encodeURIComponent(id)}${rest}`;
export const projectURL = (id, rest = "") => ROOT + projectPath(id, rest);

/** A picture, or null where there is none (yet). */
export async function picture(url, signal, fresh = false) {
  try {
    const response = await send("GET", url, { signal, cache: fresh ? "no-cache" : "default" });
    return await createImageBitmap(await response.blob(), { premultiplyAlpha: "none", colorSpaceConversion: "none" });
  } catch (error) {
    if (error instanceof APIError && error.status === 404) return null;
    throw error;
  }
}
