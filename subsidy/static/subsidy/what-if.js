// もしも: the sums move while somebody types. <form data-what-if="/…/what-if.json"> is the question, [data-live=name] shows the
// answer's sentence of that name. Nothing here reckons: the page's own calculator answers, and without a script its button does.

const PAUSE_MS = 250;

class WhatIf {
  #form;
  #timer;
  #asked = 0;

  constructor(form) {
    this.#form = form;
    form.addEventListener("input", () => this.#soon());
  }

  #soon() {
    for (const shown of this.#form.querySelectorAll("[data-shows]")) shown.textContent = this.#form.elements[shown.dataset.shows].value;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  /** Answers may overtake each other: only that to the newest question is shown. */
  async #ask() {
    const number = ++this.#asked;
    const question = new URLSearchParams(new FormData(this.#form));
    const answer = await fetch(`${this.#form.dataset.whatIf}?${question}`, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok || number !== this.#asked) return;
    const words = await answer.json();
    for (const shown of document.querySelectorAll("[data-live]")) shown.textContent = words[shown.dataset.live];
    document.querySelector("[data-live-stale]").hidden = false;
  }
}

for (const form of globalThis.document?.querySelectorAll("[data-what-if]") ?? []) new WhatIf(form);
