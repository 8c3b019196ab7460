// How a bill of 商品レジ is paid: in cash or by card here, by a phone on the page that faces it, by tickets, or alone without the network.

import { play } from "web/sound.js";
import { slot } from "../bills.js";
import { keepBill } from "../openbill.js";
import { AgentPrinter } from "../offline/agent.js";
import { sell } from "../offline/log.js";
import { isDown } from "../offline/line.js";
import { print } from "../offline/paper.js";
import { place, tell } from "../place.js";
import { nextOf } from "./basket.js";
import { yen } from "./draw.js";
import { Sale } from "./pay.js";

export class Checkout {
  #root;
  #page;
  #done;
  #sale = new Sale();
  #alone = false;
  #printed = null;
  #agent;

  /** `page`: {basket(), sums(), mode(), paid(), said(problem)}. */
  constructor(root, page) {
    this.#root = root;
    this.#page = page;
    this.#done = root.querySelector("dialog[data-done]");
    this.#agent = new AgentPrinter(this.#done);
    this.#done.querySelector("[data-print-alone]").addEventListener("click", () => print(this.#printed));
    this.#done.querySelector("[data-next-customer]").addEventListener("click", () => this.#done.close());
    root.querySelector("[data-ask-form]").addEventListener("submit", (event) => this.#fill(event), true);
  }

  #fields(paid) {
    const { bill, key } = this.#page.basket();
    const { total } = this.#page.sums();
    return { bill: JSON.stringify(bill), total, received: 0, card: 0, coin: 0, ...paid, key };
  }

  /** Cash and card. */
  sells(paid) {
    const { practises, sell: address } = this.#root.dataset;
    if (practises) return this.#sold({ number: practises, ...this.#practised(paid), href: "" });
    if (isDown() && !paid.card) return this.#sellAlone(paid);
    this.#sale.send(address, this.#fields(paid), { done: (answer) => this.#sold(answer), refused: (problem) => this.#page.said(problem) });
  }

  /** Without the network: the receipt is made here, and shown once it is on the disk. The same press with the network had the same key. */
  async #sellAlone({ received }) {
    if (this.#alone) return;
    this.#alone = true;
    try {
      const { rounding } = this.#root.dataset;
      const { bill, key } = this.#page.basket();
      this.#printed = await sell(Number(place().till), { key, bill, mode: this.#page.mode(), rounding, received });
      if (!this.#printed) return this.#page.said(null);
      const { number, total, change } = this.#printed;
      this.#sold({ number, total, received, change, href: "" });
      this.#agent.sold(this.#printed);
      play("arrived");
      tell("till:kept");
    } finally {
      this.#alone = false;
    }
  }

  #practised({ received = 0, card = 0 }) {
    const { total } = this.#page.sums();
    return { total, received, change: received ? received - (total - card) : 0 };
  }

  #sold({ number, total, received, change, href }) {
    const before = this.#root.querySelectorAll("dialog[open]");
    yen(this.#done.querySelector("[data-sold-total]"), total);
    yen(this.#done.querySelector("[data-sold-received]"), received);
    yen(this.#done.querySelector("[data-sold-change]"), change);
    for (const part of this.#done.querySelectorAll("[data-cash-part]")) part.hidden = !received;
    this.#done.querySelector("[data-sold-change]").closest("[data-cash-part]").hidden = !change;
    this.#done.querySelector("[data-sold-number]").textContent = number;
    const link = this.#done.querySelector("[data-receipt-link]");
    link.hidden = !href;
    const alone = !href && !this.#root.dataset.practises;
    for (const part of this.#done.querySelectorAll("[data-sold-alone], [data-print-alone], [data-print-agent], [data-agent-part]")) part.hidden = !alone;
    if (href) link.href = href;
    this.#done.showModal();
    for (const box of before) box.close(); // after: between two sheets the whole page would come alive, and be styled twice for nothing
    document.dispatchEvent(new CustomEvent("meguri:sold"));
    this.#page.paid();
  }

  /** The customer's own code pays the same bill: the page that reads it is told which. */
  readsCode() {
    const address = this.#root.querySelector("[data-ask-form]").action;
    this.#sale.send(address, this.#fields({ coin: this.#page.sums().total }), {
      quiet: true,
      refused: (problem) => this.#page.said(problem),
      done: ({ request, href }) => {
        this.#page.basket().asks(request);
        location.assign(href);
      },
    });
  }

  /** Several phones pay one receipt: from here on the bill stands on a page of its own, and stays here until the first has paid. */
  shares({ received, card, coins }) {
    const [first, ...then] = coins;
    if (this.#root.dataset.practises) return this.asks({ received, card, coin: first, then: then.join(",") });
    const coin = coins.reduce((sum, each) => sum + each, 0);
    this.#sale.send(this.#root.dataset.several, [...Object.entries(this.#fields({ received, card, coin })), ...coins.map((each) => ["coins", each])], {
      quiet: true,
      refused: (problem) => this.#page.said(problem),
      done: ({ shared, href }) => {
        this.#page.basket().asks(shared);
        location.assign(href);
      },
    });
  }

  /** Tickets are read on their own page; the bill stays open here until they have paid it. */
  byTickets(total) {
    const basket = this.#page.basket();
    keepBill(basket.bill, slot(), sessionStorage.getItem(slot()), nextOf(basket.content));
    location.assign(`${this.#root.dataset.ticketsPage}&amount=${total}`);
  }

  /** A phone is asked for its part. */
  asks(paid) {
    const asking = this.#root.querySelector("[data-ask-form]");
    asking.dataset.paid = JSON.stringify(paid);
    asking.requestSubmit();
    delete asking.dataset.paid;
  }

  /** The form that stay.js sends carries the bill as it stands. It stays here until the phone has paid, so that やめる brings it back. */
  #fill({ target }) {
    const fields = this.#fields(target.dataset.paid ? JSON.parse(target.dataset.paid) : { coin: this.#page.sums().total });
    for (const [name, value] of Object.entries({ ...fields, amount: fields.coin })) if (target.elements[name]) target.elements[name].value = value;
    if (this.#root.dataset.practises) this.#page.basket().clear();
    else this.#page.basket().asks();
  }
}
