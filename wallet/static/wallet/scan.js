// What the camera read is opened if it is a code of this district's shops, a top-up code, a receiver's QR or a gift of it, and only then:
// <div data-open-codes="https://…/q/">.
// So is a text of the EMV form: the server reads it and says what it is. Anything else is named and left alone; the camera looks on.

const EMV = "000201";
const OTHERS = [
  ["wallet/redeem/", /^(?:[A-Z0-9]{16}|[A-Z0-9]{20})$/], // a top-up code on paper
  ["wallet/to/", /^[0-9a-f]+-[0-9a-f]+-[0-9a-f]{24}$/], // whoever wants to receive coin
  ["gift/", /^[A-Z2-7]{26}$/],
]; // each leads to a page that asks before anything happens

/** The address in a scanned text: {address} to open, or {wrong: "foreign" | "noCode"}. */
export function target(text, prefix) {
  const plain = text.trim();
  if (plain.startsWith(prefix) && /^[A-Za-z0-9_-]{32,}$/.test(plain.slice(prefix.length))) {
    return { address: new URL(plain).pathname };
  }
  for (const [path, form] of OTHERS) {
    const other = prefix.replace(/q\/$/, path);
    if (plain.startsWith(other) && form.test(plain.slice(other.length))) return { address: new URL(plain).pathname };
  }
  if (plain.startsWith(EMV)) return { address: `/wallet/read?code=${encodeURIComponent(plain)}` };
  return { wrong: /^https?:\/\//i.test(plain) ? "foreign" : "noCode" };
}

const PAUSE_MS = 2500;

function enhance(place) {
  const words = place.querySelector("[data-code-words]");
  place.addEventListener("meguri:scan", (event) => {
    const { address, wrong } = target(event.detail.text, place.dataset.openCodes);
    if (address) {
      location.assign(address);
      return;
    }
    words.textContent = words.dataset[wrong];
    words.hidden = false;
    setTimeout(() => event.target.dispatchEvent(new CustomEvent("meguri:again")), PAUSE_MS);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) place.querySelector("[data-camera]")?.dispatchEvent(new CustomEvent("meguri:again"));
  });
}

if (globalThis.document) document.querySelectorAll("[data-open-codes]").forEach(enhance);
