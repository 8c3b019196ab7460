// What the owner has set for a day ahead beside the articles: the rate of a typed amount, and the price of the bag. By the server's time, as the
// articles turn; also on a page that was kept for a dark hour.
// <… data-ahead='{"from": ms, "rate": 10, "bag": 5}'> holds input[name=rate] and, in 商品レジ, [data-bag].

export class Ahead {
  #root;
  #then;

  constructor(root) {
    this.#root = root;
    this.#then = root.dataset.ahead ? JSON.parse(root.dataset.ahead) : null;
  }

  /** When it comes, in ms since 1970; Infinity: never, or it has come. */
  get next() {
    return this.#then?.from ?? Infinity;
  }

  /** What has come until `now` holds. */
  turn(now) {
    if (this.next > now) return;
    const { rate, bag } = this.#then;
    this.#then = null;
    delete this.#root.dataset.ahead;
    if (rate !== null) for (const choice of this.#root.querySelectorAll("input[name=rate]")) choice.checked = choice.defaultChecked = Number(choice.value) === rate;
    if (bag === null) return;
    this.#root.dataset.bagPrice = bag;
    this.#root.querySelector("[data-bag]").hidden = !bag;
  }
}
