// A payment is heard: two wooden tones, and the amount by voice where that was switched on.

import { play, say } from "web/sound.js";
import { place } from "./place.js";
import { grouped } from "./sum.js";

/** Sound and speak an amount that came in; `cash`: what is to be taken in cash beside it; `late` for what came while the line
 * was down. */
export function sound(amount, { late = false, cash = 0 } = {}) {
  play("arrived");
  const sentence = late ? place().sayLate : cash ? place().sayMixed : place().say;
  say(sentence.replace("{amount}", grouped(amount)).replace("{cash}", grouped(cash)));
}
