// お客様のコードを読む: what the camera or a hand scanner read is sent once. If the answer is lost, the till asks by the
// key: it finds the payment, or makes sure that there never will be one. "Unknown" is never shown as failed.
// A card above a small amount wants its PIN: the page is turned to the holder, and the same intention is sent with it.

import { Refused, ask } from "web/http.js";
import { play } from "web/sound.js";
import { CardPin } from "./card-pin.js";
import { place } from "./place.js";
import { ring } from "./rings.js";

const ANSWER_MS = 8000;
const AGAIN_MS = 2000;
const REST_MS = 2500;
const WANTS_PIN = { card_pin_needed: () => "", pin_wrong: (said) => said };

const root = document.querySelector("[data-reading]");

class Reading {
  #root;
  #form;
  #pin;
  #busy = false;
  #sent = "";
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
    const brought = sessionStorage.getItem("till.code");
    sessionStorage.removeItem("till.code");
    if (brought) this.#read(brought);
    else if (!matchMedia("(pointer: coarse)").matches) this.#form.elements.code.focus();
  }

  async #read(code) {
    if (this.#busy || code === this.#refused || !this.#form.elements.amount.value) return;
    this.#busy = true;
    this.#sent = code;
    await this.#send({ code });
  }

  async #send(read) {
    this.#show("wait");
    const fields = Object.fromEntries(new FormData(this.#form));
    try {
      this.#answer(await ask(this.#form.action, { form: { ...fields, ...read }, signal: AbortSignal.timeout(ANSWER_MS) }));
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.status >= 500) this.#settle();
      else if (error.problem.code in WANTS_PIN) this.#askPin(read.code, error.problem);
      else this.#refuse(this.#said(error.problem), error.problem.number);
    }
  }

  async #askPin(code, problem) {
    const pin = await this.#pin.ask(this.#form.elements.amount.value, WANTS_PIN[problem.code](this.#said(problem)));
    if (pin) await this.#send({ code, pin });
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
    this.#root.querySelector(".reading__ready").hidden = state === "wait";
    this.#root.querySelector("[data-reading-wait]").hidden = state !== "wait";
    this.#root.querySelector("[data-reading-refused]").hidden = state !== "refused";
    const send = this.#root.querySelector("[data-send]");
    if (state === "wait") send.setAttribute("aria-busy", "true");
    else send.removeAttribute("aria-busy");
  }
}

if (root && place()) new Reading(root);
