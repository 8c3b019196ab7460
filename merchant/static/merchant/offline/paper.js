// The paper of a receipt that was made without the network: the particulars of web/papers/till_receipt.py, on the browser's own printer.

import { grouped } from "../sum.js";

const yen = (amount) => `${grouped(amount)}円`;

function row(...words) {
  const line = document.createElement("p");
  line.className = "slip__row";
  line.append(...words.map((word) => Object.assign(document.createElement("span"), { textContent: word })));
  return line;
}

/** The name, and below it how many at which price; below a line its discount. */
function lines(said, words) {
  const rows = said.lines.flatMap(([name, qty, price, rate], index) => [
    row(`${name}${rate === 8 ? " ※" : ""}${qty > 1 ? `  ${yen(price)} × ${qty}` : ""}`, yen(said.amounts[index])),
    ...said.discounts.filter((off) => off.line === index).map((off) => row(`　${words.off}`, `−${yen(off.amount)}`)),
  ]);
  const whole = said.discounts.filter((off) => off.line === null);
  const shares = ({ shares }) => shares.filter(([, part]) => part).map(([rate, part]) => row(`　${words[`rate${rate}`]}`, `−${yen(part)}`));
  return [...rows, ...whole.flatMap((off) => [row(words.whole, `−${yen(off.amount)}`), ...shares(off)])];
}

const rates = (said, words) => said.by_rate.map(([rate, gross, tax]) => row(`${words[`rate${rate}`]} ${yen(gross)}`, words.tax.replace("{tax}", yen(tax))));

/** Fill the page's template with a receipt (receipt.js). */
export function paper(said) {
  const sheet = document.querySelector("template[data-alone-paper]").content.firstElementChild.cloneNode(true);
  const words = sheet.dataset;
  const at = new Intl.DateTimeFormat("ja-JP", { dateStyle: "long", timeStyle: "medium", timeZone: "Asia/Tokyo" }).format(new Date(said.at));
  const { shop } = said;
  const facts = { name: shop.name, address: shop.address, phone: shop.phone, when: at, number: said.number, till: said.till.name, staff: said.staff ?? "" };
  facts.registration = shop.registration ? words.registered.replace("{number}", shop.registration) : "";
  for (const [name, fact] of Object.entries(facts)) sheet.querySelector(`[data-paper="${name}"]`).textContent = fact;
  for (const [name, amount] of Object.entries({ total: said.total, received: said.received, change: said.change, cash: said.total })) {
    sheet.querySelector(`[data-paper="${name}"]`).textContent = yen(amount);
  }
  const shown = { kind: shop.registration, stamp: said.stamp, here: said.eat_in, reduced: said.lines.some(([, , , rate]) => rate === 8), staffed: said.staff };
  for (const [name, is] of Object.entries(shown)) sheet.querySelector(`[data-when="${name}"]`).hidden = !is;
  sheet.querySelector('[data-paper="lines"]').replaceChildren(...lines(said, words));
  sheet.querySelector('[data-paper="rates"]').replaceChildren(...rates(said, words));
  return sheet;
}

/** Print it and nothing else of the page. */
export function print(said) {
  const sheet = paper(said);
  document.body.append(sheet);
  document.body.classList.add("prints-alone");
  addEventListener(
    "afterprint",
    () => {
      document.body.classList.remove("prints-alone");
      sheet.remove();
    },
    { once: true },
  );
  globalThis.print();
}
