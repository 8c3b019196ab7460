// The dialog of 割り勘: by heads or by what each had; a receipt for each, or one with several means.

import { grouped } from "../sum.js";
import { form } from "./draw.js";
import { byItems, evenly, flat, sumOf } from "./shares.js";

export class Sharing {
  #box;
  #page;
  #heads = 2;
  #lines = [];
  #taken = [];

  /** `page`: {basket(), mode(), rounding, name, splits(parts), sells(paid), asks(paid), shares(paid)}. */
  constructor(box, page) {
    this.#box = box;
    this.#page = page;
    box.addEventListener("change", () => this.#show());
    box.addEventListener("click", ({ target }) => {
      const heads = target.closest("[data-heads]")?.dataset.heads;
      const step = target.closest("[data-take-step]");
      if (target.closest("[data-share-no]")) return box.close();
      if (target.closest("[data-share-yes]")) return this.#yes();
      if (heads) this.#heads = Number(heads);
      else if (step) this.#take(Number(step.closest("[data-place]").dataset.place), Number(step.dataset.takeStep));
      else return;
      this.#show();
    });
  }

  open() {
    this.#heads = 2;
    this.#lines = flat(this.#page.basket(), this.#page.mode(), this.#page.rounding);
    this.#taken = this.#lines.map(() => 0);
    for (const choice of this.#box.querySelectorAll("input[type=radio]")) choice.checked = choice.defaultChecked;
    this.#box.querySelector("[data-share-people]").replaceChildren();
    this.#show();
    this.#box.showModal();
  }

  #chosen(name) {
    return this.#box.querySelector(`[name=${name}]:checked`).value;
  }

  get #parts() {
    if (this.#chosen("share_by") === "items") return byItems(this.#lines, this.#taken);
    const { bill } = this.#page.basket();
    const named = (place) => this.#page.name.replace("{count}", this.#heads).replace("{place}", place);
    return evenly(bill, this.#heads, this.#page.mode(), this.#page.rounding, named);
  }

  #take(place, by) {
    this.#taken[place] = Math.min(Math.max(this.#taken[place] + by, 0), this.#lines[place].qty);
  }

  #show() {
    const items = this.#chosen("share_by") === "items";
    const whole = !items && this.#chosen("share_receipt") === "whole";
    for (const part of this.#box.querySelectorAll("[data-share-part]")) part.hidden = (part.dataset.sharePart === "items") !== items;
    this.#box.querySelector("[data-share-people]").hidden = !whole;
    for (const pill of this.#box.querySelectorAll("[data-heads]")) pill.setAttribute("aria-pressed", Number(pill.dataset.heads) === this.#heads);
    const sums = this.#parts.map(sumOf);
    if (items) this.#items();
    if (whole) this.#people(sums);
    const said = this.#box.querySelector("[data-share-said]");
    const words = items ? said.dataset.items : sums[0] === sums.at(-1) ? said.dataset.each : said.dataset.odd;
    said.textContent = words.replace("{first}", grouped(sums[0])).replace("{last}", grouped(sums.at(-1)));
    this.#box.querySelector("[data-share-yes]").disabled = sums.some((sum) => !sum);
  }

  #items() {
    const rows = this.#lines.map((line, place) => {
      const row = form("share-line");
      row.dataset.place = place;
      row.querySelector("b").textContent = line.name;
      row.querySelector("[data-price]").textContent = grouped(line.out.price - line.off);
      row.querySelector("[data-of]").textContent = `${this.#taken[place]} / ${line.qty}`;
      return row;
    });
    this.#box.querySelector("[data-share-lines]").replaceChildren(...rows);
  }

  /** Who pays how, where one receipt says it all: what was chosen stays while the heads do. */
  #people(sums) {
    const list = this.#box.querySelector("[data-share-people]");
    if (list.children.length !== sums.length) {
      list.replaceChildren(
        ...sums.map((_, place) => {
          const row = form("share-person");
          const head = row.querySelector("b");
          head.textContent = head.dataset.words.replace("{place}", place + 1);
          for (const choice of row.querySelectorAll("input")) choice.name = `means-${place}`;
          return row;
        }),
      );
    }
    sums.forEach((sum, place) => (list.children[place].querySelector("[data-sum]").textContent = grouped(sum)));
  }

  #means() {
    return [...this.#box.querySelectorAll("[data-share-people] input:checked")].map(({ value }) => value);
  }

  #yes() {
    const parts = this.#parts;
    this.#box.close();
    if (this.#chosen("share_by") === "items" || this.#chosen("share_receipt") === "each") return this.#page.splits(parts);
    const means = this.#means();
    const paidBy = (which) => parts.flatMap((part, place) => (means[place] === which ? [sumOf(part)] : []));
    const sum = (yen) => yen.reduce((all, each) => all + each, 0);
    const [cash, card, coins] = [sum(paidBy("cash")), sum(paidBy("card")), paidBy("coin")];
    if (coins.length > 1) this.#page.shares({ received: cash, card, coins });
    else if (coins.length) this.#page.asks({ received: cash, card, coin: coins[0] });
    else this.#page.sells({ received: cash, card });
  }
}
