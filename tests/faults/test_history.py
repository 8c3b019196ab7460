"""The checker is itself checked: an honest history passes, and each way in which a book could lie is caught by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest

from tests.faults.history import Call, Finding, Held, Paper, Written, check

HANAKO, TARO, SHOP, DRAWER = 1, 2, 8, 9


def key(number: int) -> UUID:
    return UUID(int=number)


@dataclass
class Past:
    """花子 and 太郎 at one shop; what each of them called for and heard, and what the book kept. Each call takes a second."""

    calls: list[Call] = field(default_factory=list)
    journal: list[Written] = field(default_factory=list)
    holds: list[Held] = field(default_factory=list)
    ends: dict[int, int] = field(default_factory=dict)

    def happens(self, act: str, accounts: tuple[int, int], amount: int, told: int | None = None, **more: int) -> int:
        """One transaction, asked for, written and answered."""
        nth = len(self.journal)
        now, number = 2.0 * len(self.calls), 100 + nth
        signs = (-1, 1) if act == "refund" else (1, -1)
        lines = {account: sign * amount for account, sign in zip(accounts, signs, strict=True)}
        refers_to, hold = more.get("refers_to"), more.get("hold")
        self.calls.append(
            Call("a phone", act, now, now + 1, "done", accounts, amount, key(number), refers_to, hold, number=number, told=told)
        )
        self.journal.append(Written(nth, number, key(number), act, now + 0.5, 700 + nth, refers_to, hold, lines, lines))
        return number

    def is_called(self, act: str, accounts: tuple[int, ...], outcome: str, **more: object) -> None:
        """A call that writes nothing."""
        now = 2.0 * len(self.calls)
        self.calls.append(Call("a phone", act, now, now + 1, outcome, accounts, **more))  # type: ignore[arg-type]

    def findings(self) -> list[Finding]:
        return check(self.calls, self.journal, self.holds, Paper(frozenset({HANAKO, TARO})), ends=self.ends)


def honest() -> Past:
    """Everything that can happen, once, one after the other."""
    past = Past()
    past.happens("top_up", (DRAWER, HANAKO), 1_000)
    paid = past.happens("payment", (HANAKO, SHOP), 300, 700)
    past.happens("refund", (HANAKO, SHOP), 100, 200, refers_to=paid)
    past.is_called("read", (HANAKO,), "done", told=800)
    past.is_called("read", (SHOP,), "done", told=200)
    past.is_called("payment", (HANAKO, SHOP), "refused", amount=801, key=key(1), code="insufficient_balance")
    past.is_called("refund", (HANAKO, SHOP), "refused", amount=201, key=key(2), refers_to=paid, code="refund_too_large")
    placed = 2.0 * len(past.calls) + 0.5
    past.is_called("hold", (HANAKO,), "done", amount=500, key=key(3), number=31)
    past.is_called("available", (HANAKO,), "done", told=300)
    past.is_called("payment", (HANAKO, SHOP), "refused", amount=301, key=key(4), code="insufficient_balance")
    used = past.happens("payment", (HANAKO, SHOP), 450, 350, hold=31)
    past.holds.append(Held(31, HANAKO, 500, key(3), placed, placed + 100, past.journal[-1].posted_at, used))
    past.is_called("available", (HANAKO,), "done", told=350)
    past.is_called("payment", (HANAKO, SHOP), "refused", amount=1, key=key(5), hold=31, code="hold_ended")
    past.is_called("payment", (HANAKO, SHOP), "unknown", amount=50, key=key(6))
    closed = 2.0 * len(past.calls)
    past.is_called("settle", (HANAKO,), "closed", key=key(6))
    past.journal.append(Written(4, 104, key(6), "key_closed", closed + 0.5, 704, None, None, {}, {}))
    past.is_called("payment", (HANAKO, SHOP), "refused", amount=50, key=key(6), code="key_closed")
    past.happens("top_up", (DRAWER, TARO), 400)
    past.calls[-1] = replace(past.calls[-1], outcome="unknown", number=None)  # the answer was lost, the money is there
    past.ends = {HANAKO: 350, TARO: 400, SHOP: 650, DRAWER: -1_400}
    return past


def call_of(past: Past, act: str, nth: int = 0) -> int:
    return [place for place, call in enumerate(past.calls) if call.act == act][nth]


def change(act: str, nth: int = 0, **changes: object) -> Callable[[Past], None]:
    """An answer that says something else."""

    def lie(past: Past) -> None:
        place = call_of(past, act, nth)
        past.calls[place] = replace(past.calls[place], **changes)  # type: ignore[arg-type]

    return lie


def rewrite(nth: int, **changes: object) -> Callable[[Past], None]:
    """A journal that says something else."""

    def lie(past: Past) -> None:
        past.journal[nth] = replace(past.journal[nth], **changes)  # type: ignore[arg-type]

    return lie


def loses_the_payment(past: Past) -> None:
    gone = past.journal.pop(1)
    past.journal[1:] = [replace(one, place=one.place - 1) for one in past.journal[1:]]
    past.ends[HANAKO] += gone.lines[HANAKO]
    past.ends[SHOP] -= gone.lines[HANAKO]


def pays_twice(past: Past) -> None:
    past.journal.append(replace(past.journal[1], place=len(past.journal), number=200))


def pays_by_itself(past: Past) -> None:
    lines = {HANAKO: 7, SHOP: -7}
    past.journal.append(Written(len(past.journal), 200, key(77), "payment", 90.0, 790, None, None, lines, lines))


def answers_in_two_ways(past: Past) -> None:
    past.calls.append(replace(past.calls[1], invoked=90.0, returned=91.0, number=103, told=None))


def pays_after_closing(past: Past) -> None:
    past.calls.append(Call("a phone", "payment", 90.0, 91.0, "done", (HANAKO, SHOP), 50, key(6), number=104))


def swaps_two(past: Past) -> None:
    """The top-up stands behind the payment that was called for once it had been answered."""
    first, second = past.journal[:2]
    past.journal[:2] = [replace(second, place=0), replace(first, place=1)]


def overdraws(past: Past) -> None:
    past.happens("payment", (TARO, SHOP), 401)


def spends_what_is_set_aside(past: Past) -> None:
    past.happens("payment", (HANAKO, SHOP), 350)
    past.holds.append(Held(32, HANAKO, 1, key(8), 30.0, 500.0))


def gives_back_more_than_was_paid(past: Past) -> None:
    past.happens("refund", (HANAKO, SHOP), 201, refers_to=101)


LIES: dict[str, tuple[str, Callable[[Past], None]]] = {
    "a payment is lost": ("lost", loses_the_payment),
    "a payment is written under another number": ("lost", change("payment", number=150)),
    "a hold is lost": ("lost", lambda past: past.holds.clear()),
    "a payment is made twice": ("double", pays_twice),
    "half a payment": ("half", rewrite(1, entries={HANAKO: 300})),
    "an entry of another amount": ("half", rewrite(1, entries={HANAKO: 300, SHOP: -299})),
    "nobody asked for it": ("nobody_asked", pays_by_itself),
    "another amount than was asked for": ("other_content", change("payment", amount=299)),
    "another shop than was asked for": ("other_content", change("payment", accounts=(HANAKO, TARO))),
    "two answers to one key": ("answer_changed", answers_in_two_ways),
    "paid after it was settled": ("answer_changed", pays_after_closing),
    "settled as closed, and nothing keeps it closed": ("lost", lambda past: past.journal.pop(4)),
    "refused, and yet written": ("denied", change("payment", outcome="refused", number=None, told=None, code="insufficient_balance")),
    "two are swapped": ("swapped", swaps_two),
    "numbers go back": ("swapped", rewrite(5, number=99)),
    "positions go back": ("swapped", rewrite(5, position=699)),
    "more than there was": ("impossible", overdraws),
    "what was set aside": ("impossible", spends_what_is_set_aside),
    "more back than was paid": ("impossible", gives_back_more_than_was_paid),
    "a balance that never was": ("wrong_balance", change("payment", told=701)),
    "more left of a payment": ("wrong_balance", change("refund", told=201)),
    "a stale reading of a purse": ("stale", change("read", told=700)),
    "a stale reading of a shop": ("stale", change("read", 1, told=300)),
    "a reading that forgets what is set aside": ("stale", change("available", told=800)),
    "refused without a reason": ("unjust", change("payment", 1, amount=800)),
    "refused by what is set aside no longer": ("unjust", change("payment", 2, amount=300)),
    "a refund refused without a reason": ("unjust", change("refund", 1, amount=200)),
    "a refusal that nobody knows": ("unjust", change("payment", 1, code="not_today")),
    "full, with room enough": ("unjust", change("top_up", outcome="refused", number=None, code="balance_limit")),
    "a closed key that nobody closed": ("unjust", lambda past: past.calls.pop(call_of(past, "settle"))),
    "a gap in the log": ("gap", rewrite(5, place=9)),
    "the account says something else": ("account_differs", lambda past: past.ends.update({TARO: 399})),
}


def test_an_honest_history_passes() -> None:
    """Top-ups, payments, refunds, holds, refusals, readings, a lost answer and a settled one: nothing is found."""
    assert honest().findings() == []


def test_an_unknown_payment_may_be_there_or_not() -> None:
    """The lost top-up is not in the book either: just as well, as long as nobody was told."""
    past = honest()
    past.journal.pop()
    past.ends |= {TARO: 0, DRAWER: -1_000}
    assert past.findings() == []


def test_whoever_reads_meanwhile_may_see_it_before_or_after() -> None:
    """A reading that runs beside a payment is right with either balance, and with no third one."""
    for told, expected in ((1_000, set()), (700, set()), (850, {"stale"})):
        past = honest()
        payment = past.calls[1]
        past.calls.append(Call("a page", "read", payment.invoked + 0.1, payment.returned - 0.1, "done", (HANAKO,), told=told))
        assert {finding.what for finding in past.findings()} == expected


def test_a_holds_time_is_over_while_a_payment_is_being_written() -> None:
    """The payment was decided before the hold was over and is seen only afterwards: meanwhile neither counts, and that is no lie."""
    for told, expected in ((800, set()), (700, set()), (600, {"stale"})):
        past = Past()
        past.happens("top_up", (DRAWER, HANAKO), 800)
        past.is_called("hold", (HANAKO,), "done", amount=100, key=key(3), number=31)
        past.holds.append(Held(31, HANAKO, 100, key(3), 2.5, 4.7))
        past.happens("payment", (HANAKO, SHOP), 100)  # from 4 to 5, decided at 4.5
        past.calls.append(Call("a page", "available", 4.8, 4.9, "done", (HANAKO,), told=told))
        assert {finding.what for finding in past.findings()} == expected


@pytest.mark.parametrize("lie", LIES)
def test_every_lie_is_caught(lie: str) -> None:
    """One thing is changed in the honest history, and it is found under its name."""
    what, tells = LIES[lie]
    past = honest()
    tells(past)
    assert what in {finding.what for finding in past.findings()}
