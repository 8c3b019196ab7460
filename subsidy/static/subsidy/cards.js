// Tables of a group on a phone: each row becomes a card, each cell says its column's head (subsidy.css, `.is-cards`).
// Without a script, and on anything wider than a phone, they stay tables; a wide one then moves sideways in itself.

const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TFOOT: "rowgroup", TR: "row", TD: "cell", TH: "rowheader" };

function become(table) {
  const heads = [];
  for (const head of table.tHead?.rows[0]?.cells ?? []) {
    for (let span = 0; span < head.colSpan; span++) heads.push(head.textContent.trim());
  }
  for (const row of [...table.tBodies, table.tFoot].flatMap((part) => [...(part?.rows ?? [])])) {
    let column = 0;
    for (const cell of row.cells) {
      if (cell.localName === "td") cell.dataset.head = heads[column] ?? "";
      column += cell.colSpan;
    }
  }
  // what is laid out in blocks is no table to a screen reader any more, unless it is said
  for (const part of [table, ...table.querySelectorAll("thead, tbody, tfoot, tr, th, td")]) {
    part.setAttribute("role", part.matches("thead th") ? "columnheader" : ROLES[part.tagName]);
  }
  table.classList.add("is-cards");
}

for (const table of globalThis.document?.querySelectorAll(".group-own .table-wrap > table") ?? []) become(table);
