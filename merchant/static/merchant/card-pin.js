// The face that is turned to the holder of a card: a large keypad, and as many dots as digits. The digits stand in no
// field, so that no browser shows, offers or keeps them; they leave this file once, with the payment.

import { grouped } from "./sum.js";

const DIGITS_MIN = 4;
const DIGITS_MAX = 8;
const ALONE_MS = 90_000; // nobody types: the card's holder has gone
const KEYS = { Backspace: "back", Delete: "clear" };

export class CardPin {
  #dialog;
  #digits = "";
  #done = null;
  #alone;

  constructor(dialog) {
    this.#dialog = dialog;
    dialog.addEventListener("click", (event) => {
      const key = event.target.closest("[data-card-pin-key]")?.dataset.cardPinKey;
      if (key) this.#take(key);
      else if (event.target.closest("[data-card-pin-pay]")) this.#finish(this.#digits);
      else if (event.target.closest("[data-card-pin-stop]")) this.#finish(null);
    });
    dialog.addEventListener("keydown", (event) => this.#key(event));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#finish(null);
    });
    // A hand scanner types into the same keyboard: what it typed is no PIN.
    document.addEventListener("meguri:scan", () => dialog.open && this.#take("clear"));
  }

  /** The digits that the holder typed, or null: stopped, or left alone. `said`: why it is asked again. */
  ask(amount, said = "") {
    this.#dialog.querySelector(".amount").value = amount;
    this.#dialog.querySelector(".amount__n").textContent = grouped(Number(amount.replaceAll(",", "")));
    const words = this.#dialog.querySelector("[data-card-pin-said]");
    words.querySelector("span").textContent = said;
    words.hidden = !said;
    this.#dialog.querySelector("[data-card-pin-calm]").hidden = Boolean(said);
    this.#take("clear");
    this.#dialog.showModal();
    this.#dialog.querySelector("[data-card-pin-dots]").focus({ preventScroll: true }); // on no key: there Enter presses that key
    return new Promise((resolve) => (this.#done = resolve));
  }

  #key(event) {
    const key = /^[0-9]$/.test(event.key) ? event.key : KEYS[event.key];
    if (key) this.#take(key);
    else if (event.key === "Enter" && !event.target.closest("button") && this.#digits.length >= DIGITS_MIN) {
      this.#finish(this.#digits);
    } else return;
    event.preventDefault();
  }

  #take(key) {
    if (key === "clear") this.#digits = "";
    else if (key === "back") this.#digits = this.#digits.slice(0, -1);
    else if (this.#digits.length < DIGITS_MAX) this.#digits += key;
    const dots = this.#dialog.querySelector("[data-card-pin-dots]");
    dots.textContent = "●".repeat(this.#digits.length) || "○○○○";
    dots.setAttribute("aria-label", this.#digits ? dots.dataset.says.replace("{count}", this.#digits.length) : dots.dataset.empty);
    this.#dialog.querySelector("[data-card-pin-pay]").disabled = this.#digits.length < DIGITS_MIN;
    clearTimeout(this.#alone);
    this.#alone = setTimeout(() => this.#dialog.open && this.#finish(null), ALONE_MS);
  }

  #finish(answer) {
    this.#digits = "";
    clearTimeout(this.#alone);
    this.#dialog.close();
    this.#done?.(answer);
    this.#done = null;
  }
}
