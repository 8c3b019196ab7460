// A hardware scanner types what it reads, very fast, and ends with Enter. Where the page has [data-key-scanner],
// such a burst becomes the event `meguri:scan` on it, wherever the focus is; a person's typing is left alone.

const GAP_MS = 60; // scanners type a sign each 1 to 30 ms, people hardly under 80
const SIGNS_MIN = 6;
const NAMED = { Minus: "-", Period: ".", Slash: "/", Semicolon: ":", Equal: "=" };

/** The sign of a key, also while an input method is on and hides it (`Process`). */
export function sign(event) {
  if (event.key.length === 1) return event.key.normalize("NFKC");
  const match = /^(?:Digit|Numpad)(\d)$|^Key([A-Z])$/.exec(event.code ?? "");
  if (match) return match[1] ?? (event.shiftKey ? match[2] : match[2].toLowerCase());
  return event.key === "Process" ? (NAMED[event.code] ?? "") : "";
}

/** Collects keys; gives the text when a burst ends with Enter or Tab, else null. */
export class Burst {
  #text = "";
  #at = -Infinity;

  take(event, now) {
    if (now - this.#at > GAP_MS) this.#text = "";
    this.#at = now;
    if (event.key === "Enter" || event.key === "Tab" || event.code === "Enter") {
      const text = this.#text;
      this.#text = "";
      return text.length >= SIGNS_MIN ? text : null;
    }
    this.#text += sign(event);
    return null;
  }
}

if (globalThis.document) {
  const burst = new Burst();
  addEventListener(
    "keydown",
    (event) => {
      const place = document.querySelector("[data-key-scanner]");
      const text = place && burst.take(event, event.timeStamp);
      if (!text) return;
      event.preventDefault();
      event.stopPropagation();
      place.dispatchEvent(new CustomEvent("meguri:scan", { bubbles: true, detail: { text, by: "keys" } }));
    },
    true,
  );
}
