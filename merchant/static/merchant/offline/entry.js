// An entry of the log, written in the one way that merchant/rules/device_log.py reads (tests/vectors/offline/entries.json).

const FORM = 1;

/** JSON without blanks, names sorted; whole numbers and names in ASCII only. Throws TypeError for anything else. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const names = Object.keys(value).sort();
    if (names.some((name) => !/^[\x00-\x7f]*$/.test(name))) throw new TypeError("a name beyond ASCII");
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  if (typeof value === "number" ? !Number.isSafeInteger(value) || Object.is(value, -0) : value === undefined) throw new TypeError("not written");
  if (typeof value === "string" && /\p{Surrogate}|\0/u.test(value)) throw new TypeError("half a letter");
  return JSON.stringify(value);
}

/** SHA-256 of a text, in hex. */
export async function hashOf(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The text of the entry after `last` ({seq, hash}, or null before the first). */
export function write({ till, log }, last, body) {
  return canonical({ v: FORM, till, log, seq: (last?.seq ?? 0) + 1, before: last?.hash ?? "", kind: "receipt", body });
}
