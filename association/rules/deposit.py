"""Unspent balance, deposit, cash refunds and transfers, as pure functions. Numbers in brackets are rules of rules/payment-law.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from association.rules.controls import terms_of
from association.rules.law import DEPOSIT_ABOVE, deposit_due, exempt, required_deposit

BASE_DATES = ((3, 31), (9, 30))
"""Month and day on whose end the unspent balance counts (5)."""
SPECIAL_DATES = ((6, 30), (12, 31))
"""特例基準日: two more, after filing with the Finance Bureau (5)."""
DAY = timedelta(days=1)

ISSUES: Mapping[str, int] = {"issue": 1, "issue_reversal": -1}
RECOVERS: Mapping[str, int] = {"use": 1, "use_reversal": -1, "expire": 1, "payout": 1, "exclude": 1}
NEITHER = frozenset({"transfer", "hold"})
"""What each event does to what was issued and what was recovered (7). Value on hold, or with another person, is unspent as before."""

ONCE_MAX, MONTH_MAX = 100_000, 300_000
"""Above these a transferable instrument is of high value: yen at once, and in a calendar month of one sender (30)."""


SpecialOn = Callable[[date], bool]
"""Whether 特例基準日 held on a day: an issuer may begin and end with them, and each base date is judged by what held on it."""


def never(_day: date) -> bool:
    """Of an issuer that has filed nothing."""
    return False


def is_base_date(day: date, special_on: SpecialOn) -> bool:
    """Whether the unspent balance counts at the end of this day (5)."""
    return (day.month, day.day) in BASE_DATES or ((day.month, day.day) in SPECIAL_DATES and special_on(day))


def base_date_before(day: date, special_on: SpecialOn = never) -> date:
    """The newest base date before `day`."""
    return _base_date(day - DAY, -DAY, special_on)


def base_date_from(day: date, special_on: SpecialOn = never) -> date:
    """The first base date on or after `day`."""
    return _base_date(day, DAY, special_on)


def _base_date(day: date, step: timedelta, special_on: SpecialOn) -> date:
    while not is_base_date(day, special_on):
        day += step
    return day


def is_covered(*, paid: bool, segregated: bool, is_exempt: bool) -> bool:
    """Whether a series counts: paid, or free and not told apart from what was paid; and not exempt (7, 9)."""
    return (paid or not segregated) and not is_exempt


@dataclass(frozen=True, slots=True)
class Unspent:
    """基準日未使用残高 and what it asks for, in yen. `recovered` may be negative: more was given back than spent."""

    previous: int
    issued: int
    recovered: int
    secured: int

    @property
    def unspent(self) -> int:
        """(6)"""
        return self.previous + self.issued - self.recovered

    @property
    def required(self) -> int:
        """要供託額 (11)."""
        return required_deposit(self.unspent)

    @property
    def shortfall(self) -> int:
        """(14)"""
        return max(0, self.required - self.secured)

    @property
    def surplus(self) -> int:
        """Never free money: it is taken back only with the authority's approval (14)."""
        return max(0, self.secured - self.required)


def flows(events: Iterable[tuple[str, int]]) -> tuple[int, int]:
    """(issued, recovered) of events as (type, amount), amounts above zero (7). Raises KeyError for a type that (7) does not know."""
    issued = recovered = 0
    for kind, amount in events:
        if kind in NEITHER:
            continue
        if kind in ISSUES:
            issued += ISSUES[kind] * amount
        else:
            recovered += RECOVERS[kind] * amount
    return issued, recovered


def journal_flows(moved: Mapping[str, int]) -> tuple[int, int]:
    """(issued, recovered) of what kinds of transactions have moved for those who hold a series, natural (7).

    A kind that nobody has named counts as neither: what is unspent is then not what is held, and a report stops.
    """
    terms = terms_of(moved)
    issued = terms["issued"] - terms["undone"] + terms["corrected"]
    return issued, terms["spent"] + terms["expired"] + terms["refunded"] + terms["excluded"] - terms["given_back"] - terms["released"]


@dataclass(frozen=True, slots=True)
class Caps:
    """What may be refunded in cash in a base period, in yen (25 a, b). `already`: what was refunded in it."""

    issued_before: int
    unspent_before: int
    already: int

    def within_20_percent(self, request: int) -> bool:
        """Of what was issued in the period before."""
        return 5 * (self.already + request) <= self.issued_before

    def within_5_percent(self, request: int) -> bool:
        """Of what was unspent on the base date before."""
        return 20 * (self.already + request) <= self.unspent_before

    def allows(self, request: int) -> bool:
        return self.within_20_percent(request) or self.within_5_percent(request)

    @property
    def largest(self) -> int:
        """The most that may still be asked for."""
        return max(0, max(self.issued_before // 5, self.unspent_before // 20) - self.already)


def transfer_refused(sent_this_month: Sequence[int], amount: int) -> str | None:
    """`over_single_limit`, `over_month_limit`, or None where the law lets it pass (30)."""
    if amount > ONCE_MAX:
        return "over_single_limit"
    return "over_month_limit" if sum(sent_this_month) + amount > MONTH_MAX else None


NEAR = 80
"""Per cent of the threshold from which one should look ahead."""
SOON_DAYS = 30
"""So many days before a base date what will be missing must be got ready; earlier it is worth a look only."""


CLAIM_DAYS = 60
"""Days that holders have at least to claim, counted from the day after the notice (27)."""


def claim_days(announced_on: date, claims_until: date) -> int:
    """How many days there are to claim (27)."""
    return (claims_until - announced_on).days


def discontinuance_state(today: date, announced_on: date, claims_until: date, *, is_closed: bool) -> str:
    """announced → claiming → paying → closed (27). Claims are taken from the day after the notice."""
    if is_closed:
        return "closed"
    if today <= announced_on:
        return "announced"
    return "claiming" if today <= claims_until else "paying"


def projected(unspent: int, change: int, over_days: int, ahead_days: int) -> int:
    """Unspent balance expected in `ahead_days` (16): it goes on changing as in the last `over_days`, when it rose by `change` yen."""
    return max(0, unspent + change * ahead_days // over_days) if over_days > 0 else unspent


def threshold_percent(expected: int, secured: int, days_left: int) -> int:
    """How near an expected unspent balance comes to the threshold, in per cent; 0 where what it would ask for is secured.

    Above the threshold it is at most 99 as long as the base date is more than SOON_DAYS away.
    """
    if expected > DEPOSIT_ABOVE and secured >= required_deposit(expected):
        return 0
    percent = expected * 100 // DEPOSIT_ABOVE
    if expected > DEPOSIT_ABOVE:
        percent = max(percent, 101)
    return percent if days_left <= SOON_DAYS else min(percent, 99)


def _unspent_answer(question: dict[str, Any]) -> dict[str, object]:
    given = question["input"]
    base, special_on = date.fromisoformat(given["base_date"]), lambda _day: bool(given["special_base_dates"])
    if not is_base_date(base, special_on):
        return {"ok": False, "error": "not_a_base_date"}
    covered = [each["id"] for each in given["series"] if _counts(each)]
    start = base_date_before(base, special_on)
    before: list[tuple[str, int]] = []
    within: list[tuple[str, int]] = []
    for event in given["events"]:
        day = date.fromisoformat(event["date"])
        if event["series"] in covered and day <= base:
            (before if day <= start else within).append((event["type"], event["amount"]))
    opening = flows(before)
    found = Unspent(opening[0] - opening[1], *flows(within), secured=given["secured"])
    return {
        "ok": True,
        "covered_series": covered,
        "previous_unspent": found.previous,
        "issued_in_period": found.issued,
        "recovered_in_period": found.recovered,
        "unspent": found.unspent,
        "over_threshold": found.required > 0,
        "required": found.required,
        "due_date": deposit_due(base).isoformat(),
        "shortfall": found.shortfall,
        "surplus": found.surplus,
    }


def _counts(series: Mapping[str, Any]) -> bool:
    last = None if series["last_day"] is None else date.fromisoformat(series["last_day"])
    is_exempt = exempt(date.fromisoformat(series["first_issue"]), last)
    return is_covered(paid=series["paid"], segregated=series["segregated"], is_exempt=is_exempt)


def _caps_answer(question: dict[str, Any]) -> dict[str, object]:
    given = question["input"]
    caps, request = Caps(given["previous_period_issued"], given["previous_unspent"], given["already_refunded"]), given["request"]
    return {
        "within_20_percent": caps.within_20_percent(request),
        "within_5_percent": caps.within_5_percent(request),
        "allowed": caps.allows(request),
        "largest_allowed": caps.largest,
    }


def _transfer_answer(question: dict[str, Any]) -> dict[str, object]:
    error = transfer_refused(question["input"]["sent_this_month"], question["input"]["amount"])
    return {"allowed": error is None, "error": error}


RULES: dict[str, Callable[[dict[str, Any]], object]] = {
    "deposit.refund_caps": _caps_answer,
    "deposit.transfer_limits": _transfer_answer,
    "deposit.unspent": _unspent_answer,
}
