// The right of 商品レジ: the bill as it stands, its tax by rate, its total, and the buttons that need a bill.

import { grouped } from "../sum.js";
import { form, line, yen } from "./draw.js";
import { sumOf } from "./shares.js";

export class BillSide {
  #root;

  constructor(root) {
    this.#root = root;
  }

  /** `basket` and what it comes to. */
  show(basket, sums) {
    const { lines, offs, eatIn, count } = basket;
    const offOf = (index) => sums.offs[offs.findIndex((off) => off.line === index)];
    this.#lines(lines.map((each, index) => ({ each, index, off: offOf(index) ?? 0 })));
    for (const button of this.#root.querySelectorAll("[data-eat]")) button.setAttribute("aria-pressed", (button.dataset.eat === "here") === eatIn);
    this.#root.querySelector("[data-count]").textContent = grouped(count);
    this.#root.querySelector("[data-empty]").hidden = lines.length > 0;
    this.#rates(sums);
    const whole = offs.findIndex((off) => off.line === null);
    this.#root.querySelector("[data-whole-off]").hidden = whole < 0;
    this.#root.querySelector("[data-whole-yen]").textContent = grouped(sums.offs[whole] ?? 0);
    yen(this.#root.querySelector("[data-total]"), sums.total);
    this.#buttons(lines.length > 0, sums);
    this.#part(basket);
  }

  #buttons(hasLines, sums) {
    const sellable = sums.total > 0 && !sums.wrong;
    for (const button of this.#root.querySelectorAll("[data-pays]")) button.disabled = !sellable;
    this.#idle(!sellable || sums.total > Number(this.#root.dataset.limit), "[data-ask-button], [data-read-code]");
    this.#idle(!sellable, "[data-take-others]");
    this.#root.querySelector("[data-clear]").disabled = !hasLines;
    this.#root.querySelector("[data-discount]").disabled = !hasLines;
  }

  /** What asks a phone or a card needs a bill and the line: strips.js knows of the line, and lights these buttons where both are there. */
  #idle(nothing, which) {
    let changed = false;
    for (const button of this.#root.querySelectorAll(which)) {
      changed ||= button.hasAttribute("data-idle") !== nothing;
      button.toggleAttribute("data-idle", nothing);
    }
    if (changed) document.dispatchEvent(new Event("meguri:controls"));
  }

  /** Which part of a 割り勘 this is, and what the others come to. */
  #part({ split, lines }) {
    const strip = this.#root.querySelector("[data-split-strip]");
    strip.hidden = !split;
    const words = strip.querySelector("b");
    const rest = (split?.queue ?? []).reduce((sum, part) => sum + sumOf(part), 0);
    if (split) words.textContent = words.dataset.words.replace("{place}", split.place).replace("{count}", split.count).replace("{rest}", grouped(rest));
    this.#root.querySelector("[data-clear]").hidden = Boolean(split);
    this.#root.querySelector("[data-split-bill]").disabled = !lines.length || Boolean(split);
  }

  /** Only what has changed is drawn anew, and only a longer list is scrolled: a press must be seen at once on a slow tablet. */
  #lines(rows) {
    const list = this.#root.querySelector("[data-lines]");
    const before = list.children.length;
    while (list.children.length > rows.length) list.lastElementChild.remove();
    rows.forEach((row, index) => {
      const said = JSON.stringify(row);
      const there = list.children[index];
      if (there?.said === said) return;
      const box = Object.assign(line(row.each, row.index, row.off), { said });
      if (there) there.replaceWith(box);
      else list.append(box);
    });
    if (rows.length > before) list.scrollTop = list.scrollHeight;
  }

  #rates(sums) {
    const rows = sums.byRate.map((each) => {
      const row = form("rate");
      row.querySelector("th").textContent = this.#root.dataset[`rate${each.rate}`];
      row.querySelector("[data-gross]").textContent = grouped(each.gross);
      row.querySelector("[data-tax]").textContent = grouped(each.tax);
      return row;
    });
    this.#root.querySelector("[data-rates]").replaceChildren(...rows);
  }
}
