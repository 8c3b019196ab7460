// 現金 and ほかの払い方: what came over the counter, what goes back, and one press that is sent once.

import { Refused, ask } from "web/http.js";
import { play } from "web/sound.js";
import { grouped } from "../sum.js";
import { yen } from "./draw.js";

function digits(field) {
  return Number(field.value.normalize("NFKC").replace(/\D/g, "").slice(0, 9));
}

/** お預かり and お釣り: the notes add up, ちょうど is the sum itself. */
export class Cash {
  #box;
  #total = 0;
  #given = "";

  constructor(box, sells) {
    this.#box = box;
    box.addEventListener("click", ({ target }) => {
      const key = target.closest("[data-key]")?.dataset.key;
      const note = target.closest("[data-note]")?.dataset.note;
      if (key === "clear") this.#set("");
      else if (key === "back") this.#set(this.#given.slice(0, -1));
      else if (key) this.#set((this.#given + key).replace(/^0+/, "").slice(0, 8));
      else if (note === "exact") this.#set(String(this.#total));
      else if (note) this.#set(note);
      else if (target.closest("[data-sell]")) sells({ received: Number(this.#given) });
    });
    box.addEventListener("keydown", (event) => {
      if (/^\d$/.test(event.key)) this.#set((this.#given + event.key).replace(/^0+/, "").slice(0, 8));
      else if (event.key === "Backspace") this.#set(this.#given.slice(0, -1));
      else if (event.key === "Enter" && Number(this.#given) >= this.#total) sells({ received: Number(this.#given) });
      else return;
      event.preventDefault();
    });
  }

  open(total) {
    this.#total = total;
    yen(this.#box.querySelector("[data-due]"), total);
    this.#set("");
    this.#box.showModal();
  }

  #set(given) {
    this.#given = given;
    const back = Number(given) - this.#total;
    yen(this.#box.querySelector("[data-given]"), Number(given));
    yen(this.#box.querySelector("[data-back]"), Math.max(back, 0));
    const short = this.#box.querySelector("[data-short]");
    short.hidden = !given || back >= 0;
    short.textContent = short.dataset.short.replace("{missing}", grouped(Math.max(-back, 0)));
    this.#box.querySelector("[data-sell]").disabled = !given || back < 0;
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
