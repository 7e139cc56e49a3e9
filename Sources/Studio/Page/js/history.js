// Undo and redo for everything that the person sets: objects, marks, range and settings.

import { state } from "./state.js";

const PARTS = ["objects", "prompts", "range", "settings"];
const DEPTH = 200;

const snapshot = () => structuredClone(Object.fromEntries(PARTS.map((part) => [part, state.project[part]])));

class History {
  #past = [];
  #future = [];
  #listeners = [];

  /** Keeps the state as it is before a change. Changes under the same `merge` within a second are one step. */
  record(label, merge) {
    const now = performance.now();
    const last = this.#past.at(-1);
    this.#future = [];
    if (merge && last?.merge === merge && now - last.time < 1000) {
      last.time = now;
    } else {
      this.#past.push({ label, merge, time: now, parts: snapshot() });
      if (this.#past.length > DEPTH) this.#past.shift();
    }
    this.#tell();
  }

  /** Takes the newest step off, where its change was refused; gives what was before it. */
  drop() {
    const entry = this.#past.pop();
    this.#tell();
    return entry?.parts ?? null;
  }

  /** The state to go back to, with the step's label; null where there is none. */
  back() {
    return this.#move(this.#past, this.#future);
  }

  forth() {
    return this.#move(this.#future, this.#past);
  }

  #move(from, to) {
    const entry = from.pop();
    if (!entry) return null;
    to.push({ label: entry.label, time: 0, parts: snapshot() });
    this.#tell();
    return entry;
  }

  clear() {
    this.#past = [];
    this.#future = [];
    this.#tell();
  }

  get canUndo() { return this.#past.length > 0; }
  get canRedo() { return this.#future.length > 0; }
  get nextUndo() { return this.#past.at(-1)?.label; }
  get nextRedo() { return this.#future.at(-1)?.label; }

  watch(listener) {
    this.#listeners.push(listener);
    listener();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}

export const history = new History();
