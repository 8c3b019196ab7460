// Money fields: full-width digits are taken, separators appear while typing, the caret stays where it was.

/** What was typed, with separators; anything that is no digit is dropped. */
export function grouped(text) {
  const digits = text.normalize("NFKC").replace(/[^0-9]/g, "").replace(/^0+(?=\d)/, "");
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Where the caret stands in `shown` so that as many digits as before lie to its right. */
export function caret(shown, digitsRight) {
  let at = shown.length;
  for (let left = digitsRight; at > 0 && left > 0; at--) if (/\d/.test(shown[at - 1])) left--;
  return at;
}

function tidy(input) {
  const right = input.value.slice(input.selectionEnd ?? input.value.length).normalize("NFKC").replace(/[^0-9]/g, "").length;
  const shown = grouped(input.value);
  if (shown === input.value) return;
  input.value = shown;
  if (document.activeElement === input) input.setSelectionRange(caret(shown, right), caret(shown, right));
}

if (globalThis.document) {
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("input[data-money]") && !event.isComposing) tidy(event.target);
  });
  document.addEventListener("compositionend", (event) => event.target.matches?.("input[data-money]") && tidy(event.target));
  document.querySelectorAll("input[data-money]").forEach(tidy);
}
