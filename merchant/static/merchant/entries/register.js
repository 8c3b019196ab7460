// 商品レジ: tiles on the left, the bill on the right; what a press on either does. Fetched by late.js when the page is shown.

import { play } from "web/sound.js";
import { Ahead } from "../ahead.js";
import { Basket } from "../register/basket.js";
import { BillSide } from "../register/billside.js";
import { Catalogue } from "../register/catalogue.js";
import { Checkout } from "../register/checkout.js";
import { afterFrame } from "../register/frame.js";
import { Held } from "../register/held.js";
import { JanCamera, UnknownJan, isJan } from "../register/jan.js";
import { Midnight, offsetHere } from "../register/midnight.js";
import { Cash, Others } from "../register/pay.js";
import { Sharing } from "../register/sharing.js";
import { Shelf } from "../register/shelf.js";
import { workOut } from "../register/totals.js";
import { Turned } from "../register/turned.js";
import { Typed, typedIn } from "../register/typed.js";
import { LaterBox } from "../offline/laterbox.js";
import { place } from "../place.js";

class Register {
  #root;
  #basket = new Basket();
  #shelf;
  #billSide;
  #checkout;
  #dialogs = {};
  #midnight = null;

  constructor(root) {
    this.#root = root;
    this.#basket.countedAs(root.dataset.mode, root.dataset.rounding);
    this.#shelf = new Shelf(root, () => this.#basket);
    this.#billSide = new BillSide(root);
    this.#checkout = new Checkout(root, {
      basket: () => this.#basket,
      sums: () => this.#sums,
      mode: () => this.#mode,
      paid: () => this.#paid(),
      said: (problem) => this.#say(problem),
    });
    this.#openDialogs((name) => root.querySelector(`dialog[data-${name}]`));
    root.addEventListener("click", (event) => this.#onClick(event));
    root.addEventListener("meguri:scan", (event) => this.#scanned(event.detail.text));
    root.addEventListener("close", () => this.#dialogs.turned.ask(), true);
    this.#load();
  }

  #openDialogs(dialog) {
    const sells = (paid) => this.#checkout.sells(paid);
    const asks = (paid) => this.#checkout.asks(paid);
    this.#dialogs.typed = new Typed(dialog("typed"));
    this.#dialogs.cash = new Cash(dialog("cash"), sells);
    this.#dialogs.others = new Others(dialog("others"), { sells, asks, reads: (total) => this.#checkout.byTickets(total) });
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
    this.#dialogs.turned = new Turned(dialog("turned"), {
      basket: () => this.#basket,
      catalogue: () => this.#shelf.catalogue,
      changes: (act) => this.#change(act),
    });
    this.#dialogs.sharing = new Sharing(dialog("shares"), {
      basket: () => this.#basket,
      mode: () => this.#mode,
      rounding: this.#root.dataset.rounding,
      name: this.#root.dataset.shareName,
      splits: (parts) => this.#change(() => this.#basket.splitInto(parts)),
      sells,
      asks,
      shares: (paid) => this.#checkout.shares(paid),
    });
  }

  async #load() {
    const offset = offsetHere(Number(place().till));
    const ahead = new Ahead(this.#root);
    const { articles } = await (await fetch(this.#root.dataset.articles, { credentials: "same-origin" })).json();
    this.#midnight = new Midnight(await offset, {
      turning: () => [this.#shelf.catalogue, ahead],
      isShown: () => this.#root.isConnected,
      turned: () => this.#turned(),
    });
    this.#shelf.fill(new Catalogue(articles, this.#midnight.now));
    this.#show();
    this.#midnight.look();
    this.#fromKeypad();
    this.#dialogs.turned.ask();
    this.#root.dataset.ready = "yes";
  }

  /** An amount that was typed on the keypad when the network was gone: a bill of its own, and how it is to be paid. Once, not at each reload. */
  #fromKeypad() {
    const sent = new URLSearchParams(location.search);
    if (!sent.has("amount")) return;
    history.replaceState(history.state, "", location.pathname);
    const typed = typedIn(sent);
    const { keypadName: name, notTyped } = this.#root.dataset;
    if (!typed) return this.#tell(notTyped);
    this.#change(() => {
      this.#basket.putAside();
      this.#basket.inside = true; // a keypad's figures are with tax
      this.#basket.addTyped({ name, ...typed });
    });
    if (sent.get("then") === "later") this.#dialogs.later.open(this.#laterBill);
    else this.#dialogs.cash.open(this.#sums.total);
  }

  #turned() {
    this.#shelf.show();
    this.#dialogs.turned.ask();
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

  get #laterBill() {
    const { rounding, bagName: bag } = this.#root.dataset;
    return { key: this.#basket.key, sums: this.#sums, sold: { bill: this.#basket.bill, mode: this.#mode, rounding, bag } };
  }

  /** Whether something may be put into the bill: parts of a 割り勘 are what they are, and so are prices with tax where the shop's are not. */
  get #isFixed() {
    if (!this.#basket.split && this.#mode === this.#root.dataset.mode) return false;
    this.#tell(this.#root.dataset.isFixed);
    return true;
  }

  /** Change the bill and show it. */
  #change(act) {
    const before = this.#basket.eatIn;
    act();
    if (before !== this.#basket.eatIn) this.#shelf.show();
    this.#show();
  }

  #show() {
    const sums = this.#sums;
    this.#billSide.show(this.#basket, sums);
    this.#shelf.count(this.#basket.counts);
    if (sums.wrong) this.#tell(this.#root.dataset.offTooLarge);
  }

  /** The bill is another one at once; it is drawn behind the sheet that says 会計しました, once that is on the screen. */
  #paid() {
    const before = this.#basket.eatIn;
    this.#basket.done();
    afterFrame(() => {
      if (before !== this.#basket.eatIn) this.#shelf.show();
      this.#show();
    });
  }

  #onClick({ target }) {
    const at = (name) => target.closest(`[data-${name}]`)?.dataset[name.replace(/-(\w)/g, (_, sign) => sign.toUpperCase())];
    const lineOf = () => Number(target.closest("[data-line]").dataset.line);
    const ownClicks = ["typed", "cash", "others", "shares", "later", "turned"].map((name) => `dialog[data-${name}]`);
    if (target.closest(ownClicks.join(", "))) return;
    if (at("article")) this.#press(this.#shelf.catalogue.byId.get(Number(at("article"))));
    else if (at("category") !== undefined) this.#shelf.choose(at("category"));
    else if (at("turn") !== undefined) this.#change(() => this.#basket.turn(lineOf()));
    else if (at("qty-key") !== undefined) this.#quantity(lineOf());
    else if (at("step")) this.#step(lineOf(), Number(at("step")));
    else if (at("line-menu") !== undefined) this.#discount(lineOf());
    else if (at("eat")) this.#change(() => this.#basket.setEatIn(at("eat") === "here"));
    else if (at("clear") !== undefined) this.#change(() => this.#basket.leave());
    else if (at("jan-open") !== undefined) this.#dialogs.jan.open();
    else if (at("split-bill") !== undefined) this.#dialogs.sharing.open();
    else if (at("split-off") !== undefined) this.#change(() => this.#basket.join());
    else if (at("discount") !== undefined) this.#discount(null);
    else if (at("bag") !== undefined) this.#bag();
    else if (at("amount") !== undefined) this.#typedLine();
    else if (at("find") !== undefined) this.#shelf.openSearch();
    else if (at("hold") !== undefined) this.#dialogs.held.open();
    else if (at("ask-later") !== undefined) this.#dialogs.later.open(this.#laterBill);
    else if (at("take-cash") !== undefined) this.#dialogs.cash.open(this.#sums.total);
    else if (at("read-code") !== undefined) this.#checkout.readsCode();
    else if (at("take-others") !== undefined) this.#dialogs.others.open(this.#sums.total);
    else if (at("close") !== undefined) target.closest("dialog").close();
  }

  async #press(article) {
    if (!article || this.#isFixed) return;
    this.#midnight.look();
    this.#shelf.closeSearch();
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
    const typed = await this.#dialogs.typed.ask({ title, modes: ["percent"], clears: this.#basket.offs.some(({ line }) => line === index) });
    if (!typed) return;
    const off = typed.none ? null : typed.percent ? { percent: typed.percent } : { amount: typed.amount };
    this.#change(() => this.#basket.setOff(index, off));
    if (this.#sums.wrong) this.#change(() => this.#basket.setOff(index, null));
  }

  #bag() {
    if (this.#isFixed) return;
    this.#midnight.look();
    const { bagName, bagPrice } = this.#root.dataset;
    const side = { price: Number(bagPrice), rate: 10 };
    this.#change(() => this.#basket.add({ article: null, name: bagName, out: side, here: side, bag: true }));
  }

  async #typedLine() {
    if (this.#isFixed) return;
    this.#midnight.look();
    const typed = await this.#dialogs.typed.ask({ title: this.#root.dataset.amountWord, modes: ["rate"] });
    if (!typed) return;
    const { keypadName: name } = this.#root.dataset;
    this.#change(() => this.#basket.addTyped({ name, price: typed.amount, rate: typed.rate }));
  }

  #scanned(text) {
    const article = this.#shelf.catalogue.scanned(text);
    if (article) return this.#press(article);
    play("refused");
    const code = text.replace(/\s/g, "");
    if (isJan(code)) this.#dialogs.unknown.open(code);
    else this.#tell(this.#root.dataset.unknownCode.replace("{code}", text.slice(0, 20)));
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

/** Once somebody has paid a part of a shared bill it stands on its page alone. */
function shared() {
  const id = document.querySelector("[data-shared-paid]")?.dataset.sharedPaid;
  if (id && Basket.paid({ request: id })) current?.forget();
}

document.addEventListener("till:page", start);
document.addEventListener("till:page", shared);
document.addEventListener("till:page", Basket.asked);
document.addEventListener("till:sale", (event) => Basket.paid(event.detail) && current?.forget());
start();
shared();
