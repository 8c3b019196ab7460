// 現金 and ほかの払い方: what came over the counter, what goes back, and one press that is sent once.

import { Refused, ask } from "web/http.js";
import { play } from "web/sound.js";
import { grouped } from "../sum.js";
import { yen } from "./draw.js";

const DIGITS_MAX = 8;
const NOTES_MAX = 90_000_000; // with what is typed no more than the nine digits that a receipt takes

function digits(field) {
  return Number(field.value.normalize("NFKC").replace(/\D/g, "").slice(0, 9));
}

/** お預かり and お釣り: the notes add up, and what is typed beside them is added, too; ちょうど is the sum itself. */
export class Cash {
  #box;
  #total = 0;
  #notes = 0;
  #typed = "";

  constructor(box, sells) {
    this.#box = box;
    box.addEventListener("click", ({ target }) => {
      const key = target.closest("[data-key]")?.dataset.key;
      const note = target.closest("[data-note]")?.dataset.note;
      if (key === "clear") this.#set(0, "");
      else if (key === "back") this.#back();
      else if (key) this.#type(key);
      else if (note === "exact") this.#set(this.#total, "");
      else if (note) this.#set(this.#notes + Number(note), this.#typed);
      else if (target.closest("[data-sell]")) sells({ received: this.#given });
    });
    box.addEventListener("keydown", (event) => {
      if (/^\d$/.test(event.key)) this.#type(event.key);
      else if (event.key === "Backspace") this.#back();
      else if (event.key === "Enter" && this.#given >= this.#total) sells({ received: this.#given });
      else return;
      event.preventDefault();
    });
  }

  open(total) {
    this.#total = total;
    yen(this.#box.querySelector("[data-due]"), total);
    this.#set(0, "");
    this.#box.showModal();
  }

  get #given() {
    return this.#notes + Number(this.#typed);
  }

  #type(key) {
    this.#set(this.#notes, (this.#typed + key).replace(/^0+/, "").slice(0, DIGITS_MAX));
  }

  /** The last digit, or, where none was typed, the notes. */
  #back() {
    if (this.#typed) this.#set(this.#notes, this.#typed.slice(0, -1));
    else this.#set(0, "");
  }

  #set(notes, typed) {
    this.#notes = Math.min(notes, NOTES_MAX);
    this.#typed = typed;
    const back = this.#given - this.#total;
    yen(this.#box.querySelector("[data-given]"), this.#given);
    yen(this.#box.querySelector("[data-back]"), Math.max(back, 0));
    const short = this.#box.querySelector("[data-short]");
    short.hidden = !this.#given || back >= 0;
    short.textContent = short.dataset.short.replace("{missing}", grouped(Math.max(-back, 0)));
    this.#box.querySelector("[data-sell]").disabled = !this.#given || back < 0;
  }
}

/** Several means: cash and card are typed, the rest is asked of a phone. */
export class Others {
  #box;
  #total = 0;

  constructor(box, { sells, asks, reads }) {
    this.#box = box;
    box.addEventListener("input", () => this.#show());
    box.addEventListener("click", ({ target }) => {
      if (target.closest("[data-others-no]")) box.close();
      else if (target.closest("[data-all-card]")) sells({ card: this.#total });
      else if (target.closest("[data-by-tickets]")) reads(this.#total);
      else if (target.closest("[data-split]")) {
        const { cash, card, rest } = this.#parts;
        if (rest) asks({ received: cash, card, coin: rest });
        else sells({ received: cash, card });
      }
    });
  }

  open(total) {
    this.#total = total;
    for (const field of this.#box.querySelectorAll("input")) field.value = "";
    yen(this.#box.querySelector("[data-due]"), total);
    this.#show();
    this.#box.showModal();
  }

  get #parts() {
    const [cash, card] = ["cash", "card"].map((name) => digits(this.#box.querySelector(`[name=${name}]`)));
    return { cash, card, rest: this.#total - cash - card };
  }

  #show() {
    const { cash, card, rest } = this.#parts;
    yen(this.#box.querySelector("[data-rest]"), Math.max(rest, 0));
    this.#box.querySelector("[data-split]").disabled = rest < 0 || (!cash && !card);
    this.#box.querySelector("[data-over]").hidden = rest >= 0;
  }
}

/** Send a sale. The key stays the same until it is answered: pressed again after a lost answer, it is sold once. */
export class Sale {
  #busy = false;

  async send(address, fields, { done, refused, quiet = false }) {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const answer = await ask(address, { form: fields, signal: AbortSignal.timeout(10_000) });
      if (!quiet) play("arrived");
      done(answer);
    } catch (error) {
      play("refused");
      refused(error instanceof Refused ? error.problem : null);
    } finally {
      this.#busy = false;
    }
  }
}
