// Which till this page is, and what it remembers: on the device what was seen of the book, in the tab what has rung.

/** The page's own facts: data- attributes of the element that every page of a paired tablet carries. */
export function place() {
  return document.querySelector("[data-till]")?.dataset ?? null;
}

const KEPT = 100;

/** The cursor up to which this device has seen the shop's arrivals; it survives the night. */
export const cursor = {
  read: () => localStorage.getItem(`till.${place().till}.cursor`),
  write: (value) => localStorage.setItem(`till.${place().till}.cursor`, value),
};

/** Payments that have rung in this tab: a line that comes back may tell one twice. */
export const rung = {
  all: () => JSON.parse(sessionStorage.getItem(`till.${place().till}.rung`) ?? "[]"),
  has: (id) => rung.all().includes(id),
  add: (id) => sessionStorage.setItem(`till.${place().till}.rung`, JSON.stringify([...rung.all(), id].slice(-KEPT))),
};

/** Tell the other modules of this page. */
export function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}
