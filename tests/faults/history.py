"""Could an honest book have answered so? Decides over what clients called and heard, and what the journal has.

Plain Python without database or clock. Clients write down each call and its answer with the moments between which the book must have
acted; the journal comes in its sealed order. That order claims to be one in which everything happened one after the other, so
whoever keeps the book on paper in this order must come to every answer that was given:

    lost            an answer said done, and the journal has nothing, or something else, under its number
    double          a key has moved money twice
    half            what stands on the accounts is not what the transaction says, or does not sum to zero
    nobody_asked    the journal has something that nobody called for
    other_content   it moved between other accounts, or another amount, than was asked for
    answer_changed  a key was answered in two ways: two numbers, or both "done" and "never will be"
    denied          every answer to a key was no, and yet it is there
    impossible      at its place in the order a balance, a hold or what is left of a payment does not allow it
    wrong_balance   an answer told a balance that the order does not give
    swapped         what had been answered before something else was called for comes later: by place, number or position
    stale           a reading told what was at no moment between its call and its answer
    unjust          a refusal for which there was no reason at any moment between its call and its answer
    gap             the places of the log have a gap
    account_differs the database's balance at the end is not the one on paper
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from uuid import UUID

Span = tuple[float, float]
"""Between these two moments, seconds of the clients' monotonic clock, the book acted."""

MOVES = {"payment": (1, -1), "refund": (-1, 1), "top_up": (1, -1)}
"""Signs of the amount on the first and the second account of a call, debit positive."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one client and its answer. `outcome`: done, refused, unknown, or closed (settled: it never will be).

    `act`: payment (purse, shop), refund (purse, shop), top_up (drawer, purse), hold (purse), release, settle, read and available
    (the account). `number`: of the transaction or hold that the answer named. `told`: a balance in the answer: the purse's after a
    payment, what is left after a refund, what was read.
    """

    client: str
    act: str
    invoked: float
    returned: float
    outcome: str
    accounts: tuple[int, ...] = ()
    amount: int = 0
    key: UUID | None = None
    refers_to: int | None = None
    hold: int | None = None
    number: int | None = None
    told: int | None = None
    code: str = ""

    @property
    def purse(self) -> int:
        return self.accounts[1 if self.act == "top_up" else 0]


@dataclass(frozen=True, slots=True)
class Written:
    """A transaction of the journal: its place in the log, its lines, and the entries that are really on the accounts."""

    place: int
    number: int
    key: UUID
    kind: str
    posted_at: float
    position: int
    refers_to: int | None
    hold: int | None
    lines: Mapping[int, int]
    entries: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Held:
    """A hold as the database has it; moments by the database's clock. `used_by`: the transaction that used it."""

    number: int
    account: int
    amount: int
    key: UUID
    placed_at: float
    expires_at: float
    ended_at: float | None = None
    used_by: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What does not agree, by the names above, and where."""

    what: str
    about: str


@dataclass
class Paper:
    """The book on paper between two looks: natural balances of purses, balances of all else (credit positive), what is left of payments."""

    purses: frozenset[int]
    balances: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    left: dict[int, int] = field(default_factory=dict)
    size: int = 0
    ceiling: int = 100_000


@dataclass(frozen=True, slots=True)
class State:
    """What stood on a purse between two events, and when that was at the earliest and at the latest. `holds`: which nobody had ended."""

    balance: int
    held: int
    since: float
    until: float
    holds: frozenset[int] = frozenset()

    @property
    def free(self) -> int:
        return self.balance - self.held


SLACK_S = 0.01
"""How far the database's clock and the clients' may be from each other."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a purse: at `at` of the database's clock, within `span` of the clients'.

    `hold`: the one that it places or ends. `by_itself`: that one's time is over, which nobody commits.
    """

    at: float
    amount: int  # what it added to the balance
    aside: int  # what it added to what is held
    span: Span
    needs: int = 0  # what had to be free beforehand
    name: str = ""
    hold: int | None = None
    by_itself: bool = False


class Check:
    """One look at a history. `clock`: what to add to the database's seconds to get the clients' monotonic ones."""

    def __init__(self, calls: Sequence[Call], journal: Sequence[Written], holds: Sequence[Held], paper: Paper, *, clock: float = 0.0):
        self.calls, self.holds, self.paper, self.clock = calls, holds, paper, clock
        self.journal = sorted(journal, key=lambda one: one.place)
        self.by_key: dict[UUID, list[Call]] = defaultdict(list)
        self.by_hold: dict[int, list[Call]] = defaultdict(list)
        for call in calls:
            if call.key is not None:
                self.by_key[call.key].append(call)
            if call.act == "release" and call.hold is not None:
                self.by_hold[call.hold].append(call)
        self.hold = {one.number: one for one in holds}
        self.spans = {one.number: _span(self.by_key[one.key]) for one in self.journal}
        self.paid = self.paper.left | {one.number: _moved(one) for one in self.journal if one.kind == "payment"}
        self.refunds: dict[int | None, list[Written]] = defaultdict(list)
        for one in self.journal:
            if one.kind == "refund":
                self.refunds[one.refers_to].append(one)

    def findings(self) -> list[Finding]:
        """Everything that does not agree, or nothing. Brings `paper` up to the end of this journal."""
        found = sorted({*self._journal(), *self._answers(), *self._order(), *self._purses(), *self._refunds(), *self._shops()})
        self._turn_the_page()
        return found

    def _journal(self) -> Iterator[Finding]:
        """Each transaction by itself: in its place, whole, once, and as somebody asked for it."""
        seen: set[UUID] = set()
        for place, one in enumerate(self.journal, self.paper.size):
            if one.place != place:
                yield Finding("gap", f"place {place}")
                return
            if one.key in seen:
                yield Finding("double", f"key {one.key}")
            seen.add(one.key)
            if one.entries != one.lines or sum(one.entries.values()) != 0:
                yield Finding("half", f"transaction {one.number}")
            asked = [call for call in self.by_key[one.key] if call.act in (*MOVES, "settle")]
            if not asked:
                yield Finding("nobody_asked", f"transaction {one.number}")
            elif one.kind != "key_closed" and not any(_is_of(one, call) for call in asked):
                yield Finding("other_content", f"transaction {one.number}")

    def _answers(self) -> Iterator[Finding]:
        """What was said of a key is in the journal, and was always the same."""
        kept = {one.key: one for one in self.journal}
        held = {one.key: one for one in self.holds}
        for key, calls in self.by_key.items():
            told = {call.number for call in calls if call.outcome == "done"}
            closed = any(call.outcome == "closed" for call in calls)
            if len(told) + closed > 1:
                yield Finding("answer_changed", f"key {key}")
            there = held[key].number if key in held else kept[key].number if key in kept else None
            is_closed = key in kept and kept[key].kind == "key_closed"
            if (told and (told != {there} or is_closed)) or (closed and not is_closed):
                yield Finding("lost", f"key {key}")
            if key in kept and not is_closed and all(call.outcome == "refused" for call in calls):
                yield Finding("denied", f"key {key}")

    def _order(self) -> Iterator[Finding]:
        """What had been answered before another was called for stands before it."""
        for name in ("place", "number", "position"):
            answered: list[tuple[float, int]] = sorted(
                (self.spans[one.number][1], getattr(one, name)) for one in self.journal if self.spans[one.number][1] < inf
            )
            highest, nth = -1, 0
            for one in sorted(self.journal, key=lambda one: self.spans[one.number][0]):
                while nth < len(answered) and answered[nth][0] < self.spans[one.number][0]:
                    highest, nth = max(highest, answered[nth][1]), nth + 1
                if getattr(one, name) < highest:
                    yield Finding("swapped", f"transaction {one.number} by {name}")

    def _purses(self) -> Iterator[Finding]:
        """Purses are locked by whoever moves them: every answer about one is a moment of one line of states."""
        events = self._events()
        about: dict[int, list[Call]] = defaultdict(list)
        for call in self.calls:
            if call.accounts and call.purse in self.paper.purses:
                about[call.purse].append(call)
        for purse in self.paper.purses:
            line = events.get(purse, [])
            yield from self._impossible(purse, line)
            locked = self._states(purse, line)
            after = dict(zip((event.name for event in line), (state.balance for state in locked[1:]), strict=True))
            # Nobody commits that a hold's time is over: readings see that at once, and what was written before it perhaps later.
            seen = self._states(purse, [event for event in line if not event.by_itself])
            for call in about[purse]:
                yield from self._told(call, locked, seen, after)

    def _events(self) -> dict[int, list[Event]]:
        """By purse, in the order in which they happened: that of the log, and holds between by the database's clock."""
        events: dict[int, list[Event]] = defaultdict(list)
        for one in self.journal:
            used = self.hold.get(one.hold or 0)
            for account, amount in one.lines.items():
                if account in self.paper.purses:
                    aside = -used.amount if used else 0
                    needs = amount if amount > 0 else 0
                    events[account].append(
                        Event(one.posted_at, -amount, aside, self.spans[one.number], needs, f"transaction {one.number}", one.hold)
                    )
        for hold in self.holds:
            span, name = _span(self.by_key[hold.key]), f"hold {hold.number}"
            insort(
                events[hold.account],
                Event(hold.placed_at, 0, hold.amount, span, hold.amount, name, hold.number),
                key=lambda event: event.at,
            )
            if hold.used_by is None:
                ended = hold.ended_at is not None and hold.ended_at < hold.expires_at
                at = hold.ended_at if hold.ended_at is not None and ended else hold.expires_at
                moment = at + self.clock
                span = _span(self.by_hold[hold.number]) if ended else (moment - SLACK_S, moment + SLACK_S)
                insort(events[hold.account], Event(at, 0, -hold.amount, span, 0, name, hold.number, not ended), key=lambda event: event.at)
        return events

    def _impossible(self, purse: int, events: Sequence[Event]) -> Iterator[Finding]:
        """What was not free cannot have gone."""
        for state, event in zip(self._states(purse, events), events, strict=False):
            own = -event.aside if event.needs and event.aside < 0 else 0
            if event.needs > state.free + own or (own and event.needs > own):
                yield Finding("impossible", event.name)

    def _states(self, purse: int, events: Sequence[Event]) -> list[State]:
        """Every state of a purse: one before the first of these events, and one after each."""
        ends = [inf] * (len(events) + 1)
        for nth in range(len(events) - 1, -1, -1):
            ends[nth] = min(ends[nth + 1], events[nth].span[1])
        states = [State(self.paper.balances[purse], 0, -inf, ends[0])]
        for event, end in zip(events, ends[1:], strict=True):
            last, own = states[-1], frozenset({event.hold} - {None})
            holds = last.holds | own if event.aside > 0 else last.holds - own
            states.append(State(last.balance + event.amount, last.held + event.aside, max(last.since, event.span[0]), end, holds))
        return states

    def _told(self, call: Call, locked: Sequence[State], seen: Sequence[State], after: Mapping[str, int]) -> Iterator[Finding]:
        """One call about a purse against the states that it may have met: those under its lock, or those that a reading sees."""
        name = f"{call.act} of {call.client}, account {call.purse}: {call.code or call.told}"
        if call.outcome == "done" and call.act == "read" and all(state.balance != call.told for state in _met(seen, call)):
            yield Finding("stale", name)
        if (
            call.outcome == "done"
            and call.act == "available"
            and all(call.told not in self._free(state, call) for state in _met(seen, call))
        ):
            yield Finding("stale", name)
        if call.outcome == "done" and call.act == "payment" and call.told not in (None, after.get(f"transaction {call.number}")):
            yield Finding("wrong_balance", f"transaction {call.number}")
        is_just = any(self._is_just(call, state) for state in _met(locked, call)) or self._seemed_short(call, seen)
        if call.outcome == "refused" and not is_just:
            yield Finding("unjust", name)

    def _seemed_short(self, call: Call, seen: Sequence[State]) -> bool:
        """A page plans a payment by a reading, before anything of the book is locked."""
        short = call.code == "insufficient_balance" and call.hold is None
        return short and any(call.amount > min(self._free(state, call)) for state in _met(seen, call))

    def _free(self, state: State, call: Call) -> set[int]:
        """What a reading may find free: holds whose time was over during the call may count or not."""
        free, perhaps = state.balance, []
        for hold in (self.hold[number] for number in state.holds):
            end = hold.expires_at + self.clock
            if end > call.returned + SLACK_S:
                free -= hold.amount
            elif end >= call.invoked - SLACK_S:
                perhaps.append(-hold.amount)
        return {free + amount for amount in _sums(perhaps)}

    def _is_just(self, call: Call, state: State) -> bool:
        """Whether this refusal was right in that state."""
        own = self.hold.get(call.hold or 0)
        match call.code:
            case "insufficient_balance":
                return call.amount > state.free + (own.amount if own else 0)
            case "balance_limit":
                return state.balance + call.amount > self.paper.ceiling
            case "key_closed":
                return any(other.act == "settle" and other.invoked <= call.returned for other in self.by_key[call.key])
            case "hold_ended":  # a new one was over, by the database's clock, before it could begin
                return call.act == "hold" or (own is not None and self._had_ended(own, call))
            case "refund_too_large":
                return self._was_too_large(call)
        return False

    def _had_ended(self, hold: Held, call: Call) -> bool:
        moments = [hold.expires_at + self.clock - SLACK_S, *(other.invoked for other in self.by_hold[hold.number])]
        users = [other.invoked for other in self.calls if other.hold == hold.number and other.act == "payment" and other.key != call.key]
        return min([*moments, *users]) <= call.returned

    def _was_too_large(self, call: Call) -> bool:
        """Whether so much could not be given back, all refunds counted that may have come before the answer."""
        before = [one for one in self.refunds[call.refers_to] if self.spans[one.number][0] <= call.returned]
        return call.amount > self.paid.get(call.refers_to or 0, 0) - sum(map(_moved, before))

    def _refunds(self) -> Iterator[Finding]:
        """What is left of each payment, refund by refund, and what was told of it."""
        told = {call.number: call.told for call in self.calls if call.act == "refund" and call.outcome == "done" and call.told is not None}
        for payment, refunds in self.refunds.items():
            left = self.paid.get(payment or 0, 0)
            for one in refunds:
                left -= _moved(one)
                if left < 0:
                    yield Finding("impossible", f"transaction {one.number}")
                if told.get(one.number, left) != left:
                    yield Finding("wrong_balance", f"transaction {one.number}")

    def _shops(self) -> Iterator[Finding]:
        """Nobody locks a shop's account to pay there: commits come in any order, and a reading has those that were over at its moment,
        and any of those that were under way."""
        lines: dict[int, list[tuple[Span, int]]] = defaultdict(list)
        for one in self.journal:
            for account, amount in one.lines.items():
                if account not in self.paper.purses:
                    lines[account].append((self.spans[one.number], -amount))
        for call in self.calls:
            if call.act != "read" or call.outcome != "done" or call.purse in self.paper.purses:
                continue
            sure, perhaps = self.paper.balances[call.purse], []
            for (earliest, latest), amount in lines[call.purse]:
                if latest < call.invoked:
                    sure += amount
                elif earliest <= call.returned:
                    perhaps.append(amount)
            if (call.told or 0) - sure not in _sums(perhaps):
                yield Finding("stale", f"read of {call.client}, account {call.purse}: {call.told}")

    def _turn_the_page(self) -> None:
        for one in self.journal:
            for account, amount in one.lines.items():
                self.paper.balances[account] -= amount
        for payment, refunds in self.refunds.items():
            self.paid[payment or 0] = self.paid.get(payment or 0, 0) - sum(map(_moved, refunds))
        self.paper.left = self.paid
        self.paper.size += len(self.journal)


def check(
    calls: Sequence[Call], journal: Sequence[Written], holds: Sequence[Held], paper: Paper, *, ends: Mapping[int, int], clock: float = 0.0
) -> list[Finding]:
    """Everything that does not agree. `ends`: what the database says of each account at the end (purses and all else credit positive)."""
    found = Check(calls, journal, holds, paper, clock=clock).findings()
    return found + [
        Finding("account_differs", f"account {account}: {balance}, on paper {paper.balances[account]}")
        for account, balance in ends.items()
        if paper.balances[account] != balance
    ]


def _span(calls: Iterable[Call]) -> Span:
    """It cannot have happened before somebody asked, nor after somebody was told of it."""
    asked, told = inf, inf
    for call in calls:
        asked = min(asked, call.invoked)
        if call.outcome in ("done", "closed"):
            told = min(told, call.returned)
    return (asked if asked < inf else -inf, told)


def _is_of(one: Written, call: Call) -> bool:
    """Whether this transaction is what that call asked for."""
    if call.act == "settle" or call.act != one.kind:
        return False
    first, second = (sign * call.amount for sign in MOVES[call.act])
    return dict(zip(call.accounts, (first, second), strict=True)) == dict(one.lines) and (call.refers_to, call.hold) == (
        one.refers_to,
        one.hold,
    )


def _met(states: Sequence[State], call: Call) -> list[State]:
    """The states in which the book may have been at some moment of the call."""
    return [state for state in states if state.since <= call.returned and state.until >= call.invoked]


def _moved(one: Written) -> int:
    return max(one.lines.values())


def _sums(amounts: Sequence[int]) -> set[int]:
    """What any of these amounts together come to."""
    sums = {0}
    for amount in amounts:
        sums |= {one + amount for one in sums}
    return sums
