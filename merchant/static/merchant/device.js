// What this device remembers: voice on or off, keys on the left or on the right.

const ON = { voice: "on", left: "on" };

function apply() {
  if (localStorage.getItem("left") === ON.left) document.documentElement.dataset.hand = "left";
  else delete document.documentElement.dataset.hand;
}

for (const box of document.querySelectorAll("[data-device-switch]")) {
  const name = box.dataset.deviceSwitch;
  box.checked = localStorage.getItem(name) === ON[name];
  box.addEventListener("change", () => {
    localStorage.setItem(name, box.checked ? ON[name] : "off");
    apply();
  });
}
apply();
