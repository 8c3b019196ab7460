// The page that the service worker shows without a network: it says what that means for whoever asked, and goes on by
// itself as soon as the server answers. By address and not by reload: what was sent as a form is never sent again.

const AGAIN_MS = 3000;

async function goOn() {
  try {
    if ((await fetch("/livez", { cache: "no-store" })).ok) location.replace(location.href);
  } catch {
    // still nobody there
  }
}

const place = globalThis.document?.querySelector("[data-offline-page]");
if (place) {
  const whose = location.pathname.startsWith("/till") ? "till" : "wallet";
  for (const part of place.querySelectorAll("[data-of]")) part.hidden = part.dataset.of !== whose;
  addEventListener("online", goOn);
  setInterval(goOn, AGAIN_MS);
}
