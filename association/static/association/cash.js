// Cash at the desk: while somebody types, the sum, the change, both sides of the entry and the button say what will
// happen. <form data-cash data-says="… {amount}"> with data-room (the most that can be); mirrors are
// [data-mirror=amount|received|change]. Beyond data-drawer-room the second person is offered ([data-cash-large]).
// Nothing here decides: the page checks again.

import { grouped } from "web/money.js";

/** Whole yen of what was typed; null for nothing. */
export function yen(text) {
  const digits = text.normalize("NFKC").replace(/[^0-9]/g, "");
  return digits === "" || digits.length > 12 ? null : Number(digits);
}

/** What to show: `wrong` is the name of a sentence, or null. Amounts in whole yen. */
export function sum({ amount, received, room = Infinity, drawerRoom = Infinity }) {
  const given = received ?? amount;
  if (amount !== null && amount > room) return { amount, given, change: null, wrong: "over" };
  if (amount !== null && given < amount) return { amount, given, change: null, wrong: "short", gap: amount - given };
  const change = amount === null ? null : given - amount;
  return { amount, given, change, wrong: amount !== null && amount > drawerRoom ? "full" : null };
}

const shown = (figure) => (figure === null ? "—" : grouped(String(figure)));

class Cash {
  #form;
  #amount;
  #received;
  #press;
  #plain;

  constructor(form) {
    this.#form = form;
    this.#amount = form.querySelector("[data-cash-amount]");
    this.#received = form.querySelector("[data-cash-received]");
    this.#press = form.querySelector("[data-cash-press]");
    this.#plain = [...this.#press.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    form.querySelectorAll("[data-fills]").forEach((keys) => {
      keys.hidden = false;
      keys.addEventListener("click", (event) => event.target.value !== undefined && this.#fill(keys.dataset.fills, event.target.value));
    });
    form.addEventListener("input", () => this.#show());
    form.addEventListener("submit", (event) => this.#isOff(event.submitter) && this.#stop(event), true);
    form.querySelectorAll("input[name=series_id]").forEach((choice) => choice.addEventListener("change", () => this.#other(choice)));
    this.#show();
  }

  #fill(name, value) {
    this.#form.elements[name].value = grouped(value);
    this.#show();
    (name === "amount" && this.#received ? this.#received : this.#press).focus();
  }

  /** Another series has another balance and another limit: ask the page. */
  #other(choice) {
    const address = new URL(this.#form.action);
    for (const name of ["to", "amount", "received"]) address.searchParams.set(name, this.#form.elements[name].value);
    address.searchParams.set("series_id", choice.value);
    location.replace(address);
  }

  /** Enter sends by the first button of the form, which may be off while the second person's is not. */
  #isOff(submitter) {
    return submitter !== this.#form.querySelector("[data-cash-ask]") && this.#press.getAttribute("aria-disabled") === "true";
  }

  /** What cannot be right is said here already; the form is not sent. */
  #stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    (this.#received ?? this.#amount).focus();
  }

  #show() {
    const { room, drawerRoom } = this.#form.dataset;
    const found = sum({
      amount: yen(this.#amount.value),
      received: this.#received ? yen(this.#received.value) : null,
      room: room === undefined ? Infinity : Number(room),
      drawerRoom: drawerRoom === undefined ? Infinity : Number(drawerRoom),
    });
    const figures = { amount: found.amount, received: found.given, change: found.change };
    for (const mirror of this.#form.querySelectorAll("[data-mirror]")) mirror.textContent = shown(figures[mirror.dataset.mirror]);
    this.#say(found);
    if (found.amount) this.#plain.textContent = this.#form.dataset.says.replace("{amount}", shown(found.amount));
  }

  #say({ wrong, gap }) {
    const place = this.#form.querySelector("[data-cash-wrong]");
    place.hidden = wrong === null;
    const large = this.#form.querySelector("[data-cash-large]");
    if (large) large.hidden = wrong !== "full";
    if (wrong === null) this.#press.removeAttribute("aria-disabled");
    else this.#press.setAttribute("aria-disabled", "true");
    const sentence = wrong === null ? "" : (this.#form.dataset[wrong] ?? "");
    place.querySelector("span").textContent = sentence.replace(/\{\w+\}/, shown(gap ?? null));
  }
}

if (globalThis.document) document.querySelectorAll("form[data-cash]").forEach((form) => new Cash(form));
