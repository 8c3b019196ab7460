// What every page of the back office can do.

import "web/countdown.js";
import "web/eye.js";
import "web/focus.js";
import "web/fonts.js";
import "web/making.js";
import "web/money.js";
import "web/network.js";
import "web/once.js";
import "web/passkey.js";
import "web/sheet.js";
import "web/side.js";
import "web/slash.js";
import "web/sound.js";
