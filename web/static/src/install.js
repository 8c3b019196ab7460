// The service worker keeps the offline page; it never sees the inside of a money page.

if (navigator.serviceWorker && isSecureContext) {
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js", { scope: "/" }));
}
