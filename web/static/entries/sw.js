// The service worker: keeps the frame's own files and the offline page, nothing else. Pages with money and
// answers to POST are never kept. When a form was sent and no answer came, the page shown says that the outcome is
// unknown, under the address that will tell the truth once the network is back.

/* global KEPT, VERSION */
const STORE = `meguri-${VERSION}`;
const OFFLINE = "/offline";
const UNKNOWN = "/offline?sent=1";

addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll([OFFLINE, UNKNOWN, ...KEPT])));
  self.skipWaiting();
});

addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== STORE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(request.method === "POST" ? send(request) : open(request));
  else if (request.method === "GET" && pathname.startsWith("/static/")) event.respondWith(kept(request));
});

async function open(request) {
  try {
    return await fetch(request);
  } catch {
    return caches.match(request.url.includes("sent=unknown") ? UNKNOWN : OFFLINE);
  }
}

/** A form with the field `when_unknown` names the page that finds out what became of it. */
async function send(request) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    const fields = await copy.formData().catch(() => null);
    const address = fields?.get("when_unknown");
    if (typeof address === "string" && address.startsWith("/") && !address.startsWith("//")) {
      return Response.redirect(address + (address.includes("?") ? "&" : "?") + "sent=unknown", 303);
    }
    return caches.match(UNKNOWN);
  }
}

async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}

// What the association's worker tells (wallet/pusher.py): one sentence, which says no amount and no name unless its reader chose so.
addEventListener("push", (event) => {
  const { title, body, url, tag, lang } = event.data.json();
  const looks = { body, tag, lang, data: { url }, icon: KEPT.find((path) => path.includes("icon-192")), renotify: true };
  event.waitUntil(self.registration.showNotification(title, looks));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(goTo(new URL(event.notification.data.url, location.origin).pathname));
});

/** A window of ours that is open already, else a new one. */
async function goTo(path) {
  const [open] = await self.clients.matchAll({ type: "window" });
  if (!open) return self.clients.openWindow(path);
  await open.focus();
  return open.navigate(path);
}
