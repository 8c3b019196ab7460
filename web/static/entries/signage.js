// A screen in the street: nobody presses anything on it.

import "web/fonts.js";
import "web/install.js";
