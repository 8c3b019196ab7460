"""点検: what a figure means, when it is old, whom one tells when; and the identity by which all coin that was issued is somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

from base.clock import TOKYO

MINUTE, TEN, NIGHT = timedelta(minutes=1), timedelta(minutes=10), timedelta(days=1)
"""How often a control is measured."""
ROUND_OFF = timedelta(seconds=20)
"""Rounds begin a little sooner or later; none is left out for that."""
TELL_AGAIN = timedelta(hours=24)
CALM = timedelta(minutes=10)
"""So long a control must have been well before one says so: else one that flutters would send a mail each minute."""
LATE = timedelta(minutes=4)
"""A reading that should have been renewed this long ago is old: nobody measures."""


class State(StrEnum):
    """How a control stands. `unknown`: nothing there can be known yet."""

    ok = "ok"
    look = "look"
    act = "act"
    unknown = "unknown"


WORST_FIRST = (State.act, State.look, State.unknown, State.ok)


def judge(figure: int | None, look: int | None, act: int | None) -> State:
    """What a figure means: from `act` on somebody must act, from `look` on somebody should look."""
    if figure is None:
        return State.unknown
    if act is not None and figure >= act:
        return State.act
    return State.look if look is not None and figure >= look else State.ok


def is_due(measured_at: datetime, every: timedelta, state: State, now: datetime) -> bool:
    """Whether to measure again. What is not well is looked at more often; what reads the whole book has its turn at night."""
    if measured_at > now:
        return True  # the clock was set back
    if every == NIGHT:
        if state is not State.ok:
            return now - measured_at >= TEN
        return measured_at < last_night(now)
    return now - measured_at >= (every if state in (State.ok, State.unknown) else MINUTE) - ROUND_OFF


def is_late(measured_at: datetime, every: timedelta, now: datetime) -> bool:
    """Whether a reading is older than it can be while the worker works."""
    return now - measured_at > every + LATE


def last_night(now: datetime) -> datetime:
    """The last moment at which it was three in the morning in Tokyo."""
    three = datetime.combine(now.astimezone(TOKYO).date(), time(3), TOKYO)
    return three if three <= now else three - NIGHT


def due_alarm(state: State, since: datetime, measured_at: datetime, last: tuple[str, datetime] | None, now: datetime) -> str | None:
    """What is to be told now: `act`, `still`, `well`, or nothing. `last`: what was told last of this control, and when.

    A single look alarms nobody: the second must say the same. Told once a turn, again each day while it lasts, once when it is well.
    """
    is_open = last is not None and last[0] != "well"
    if state is State.act and measured_at > since:
        if not is_open:
            return "act"
        assert last is not None
        return "still" if now - last[1] >= TELL_AGAIN else None
    return "well" if is_open and state is State.ok and now - since >= CALM else None


SCALES = (("ms", 1_000, "seconds"), ("seconds", 60, "minutes"), ("minutes", 60, "hours"), ("hours", 24, "days"))


def readable(figure: int, unit: str) -> tuple[int, str]:
    """The same in the largest unit in which it is at least three, rounded down: 7,300 seconds are 121 minutes."""
    for name, factor, larger in SCALES:
        if unit == name and figure >= 3 * factor:
            figure, unit = figure // factor, larger
    return figure, unit


TERMS: Mapping[str, tuple[str, ...]] = {
    "issued": (
        "top_up",
        "top_up_again",
        "top_up_large",
        "agent_top_up",
        "code_issue",
        "code_redeem",
        "benefit",
        "voucher_sale",
        "point_release",
        "point_given",
    ),
    "undone": ("reversal", "code_cancel", "benefit_return", "point_back"),
    "spent": ("payment", "coupon_payment", "payment_again", "ticket_payment"),
    "given_back": ("refund", "coupon_refund", "refund_late", "ticket_release"),
    "released": ("suspense_release",),
    "expired": ("expiry", "code_expiry"),
    "refunded": ("cash_refund",),
    "excluded": ("exclude",),
    "passed_on": ("transfer",),
    "corrected": ("correction",),
}
"""Every kind that moves coin of consumers or unused codes, by what it is in the identity. A code that is redeemed was issued before."""

OUT = frozenset({"undone", "spent", "expired", "refunded", "excluded"})
"""Terms that lower what is held; shown as positive figures."""


def terms_of(flows: Mapping[str, int]) -> dict[str, int]:
    """What the kinds have moved, natural, as the terms of the identity; those of a kind that nobody has named are `other`.

    issued + given_back + released + corrected + passed_on + other = outstanding + undone + spent + expired + refunded + excluded, for
    each series; passed_on is 0, since it only changes hands.
    """
    by_kind = {kind: term for term, kinds in TERMS.items() for kind in kinds}
    found = dict.fromkeys((*TERMS, "other"), 0)
    for kind, amount in flows.items():
        term = by_kind.get(kind, "other")
        found[term] += -amount if term in OUT else amount
    return found


def difference(terms: Mapping[str, int], outstanding: int) -> int:
    """What of all that was ever issued is nowhere: 0 as long as the book is whole."""
    return sum(-amount if term in OUT else amount for term, amount in terms.items()) - outstanding
