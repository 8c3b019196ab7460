// The service worker: keeps the frame's own files and the offline page, and for a shop's tablet the register's empty page with its
// articles, as soon as that page asks for it. A screen in the street begins with the page that it kept. Pages with somebody's money or
// name and answers to POST are never kept. When a form was sent and no answer came, the page shown says that the outcome is unknown, under
// the address that will tell the truth once the network is back.

/* global KEPT, VERSION */
const STORE = `meguri-${VERSION}`;
const OFFLINE = "/offline";
const UNKNOWN = "/offline?sent=1";
const TILL = "/till/";
const REGISTER = "/till/register";
const ARTICLES = "/till/register/articles.json";
const PICTURES = "/till/register/pictures/";
const PAIR = "/till/pair";
const SCREENS = "/signage/";
const SCREEN = "meguri-screen"; // a screen in the street keeps itself there (analytics/board.js)

addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll([OFFLINE, UNKNOWN, ...KEPT])));
  self.skipWaiting();
});

addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== STORE && name !== SCREEN).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(request.method === "POST" ? send(request) : open(request));
  else if (request.method === "GET" && [PICTURES, "/static/"].some((part) => pathname.startsWith(part))) event.respondWith(kept(request));
  else if (request.method === "GET" && pathname === ARTICLES) event.respondWith(fetch(request).catch(() => caches.match(request)));
});

async function open(request) {
  const { pathname } = new URL(request.url);
  try {
    const answer = await fetch(request);
    if (pathname === PAIR) await (await caches.open(STORE)).delete(REGISTER); // whoever pairs a tablet begins with nothing
    return answer;
  } catch {
    if (request.url.includes("sent=unknown")) return caches.match(UNKNOWN);
    if (pathname.startsWith(SCREENS)) return (await caches.match(request)) ?? caches.match(OFFLINE);
    return ((pathname + "/").startsWith(TILL) && (await keptRegister(pathname))) || caches.match(OFFLINE);
  }
}

/** The register as it was kept, by the device's own clock: what the page says of the server's time is of yesterday. */
async function keptRegister(pathname) {
  const page = await (await caches.open(STORE)).match(REGISTER);
  if (!page) return null;
  if (pathname !== REGISTER) return Response.redirect(pathname === TILL ? REGISTER : `${REGISTER}#instead`, 303);
  const text = (await page.text()).replace(/(<meta name="meguri-now" content=")\d+/, `$1${Date.now()}`);
  return new Response(text, { headers: page.headers });
}

addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keepRegister(event.data.keep).then(() => keepPictures(event.data.pictures ?? [])));
});

/** Keep the register with these files. One that is not to be had any more (a new version came) leaves all as it was. */
async function keepRegister(files) {
  const page = await fetch(REGISTER, { credentials: "same-origin", cache: "no-store" });
  if (!page.ok || page.redirected) return;
  const store = await caches.open(STORE);
  const missing = [];
  for (const file of files) if (!(await store.match(file))) missing.push(file);
  await store.addAll(missing);
  await store.put(REGISTER, page);
}

/** Pictures of articles: the till sells without one that is not to be had. */
async function keepPictures(pictures) {
  const store = await caches.open(STORE);
  for (const picture of pictures) if (!(await store.match(picture))) await store.add(picture).catch(() => null);
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
