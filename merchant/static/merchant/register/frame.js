// What can wait until the screen has shown what somebody waits for.

/** Do this once the frame that is being made now is on the screen. */
export function afterFrame(act) {
  requestAnimationFrame(() => setTimeout(act));
}
