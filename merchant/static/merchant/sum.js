// What the keypad counts: numbers, × and +, × first. Whole yen only; BigInt keeps any product exact.

const DIGITS_MAX = 7;

/** The sum of a text such as "540×2+200"; an open end counts as if it were not there yet. */
export function total(text) {
  let sum = 0n;
  for (const part of text.split("+")) {
    const factors = part.split("×").filter(Boolean).map(BigInt);
    if (factors.length) sum += factors.reduce((product, factor) => product * factor, 1n);
  }
  return sum;
}

/** The text after a key; `over` when the key would lead beyond `limit` yen, and then nothing changes. */
export function press(text, key, limit) {
  if (key === "clear") return { text: "", over: false };
  if (key === "back") return { text: text.slice(0, -1), over: false };
  if (key === "×" || key === "+") return { text: text ? text.replace(/[×+]$/, "") + key : "", over: false };
  const last = text.split(/[×+]/).at(-1);
  const digits = last === "" ? key.replace(/^0+/, "") : key;
  if (!digits) return { text, over: false };
  const next = text + digits;
  const over = last.length + digits.length > DIGITS_MAX || total(next) > BigInt(limit);
  return over ? { text, over } : { text: next, over };
}

/** The calculation as it is shown above the amount, nothing for a single number. */
export function shown(text) {
  if (!/[×+]/.test(text)) return "";
  return text.replace(/\d+/g, (digits) => grouped(BigInt(digits))).replace(/([×+])/g, " $1 ").trimEnd();
}

/** 1234567 as 1,234,567. */
export function grouped(amount) {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ",");
}
