// The server's events for one project, reconnected for as long as the project is open.

import { projectURL } from "./api.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

/** Follows a project's events until `close()`. `onConnection(true|false)` tells when the stream is lost and found again. */
export class EventStream {
  #source = null;
  #wait = FIRST_WAIT;
  #timer = 0;
  #closed = false;

  constructor(project, handlers, onConnection) {
    this.project = project;
    this.handlers = handlers;
    this.onConnection = onConnection;
    this.#connect();
  }

  #connect() {
    this.#source = new EventSource(projectURL(this.project, "/events"));
    this.#source.onopen = () => {
      this.#wait = FIRST_WAIT;
      this.onConnection(true);
    };
    // EventSource gives up for good after some failures (a 502, a server that is down), so it is always opened anew.
    this.#source.onerror = () => {
      this.#source.close();
      if (this.#closed) return;
      this.onConnection(false);
      this.#timer = setTimeout(() => this.#connect(), this.#wait);
      this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
    };
    for (const [name, handler] of Object.entries(this.handlers)) {
      this.#source.addEventListener(name, (event) => handler(JSON.parse(event.data)));
    }
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#source.close();
  }
}
