// 練習モード: the practice ring is heard like a real one and says that it is none; the mode ends with the day.

import { serverNow } from "web/clock.js";
import { play, say } from "web/sound.js";
import { place, rung } from "./place.js";
import { grouped } from "./sum.js";

const LOOK_MS = 5000;

function strip() {
  return document.querySelector("[data-practice]")?.dataset;
}

function ring() {
  const page = document.querySelector("[data-practice-arrival]")?.dataset;
  const name = page && `practice ${page.practiceArrival}`;
  if (!page || rung.has(name)) return; // somebody looks at it again
  rung.add(name);
  play("arrived");
  say(strip().sayPractice.replace("{amount}", grouped(page.amount)));
}

if (place()) {
  document.addEventListener("till:page", ring);
  ring();
  setInterval(() => {
    if (strip() && serverNow() >= Number(strip().until)) location.assign(place().home);
  }, LOOK_MS);
}
