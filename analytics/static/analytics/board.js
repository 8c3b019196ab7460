// 街頭の画面: shows one sheet after the other, for weeks. What is new is fetched now and then; without a network the last sheets stay, with
// the time of which they are. Once a night, and only when the network is there, the page begins afresh.

const board = document.querySelector("[data-board]");
const SHEET_MS = 12_000;
const NEWS_MS = 5 * 60_000;
const FRESH_HOUR = 4;
const STEPS = [[0, 0], [6, 0], [6, 6], [0, 6], [-6, 6], [-6, 0], [-6, -6], [0, -6], [6, -6]];

if (board) {
  const born = Date.now();
  const clock = document.querySelector("[data-clock]");
  const hour = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Tokyo", hour: "2-digit", minute: "2-digit" });
  let turn = 0;

  const sheets = () => [...board.querySelectorAll("[data-sheet]")];

  const show = () => {
    const all = sheets();
    all.forEach((sheet, place) => sheet.toggleAttribute("data-on", place === turn % all.length));
    const [x, y] = STEPS[turn % STEPS.length]; // no pixel shows the same for weeks
    board.style.translate = `${x}px ${y}px`;
    clock.textContent = hour.format(new Date());
    turn += 1;
  };

  const fetchNews = async () => {
    const answer = await fetch(board.dataset.board, { cache: "no-store", signal: AbortSignal.timeout(20_000) });
    if (answer.status === 404) return location.reload(); // the association has ended this screen: it says so
    if (!answer.ok) throw new Error(String(answer.status));
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("[data-sheet]");
    if (!found.length) throw new Error("empty");
    board.replaceChildren(...found);
    show();
    const isNight = Number(hour.format(new Date()).slice(0, 2)) === FRESH_HOUR;
    if (isNight && Date.now() - born > 2 * 3_600_000) location.reload();
  };

  const lookForNews = () => fetchNews().then(
    () => document.body.removeAttribute("data-alone"),
    () => document.body.setAttribute("data-alone", ""),
  );

  show();
  setInterval(show, SHEET_MS);
  setInterval(lookForNews, NEWS_MS);
  addEventListener("online", lookForNews);
  navigator.wakeLock?.request("screen").catch(() => {});
}
