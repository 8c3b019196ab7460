// A bill whose time is over is not paid any more: the page says so itself, before somebody presses.

if (globalThis.document?.querySelector("[data-reload-when-over]")) {
  document.addEventListener("meguri:over", (event) => {
    if (!event.target.closest("dialog")) location.reload();
  });
}
