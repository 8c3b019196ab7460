// Whether the live line is down, as the page itself shows it: a bundle that came late has missed how it came to that.

export function isDown() {
  const chip = document.querySelector("[data-live-state]");
  return ["chip--danger", "chip--warn"].some((state) => chip?.classList.contains(state));
}
