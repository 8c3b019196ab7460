// 振込先: while somebody types the holder's name, how it will stand in the bank's file and how many bytes are left; Japan
// Post's symbol and number as branch and number. [data-account] holds the fields. Nothing here decides: the page counts
// again (association/rules/zengin), and a test feeds both with the same names.

const FULL = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
const HALF = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ";
const SMALL = "ァィゥェォッャュョヮヵヶヲヰヱ";
const LARGE = "アイウエオツヤユヨワカケオイエ";
const MARKS = { "\u3099": "ﾞ", "\u309a": "ﾟ", "・": ".", ー: "-", "‐": "-", "‑": "-", "–": "-", "—": "-", "―": "-", "−": "-", "－": "-" };
const ALLOWED = new Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ()-./ﾞﾟ" + HALF);
const VOICED = new Set("ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ");
const HALF_VOICED = new Set("ﾊﾋﾌﾍﾎ");

/** The name in the bank's signs, and the signs that it does not have. */
export function bankName(typed) {
  const combined = typed.replaceAll(/[゛ﾞ]/g, "\u3099").replaceAll(/[゜ﾟ]/g, "\u309a");
  const plain = [...combined.normalize("NFKC").normalize("NFD").toUpperCase()].map(half).join("").replaceAll(/\s+/g, " ").trim();
  const wrong = [...plain].filter((sign, at) => !fits([...plain][at - 1] ?? " ", sign));
  return { text: plain, wrong: [...new Set(wrong)] };
}

function half(sign) {
  const code = sign.codePointAt(0);
  const katakana = code >= 0x3041 && code <= 0x3096 ? String.fromCodePoint(code + 0x60) : sign;
  const large = SMALL.includes(katakana) ? LARGE[SMALL.indexOf(katakana)] : katakana;
  const found = FULL.indexOf(large);
  return MARKS[large] ?? (found < 0 ? large : HALF[found]);
}

function fits(before, sign) {
  if (sign === "ﾞ") return VOICED.has(before);
  if (sign === "ﾟ") return HALF_VOICED.has(before);
  return ALLOWED.has(sign);
}

/** Branch, kind and number of ゆうちょ's 記号 and 番号; null if they are none. */
export function fromPostOffice(symbol, number) {
  const [mark, digits] = [symbol, number].map((text) => text.normalize("NFKC").replaceAll(/[\s-]/g, ""));
  if (!/^[01]\d{4}$/.test(mark) || !/^\d{1,8}$/.test(digits)) return null;
  if (mark[0] === "0") return digits.length < 8 ? { branch: `${mark.slice(1, 3)}9`, kind: "2", number: digits.padStart(7, "0") } : null;
  if (digits.length < 2 || !digits.endsWith("1")) return null;
  return { branch: `${mark.slice(1, 3)}8`, kind: "1", number: digits.slice(0, -1).padStart(7, "0") };
}

class AccountForm {
  #box;
  #holder;

  constructor(box) {
    this.#box = box;
    this.#holder = box.querySelector("[name=holder]");
    box.addEventListener("input", () => this.#show());
    box.addEventListener("click", (event) => this.#offer(event.target.closest("[data-account-sign]")));
    this.#show();
  }

  #show() {
    const words = this.#box.dataset;
    const { text, wrong } = bankName(this.#holder.value);
    const left = Number(words.most) - text.length;
    const says = wrong.length ? words.wrong.replace("{signs}", wrong.join(" ")) : (left < 0 ? words.over : words.left).replace("{count}", String(Math.abs(left)));
    this.#say("[data-account-left]", text ? `${text} ・ ${says}` : says, wrong.length > 0 || left < 0);
    const [symbol, number] = ["symbol", "post_number"].map((name) => this.#box.querySelector(`[name=${name}]`).value);
    if (!symbol) return this.#say("[data-account-post]", "", false);
    const post = fromPostOffice(symbol, number);
    const kind = post?.kind === "2" ? words.current : words.ordinary;
    const found = post && words.post.replace("{branch}", post.branch).replace("{kind}", kind).replace("{number}", post.number);
    return this.#say("[data-account-post]", found ?? words.postWrong, !post);
  }

  #say(where, sentence, isWrong) {
    const place = this.#box.querySelector(where);
    if (place.textContent !== sentence) place.textContent = sentence;
    place.classList.toggle("is-wrong", isWrong);
  }

  /** A sign that somebody chose: before, after, or where the cursor stands. */
  #offer(button) {
    if (!button) return;
    const { accountSign: sign, accountPlace: place } = button.dataset;
    const { value, selectionStart } = this.#holder;
    const at = place === "before" ? 0 : place === "after" ? value.length : (selectionStart ?? value.length);
    this.#holder.value = value.slice(0, at) + sign + value.slice(at);
    this.#holder.focus();
    this.#show();
  }
}

if (globalThis.document) document.querySelectorAll("[data-account]").forEach((box) => new AccountForm(box));
