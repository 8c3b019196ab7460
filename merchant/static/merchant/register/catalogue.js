// The shop's articles, as the server sent them; found by part of a name or a reading, or by their barcode. What an owner has set for a day
// holds from its midnight on, whether there is a network or not.

const FOUND_MAX = 24;
const HUES = 6;

/** A word without width, capitals, blanks and kind of kana, as the server folds them. */
export function plain(text) {
  const folded = text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  return folded.replace(/[ァ-ヶ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60));
}

const sides = ([eatIn, outPrice, outRate, herePrice, hereRate]) => ({
  eatIn,
  out: { price: outPrice, rate: outRate },
  here: { price: herePrice, rate: hereRate },
});

export class Catalogue {
  #coming;

  /** `now`: ms since 1970. */
  constructor(rows, now) {
    this.all = rows.map(([id, name, category, barcode, words, ...rest]) => {
      const [coming, picture] = rest.slice(5);
      const then = coming && { from: coming[0], ...sides(coming.slice(1)) };
      return { id, name, category, barcode, words, picture, ...sides(rest), then, before: null };
    });
    this.byCode = new Map(this.all.filter((each) => each.barcode).map((each) => [each.barcode, each]));
    this.byId = new Map(this.all.map((each) => [each.id, each]));
    this.categories = [...new Set(this.all.map((each) => each.category).filter(Boolean))];
    this.#coming = this.all.filter((each) => each.then);
    this.turn(now);
  }

  /** When something is sold at another price or rate next, in ms since 1970; Infinity: never. */
  get next() {
    return this.#coming.reduce((soonest, { then }) => Math.min(soonest, then.from), Infinity);
  }

  /** What has come until `now` holds, `before` keeps what held until then. */
  turn(now) {
    const has = ({ then }) => then.from <= now;
    for (const each of this.#coming.filter(has)) {
      const { eatIn, out, here } = each.then;
      Object.assign(each, { before: { out: each.out, here: each.here }, eatIn, out, here });
    }
    this.#coming = this.#coming.filter((each) => !has(each));
  }

  get isEatenHere() {
    return this.all.some((each) => each.eatIn);
  }

  /** The colour of a category, by its place: register.css names them. "": none. */
  hueOf(category) {
    const place = this.categories.indexOf(category);
    return place < 0 ? "" : place % HUES;
  }

  ofCategory(category) {
    return category ? this.all.filter((each) => each.category === category) : this.all;
  }

  /** What a scanner read: JAN as it is, UPC with a zero in front. */
  scanned(text) {
    const digits = text.replace(/\D/g, "");
    return this.byCode.get(digits) ?? this.byCode.get(`0${digits}`);
  }

  /** The first of those that answer to all parts of what was typed. */
  search(typed) {
    const parts = typed.split(/\s+/).map(plain).filter(Boolean);
    const found = [];
    for (const each of parts.length ? this.all : []) {
      if (parts.every((part) => each.words.includes(part) || each.barcode?.startsWith(part))) found.push(each);
      if (found.length === FOUND_MAX) break;
    }
    return found;
  }
}
