// How articles and lines stand on the page: filled forms of the page's own <template>s.

import { grouped } from "../sum.js";
import { hasTwoSides, sideOf } from "./basket.js";

export function yen(element, amount) {
  element.value = amount ?? "";
  element.querySelector(".amount__n").textContent = amount === null ? "" : grouped(amount);
  element.classList.toggle("amount--long", amount >= 1_000_000);
}

export function form(name) {
  return document.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true);
}

function tag(element, rate) {
  element.textContent = rate === 8 ? "8%※" : `${rate}%`;
  element.className = `tag tag--${rate}`;
}

/** A tile of an article; `count`: how many of it are in the bill; `hue`: of its category. */
export function tile(article, eatIn, count, hue) {
  const box = form("tile");
  const { price, rate } = eatIn ? article.here : article.out;
  box.dataset.article = article.id;
  box.dataset.hue = hue;
  box.querySelector("i").textContent = [...article.name.replace(/^[\s（(「]+/, "")][0] ?? "";
  box.querySelector("[data-name]").textContent = article.name;
  const picture = box.querySelector("img");
  picture.hidden = !article.picture;
  if (article.picture) picture.src = article.picture;
  const amount = box.querySelector("data");
  yen(amount, price);
  amount.hidden = price === null;
  box.querySelector("[data-open-word]").hidden = price !== null;
  tag(box.querySelector(".tag"), rate);
  mark(box, count);
  return box;
}

/** The number on a tile; one that is the same already is left alone. */
export function mark(box, count) {
  if (box.dataset.inBill === String(count)) return;
  box.dataset.inBill = count;
  const badge = box.querySelector("em");
  badge.hidden = !count;
  badge.querySelector("span").textContent = count;
  box.classList.toggle("is-in", count > 0);
}

/** A line of the bill. `off`: its discount in yen; `index`: its place. */
export function line(each, index, off) {
  const box = form("line");
  const { price, rate } = sideOf(each);
  box.dataset.line = index;
  box.querySelector("[data-name]").textContent = each.name;
  box.querySelector("[data-price]").textContent = grouped(price);
  tag(box.querySelector(".tag"), rate);
  box.querySelector("[data-qty]").textContent = each.qty;
  const turn = box.querySelector("[data-turn]");
  turn.hidden = !hasTwoSides(each);
  turn.setAttribute("aria-pressed", each.isHere);
  box.querySelector("[data-off-words]").hidden = !off;
  box.querySelector("[data-off]").textContent = grouped(off ?? 0);
  yen(box.querySelector(".line__sum"), each.qty * price - (off ?? 0));
  return box;
}
