// The live line: server-sent events that are honest about being up or down, and that resume where they stopped.
//
//   import { connect } from "web/live.js";
//   connect("/till/events", { after: cursor, on: { arrived: (data, id) => … } });
//
// States: "connecting", "online" (the book answers), "away" (the server does, its book does not), "offline", "ended".
// Elements that show the state: [data-live-state] with [data-live-words], [data-offline], [data-live-clock].

import { correct, stand } from "web/clock.js";
import { word } from "web/words.js";

const SILENCE_MS = 12_000; // the server beats each 5 s
const AGAIN_MS = [500, 1000, 2000, 4000];

export class Line {
  #address;
  #on;
  #last;
  #source = null;
  #tries = 0;
  #heard = 0;
  #watch = null;
  #again = null;
  state = "connecting";

  constructor(address, { after = null, on = {} } = {}) {
    this.#address = address;
    this.#on = { ...on };
    this.#last = after;
    addEventListener("online", () => this.#restart());
    addEventListener("offline", () => this.#lost());
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", (event) => event.persisted && this.#restart());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && Date.now() - this.#heard > SILENCE_MS) this.#restart();
    });
    this.#open();
  }

  /** Call `handler(data, id)` for each event `name` from now on. */
  on(name, handler) {
    this.#on[name] = handler;
    if (this.#source) this.#listen(name);
  }

  #open() {
    this.#close();
    const address = new URL(this.#address, location.href);
    if (this.#last !== null) address.searchParams.set("after", this.#last);
    this.#source = new EventSource(address);
    this.#source.addEventListener("beat", (event) => {
      correct(JSON.parse(event.data).now);
      this.#alive("online");
    });
    this.#source.addEventListener("away", () => this.#alive("away"));
    this.#source.addEventListener("end", (event) => {
      this.#close();
      this.#show("ended");
      this.#on.end?.(JSON.parse(event.data));
    });
    this.#source.addEventListener("error", () => this.#lost());
    for (const name of Object.keys(this.#on)) this.#listen(name);
    this.#watch = setInterval(() => Date.now() - this.#heard > SILENCE_MS && this.#lost(), 1000);
    this.#heard = Date.now();
  }

  #listen(name) {
    if (name === "end") return;
    this.#source.addEventListener(name, (event) => {
      if (event.lastEventId) this.#last = event.lastEventId;
      this.#heard = Date.now();
      this.#on[name](JSON.parse(event.data), event.lastEventId);
    });
  }

  #alive(state) {
    this.#heard = Date.now();
    this.#tries = 0;
    this.#show(state);
  }

  #lost() {
    if (this.state === "ended") return;
    this.#close();
    this.#show("offline");
    this.#again ??= setTimeout(() => this.#restart(), AGAIN_MS[Math.min(this.#tries++, AGAIN_MS.length - 1)]);
  }

  #restart() {
    clearTimeout(this.#again);
    this.#again = null;
    if (this.state !== "ended") this.#open();
  }

  #close() {
    clearInterval(this.#watch);
    this.#source?.close();
    this.#source = null;
  }

  #show(state) {
    if (this.state === state) return;
    this.state = state;
    showState(state);
    document.dispatchEvent(new CustomEvent("meguri:line", { detail: state }));
  }
}

const WORDS = { online: "online", away: "away", offline: "offline", ended: "still" };
const CHIPS = { online: "chip--ok", away: "chip--warn", offline: "chip--danger", ended: "chip--danger" };

/** Say the state wherever the page has a place for it. */
export function showState(state) {
  const up = state === "online";
  for (const chip of document.querySelectorAll("[data-live-state]")) {
    chip.classList.remove(...Object.values(CHIPS));
    if (CHIPS[state]) chip.classList.add(CHIPS[state]);
    const words = chip.querySelector("[data-live-words]");
    if (words) words.textContent = word(WORDS[state] ?? "online");
  }
  for (const banner of document.querySelectorAll("[data-offline]")) {
    banner.hidden = up;
    banner.textContent = up ? "" : word(WORDS[state] ?? "offline");
  }
  for (const clock of document.querySelectorAll("[data-live-clock]")) clock.classList.toggle("is-still", !up);
  stand(!up);
}

const lines = new Map();

/** The page's line to `address`; one for all who ask. */
export function connect(address, { after = null, on = {} } = {}) {
  if (!lines.has(address)) lines.set(address, new Line(address, { after, on }));
  else for (const [name, handler] of Object.entries(on)) lines.get(address).on(name, handler);
  return lines.get(address);
}

/** Whether this page keeps a live line at all. */
export function hasLine() {
  return lines.size > 0;
}
