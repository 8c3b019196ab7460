// A JAN on goods: read by the tablet's camera while its sheet is open; one that no article has makes an article, or is sold at a typed price.

/** Digits that may stand on goods: EAN-13, EAN-8, UPC-A. */
export const isJan = (text) => /^(\d{8}|\d{12,13})$/.test(text);

/** The camera runs while the sheet is open, and no longer. What it reads comes as every scan does. */
export class JanCamera {
  #box;

  constructor(box) {
    this.#box = box;
    box.addEventListener("close", () => this.#end());
    box.addEventListener("meguri:scan", () => box.close());
  }

  open() {
    const camera = this.#box.querySelector("template").content.firstElementChild.cloneNode(true);
    this.#box.querySelector("[data-jan-place]").replaceChildren(camera);
    this.#box.showModal();
    document.dispatchEvent(new Event("meguri:camera"));
  }

  #end() {
    const place = this.#box.querySelector("[data-jan-place]");
    place.firstElementChild?.dispatchEvent(new Event("meguri:off"));
    place.replaceChildren();
  }
}

/** `sells`: asked for the price of what has no article yet. */
export class UnknownJan {
  #box;

  constructor(box, sells) {
    this.#box = box;
    box.addEventListener("click", ({ target }) => {
      if (!target.closest("[data-unknown-sell]")) return;
      box.close();
      sells();
    });
  }

  open(code) {
    this.#box.querySelector("[data-unknown-code]").textContent = code;
    const link = this.#box.querySelector("[data-unknown-new]");
    link.href = `${link.dataset.address}?${new URLSearchParams({ barcode: code })}`;
    if (!this.#box.open) this.#box.showModal();
  }
}
