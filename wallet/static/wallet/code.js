// コード表示: a fresh code at once, another 10 s before its end, grey when it is over and none can be had.
// <div data-code-place> holds [data-code data-renew="ms" data-ends="ms"]; <form data-code-form> asks for one.

import { serverNow } from "web/clock.js";
import { count } from "web/countdown.js";
import { ask, formToken } from "web/http.js";

const AGAIN_MS = 3000;
const PATIENCE_MS = 8000;

class Code {
  #place;
  #form;
  #asking = false;
  #timer = null;

  constructor(place, form) {
    this.#place = place;
    this.#form = form;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#renew();
    });
    document.addEventListener("visibilitychange", () => this.#seen());
    addEventListener("online", () => this.#look());
    addEventListener("meguri:code-used", () => clearTimeout(this.#timer));
    this.#look();
  }

  /** Out of sight the code is covered, so that no picture of open programs shows it. */
  #seen() {
    this.#place.classList.toggle("is-covered", document.hidden);
    if (document.hidden) clearTimeout(this.#timer);
    else this.#look();
  }

  /** Renew if it is time; else come back when it is. An unseen page asks for nothing. */
  #look() {
    clearTimeout(this.#timer);
    const code = this.#place.querySelector("[data-code]");
    const left = code ? Number(code.dataset.renew) - serverNow() : 0;
    if (left > 0) this.#timer = setTimeout(() => this.#look(), left);
    else if (!document.hidden) this.#renew();
    this.#grey();
  }

  async #renew() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const token = formToken(this.#form);
      const { part } = await ask(this.#form.action, { form: {}, token, signal: AbortSignal.timeout(PATIENCE_MS) });
      this.#place.innerHTML = part;
      this.#form.hidden = true;
      count(this.#place.querySelector("[data-countdown]"));
      this.#asking = false;
      this.#look();
    } catch {
      this.#asking = false;
      this.#grey();
      this.#timer = setTimeout(() => this.#look(), AGAIN_MS);
    }
  }

  #grey() {
    const code = this.#place.querySelector("[data-code]");
    if (!code) return;
    const over = serverNow() >= Number(code.dataset.ends);
    code.classList.toggle("is-old", over);
    code.querySelector("[data-code-old]").hidden = !over;
    this.#form.hidden = !over;
  }
}

if (globalThis.document) {
  const place = document.querySelector("[data-code-place]");
  const form = document.querySelector("form[data-code-form]");
  if (place && form) new Code(place, form);
}
