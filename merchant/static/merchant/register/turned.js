// A day has begun on which something costs something else, and the bill that is open was begun before: it is asked which price counts. The
// rate is that of the moment at which the goods were handed over, and only who stands there knows it.

import { grouped } from "../sum.js";
import { form } from "./draw.js";
import { sideOf } from "./basket.js";

const isAt = (side, was) => side.rate === was.rate && (was.price === null || side.price === was.price);

/** The lines at a price of before that nobody has kept yet, each with its article. Parts of a 割り勘 are what they were agreed to be. */
export function ofBefore(basket, catalogue) {
  if (basket.split || basket.inside) return [];
  return basket.lines.flatMap((line, place) => {
    const article = catalogue.byId.get(line.article);
    const before = article?.before;
    return before && !line.kept && isAt(line.out, before.out) && isAt(line.here, before.here) ? [{ line, place, article }] : [];
  });
}

/** What a line costs from now on; a price that was typed stays. */
export function asNow({ line, article }) {
  const side = (name) => ({ ...article[name], price: article[name].price ?? line[name].price });
  return { ...line, out: side("out"), here: side("here") };
}

export class Turned {
  #box;
  #page;

  /** `page`: {basket(), catalogue(), changes(act)}. */
  constructor(box, page) {
    this.#box = box;
    this.#page = page;
    box.addEventListener("cancel", (event) => event.preventDefault());
    box.addEventListener("click", ({ target }) => {
      if (target.closest("[data-keep-price]")) this.#answer(({ line }) => ({ ...line, kept: true }));
      else if (target.closest("[data-new-price]")) this.#answer(asNow);
    });
  }

  /** Ask, unless there is nothing to ask, or the customer is being told the sum at this moment: that sum stands. */
  ask() {
    const lines = ofBefore(this.#page.basket(), this.#page.catalogue());
    if (!lines.length || this.#box.closest("[data-register]").querySelector("dialog[open]")) return;
    this.#box.querySelector("[data-turned-lines]").replaceChildren(...lines.map((each) => this.#row(each)));
    this.#box.showModal();
  }

  #row(each) {
    const row = form("turned-line");
    row.querySelector("b").textContent = each.line.name;
    for (const [name, { price, rate }] of [["was", sideOf(each.line)], ["is", sideOf(asNow(each))]]) {
      row.querySelector(`[data-${name}]`).textContent = grouped(price);
      row.querySelector(`[data-${name}-rate]`).textContent = rate === 8 ? "8%※" : `${rate}%`;
    }
    return row;
  }

  #answer(as) {
    this.#box.close();
    this.#page.changes(() => this.#page.basket().replace(ofBefore(this.#page.basket(), this.#page.catalogue()).map((each) => [each.place, as(each)])));
  }
}
