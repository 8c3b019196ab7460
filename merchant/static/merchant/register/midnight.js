// When a day begins on which something is sold at another price: by the server's time, as far as this device has heard it, which is the time
// that its receipts bear, too. Also without a network, and on a device that slept meanwhile.

import { offsetOf } from "../offline/log.js";

const WAIT_MS = 3_600_000; // a timer of weeks is none; an hour later it is looked again

/** The server's time less this device's, in ms: as its log heard it, else as the page was sent. */
export async function offsetHere(till) {
  const sent = Number(document.querySelector('meta[name="meguri-now"]').content) - Date.now();
  return (await offsetOf(till)) ?? sent;
}

export class Midnight {
  #offset;
  #page;
  #timer = null;

  /** `page`: {turning(): what has `next` and `turn(now)`, isShown(), turned()}. */
  constructor(offset, page) {
    this.#offset = offset;
    this.#page = page;
  }

  get now() {
    return Date.now() + this.#offset;
  }

  /** Whether it has come; then what it brings holds. */
  look() {
    const turning = this.#page.turning();
    const due = turning.filter(({ next }) => next <= this.now);
    for (const each of due) each.turn(this.now);
    if (due.length) this.#page.turned();
    clearTimeout(this.#timer);
    const next = Math.min(...turning.map((each) => each.next));
    if (next === Infinity || !this.#page.isShown()) return;
    this.#timer = setTimeout(() => this.look(), Math.min(Math.max(next - this.now, 0), WAIT_MS));
  }
}
