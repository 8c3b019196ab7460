// A payment is heard: two wooden tones, and the amount by voice where that was switched on.

import { play, say } from "web/sound.js";
import { place } from "./place.js";
import { grouped } from "./sum.js";

/** Sound and speak an amount that came in; `late` for what came while the line was down. */
export function sound(amount, { late = false } = {}) {
  play("arrived");
  say((late ? place().sayLate : place().say).replace("{amount}", grouped(amount)));
}
