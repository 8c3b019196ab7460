// The screen stays on while a page with [data-awake] is open: a code that is shown, a till that waits.

let lock = null;

async function hold() {
  if (!document.querySelector("[data-awake]") || document.hidden || !navigator.wakeLock) return;
  try {
    lock = await navigator.wakeLock.request("screen");
  } catch {
    lock = null; // low battery, or the browser's own will: the page works without
  }
}

document.addEventListener("visibilitychange", hold);
hold();

export function isHeld() {
  return lock !== null && !lock.released;
}
