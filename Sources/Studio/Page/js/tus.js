// Resumable uploads, tus 1.0.0: create, ask for the offset, send from there.

import { APIError, send } from "./api.js";

const CHUNK = 2 << 20;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;
/** Answers that may be another one a moment later: slow, out of step, busy, a gateway without its server. */
const PASSING = new Set([408, 409, 423, 429, 502, 503, 504]);
const TUS = { "Tus-Resumable": "1.0.0" };

const base64 = (text) => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
const pausing = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** One file on its way to the server. It goes on by itself after a lost connection, and from a known id after a reload. */
export class Upload {
  offset = 0;
  state = "waiting";
  error = null;
  #control = null;

  constructor(file, { id = null, onChange }) {
    this.file = file;
    this.id = id;
    this.onChange = onChange;
    this.started = performance.now();
    this.sent = 0;
  }

  #set(state) {
    this.state = state;
    this.onChange(this);
  }

  /** Sends until the end, a pause or a refusal. Resolves to true where all has arrived. */
  async run() {
    this.#control = new AbortController();
    this.error = null;
    this.started = performance.now();
    this.sent = 0;
    let wait = FIRST_WAIT;
    this.#set("running");
    while (this.state === "running" || this.state === "waiting") {
      try {
        if (this.id === null) await this.#create();
        else await this.#ask();
        await this.#sendAll(() => { wait = FIRST_WAIT; });
        this.#set("done");
      } catch (error) {
        if (this.state === "paused" || this.state === "removed") return false;
        // What the server refuses is told; what the network loses, or a server that is busy, is tried again.
        if (error instanceof APIError && !PASSING.has(error.status)) {
          this.error = error;
          this.#set("failed");
          return false;
        }
        this.#set("waiting");
        await pausing(wait);
        wait = Math.min(LONGEST_WAIT, wait * 2);
        if (this.state === "waiting") this.#set("running");
      }
    }
    return this.state === "done";
  }

  async #create() {
    const response = await send("POST", "/uploads", {
      signal: this.#control.signal,
      headers: { ...TUS, "Upload-Length": String(this.file.size), "Upload-Metadata": `filename ${base64(this.file.name)}` },
    });
    this.id = response.headers.get("Location").split("/").at(-1);
    this.offset = 0;
  }

  async #ask() {
    const path = `/uploads/${encodeURIComponent(this.id)}`;
    const response = await send("HEAD", path, { signal: this.#control.signal, headers: TUS });
    this.offset = Number(response.headers.get("Upload-Offset"));
    this.onChange(this);
  }

  async #sendAll(onProgress) {
    while (this.offset < this.file.size) {
      const response = await send("PATCH", `/uploads/${encodeURIComponent(this.id)}`, {
        signal: this.#control.signal,
        headers: { ...TUS, "Upload-Offset": String(this.offset), "Content-Type": "application/offset+octet-stream" },
        body: this.file.slice(this.offset, this.offset + CHUNK),
      });
      const offset = Number(response.headers.get("Upload-Offset"));
      this.sent += offset - this.offset;
      this.offset = offset;
      onProgress();
      this.onChange(this);
    }
  }

  /** Bytes a second since it was started; null until something was sent. */
  get rate() {
    const seconds = (performance.now() - this.started) / 1000;
    return this.sent > 0 && seconds > 0.2 ? this.sent / seconds : null;
  }

  pause() {
    this.#set("paused");
    this.#control?.abort();
  }

  async remove() {
    this.#set("removed");
    this.#control?.abort();
    if (this.id !== null) await send("DELETE", `/uploads/${encodeURIComponent(this.id)}`, { headers: TUS });
  }
}
