// How far long work is, while somebody looks: <div data-progress="…/progress"> with a <progress>; [data-done], [data-posted] anywhere.
// When it has stopped moving, the page is asked for anew: it says what became of it.

import { ask } from "web/http.js";
import { grouped } from "web/money.js";

const EVERY_MS = 1000;

async function look(place) {
  const news = await ask(place.dataset.progress).catch(() => null); // the next look tells
  if (news && !news.moves) return location.reload();
  if (news) {
    place.querySelector("progress").value = news.done;
    for (const what of ["done", "posted"]) {
      for (const shown of document.querySelectorAll(`[data-${what}]`)) shown.textContent = grouped(String(news[what]));
    }
  }
  setTimeout(look, EVERY_MS, place);
}

if (globalThis.document) {
  document.querySelectorAll("[data-progress]").forEach((place) => setTimeout(look, EVERY_MS, place));
}
