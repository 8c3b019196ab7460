// What the shop's tills are asking for, beside the field for the amount: <section data-waiting="/wallet/shop/N/waiting">.
// Looked up anew while the page is in sight, so that whoever was quicker than the till need not type.

const EACH_MS = 3000;
const LOOKS = 100;

async function look(section) {
  const answer = await fetch(section.dataset.waiting, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) return;
  const list = section.querySelector("[data-waiting-list]");
  const part = await answer.text();
  if (part === section.dataset.seen) return;
  section.dataset.seen = part;
  list.innerHTML = part;
  section.hidden = !list.querySelector("li");
}

async function watch(section) {
  for (let looks = 0; looks < LOOKS; looks++) {
    await new Promise((next) => setTimeout(next, EACH_MS));
    if (!document.hidden && navigator.onLine) await look(section).catch(() => null); // no network: the page says so elsewhere
  }
}

if (globalThis.document) document.querySelectorAll("[data-waiting]").forEach(watch);
