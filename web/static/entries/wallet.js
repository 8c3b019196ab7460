// What every page of the phone can do.

import "web/awake.js";
import "web/camera.js";
import "web/countdown.js";
import "web/eye.js";
import "web/focus.js";
import "web/fonts.js";
import "web/install.js";
import "web/money.js";
import "web/network.js";
import "web/offline.js";
import "web/once.js";
import "web/passkey.js";
import "web/sheet.js";
import "web/sound.js";
