// A number is typed: a dialog with large keys that also listens to a keyboard. Asked with a promise; closed without an answer it gives null.

import { grouped } from "../sum.js";
import { RATES } from "./totals.js";

const DIGITS_MAX = { yen: 7, percent: 3, qty: 3 };

/** What an address says that was typed, {price, rate}: nothing but what could have been typed here, or null. */
export function typedIn(sent) {
  const [price, rate] = [sent.get("amount") ?? "", Number(sent.get("rate") || NaN)];
  const isTyped = /^[1-9]\d*$/.test(price) && price.length <= DIGITS_MAX.yen && RATES.includes(rate);
  return isTyped ? { price: Number(price), rate } : null;
}

export class Typed {
  #box;
  #digits = "";
  #answer = null;
  #asked = "yen";

  constructor(box) {
    this.#box = box;
    box.addEventListener("click", (event) => this.#onClick(event));
    box.addEventListener("keydown", (event) => this.#onKey(event));
    box.addEventListener("close", () => this.#done(null));
  }

  /** `title`; `modes`: what may be chosen, percent instead of yen, and the rate; `unit`: yen, or qty for pieces; `clears`: whether nothing
   * is an answer, too. */
  ask({ title, modes = [], unit = "yen", clears = false }) {
    this.#digits = "";
    this.#asked = unit;
    this.#box.querySelector("h2").textContent = title;
    for (const part of this.#box.querySelectorAll("[data-mode-part]")) part.hidden = !modes.includes(part.dataset.modePart);
    this.#box.querySelector("[data-clears]").hidden = !clears;
    for (const choice of this.#box.querySelectorAll("input[type=radio]")) choice.checked = choice.defaultChecked;
    this.#show();
    this.#box.showModal();
    return new Promise((answer) => (this.#answer = answer));
  }

  get #isPercent() {
    return this.#box.querySelector("[name=unit][value=percent]").checked && !this.#box.querySelector("[data-mode-part=percent]").hidden;
  }

  get #unit() {
    return this.#isPercent ? "percent" : this.#asked;
  }

  #take(key) {
    if (key === "clear") this.#digits = "";
    else if (key === "back") this.#digits = this.#digits.slice(0, -1);
    else if (/^\d+$/.test(key)) this.#digits = (this.#digits + key).replace(/^0+/, "").slice(0, DIGITS_MAX[this.#unit]);
    this.#show();
  }

  #show() {
    this.#box.querySelector("[data-figure]").textContent = grouped(this.#digits || "0");
    for (const word of this.#box.querySelectorAll("[data-unit-word]")) word.hidden = word.dataset.unitWord !== this.#unit;
    this.#box.querySelector("[data-yes]").disabled = !this.#digits || (this.#isPercent && Number(this.#digits) > 100);
  }

  #onClick({ target }) {
    const key = target.closest("[data-key]");
    const quick = target.closest("[data-quick-percent]");
    if (key) this.#take(key.dataset.key);
    else if (quick) this.#done({ percent: Number(quick.dataset.quickPercent) });
    else if (target.closest("[data-yes]")) this.#yes();
    else if (target.closest("[data-clears]")) this.#done({ none: true });
    else if (target.closest("[data-no]")) this.#done(null);
    else if (target.matches("input[type=radio]")) this.#show();
  }

  #onKey(event) {
    if (/^\d$/.test(event.key)) this.#take(event.key);
    else if (event.key === "Backspace") this.#take("back");
    else if (event.key === "Enter" && this.#digits) this.#yes();
    else return;
    event.preventDefault();
  }

  #yes() {
    const number = Number(this.#digits);
    if (this.#box.querySelector("[data-yes]").disabled) return;
    const rate = Number(this.#box.querySelector("[name=rate]:checked").value);
    this.#done(this.#isPercent ? { percent: number } : { amount: number, rate });
  }

  #done(answer) {
    const give = this.#answer;
    this.#answer = null;
    if (this.#box.open) this.#box.close();
    give?.(answer);
  }
}
