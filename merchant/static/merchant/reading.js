// お客様のコードを読む: what the camera or a hand scanner read is sent once. If the answer is lost, the till asks by the
// key: it finds the payment, or makes sure that there never will be one. "Unknown" is never shown as failed.
// A card above a small amount wants its PIN: the page is turned to the holder, and the same intention is sent with it.

import { Refused, ask } from "web/http.js";
import { play } from "web/sound.js";
import { CardPin } from "./card-pin.js";
import { place } from "./place.js";
import { ring } from "./rings.js";
import { grouped } from "./sum.js";
import { isMeant } from "./unusual.js";

const ANSWER_MS = 8000;
const AGAIN_MS = 2000;
const REST_MS = 2500;
const WANTS_PIN = { card_pin_needed: () => "", pin_wrong: (said) => said };

const root = document.querySelector("[data-reading]");

/** What was typed, of either width and with separators, in yen. */
function figure(typed) {
  return Number(String(typed).normalize("NFKC").replace(/[^0-9]/g, ""));
}

class Reading {
  #root;
  #form;
  #pin;
  #busy = false;
  #sent = "";
  #offer = null; // what of a short balance can be taken, while the cashier thinks about it
  #refused = ""; // what was refused just now, which the camera still sees

  constructor(element) {
    this.#root = element;
    this.#form = element.querySelector("[data-reading-form]");
    this.#pin = new CardPin(element.querySelector("[data-card-pin]"));
    element.addEventListener("meguri:scan", (event) => this.#read(event.detail.text));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#refused = "";
      if (this.#form.elements.code.value) this.#read(this.#form.elements.code.value);
      else this.#form.elements.code.focus();
    });
    element.querySelector("[data-short-yes]").addEventListener("click", () => this.#yes());
    element.querySelector("[data-short-no]").addEventListener("click", () => this.#none());
    const brought = sessionStorage.getItem("till.code");
    sessionStorage.removeItem("till.code");
    if (brought) this.#read(brought);
    else if (!matchMedia("(pointer: coarse)").matches) this.#form.elements.code.focus();
  }

  /** The balance is short: does the shop take the rest in cash? One press takes the coin part, under a key of its own. */
  #short(code, available, { amount, cash: agreed = 0 }) {
    play("question");
    const cash = figure(amount) + Number(agreed) - available; // of the whole bill: no coupon is used with cash
    this.#offer = { code, amount: available, cash };
    const place = this.#root.querySelector("[data-reading-short]");
    place.querySelector("[data-short-coin]").textContent = grouped(available);
    place.querySelector("[data-short-cash]").textContent = grouped(cash);
    for (const [kind, figure] of [["coin", available], ["cash", cash]]) {
      const data = place.querySelector(`.two-kinds__${kind} data`);
      data.value = figure;
      data.querySelector(".amount__n").textContent = grouped(figure);
    }
    this.#form.elements.key.value = crypto.randomUUID();
    this.#show("short");
    place.querySelector("[data-short-yes]").focus({ preventScroll: true });
  }

  /** An amount that was typed on this page; one that came from the keypad has been asked about there. */
  #isMeant() {
    return isMeant(figure(this.#form.elements.amount.value), this.#root.dataset.askAbove);
  }

  #yes() {
    const { code, amount, cash } = this.#offer;
    this.#busy = false;
    this.#read(code, { amount, cash });
  }

  async #read(code, part = null) {
    if (this.#busy || code === this.#refused || !this.#form.elements.amount.value) return;
    this.#busy = true;
    if (!part && !(await this.#isMeant())) {
      this.#busy = false;
      return this.#form.elements.amount.focus();
    }
    this.#sent = code;
    await this.#send({ code, ...part });
  }

  async #send(read) {
    this.#show("wait");
    const fields = { ...Object.fromEntries(new FormData(this.#form)), ...read };
    try {
      this.#answer(await ask(this.#form.action, { form: fields, signal: AbortSignal.timeout(ANSWER_MS) }));
    } catch (error) {
      const { problem } = error;
      if (!(error instanceof Refused) || problem.status >= 500) this.#settle();
      else if (problem.code in WANTS_PIN) this.#askPin(read, problem);
      else if (problem.facts?.available > 0) this.#short(read.code, problem.facts.available, fields);
      else this.#refuse(this.#said(problem), problem.number);
    }
  }

  async #askPin(read, problem) {
    const pin = await this.#pin.ask(read.amount ?? this.#form.elements.amount.value, WANTS_PIN[problem.code](this.#said(problem)));
    if (pin) await this.#send({ ...read, pin });
    else this.#none();
  }

  #answer(answer) {
    if (answer.state === "paid") return this.#paid(answer.sale);
    if (answer.next) return location.assign(answer.next);
    this.#none();
  }

  #paid(sale) {
    this.#show("ready");
    ring(sale, { answered: true });
  }

  async #settle() {
    try {
      const answer = await ask(this.#root.dataset.settle, { form: { key: this.#form.elements.key.value } });
      if (answer.state === "paid") this.#paid(answer.sale);
      else this.#none();
    } catch (error) {
      if (error instanceof Refused && error.problem.status < 500) return location.reload(); // it will not be told here any more
      setTimeout(() => this.#settle(), AGAIN_MS); // still unknown: neither paid nor refused
    }
  }

  #none() {
    this.#refuse(this.#root.querySelector("[data-none-words]").textContent, "");
  }

  #said(problem) {
    return problem.texts?.[document.documentElement.lang] ?? problem.title;
  }

  #refuse(sentence, number) {
    play("refused");
    this.#root.querySelector("[data-reading-why]").textContent = sentence;
    this.#root.querySelector("[data-reading-number]").textContent = number ? `(${number})` : "";
    this.#show("refused");
    this.#form.elements.key.value = crypto.randomUUID(); // another try is another intention
    this.#form.elements.code.value = "";
    this.#busy = false;
    this.#refused = this.#sent;
    setTimeout(() => {
      this.#refused = "";
      this.#root.querySelector("[data-camera]")?.dispatchEvent(new CustomEvent("meguri:again"));
    }, REST_MS);
  }

  #show(state) {
    this.#root.querySelector(".reading__ready").hidden = state === "wait" || state === "short";
    this.#root.querySelector("[data-reading-wait]").hidden = state !== "wait";
    this.#root.querySelector("[data-reading-refused]").hidden = state !== "refused";
    this.#root.querySelector("[data-reading-short]").hidden = state !== "short";
    this.#root.querySelector(".reading__actions").hidden = state === "short";
    const send = this.#root.querySelector("[data-send]");
    if (state === "wait") send.setAttribute("aria-busy", "true");
    else send.removeAttribute("aria-busy");
  }
}

if (root && place()) new Reading(root);
