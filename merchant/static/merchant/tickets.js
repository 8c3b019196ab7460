// 紙の券を続けて読む: each ticket that the camera or a hand scanner reads is asked about, sounds, and stands in the list; the field that is
// sent holds them, one a line. Nothing is used before the form is sent. Without this script the field is filled by hand or scanner.
// A reload keeps what was read, in this tab alone: each is asked about again, and what was used meanwhile stays out.

import { Refused, ask } from "web/http.js";
import { play } from "web/sound.js";
import { grouped } from "./sum.js";

const ANSWER_MS = 8000;
const NEXT_MS = 700; // the camera looks again: the next ticket is on its way

const KEPT = `meguri.tickets:${location.pathname}${location.search}`;

/** What this tab had read before it was loaded again; nothing where somebody comes to the page anew: that is another customer. */
function readBefore() {
  const way = performance.getEntriesByType("navigation")[0]?.type;
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  return kept && (way === "reload" || way === "back_forward") ? kept.split("\n") : [];
}

/** Text as the server compares it. */
function squeezed(text) {
  return text.normalize("NFKC").replace(/[\s\-‐‑‒–—―−ーｰ]/g, "").toUpperCase();
}

function setFigure(element, yen) {
  const data = element.matches("data") ? element : element.querySelector("data");
  data.value = yen;
  data.querySelector(".amount__n").textContent = grouped(yen);
}

class Tickets {
  #root;
  #form;
  #page;
  #field;
  #read = new Map(); // squeezed text → what the server said of it
  #last = ""; // what the camera saw last: it goes on lying there, and is no second ticket
  #asking = Promise.resolve(); // one after the other: a scanner is faster than the line

  constructor(root) {
    this.#root = root;
    this.#form = root.closest("form");
    this.#page = root.closest("[data-key-scanner]") ?? document;
    this.#field = this.#form.elements.codes;
    root.querySelector("[data-tickets-plain]").hidden = true;
    root.querySelector("[data-tickets-live]").hidden = false;
    this.#form.querySelector("[data-tickets-sums]")?.removeAttribute("hidden");
    this.#page.addEventListener("meguri:scan", (event) => {
      const lies = event.detail.by !== "keys" && squeezed(event.detail.text) === this.#last;
      if (lies) this.#again();
      else this.#take(event.detail.text);
    });
    root.querySelector("[data-tickets-add]").addEventListener("click", () => this.#typed());
    root.querySelector("[data-tickets-typed]").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#typed();
    });
    const refused = this.#field.value.split("\n").filter((line) => line.trim()); // of a form that was sent
    const before = readBefore();
    this.#field.value = "";
    (refused.length ? refused : before).forEach((line) => this.#take(line, true));
    if (before.length && !refused.length) this.#asking.then(() => this.#read.size && this.#say(this.#root.dataset.again));
    this.#show();
  }

  #typed() {
    const field = this.#root.querySelector("[data-tickets-typed]");
    if (field.value.trim()) this.#take(field.value);
    field.value = "";
    field.focus();
  }

  #take(text, silent = false) {
    this.#asking = this.#asking.then(() => this.#ask(text, silent)).then(() => this.#again());
  }

  async #ask(text, silent) {
    const code = (this.#last = squeezed(text));
    if (this.#read.has(code)) return this.#say(this.#root.dataset.twice, true);
    const form = { code, shop: this.#form.elements.shop?.value ?? "" };
    try {
      const seen = await ask(this.#root.dataset.seen, { form, signal: AbortSignal.timeout(ANSWER_MS) });
      if ([...this.#read.values()].some((one) => one.serial === seen.serial)) return this.#say(this.#root.dataset.twice, true);
      this.#read.set(code, seen);
      if (!silent) play("read");
      this.#say("");
      this.#show();
    } catch (error) {
      if (!(error instanceof Refused)) this.#last = ""; // the line was gone: the same one may be held there again
      const said = error instanceof Refused ? (error.problem.texts?.[document.documentElement.lang] ?? error.problem.title) : this.#root.dataset.lost;
      this.#say(said + (error.problem?.number ? ` (${error.problem.number})` : ""), !silent);
    }
  }

  #again() {
    setTimeout(() => this.#page.querySelector("[data-camera]")?.dispatchEvent(new CustomEvent("meguri:again")), NEXT_MS);
  }

  #say(sentence, sound = false) {
    const place = this.#root.querySelector("[data-tickets-said]");
    place.textContent = sentence;
    place.hidden = !sentence;
    if (sound) play("refused");
  }

  #show() {
    const list = this.#root.querySelector("[data-tickets-list]");
    const row = this.#root.querySelector("[data-ticket-row]");
    list.replaceChildren();
    for (const [code, seen] of [...this.#read].reverse()) {
      const item = row.content.firstElementChild.cloneNode(true);
      item.querySelector("[data-slot=kind]").textContent = seen.kind || seen.name;
      item.querySelector("[data-slot=serial]").textContent = seen.serial;
      setFigure(item.querySelector("[data-slot=face]"), seen.face);
      item.querySelector("[data-slot=away]").addEventListener("click", () => {
        this.#read.delete(code);
        this.#last = "";
        this.#form.querySelector(".errors")?.remove(); // what was wrong with the sum is over
        this.#show();
      });
      list.append(item);
    }
    this.#field.value = [...this.#read.keys()].join("\n");
    if (this.#read.size) sessionStorage.setItem(KEPT, this.#field.value);
    else sessionStorage.removeItem(KEPT);
    this.#root.querySelector("[data-tickets-count]").textContent = this.#read.size;
    this.#sum([...this.#read.values()].reduce((sum, seen) => sum + seen.face, 0));
  }

  #sum(total) {
    const [place, rest, over] = ["total", "rest", "over"].map((name) => this.#form.querySelector(`[data-tickets-${name}]`));
    if (place) setFigure(place, total);
    const bill = Number(this.#page.dataset?.bill || 0);
    if (!bill) return;
    const beside = this.#form.querySelector("[data-tickets-beside]");
    if (beside) beside.hidden = total >= bill; // nothing is left to take in another way
    rest.hidden = total >= bill;
    setFigure(rest, Math.max(bill - total, 0));
    over.hidden = total <= bill;
    over.querySelector("[data-tickets-over-words]").hidden = total <= bill;
    over.querySelector("[data-tickets-over-yen]").textContent = `${grouped(total - bill)}円`;
    if (total <= bill) this.#form.elements.agreed.checked = false;
  }
}

document.querySelectorAll("[data-tickets]").forEach((root) => new Tickets(root));
