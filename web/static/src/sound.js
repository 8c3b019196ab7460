// Two wooden tones up for "arrived", one low tone for "refused", two alike for a question, a short one for each of a row: made here, no file. A browser lets a page sound
// only after a touch, so the first touch anywhere unlocks it. [data-sound-test] plays the tone to set the volume by.

let context = null;

/** Let the page sound, as far as the browser allows it at this moment. */
export function unlock() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}

/** Whether a tone would be heard as far as the browser tells (it does not know the device's volume). */
export function canSound() {
  return context?.state === "running";
}

const TONES = {
  arrived: [
    [523.25, 0, 0.5], // C5
    [783.99, 0.16, 0.6], // G5
  ],
  refused: [[220, 0, 0.5]], // A3
  read: [[1046.5, 0, 0.14]], // C6: one of a row
  question: [
    [659.26, 0, 0.45], // E5, twice: somebody waits for an answer
    [659.26, 0.22, 0.45],
  ],
};

/** A struck piece of wood: a fast decay and a quieter, not quite harmonic overtone. */
function knock(pitch, after, loud) {
  for (const [times, gain] of [
    [1, loud],
    [3.93, loud * 0.22],
  ]) {
    const tone = context.createOscillator();
    const level = context.createGain();
    const start = context.currentTime + after;
    tone.frequency.value = pitch * times;
    tone.connect(level).connect(context.destination);
    level.gain.setValueAtTime(0.0001, start);
    level.gain.exponentialRampToValueAtTime(gain, start + 0.006);
    level.gain.exponentialRampToValueAtTime(0.0001, start + 0.42);
    tone.start(start);
    tone.stop(start + 0.45);
  }
}

/** Play "arrived", "refused" or "question". Where no tone can be heard, the edge of the screen flashes once instead. */
export function play(kind) {
  if (canSound()) for (const tone of TONES[kind]) knock(...tone);
  else flash();
}

/** The edge of the screen lights up once. */
export function flash() {
  const edge = document.createElement("div");
  edge.className = "edge-flash";
  edge.addEventListener("animationend", () => edge.remove());
  setTimeout(() => edge.remove(), 1500);
  document.body.append(edge);
}

/** Read a sentence aloud, for a shopkeeper who does not look; only where it was switched on (`voice` in storage). */
export function say(sentence) {
  if (localStorage.getItem("voice") !== "on" || !globalThis.speechSynthesis) return;
  const speech = new SpeechSynthesisUtterance(sentence);
  speech.lang = document.documentElement.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(speech);
}

for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, unlock, { passive: true });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sound-test]");
  if (button) play(button.dataset.soundTest || "arrived");
});
