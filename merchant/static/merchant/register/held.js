// 取り置き: bills that wait under a name, at whichever till of the shop.

import { ask } from "web/http.js";
import { form, yen } from "./draw.js";

export class Held {
  #box;
  #page;
  /** By what is wanted, until the server has answered: a second press after a lost answer asks for the same thing. */
  #keys = new Map();

  /** `page`: {content(), name(), total(), restore(content), clear(), said(problem)}. */
  constructor(box, page) {
    this.#box = box;
    this.#page = page;
    box.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#hold();
    });
    box.addEventListener("click", ({ target }) => {
      const id = target.closest("[data-take]")?.dataset.take;
      if (id) this.#take(id);
    });
  }

  async open() {
    this.#box.querySelector("[data-hold-part]").hidden = !this.#page.total();
    this.#box.querySelector("[name=name]").value = this.#page.name();
    this.#box.showModal();
    await this.#tries(async () => this.#list((await ask(this.#box.dataset.held)).held));
  }

  #list(held) {
    const list = this.#box.querySelector("[data-held-list]");
    list.replaceChildren(
      ...held.map((each) => {
        const row = form("held-row");
        row.querySelector("b").textContent = each.name;
        row.querySelector("time").textContent = new Date(each.at).toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Tokyo" });
        yen(row.querySelector("data"), each.total);
        row.querySelector("button").dataset.take = each.id;
        return row;
      }),
    );
    this.#box.querySelector("[data-none]").hidden = held.length > 0;
  }

  async #hold() {
    const name = this.#box.querySelector("[name=name]");
    if (!name.value.trim()) return name.focus();
    await this.#tries(async () => {
      await this.#aside(name.value.trim());
      this.#box.close();
    });
  }

  /** What stands in the bill waits under this name, and the bill is empty. */
  async #aside(name) {
    const form = { name, total: this.#page.total(), content: JSON.stringify({ ...this.#page.content(), name }) };
    await this.#once(JSON.stringify(form), (key) => ask(this.#box.dataset.held, { form: { ...form, key } }));
    this.#page.clear();
  }

  /** A bill that stands there is no less somebody's than the one that is called: it waits first, under its own name or the hour's. */
  async #take(id) {
    await this.#tries(async () => {
      const now = new Date().toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Tokyo" });
      if (this.#page.content().lines.length) await this.#aside(this.#page.name() || this.#box.dataset.unnamed.replace("{time}", now));
      const { content } = await this.#once(id, (key) => ask(`${this.#box.dataset.held}/${id}/take`, { form: { key } }));
      this.#page.restore(content);
      this.#box.close();
    });
  }

  async #once(wanted, act) {
    const key = this.#keys.get(wanted) ?? crypto.randomUUID();
    this.#keys.set(wanted, key);
    const answer = await act(key);
    this.#keys.delete(wanted);
    return answer;
  }

  async #tries(act) {
    try {
      await act();
    } catch (error) {
      this.#page.said(error.problem ?? null);
    }
  }
}
