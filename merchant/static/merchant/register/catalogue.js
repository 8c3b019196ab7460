// The shop's articles, as the server sent them; found by part of a name or a reading, or by their barcode.

const FOUND_MAX = 24;
const HUES = 6;

/** A word without width, capitals, blanks and kind of kana, as the server folds them. */
export function plain(text) {
  const folded = text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  return folded.replace(/[ァ-ヶ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60));
}

export class Catalogue {
  constructor(rows) {
    this.all = rows.map(([id, name, category, barcode, words, eatIn, outPrice, outRate, herePrice, hereRate, picture]) => ({
      id, name, category, barcode, words, eatIn, picture,
      out: { price: outPrice, rate: outRate },
      here: { price: herePrice, rate: hereRate },
    }));
    this.byCode = new Map(this.all.filter((each) => each.barcode).map((each) => [each.barcode, each]));
    this.byId = new Map(this.all.map((each) => [each.id, each]));
    this.categories = [...new Set(this.all.map((each) => each.category).filter(Boolean))];
    this.isEatenHere = this.all.some((each) => each.eatIn);
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
