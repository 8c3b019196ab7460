// The customer's phone has been asked: the page follows the answer. A payment rings by the live line as well.

import { ask } from "web/http.js";
import { play } from "web/sound.js";
import { ring } from "./rings.js";

const LOOK_MS = 1500;

async function look() {
  const page = document.querySelector("[data-consent='waiting']");
  if (!page) return;
  const answer = await ask(page.dataset.consentHref).catch(() => null);
  if (answer?.state === "paid") return ring(answer.sale, { answered: true });
  if (answer && answer.state !== "waiting") {
    play("refused");
    return location.reload();
  }
  setTimeout(look, LOOK_MS);
}

if (document.querySelector("[data-consent='waiting']")) setTimeout(look, LOOK_MS);
