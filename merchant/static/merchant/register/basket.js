// The bill that is being put together. It lives in this tab, and survives a reload; nothing of it is anywhere else before it is paid or held.
// A line: {article, name, qty, out: {price, rate}, here: {price, rate}, isHere}; where it is eaten decides which of the two counts.

import { aside, settle, slot } from "../bills.js";
import { flat, net, together } from "./shares.js";

const QTY_MAX = 999;

/** Whether it matters where a line is eaten. */
export function hasTwoSides({ out, here }) {
  return out.rate !== here.rate || out.price !== here.price;
}

const isSame = (one, other) => one.price === other.price && one.rate === other.rate;

/** Of the two sides of a line the one that counts. */
export function sideOf(line) {
  return line.isHere ? line.here : line.out;
}

/** What is open once a bill is paid: the next part of a 割り勘. */
export function nextOf({ name, split, mode }) {
  if (!split?.queue.length) return null;
  const [first, ...queue] = split.queue;
  return { ...first, name, mode, split: { ...split, queue, place: split.place + 1 } };
}

export class Basket {
  constructor() {
    this.clear(false);
    try {
      const content = sessionStorage.getItem(slot());
      this.#fill(JSON.parse(content ?? "{}"));
      const kept = JSON.parse(sessionStorage.getItem(`${slot()}.key`) ?? "null");
      if (content && kept?.content === content) this.key = kept.key; // reloaded between a press and its answer, it is the same press
    } catch {
      this.clear(false);
    }
  }

  /** What is filled in is written as it was before, to the letter: a bill is known by its content.
   * `name`: under which it was held before; `inside`: its prices are with tax, whatever the shop's are; `split`: of which it is a part. */
  #fill({ lines = [], offs = [], eatIn = false, name = "", inside = false, split = null, mode = null }) {
    Object.assign(this, { lines: lines.map((line) => ({ ...line, isHere: line.isHere ?? eatIn })), offs, eatIn, name, inside, split, mode });
  }

  /** The shop counts like this now. A bill that was put together while it wrote its prices the other way costs what it cost then. */
  countedAs(mode, rounding) {
    if (this.mode && this.mode !== mode && this.lines.length && !this.inside) {
      Object.assign(this, { lines: flat(this, this.mode, rounding).map(net), offs: [], inside: true });
    }
    this.mode = mode;
  }

  clear(keep = true) {
    this.lines = [];
    this.offs = [];
    this.eatIn = false;
    this.name = "";
    this.inside = false;
    this.split = null;
    this.mode ??= null;
    this.key = crypto.randomUUID();
    if (keep) this.keep();
  }

  /** Another customer comes first: what stands here waits until their bill is gone. */
  putAside() {
    if (this.lines.length) aside.keep([...aside.all(), this.content]);
    this.clear();
  }

  /** This bill goes from here, and what had to wait for it is open again. */
  leave() {
    const [next, ...others] = aside.all().reverse();
    if (!next) return this.clear();
    aside.keep(others.reverse());
    this.restore(next);
  }

  /** Another content is another intention: the key goes with it. */
  keep() {
    this.key = crypto.randomUUID();
    const content = JSON.stringify(this.content);
    sessionStorage.setItem(slot(), content);
    sessionStorage.setItem(`${slot()}.key`, JSON.stringify({ key: this.key, content }));
  }

  /** A phone is asked for this very bill. Asked again it is another intention: the request before ends with it. */
  asks(request = undefined) {
    sessionStorage.setItem(`${slot()}.asked`, JSON.stringify({ content: JSON.stringify(this.content), request }));
    this.keep();
  }

  /** The page that faces the customer says which request it is. */
  static asked() {
    const request = document.querySelector("[data-request]")?.dataset.request;
    const asked = JSON.parse(sessionStorage.getItem(`${slot()}.asked`) ?? "null");
    if (request && asked && !asked.request) sessionStorage.setItem(`${slot()}.asked`, JSON.stringify({ ...asked, request }));
  }

  /** Its phone has paid: whether that bill was still here, open or waiting for another one, and is gone now. */
  static paid(sale) {
    const asked = JSON.parse(sessionStorage.getItem(`${slot()}.asked`) ?? "null");
    if (!asked?.request || asked.request !== sale.request) return false;
    sessionStorage.removeItem(`${slot()}.asked`);
    return settle(slot(), asked.content, nextOf(JSON.parse(asked.content)));
  }

  get content() {
    return { lines: this.lines, offs: this.offs, eatIn: this.eatIn, name: this.name, inside: this.inside, split: this.split, mode: this.mode };
  }

  restore(content) {
    this.#fill(content);
    this.keep();
  }

  /** 割り勘: its parts are paid one after the other; what is not paid stays open. */
  splitInto([first, ...queue]) {
    const whole = this.content;
    this.restore({ ...first, name: whole.name, mode: whole.mode, split: { queue, whole, place: 1, count: queue.length + 1 } });
  }

  /** No more 割り勘: the bill is as it was, or, once a part was paid, what is left of it. */
  join() {
    const { queue, whole, place } = this.split;
    if (place === 1) return this.restore(whole);
    this.restore({ ...this.content, ...together([this.content, ...queue]), split: null });
  }

  /** It is paid: the next part is open, or nothing. */
  done() {
    const next = nextOf(this.content);
    if (next) this.restore(next);
    else this.leave();
  }

  get count() {
    return this.lines.reduce((sum, line) => sum + line.qty, 0);
  }

  /** How many of an article are in the bill. */
  countOf(article) {
    return this.lines.reduce((sum, line) => sum + (line.article === article ? line.qty : 0), 0);
  }

  /** The same of all articles at once. */
  get counts() {
    const counts = new Map();
    for (const { article, qty } of this.lines) counts.set(article, (counts.get(article) ?? 0) + qty);
    return counts;
  }

  /** One more of an article at its own price; another price, or one that was typed, is a line of its own, and so is what is eaten elsewhere. */
  add(line, { apart = false } = {}) {
    const costs = (each) => isSame(each.out, line.out) && isSame(each.here, line.here);
    const fits = (each) => each.article === line.article && !each.apart && costs(each) && (each.isHere === this.eatIn || !hasTwoSides(each));
    const same = apart ? undefined : this.lines.find(fits);
    if (same) same.qty = Math.min(same.qty + 1, QTY_MAX);
    else this.lines.push({ qty: 1, ...line, isHere: this.eatIn, ...(apart ? { apart } : {}) });
    this.keep();
  }

  /** An amount without an article. */
  addTyped({ name, price, rate }) {
    const side = { price, rate };
    this.add({ article: null, name, out: side, here: side }, { apart: true });
  }

  /** This line is eaten here, or is taken away after all. */
  turn(index) {
    this.lines[index].isHere = !this.lines[index].isHere;
    this.keep();
  }

  /** These lines cost something else now: [place, line] of each. */
  replace(lines) {
    for (const [place, line] of lines) this.lines[place] = line;
    this.keep();
  }

  setQty(index, qty) {
    if (qty < 1) return this.remove(index);
    this.lines[index].qty = Math.min(qty, QTY_MAX);
    this.keep();
  }

  /** A mistyped line is gone before it was paid: no record of money is touched. */
  remove(index) {
    this.lines.splice(index, 1);
    this.offs = this.offs.filter((off) => off.line !== index).map((off) => (off.line > index ? { ...off, line: off.line - 1 } : off));
    if (!this.lines.length) this.offs = [];
    this.keep();
  }

  /** One discount a line, and one of the whole: a new one takes the place of the one before. Of the whole comes last. */
  setOff(line, off) {
    const others = this.offs.filter((each) => each.line !== line);
    const all = off ? [...others, { line, amount: null, percent: null, ...off }] : others;
    this.offs = [...all.filter((each) => each.line !== null), ...all.filter((each) => each.line === null)];
    this.keep();
  }

  /** Where the lines are eaten that come from now on. */
  setEatIn(eatIn) {
    this.eatIn = eatIn;
    this.keep();
  }

  /** As the server takes it. */
  get bill() {
    const mixed = this.lines.filter(hasTwoSides);
    return {
      lines: this.lines.map((line) => ({ name: line.name, qty: line.qty, ...sideOf(line), article: line.article })),
      offs: this.offs,
      ...(this.inside ? { inside: true } : {}),
      eat_in: mixed.length ? mixed.every(({ isHere }) => isHere) : this.lines.some(({ isHere }) => isHere),
    };
  }
}
