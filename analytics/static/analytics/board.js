// 街頭の画面: shows one sheet after the other, for weeks. What is new is fetched now and then; without a network the last sheets stay, with
// the time of which they are, until they are of yesterday. Once a night, and only when the network is there, the page begins afresh; a
// screen that is switched on without a network begins with what was kept.

const board = document.querySelector("[data-board]");
const KEPT = "meguri-screen"; // the service worker knows the name
const SHEET_MS = 12_000;
const NEWS_MS = 5 * 60_000;
const FRESH_HOUR = 4;
const STEPS = [[0, 0], [6, 0], [6, 6], [0, 6], [-6, 6], [-6, 0], [-6, -6], [0, -6], [6, -6]];

if (board) {
  const born = Date.now();
  const clock = document.querySelector("[data-clock]");
  const madeAt = document.querySelector("[data-made-at]");
  const inTokyo = (locale, parts) => new Intl.DateTimeFormat(locale, { timeZone: "Asia/Tokyo", ...parts });
  const moment = inTokyo(document.documentElement.lang, { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const hour = inTokyo("en-GB", { hour: "2-digit", hourCycle: "h23" });
  let turn = 0;

  /** What still holds: a line or a sheet says until when; a sheet without a line left has nothing to say. */
  const sheets = () => {
    for (const each of board.querySelectorAll("[data-until]")) each.hidden = Date.now() >= Number(each.dataset.until);
    const all = [...board.querySelectorAll("[data-sheet]")];
    const hold = all.filter((sheet) => !sheet.hidden && !("fallback" in sheet.dataset) && sheet.querySelector("p, li:not([hidden])"));
    return [all, hold.length ? hold : all.filter((sheet) => "fallback" in sheet.dataset)];
  };

  const show = () => {
    const [all, hold] = sheets();
    all.forEach((sheet) => sheet.toggleAttribute("data-on", sheet === hold[turn % hold.length]));
    const [x, y] = STEPS[turn % STEPS.length]; // no pixel shows the same for weeks
    board.style.translate = `${x}px ${y}px`;
    clock.textContent = moment.format(new Date());
    madeAt.textContent = moment.format(new Date(Number(all[0].dataset.made)));
  };

  const turnOver = () => {
    turn += 1;
    show();
  };

  const fetchNews = async () => {
    const answer = await fetch(board.dataset.board, { cache: "no-store", signal: AbortSignal.timeout(20_000) });
    if (answer.status === 404) { // the association has ended this screen: it says so
      await globalThis.caches?.delete(KEPT);
      return location.reload();
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("[data-sheet]");
    if (!found.length) throw new Error("empty");
    board.replaceChildren(...found);
    show();
    const isNight = Number(hour.format(new Date())) === FRESH_HOUR;
    if (isNight && Date.now() - born > 2 * 3_600_000) return location.reload();
    await keep();
  };

  /** For the next time that it is switched on: this page as the server gives it now, and the files that it is made of. */
  const keep = async () => {
    if (!globalThis.caches) return;
    const store = await caches.open(KEPT);
    const files = performance.getEntriesByType("resource").map((each) => each.name).filter((name) => new URL(name).pathname.startsWith("/static/"));
    for (const file of new Set(files)) if (!(await store.match(file))) await store.add(file);
    await store.add(location.href);
  };

  const lookForNews = () => fetchNews().then(
    () => document.body.removeAttribute("data-alone"),
    () => document.body.setAttribute("data-alone", ""),
  );

  show();
  lookForNews();
  setInterval(turnOver, SHEET_MS);
  setInterval(lookForNews, NEWS_MS);
  addEventListener("online", lookForNews);
  navigator.wakeLock?.request("screen").catch(() => {});
}
