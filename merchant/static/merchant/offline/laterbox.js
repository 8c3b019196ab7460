// あとで払うQR: the question with its risk, and then the code for the customer's camera.

import encode from "qr";
import { place } from "../place.js";
import { yen } from "../register/draw.js";
import { grouped } from "../sum.js";
import { askLater } from "./later.js";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4; // modules of white around a code, as readers need it
const MOST = { wide: 331, narrow: 213 }; // characters of a code that a phone a forearm away reads off this box (docs/decisions/0091)

/** A text as a QR code: one path of squares on white. */
export function drawn(text) {
  const rows = encode(text, "raw", { ecc: "medium", border: QUIET });
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
  const path = document.createElementNS(SVG, "path");
  const dark = rows.flatMap((row, y) => row.flatMap((is, x) => (is ? [`M${x} ${y}h1v1h-1z`] : [])));
  path.setAttribute("d", dark.join(""));
  svg.append(path);
  return svg;
}

export class LaterBox {
  #box;
  #bill = null;
  #busy = false;
  #made = false;

  constructor(box, { done, lost }) {
    this.#box = box;
    box.addEventListener("click", ({ target }) => {
      if (target.closest("[data-no]")) box.close();
      else if (target.closest("[data-yes]")) this.#ask(lost);
      else if (target.closest("[data-next]")) box.close();
    });
    box.addEventListener("close", () => this.#made && done());
  }

  /** `bill`: its {key, sums, sold}. */
  open(bill) {
    this.#bill = bill;
    this.#made = false;
    yen(this.#box.querySelector("[data-due]"), bill.sums.total);
    const { limit, tooLarge } = this.#box.dataset;
    const over = bill.sums.total > Number(limit);
    const why = this.#box.querySelector("[data-why]");
    why.hidden = !over;
    why.textContent = over ? tooLarge.replace("{limit}", grouped(Number(limit))) : "";
    this.#box.querySelector("[data-yes]").disabled = over;
    this.#show("ask");
    this.#box.showModal();
  }

  #show(name) {
    for (const part of this.#box.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== name;
  }

  async #ask(lost) {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const { key, sums, sold } = this.#bill;
      const { url } = this.#box.dataset;
      const most = (matchMedia("(min-width: 900px)").matches ? MOST.wide : MOST.narrow) - url.length;
      const asked = await askLater(Number(place().till), { key, byRate: sums.byRate, sold, most });
      if (!asked) return lost();
      this.#made = true;
      this.#box.querySelector("[data-code]").replaceChildren(drawn(`${url}${asked.token}`));
      this.#box.querySelector("[data-number]").textContent = asked.number;
      const until = this.#box.querySelector("[data-until]");
      const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "Asia/Tokyo" }).format(asked.until);
      until.textContent = until.dataset.words.replace("{day}", day);
      this.#box.querySelector("[data-unnamed]").hidden = asked.isNamed;
      this.#show("made");
      this.#box.querySelector("[data-next]").focus();
    } finally {
      this.#busy = false;
    }
  }
}
