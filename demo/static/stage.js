// The demo's stage: fits the devices into the window, hides a sign-in button once it was pressed, plays the camera,
// and says how far the town is filled. All frames are of this origin.

const FRESH_MS = 60_000;
const READ_AFTER_MS = 1_000;
const TOWN_MS = 4_000;

const stage = document.querySelector("[data-stage]");

const guide = stage.querySelector(".guide");
const stacked = window.matchMedia("(max-width: 1100px)");

/** Scale a screen to the width of its column, and to the height that the window has for it. */
function fit(device, tallest) {
  const screen = device.querySelector("[data-screen]");
  const frame = screen.querySelector("iframe");
  const body = device.querySelector(".device__body");
  const { width, height } = screen.dataset;
  const edge = getComputedStyle(screen);
  const sides = parseFloat(edge.borderLeftWidth) + parseFloat(edge.borderRightWidth);
  const ends = parseFloat(edge.borderTopWidth) + parseFloat(edge.borderBottomWidth);
  const scale = Math.min(1, (body.clientWidth - sides) / width, (tallest - ends) / height);
  screen.style.width = `${Math.floor(width * scale) + sides}px`;
  screen.style.height = `${Math.floor(height * scale) + ends}px`;
  body.style.height = screen.style.height;
  frame.style.transform = `scale(${scale})`;
}

function fitAll() {
  stage.classList.add("is-fitted");
  const head = stage.querySelector(".device__head").offsetHeight;
  const room = stacked.matches ? Infinity : document.documentElement.clientHeight - stage.offsetTop - head - 16;
  for (const device of stage.querySelectorAll("[data-device]")) {
    fit(device, device.dataset.device === "phone" ? room : room - guide.offsetHeight - 16);
  }
}

/** The frame of a device, or null while it shows something that is not ours to read. */
function page(name) {
  return stage.querySelector(`iframe[name="${name}"]`);
}

function say(sentence) {
  stage.querySelector("[data-said]").textContent = sentence;
}

/** The request that the tablet shows, as the address that its QR code says. */
function shownRequest() {
  const path = page("tablet").contentWindow.location.pathname;
  const found = path.match(/^\/till\/request\/([0-9a-f-]{36})/);
  return found ? `/demo/scan/${found[1]}` : null;
}

/** The twelve digits under the code that the phone shows: what its owner would read out. */
function shownCode() {
  const digits = page("phone").contentDocument.querySelector("[data-code] .num")?.textContent.replace(/[^0-9]/g, "");
  return digits?.length === 12 ? digits : null;
}

const aids = {
  request() {
    const address = shownRequest();
    if (!address) return say(stage.dataset.noRequest);
    say("");
    page("phone").src = address;
  },
  code() {
    const code = shownCode();
    if (code) read(code);
    else say(stage.dataset.noCode);
  },
  card({ dataset }) {
    read(dataset.number);
  },
};

/** The tablet reads what a hand scanner would type: where it reads codes, or on from the amount that stands on the keypad. */
function read(code) {
  const till = page("tablet").contentWindow;
  say("");
  const reading = till.document.querySelector("[data-reading]");
  if (reading) return reading.dispatchEvent(new till.CustomEvent("meguri:scan", { detail: { text: code } }));
  const onward = till.document.querySelector('a[href*="/till/scan?amount="]');
  if (!onward) return say(stage.dataset.noAmount);
  till.sessionStorage.setItem("till.code", code); // as a hand scanner's burst on the keypad does
  till.location.assign(onward.href);
}

async function watchTown(town) {
  const answer = await fetch(town.dataset.town, { headers: { Accept: "application/json" } });
  if (answer.ok) {
    const now = await answer.json();
    town.querySelector("[data-town-words]").textContent = now.words;
    const bar = town.querySelector("progress");
    bar.value = now.percent;
    bar.hidden = now.whole;
    if (now.whole) return;
  }
  setTimeout(() => watchTown(town), TOWN_MS);
}

addEventListener("resize", fitAll);
addEventListener("load", fitAll);
new ResizeObserver(fitAll).observe(guide);
fitAll();

for (const device of stage.querySelectorAll("[data-device]")) {
  const button = device.querySelector("[data-enter]");
  device.querySelector("iframe").addEventListener("load", (event) => {
    button.hidden = event.target.contentWindow.location.pathname !== "/demo/waiting";
  });
}
// The desk's day view is a page, not a live line: it is read anew when the tablet rings.
let reading = null;
page("tablet").addEventListener("load", (event) => {
  event.target.contentDocument.addEventListener("till:sale", ({ detail }) => {
    if (Date.now() - detail.at > FRESH_MS) return;
    clearTimeout(reading);
    reading = setTimeout(() => {
      const desk = page("desk").contentWindow;
      if (desk.location.pathname === "/desk/" && !desk.location.search) desk.location.reload();
    }, READ_AFTER_MS);
  });
});
for (const chooser of stage.querySelectorAll("[data-chooser]")) {
  chooser.querySelector("[data-change]").hidden = true;
  chooser.querySelector("select").addEventListener("change", () => chooser.requestSubmit());
}
for (const button of stage.querySelectorAll("[data-grow]")) {
  button.addEventListener("click", () => {
    const name = button.closest("[data-device]").dataset.device;
    const large = stage.dataset.large === name ? "" : name;
    if (large) stage.dataset.large = large;
    else delete stage.dataset.large;
    for (const other of stage.querySelectorAll("[data-grow]")) {
      other.setAttribute("aria-pressed", String(other.closest("[data-device]").dataset.device === large));
    }
    fitAll();
  });
}
for (const button of stage.querySelectorAll("[data-aid]")) {
  button.disabled = false;
  button.addEventListener("click", () => aids[button.dataset.aid](button));
}
const town = stage.querySelector("[data-town]");
if (town && !town.querySelector("progress").hidden) watchTown(town);
