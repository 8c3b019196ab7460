// The page that explains the seal shows what this phone has seen: <section data-seal-seen>, and after an alarm the way on.

import { raise, seen } from "./seal.js";

if (globalThis.document) {
  const place = document.querySelector("[data-seal-seen]");
  const [kept, alarm] = [seen.kept(), seen.alarm()];
  if (place && (kept || alarm)) {
    const [, size, root] = (kept?.note ?? alarm.now).split("\n");
    const counted = place.querySelector("[data-seal-size]");
    counted.textContent = counted.dataset.counted.replace("{count}", Number(size).toLocaleString("ja-JP"));
    place.querySelector("[data-seal-root]").textContent = root.slice(0, 16);
    const before = place.querySelector("[data-seal-before]");
    before.hidden = !kept?.before;
    before.querySelector("pre").textContent = (kept?.before ?? []).join("\n");
    place.hidden = false;
    if (alarm) raise(place, alarm);
    place.querySelector("[data-seal-again]").hidden = !alarm;
    place.querySelector("[data-seal-forget]").addEventListener("click", () => {
      seen.forget();
      location.reload();
    });
  }
}
