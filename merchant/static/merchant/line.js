// The tablet's live line: from the last payment that this device has seen, so that none is missed.
// Tells `till:sale` for each payment and refund, `till:state` for the QR on show and the shop, `till:heard` for a beat.

import { serverNow } from "web/clock.js";
import { connect } from "web/live.js";
import { cursor, place, tell } from "./place.js";

let heard = serverNow();

/** When the book last answered this page, in the server's ms. */
export function lastHeard() {
  return heard;
}

function keep(id) {
  heard = serverNow();
  if (id) cursor.write(id);
}

if (place()) {
  connect(place().events, {
    after: cursor.read(),
    on: {
      beat: (_beat, id) => keep(id),
      sale: (sale, id) => {
        keep(id);
        tell("till:sale", sale);
      },
      state: (state, id) => {
        keep(id);
        tell("till:state", state);
      },
      end: () => location.assign(place().pair),
    },
  });
}
