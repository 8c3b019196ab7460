// What every page of the tablet can do.

import "web/awake.js";
import "web/camera.js";
import "web/countdown.js";
import "web/focus.js";
import "web/fonts.js";
import "web/install.js";
import "web/keyscanner.js";
import "web/network.js";
import "web/once.js";
import "web/sheet.js";
import "web/sound.js";
