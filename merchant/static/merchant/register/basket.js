// The bill that is being put together. It lives in this tab, and survives a reload; nothing of it is anywhere else before it is paid or held.
// A line: {article, name, qty, out: {price, rate}, here: {price, rate}}; where it is eaten decides which of the two counts.

import { place } from "../place.js";

const QTY_MAX = 999;

function slot() {
  return `till.${place().till}.bill`;
}

export class Basket {
  constructor() {
    this.clear(false);
    try {
      Object.assign(this, JSON.parse(sessionStorage.getItem(slot()) ?? "{}"));
    } catch {
      this.clear(false);
    }
  }

  clear(keep = true) {
    this.lines = [];
    this.offs = [];
    this.eatIn = false;
    this.key = crypto.randomUUID();
    if (keep) this.keep();
  }

  /** Another content is another intention: the key goes with it. */
  keep() {
    this.key = crypto.randomUUID();
    sessionStorage.setItem(slot(), JSON.stringify(this.content));
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

  /** Its phone has paid: whether the bill is done, since no other one was begun meanwhile. */
  static paid(sale) {
    const asked = JSON.parse(sessionStorage.getItem(`${slot()}.asked`) ?? "null");
    if (!asked?.request || asked.request !== sale.request) return false;
    sessionStorage.removeItem(`${slot()}.asked`);
    if (sessionStorage.getItem(slot()) !== asked.content) return false;
    sessionStorage.removeItem(slot());
    return true;
  }

  get content() {
    return { lines: this.lines, offs: this.offs, eatIn: this.eatIn };
  }

  restore({ lines, offs, eatIn }) {
    Object.assign(this, { lines, offs, eatIn });
    this.keep();
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

  /** One more of an article at its own price; a price that was typed is a line of its own. */
  add(line, { apart = false } = {}) {
    const same = apart ? undefined : this.lines.find((each) => each.article === line.article && !each.apart);
    if (same) same.qty = Math.min(same.qty + 1, QTY_MAX);
    else this.lines.push({ qty: 1, ...line, ...(apart ? { apart } : {}) });
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

  setEatIn(eatIn) {
    this.eatIn = eatIn;
    this.keep();
  }

  /** As the server takes it. */
  get bill() {
    const side = this.eatIn ? "here" : "out";
    return {
      lines: this.lines.map((line) => ({ name: line.name, qty: line.qty, price: line[side].price, rate: line[side].rate, article: line.article })),
      offs: this.offs,
      eat_in: this.eatIn,
    };
  }
}
