// The left of 商品レジ: categories, tiles of articles, and the sheet that searches them.

import { afterFrame } from "./frame.js";
import { form, mark, tile } from "./draw.js";
import { Catalogue } from "./catalogue.js";
import { showsMore } from "./pills.js";

const TILES_MAX = 120;
const SEEN_FIRST = 8; // tiles of what was found that are drawn at once; the others follow, before a hand is there

export class Shelf {
  #root;
  #search;
  #basket;
  #category = "";
  #found = [];

  /** `basket()`: the bill that is open. */
  constructor(root, basket) {
    this.#root = root;
    this.#basket = basket;
    this.#search = root.querySelector("dialog[data-search]");
    this.#search.addEventListener("input", (event) => this.#find(event.target.value));
    this.catalogue = new Catalogue([], 0);
    showsMore(root.querySelector("[data-pills]"), root.querySelector("[data-pills-next]"));
  }

  /** The articles have come. */
  fill(catalogue) {
    this.catalogue = catalogue;
    this.#root.querySelector("[data-none-yet]").hidden = catalogue.all.length > 0;
    this.#pills();
    this.show();
  }

  choose(category) {
    this.#category = category;
    this.show();
  }

  #pills() {
    const nav = this.#root.querySelector("[data-pills]");
    const pill = (category, word) => {
      const box = form("pill");
      box.dataset.category = category;
      box.textContent = word;
      if (category) box.dataset.hue = this.catalogue.hueOf(category);
      return box;
    };
    nav.replaceChildren(pill("", nav.dataset.all), ...this.catalogue.categories.map((each) => pill(each, each)));
    nav.hidden = !this.catalogue.categories.length;
  }

  /** Everything anew: another category, another place to eat, another day. */
  show() {
    const { catalogue } = this;
    this.#root.querySelector("[data-eating]").hidden = !catalogue.isEatenHere;
    for (const pill of this.#root.querySelectorAll("[data-category]")) pill.setAttribute("aria-pressed", pill.dataset.category === this.#category);
    const shown = catalogue.ofCategory(this.#category);
    this.#root.querySelector("[data-tiles]").replaceChildren(...shown.slice(0, TILES_MAX).map((each) => this.#tile(each)));
    this.#root.querySelector("[data-more]").hidden = shown.length <= TILES_MAX;
  }

  #tile(article) {
    const basket = this.#basket();
    return tile(article, basket.eatIn, basket.countOf(article.id), this.catalogue.hueOf(article.category));
  }

  /** How many of each are in the bill. */
  count(counts) {
    for (const box of this.#root.querySelector("[data-tiles]").children) mark(box, counts.get(Number(box.dataset.article)) ?? 0);
  }

  openSearch() {
    this.#search.querySelector("input").value = "";
    this.#find("");
    this.#search.showModal();
    this.#search.querySelector("input").focus();
  }

  closeSearch() {
    this.#search.close();
  }

  #find(typed) {
    const found = this.catalogue.search(typed);
    this.#found = found;
    const place = this.#search.querySelector("[data-found]");
    place.replaceChildren(...found.slice(0, SEEN_FIRST).map((each) => this.#tile(each)));
    this.#search.querySelector("[data-nothing-found]").hidden = !typed || found.length > 0;
    if (found.length > SEEN_FIRST) afterFrame(() => this.#found === found && place.append(...found.slice(SEEN_FIRST).map((each) => this.#tile(each))));
  }
}
