// 支払いました: the hand feels it. The picture, the word and the clock are the page's own.

import { vibrate } from "web/vibrate.js";

if (globalThis.document?.querySelector("[data-done]")) vibrate("done");
