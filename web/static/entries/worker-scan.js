// Reads codes off the main thread, with our own copy of the reader: glue and wasm must be of one version.

import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

let prepared = null;

function prepare(wasm) {
  prepared ??= prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return prepared;
}

addEventListener("message", async ({ data }) => {
  await prepare(data.wasm);
  if (!data.pixels) return;
  const found = await readBarcodes(data.pixels, { formats: data.formats, maxNumberOfSymbols: 1, tryHarder: true });
  postMessage({ number: data.number, text: found.find((each) => each.isValid)?.text ?? null });
});
