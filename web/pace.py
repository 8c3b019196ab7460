"""How fast one caller may go: a leaky bucket in the memory of one server process. Exact limits stand in the database."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

REMEMBERED = 10_000
"""Callers that are remembered at once; the one not seen for longest is forgotten first."""
SECOND = timedelta(seconds=1)


class Pace:
    """At most `per_second` on average, `burst` at once, for each caller. Source: the generic cell rate algorithm (ITU-T I.371)."""

    def __init__(self, per_second: int, burst: int) -> None:
        self._step = SECOND // per_second
        self._slack = self._step * (burst - 1)
        self._due: OrderedDict[str, datetime] = OrderedDict()
        self._turn = threading.Lock()

    def wait_s(self, caller: str, now: datetime) -> int:
        """0 if `caller` may go on, and counts it; else whole seconds to wait, and does not count it."""
        with self._turn:
            due = max(self._due.get(caller, now), now)
            if due - now > self._slack:
                return -((now - due + self._slack) // SECOND)
            self._due[caller] = due + self._step
            self._due.move_to_end(caller)
            if len(self._due) > REMEMBERED:
                self._due.popitem(last=False)
            return 0
