// Where this tab keeps its bills: the open one, and those that wait for it (somebody else came first), the last one on top.

import { place } from "./place.js";

export function slot() {
  return `till.${place().till}.bill`;
}

const read = (key) => JSON.parse(sessionStorage.getItem(key) ?? "[]");

/** Bills that wait in this tab. */
export const aside = {
  all: () => read(`${slot()}.aside`),
  keep: (bills) => sessionStorage.setItem(`${slot()}.aside`, JSON.stringify(bills)),
};

/** The bill with this content was paid on another page: it is gone, whether it is open by now or waits. In its place comes `next`, the part
 * that is paid after it, or, where it was open, what waited for it. Whether it was still here. */
export function settle(at, content, next) {
  const waiting = read(`${at}.aside`);
  const keep = () => sessionStorage.setItem(`${at}.aside`, JSON.stringify(waiting));
  if (sessionStorage.getItem(at) === content) {
    const open = next ?? waiting.pop();
    keep();
    if (open) sessionStorage.setItem(at, JSON.stringify(open));
    else sessionStorage.removeItem(at);
    return true;
  }
  const found = waiting.findIndex((bill) => JSON.stringify(bill) === content);
  if (found < 0) return false;
  waiting.splice(found, 1, ...(next ? [next] : []));
  keep();
  return true;
}
