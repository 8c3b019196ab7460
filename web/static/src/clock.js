// A clock that runs on the server's time, so that phone and tablet show the same second.
// Elements: [data-clock="seconds"] or [data-clock="minutes"], and .sweep__hand, which turns once a minute.

let offset = pageOffset();

/** Server's time less this device's, in ms, as seen when this page's first byte arrived. */
function pageOffset() {
  const sent = Number(globalThis.document?.querySelector('meta[name="meguri-now"]')?.content);
  const [load] = globalThis.performance?.getEntriesByType?.("navigation") ?? [];
  if (!sent || !load?.responseStart) return 0;
  return sent - (performance.timeOrigin + load.responseStart);
}

/** The server's present time in ms since 1970. */
export function serverNow() {
  return Date.now() + offset;
}

/** Take the server's time from the live line; small differences are the network's, not the clock's. */
export function correct(now) {
  const seen = now - Date.now();
  if (Math.abs(seen - offset) > 400) offset = seen;
}

const MINUTE_MS = 60_000;
const SHAPES = {
  seconds: { hour: "numeric", minute: "2-digit", second: "2-digit" },
  minutes: { hour: "numeric", minute: "2-digit" },
};

/** 12:41:08 or 12:41 in Tokyo. */
export function timeOfDay(ms, shape) {
  return new Intl.DateTimeFormat("ja-JP", { ...SHAPES[shape], hour12: false, timeZone: "Asia/Tokyo" }).format(ms);
}

let still = false;

/** Stop or go: a page whose live line is lost must not look alive. */
export function stand(isStill) {
  still = isStill;
  if (!still) tick();
}

function tick() {
  if (still) return;
  const now = serverNow();
  for (const element of document.querySelectorAll("[data-clock]")) {
    const shown = timeOfDay(now, element.dataset.clock in SHAPES ? element.dataset.clock : "minutes");
    if (element.textContent !== shown) element.textContent = shown;
  }
  document.querySelectorAll(".sweep__hand").forEach((hand) => turn(hand, now % MINUTE_MS));
}

/** The hand stands where the seconds are, also if it came into the page later; its turning is the style sheet's. */
function turn(hand, at) {
  const [sweep] = hand.getAnimations();
  if (sweep?.playState === "running" && Math.abs((sweep.currentTime % MINUTE_MS) - at) > 300) sweep.currentTime = at;
}

function run() {
  tick();
  setTimeout(run, 1000 - (serverNow() % 1000));
}

if (globalThis.document) run();
