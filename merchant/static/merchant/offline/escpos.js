// The paper of a receipt as dots for a receipt printer, with the bytes that merchant/rules/escpos.py sends: a picture in bands.

const DOTS = { 58: 384, 80: 576 };
const BAND = 128;
const START = [0x1b, 0x40];
const KICK = [0x1b, 0x70, 0x00, 0x19, 0xfa];
const FEED_AND_CUT = [0x1d, 0x56, 0x42, 0x03];
const DARK = 140; // of 255: letters are drawn smooth, and a head knows black alone
const [SIZE, LARGE, GAP] = [24, 34, 10];

/** What stands on the sheet (paper.js), line by line: {left, right, bold}. What is hidden there is on no paper. */
export function linesOf(sheet) {
  const shown = sheet.cloneNode(true);
  for (const part of shown.querySelectorAll("[hidden]")) part.remove();
  return [...shown.querySelectorAll("h2, p")].filter((each) => each.textContent.trim()).map((each) => {
    const parts = each.classList.contains("slip__row") ? [...each.children] : [];
    const bold = each.matches("h2, .slip__total");
    if (parts.length < 2) return { left: each.textContent.trim(), right: "", bold };
    return { left: parts[0].textContent, right: parts.at(-1).textContent, bold };
  });
}

/** A text in pieces that fit. */
function broken(pen, text, width) {
  const found = [""];
  for (const sign of text) {
    if (found.at(-1) && pen.measureText(found.at(-1) + sign).width > width) found.push("");
    found[found.length - 1] += sign;
  }
  return found;
}

/** Draw it: the rows of dots, eight a byte, the left one first. */
function dots(sheet, width) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const family = getComputedStyle(document.body).fontFamily;
  const drawn = [];
  let top = GAP;
  for (const { left, right, bold } of linesOf(sheet)) {
    const size = bold ? LARGE : SIZE;
    const font = `${bold ? 700 : 400} ${size}px ${family}`;
    pen.font = font;
    const rightWidth = pen.measureText(right).width;
    const pieces = broken(pen, left, width);
    const fits = pen.measureText(pieces.at(-1)).width + rightWidth + GAP <= width;
    for (const piece of pieces) drawn.push({ font, text: piece, x: 0, y: (top += size + GAP) - GAP });
    if (right) drawn.push({ font, text: right, x: width - rightWidth, y: fits ? top - GAP : (top += size + GAP) - GAP });
  }
  [canvas.width, canvas.height] = [width, top + GAP];
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  for (const { font, text, x, y } of drawn) {
    pen.font = font;
    pen.fillText(text, x, y);
  }
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const rows = new Uint8Array((width / 8) * canvas.height);
  for (let dot = 0; dot < width * canvas.height; dot++) if (data[4 * dot] < DARK) rows[dot >> 3] |= 0x80 >> (dot & 7);
  return rows;
}

/** The bytes that print a sheet on a roll of `roll` mm. `kick`: open the drawer first. */
export function bytesOf(sheet, { roll, kick }) {
  const width = DOTS[roll];
  const across = width / 8;
  const rows = dots(sheet, width);
  const parts = [...START, ...(kick ? KICK : [])];
  for (let from = 0; from < rows.length; from += BAND * across) {
    const band = rows.subarray(from, from + BAND * across);
    const high = band.length / across;
    parts.push(0x1d, 0x76, 0x30, 0x00, across & 0xff, across >> 8, high & 0xff, high >> 8, ...band);
  }
  return new Uint8Array([...parts, ...FEED_AND_CUT]);
}
