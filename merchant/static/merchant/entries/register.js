// 商品レジ: tiles on the left, the bill on the right. Fetched by late.js when the page is shown.

import { play } from "web/sound.js";
import { grouped } from "../sum.js";
import { keepBill } from "../openbill.js";
import { Basket, nextOf, slot } from "../register/basket.js";
import { Catalogue } from "../register/catalogue.js";
import { form, line, mark, tile, yen } from "../register/draw.js";
import { Held } from "../register/held.js";
import { JanCamera, UnknownJan, isJan } from "../register/jan.js";
import { isDown } from "../offline/line.js";
import { sell } from "../offline/log.js";
import { LaterBox } from "../offline/laterbox.js";
import { print } from "../offline/paper.js";
import { Cash, Others, Sale } from "../register/pay.js";
import { Sharing } from "../register/sharing.js";
import { sumOf } from "../register/shares.js";
import { Typed } from "../register/typed.js";
import { workOut } from "../register/totals.js";
import { place, tell } from "../place.js";

const TILES_MAX = 120;

class Register {
  #root;
  #basket = new Basket();
  #catalogue = new Catalogue([]);
  #category = "";
  #dialogs = {};
  #sale = new Sale();
  #alone = false;
  #printed = null;
  #done;

  constructor(root) {
    this.#root = root;
    this.#basket.countedAs(root.dataset.mode, root.dataset.rounding);
    const dialog = (name) => root.querySelector(`dialog[data-${name}]`);
    this.#done = dialog("done");
    this.#dialogs.typed = new Typed(dialog("typed"));
    this.#dialogs.cash = new Cash(dialog("cash"), (paid) => this.#sell(paid));
    this.#dialogs.others = new Others(dialog("others"), {
      sells: (paid) => this.#sell(paid),
      asks: (paid) => this.#ask(paid),
      reads: (total) => this.#byTickets(total),
    });
    this.#dialogs.later = new LaterBox(dialog("later"), {
      done: () => this.#change(() => this.#basket.done()),
      lost: () => this.#say(null),
    });
    this.#dialogs.held = new Held(dialog("held-box"), {
      content: () => this.#basket.content,
      name: () => this.#basket.name,
      total: () => this.#sums.total,
      restore: (content) => this.#change(() => this.#restore(content)),
      clear: () => this.#change(() => this.#basket.leave()),
      said: (problem) => this.#say(problem),
    });
    this.#dialogs.jan = new JanCamera(dialog("jan"));
    this.#dialogs.unknown = new UnknownJan(dialog("unknown"), () => this.#typedLine());
    this.#dialogs.sharing = new Sharing(dialog("shares"), {
      basket: () => this.#basket,
      mode: () => this.#mode,
      rounding: root.dataset.rounding,
      name: root.dataset.shareName,
      splits: (parts) => this.#change(() => this.#basket.splitInto(parts)),
      sells: (paid) => this.#sell(paid),
      asks: (paid) => this.#ask(paid),
    });
    root.addEventListener("click", (event) => this.#onClick(event));
    root.addEventListener("meguri:scan", (event) => this.#scanned(event.detail.text));
    root.querySelector("[data-ask-form]").addEventListener("submit", (event) => this.#fill(event), true);
    dialog("search").addEventListener("input", (event) => this.#search(event.target.value));
    root.querySelector("[data-print-alone]").addEventListener("click", () => print(this.#printed));
    root.querySelector("[data-next-customer]").addEventListener("click", () => this.#done.close());
    this.#load();
  }

  async #load() {
    const { articles } = await (await fetch(this.#root.dataset.articles, { credentials: "same-origin" })).json();
    this.#catalogue = new Catalogue(articles);
    this.#root.querySelector("[data-none-yet]").hidden = articles.length > 0;
    this.#root.querySelector("[data-eating]").hidden = !this.#catalogue.isEatenHere;
    this.#pills();
    this.#tiles();
    this.#show();
    this.#fromKeypad();
    this.#root.dataset.ready = "yes";
  }

  /** An amount that was typed on the keypad when the network was gone: a bill of its own, and how it is to be paid. Once, not at each reload. */
  #fromKeypad() {
    const sent = new URLSearchParams(location.search);
    const [price, rate] = [Number(sent.get("amount")), Number(sent.get("rate"))];
    if (!price) return;
    history.replaceState(history.state, "", location.pathname);
    const { keypadName: name } = this.#root.dataset;
    this.#change(() => {
      this.#basket.putAside();
      this.#basket.inside = true; // a keypad's figures are with tax
      this.#basket.addTyped({ name, price, rate });
    });
    if (sent.get("then") === "later") this.#dialogs.later.open({ key: this.#basket.key, sums: this.#sums });
    else this.#dialogs.cash.open(this.#sums.total);
  }

  #restore(content) {
    this.#basket.restore(content);
    this.#basket.countedAs(this.#root.dataset.mode, this.#root.dataset.rounding);
    this.#basket.keep();
  }

  get #mode() {
    return this.#basket.inside ? "inclusive" : this.#root.dataset.mode;
  }

  get #sums() {
    return workOut(this.#basket.bill, this.#mode, this.#root.dataset.rounding);
  }

  /** Whether something may be put into the bill: parts of a 割り勘 are what they are, and so are prices with tax where the shop's are not. */
  get #isFixed() {
    if (!this.#basket.split && this.#mode === this.#root.dataset.mode) return false;
    this.#tell(this.#root.dataset.isFixed);
    return true;
  }

  /** Which part of a 割り勘 this is, and what the others come to. */
  #part() {
    const { split } = this.#basket;
    const strip = this.#root.querySelector("[data-split-strip]");
    strip.hidden = !split;
    const words = strip.querySelector("b");
    const rest = (split?.queue ?? []).reduce((sum, part) => sum + sumOf(part), 0);
    if (split) words.textContent = words.dataset.words.replace("{place}", split.place).replace("{count}", split.count).replace("{rest}", grouped(rest));
    this.#root.querySelector("[data-clear]").hidden = Boolean(split);
    this.#root.querySelector("[data-share]").disabled = !this.#basket.lines.length || Boolean(split);
  }

  #pills() {
    const nav = this.#root.querySelector("[data-pills]");
    const pill = (category, word) => {
      const box = form("pill");
      box.dataset.category = category;
      box.textContent = word;
      if (category) box.dataset.hue = this.#catalogue.hueOf(category);
      return box;
    };
    nav.replaceChildren(pill("", nav.dataset.all), ...this.#catalogue.categories.map((each) => pill(each, each)));
    nav.hidden = !this.#catalogue.categories.length;
  }

  #tiles() {
    for (const pill of this.#root.querySelectorAll("[data-category]")) pill.setAttribute("aria-pressed", pill.dataset.category === this.#category);
    const shown = this.#catalogue.ofCategory(this.#category);
    const { eatIn } = this.#basket;
    const tiles = shown.slice(0, TILES_MAX).map((each) => tile(each, eatIn, this.#basket.countOf(each.id), this.#catalogue.hueOf(each.category)));
    this.#root.querySelector("[data-tiles]").replaceChildren(...tiles);
    this.#root.querySelector("[data-more]").hidden = shown.length <= TILES_MAX;
  }

  /** Change the bill and show it. */
  #change(act) {
    const before = this.#basket.eatIn;
    act();
    if (before !== this.#basket.eatIn) this.#tiles();
    this.#show();
  }

  #show() {
    const { lines, offs, eatIn, count } = this.#basket;
    const sums = this.#sums;
    const offOf = (index) => sums.offs[offs.findIndex((off) => off.line === index)];
    this.#lines(lines.map((each, index) => ({ each, index, off: offOf(index) ?? 0 })));
    const counts = this.#basket.counts;
    for (const box of this.#root.querySelector("[data-tiles]").children) mark(box, counts.get(Number(box.dataset.article)) ?? 0);
    for (const button of this.#root.querySelectorAll("[data-eat]")) button.setAttribute("aria-pressed", (button.dataset.eat === "here") === eatIn);
    this.#root.querySelector("[data-count]").textContent = grouped(count);
    this.#root.querySelector("[data-empty]").hidden = lines.length > 0;
    this.#rates(sums);
    const whole = offs.findIndex((off) => off.line === null);
    this.#root.querySelector("[data-whole-off]").hidden = whole < 0;
    this.#root.querySelector("[data-whole-yen]").textContent = grouped(sums.offs[whole] ?? 0);
    yen(this.#root.querySelector("[data-total]"), sums.total);
    const sellable = sums.total > 0 && !sums.wrong;
    for (const button of this.#root.querySelectorAll("[data-pays]")) button.disabled = !sellable;
    this.#idle(!sellable || sums.total > Number(this.#root.dataset.limit), "[data-ask-button], [data-read-code]");
    this.#idle(!sellable, "[data-take-others]");
    this.#root.querySelector("[data-clear]").disabled = !lines.length;
    this.#root.querySelector("[data-discount]").disabled = !lines.length;
    this.#part();
    if (sums.wrong) this.#tell(this.#root.dataset.offTooLarge);
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

  #onClick({ target }) {
    const at = (name) => target.closest(`[data-${name}]`)?.dataset[name.replace(/-(\w)/g, (_, sign) => sign.toUpperCase())];
    const lineOf = () => Number(target.closest("[data-line]").dataset.line);
    if (target.closest("dialog[data-typed], dialog[data-cash], dialog[data-others], dialog[data-shares], dialog[data-later]")) return;
    if (at("article")) this.#press(this.#catalogue.byId.get(Number(at("article"))));
    else if (at("category") !== undefined) {
      this.#category = at("category");
      this.#tiles();
    } else if (at("turn") !== undefined) this.#change(() => this.#basket.turn(lineOf()));
    else if (at("qty-key") !== undefined) this.#quantity(lineOf());
    else if (at("step")) this.#step(lineOf(), Number(at("step")));
    else if (at("line-menu") !== undefined) this.#discount(lineOf());
    else if (at("eat")) this.#change(() => this.#basket.setEatIn(at("eat") === "here"));
    else if (at("clear") !== undefined) this.#change(() => this.#basket.leave());
    else if (at("jan-open") !== undefined) this.#dialogs.jan.open();
    else if (at("share") !== undefined) this.#dialogs.sharing.open();
    else if (at("split-off") !== undefined) this.#change(() => this.#basket.join());
    else if (at("discount") !== undefined) this.#discount(null);
    else if (at("bag") !== undefined) this.#bag();
    else if (at("amount") !== undefined) this.#typedLine();
    else if (at("find") !== undefined) this.#openSearch();
    else if (at("hold") !== undefined) this.#dialogs.held.open();
    else if (at("ask-later") !== undefined) this.#dialogs.later.open({ key: this.#basket.key, sums: this.#sums });
    else if (at("take-cash") !== undefined) this.#dialogs.cash.open(this.#sums.total);
    else if (at("read-code") !== undefined) this.#readCode();
    else if (at("take-others") !== undefined) this.#dialogs.others.open(this.#sums.total);
    else if (at("close") !== undefined) target.closest("dialog").close();
  }

  async #press(article) {
    if (!article || this.#isFixed) return;
    this.#root.querySelector("dialog[data-search]").close();
    let { out, here } = article;
    if (out.price === null) {
      const typed = await this.#dialogs.typed.ask({ title: article.name });
      if (!typed) return;
      [out, here] = [{ ...out, price: typed.amount }, { ...here, price: typed.amount }];
    }
    this.#change(() => this.#basket.add({ article: article.id, name: article.name, out, here }, { apart: article.out.price === null }));
  }

  #step(index, by) {
    if (this.#basket.split && this.#isFixed) return;
    this.#change(() => this.#basket.setQty(index, this.#basket.lines[index].qty + by));
  }

  /** 30 boxes are typed, not pressed thirty times. */
  async #quantity(index) {
    if (this.#basket.split && this.#isFixed) return;
    const title = this.#root.dataset.qtyWord.replace("{name}", this.#basket.lines[index].name);
    const typed = await this.#dialogs.typed.ask({ title, modes: [], unit: "qty" });
    if (typed) this.#change(() => this.#basket.setQty(index, typed.amount));
  }

  async #discount(index) {
    const { discountWord, lineDiscountWord } = this.#root.dataset;
    const title = index === null ? discountWord : lineDiscountWord.replace("{name}", this.#basket.lines[index].name);
    const typed = await this.#dialogs.typed.ask({ title, modes: ["percent"], clears: true });
    if (!typed) return;
    const off = typed.none ? null : typed.percent ? { percent: typed.percent } : { amount: typed.amount };
    this.#change(() => this.#basket.setOff(index, off));
    if (this.#sums.wrong) this.#change(() => this.#basket.setOff(index, null));
  }

  #bag() {
    if (this.#isFixed) return;
    const { bagName, bagPrice } = this.#root.dataset;
    const side = { price: Number(bagPrice), rate: 10 };
    this.#change(() => this.#basket.add({ article: null, name: bagName, out: side, here: side, bag: true }));
  }

  async #typedLine() {
    if (this.#isFixed) return;
    const typed = await this.#dialogs.typed.ask({ title: this.#root.dataset.amountWord, modes: ["rate"] });
    if (!typed) return;
    const { keypadName: name } = this.#root.dataset;
    this.#change(() => this.#basket.addTyped({ name, price: typed.amount, rate: typed.rate }));
  }

  #openSearch() {
    const box = this.#root.querySelector("dialog[data-search]");
    box.querySelector("input").value = "";
    this.#search("");
    box.showModal();
    box.querySelector("input").focus();
  }

  #search(typed) {
    const found = this.#catalogue.search(typed);
    const tiles = found.map((each) => tile(each, this.#basket.eatIn, this.#basket.countOf(each.id), this.#catalogue.hueOf(each.category)));
    this.#root.querySelector("[data-found]").replaceChildren(...tiles);
    this.#root.querySelector("[data-nothing-found]").hidden = !typed || found.length > 0;
  }

  #scanned(text) {
    const article = this.#catalogue.scanned(text);
    if (article) return this.#press(article);
    play("refused");
    const code = text.replace(/\s/g, "");
    if (isJan(code)) this.#dialogs.unknown.open(code);
    else this.#tell(this.#root.dataset.unknownCode.replace("{code}", text.slice(0, 20)));
  }

  #fields(paid) {
    const { bill, key } = this.#basket;
    const { total } = this.#sums;
    return { bill: JSON.stringify(bill), total, received: 0, card: 0, coin: 0, ...paid, key };
  }

  #sell(paid) {
    if (this.#root.dataset.practises) return this.#sold({ number: this.#root.dataset.practises, ...this.#practised(paid), href: "" });
    if (isDown() && !paid.card) return this.#sellAlone(paid);
    this.#sale.send(this.#root.dataset.sell, this.#fields(paid), { done: (answer) => this.#sold(answer), refused: (problem) => this.#say(problem) });
  }

  /** Without the network: the receipt is made here, and shown once it is on the disk. The same press with the network had the same key. */
  async #sellAlone({ received }) {
    if (this.#alone) return;
    this.#alone = true;
    try {
      const { rounding } = this.#root.dataset;
      const { bill, key } = this.#basket;
      this.#printed = await sell(Number(place().till), { key, bill, mode: this.#mode, rounding, received });
      if (!this.#printed) return this.#say(null);
      const { number, total, change } = this.#printed;
      this.#sold({ number, total, received, change, href: "" });
      play("arrived");
      tell("till:kept");
    } finally {
      this.#alone = false;
    }
  }

  #practised({ received = 0, card = 0 }) {
    const { total } = this.#sums;
    return { total, received, change: received ? received - (total - card) : 0 };
  }

  #sold({ number, total, received, change, href }) {
    for (const box of this.#root.querySelectorAll("dialog[open]")) box.close();
    yen(this.#done.querySelector("[data-sold-total]"), total);
    yen(this.#done.querySelector("[data-sold-received]"), received);
    yen(this.#done.querySelector("[data-sold-change]"), change);
    for (const part of this.#done.querySelectorAll("[data-cash-part]")) part.hidden = !received;
    this.#done.querySelector("[data-sold-number]").textContent = number;
    const link = this.#done.querySelector("[data-receipt-link]");
    link.hidden = !href;
    const alone = !href && !this.#root.dataset.practises;
    for (const part of this.#done.querySelectorAll("[data-sold-alone], [data-print-alone]")) part.hidden = !alone;
    if (href) link.href = href;
    document.dispatchEvent(new CustomEvent("meguri:sold"));
    this.#done.showModal();
    this.#done.querySelector("[data-next-customer]").focus();
    this.#change(() => this.#basket.done());
  }

  /** The customer's own code pays the same bill: the page that reads it is told which. */
  #readCode() {
    const address = this.#root.querySelector("[data-ask-form]").action;
    const fields = this.#fields({ coin: this.#sums.total });
    this.#sale.send(address, fields, {
      quiet: true,
      refused: (problem) => this.#say(problem),
      done: ({ request, href }) => {
        this.#basket.asks(request);
        location.assign(href);
      },
    });
  }

  /** Tickets are read on their own page; the bill stays open here until they have paid it. */
  #byTickets(total) {
    keepBill(this.#basket.bill, slot(), sessionStorage.getItem(slot()), nextOf(this.#basket.content));
    location.assign(`${this.#root.dataset.tickets}&amount=${total}`);
  }

  #ask(paid) {
    const asking = this.#root.querySelector("[data-ask-form]");
    asking.dataset.paid = JSON.stringify(paid);
    asking.requestSubmit();
    delete asking.dataset.paid;
  }

  /** The form that stay.js sends carries the bill as it stands. It stays here until the phone has paid, so that やめる brings it back. */
  #fill({ target }) {
    const fields = this.#fields(target.dataset.paid ? JSON.parse(target.dataset.paid) : { coin: this.#sums.total });
    for (const [name, value] of Object.entries({ ...fields, amount: fields.coin })) if (target.elements[name]) target.elements[name].value = value;
    if (this.#root.dataset.practises) this.#basket.clear();
    else this.#basket.asks();
  }

  /** What a phone has paid is no bill any more, also where somebody came back to it meanwhile. */
  forget() {
    this.#basket = new Basket();
    this.#basket.countedAs(this.#root.dataset.mode, this.#root.dataset.rounding);
    if (this.#root.isConnected) this.#show();
  }

  #tell(words) {
    const place = this.#root.querySelector("[data-said]");
    place.textContent = words;
    place.hidden = false;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => (place.hidden = true), 8000);
  }

  #say(problem) {
    const words = problem ? (problem.texts?.[document.documentElement.lang] ?? problem.title) : this.#root.dataset.lost;
    this.#tell(problem?.number ? `${words}（${problem.number}）` : words);
    for (const box of this.#root.querySelectorAll("dialog[open]")) box.close();
  }
}

let current = null;

function start() {
  const root = document.querySelector("[data-register]");
  if (root && !root.dataset.started) {
    root.dataset.started = "yes";
    current = new Register(root);
  }
}

document.addEventListener("till:page", start);
document.addEventListener("till:page", Basket.asked);
document.addEventListener("till:sale", (event) => Basket.paid(event.detail) && current?.forget());
start();
