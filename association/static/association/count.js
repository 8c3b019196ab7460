// 金種: while somebody counts notes and coins, sums, difference and button say what will happen. <form data-count
// data-says="… {amount}"> with data-expected (a drawer) or data-room (the safe); [data-pieces=10000] are the fields,
// [data-pieces-sum=10000] and [data-count-of=counted|difference|moved] what is shown. Nothing here decides: the page
// counts again.

import { grouped } from "web/money.js";
import { yen } from "./cash.js";

/** What was counted, from [value, how many] pairs; null how many is none. Whole yen. */
export function counted(pieces) {
  return pieces.reduce((total, [value, count]) => total + value * (count ?? 0), 0);
}

class Count {
  #form;
  #fields;
  #press;
  #plain;

  constructor(form) {
    this.#form = form;
    this.#fields = [...form.querySelectorAll("[data-pieces]")];
    this.#press = form.querySelector("[data-count-press]");
    this.#plain = [...this.#press.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    form.addEventListener("input", () => this.#show());
    form.addEventListener("keydown", (event) => this.#next(event));
    this.#show();
  }

  /** Enter goes to the next kind of money, as on a till: a half counted drawer is not closed by it. */
  #next(event) {
    const place = this.#fields.indexOf(event.target);
    if (event.key !== "Enter" || place < 0) return;
    event.preventDefault();
    (this.#fields[place + 1] ?? this.#form.querySelector("[data-count-stays]") ?? this.#press).focus();
  }

  #show() {
    const pieces = this.#fields.map((field) => [Number(field.dataset.pieces), yen(field.value)]);
    for (const [value, count] of pieces) {
      this.#form.querySelector(`[data-pieces-sum="${value}"]`).textContent = count === null ? "—" : grouped(String(value * count));
    }
    const begun = pieces.some(([, count]) => count !== null);
    const { expected, room } = this.#form.dataset;
    const total = counted(pieces);
    const stays = this.#form.querySelector("[data-count-stays]");
    const moved = total - (stays ? (yen(stays.value) ?? 0) : 0);
    const difference = expected === undefined ? 0 : total - Number(expected);
    this.#fill("counted", begun ? grouped(String(total)) : "—");
    this.#fill("difference", begun ? signed(difference) : "—");
    this.#fill("moved", begun ? signed(moved) : "—");
    this.#say(begun, difference, room !== undefined && total > Number(room));
    const words = this.#form.dataset;
    this.#plain.textContent = begun && moved > 0 ? words.says.replace("{amount}", grouped(String(moved))) : words.saysNothing;
  }

  #fill(name, text) {
    for (const place of this.#form.querySelectorAll(`[data-count-of="${name}"]`)) place.textContent = text;
  }

  #say(begun, difference, beyond) {
    const words = this.#form.dataset;
    const place = this.#form.querySelector("[data-count-word]");
    const gap = grouped(String(Math.abs(difference)));
    let sentence = "";
    if (beyond) sentence = words.beyond;
    else if (begun && words.expected !== undefined) sentence = difference === 0 ? words.none : words[difference < 0 ? "short" : "over"].replace("{amount}", gap);
    if (place.textContent !== sentence) place.textContent = sentence;
    place.classList.toggle("is-wrong", beyond || (begun && difference !== 0));
    const reason = this.#form.querySelector("[data-count-reason]");
    if (reason) reason.hidden = !begun || difference === 0;
  }
}

/** With the minus that figures have. */
function signed(figure) {
  return `${figure < 0 ? "−" : ""}${grouped(String(Math.abs(figure)))}`;
}

if (globalThis.document) document.querySelectorAll("form[data-count]").forEach((form) => new Count(form));
