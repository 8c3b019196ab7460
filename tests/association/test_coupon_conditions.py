"""What decides about a coupon, and what a rehearsal and a table about people say: pure rules."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from association.rules import FEWEST, Conditions, Group, Past, Segment, Use, Visit, burn, hidden, in_tens, rehearse
from merchant.rules.refunds import in_proportion

MONDAY = date(2026, 11, 23)
SHOPS = (1, 2, 3)
days = st.integers(-40, 20).map(lambda number: MONDAY + timedelta(days=number))
visits = st.dictionaries(st.sampled_from(SHOPS), days)


@st.composite
def conditions(draw: st.DrawFn) -> Conditions:
    """Any that the desk lets through."""
    visit = draw(st.sampled_from([None, *Visit]))
    percent = draw(st.none() | st.integers(1, 99))
    first = draw(st.integers(0, 1439))
    segment = draw(st.none() | st.builds(Segment, st.sampled_from(["regular", "absent"]), st.integers(1, 30)))
    not_at = draw(st.frozensets(st.sampled_from(SHOPS), max_size=1)) if segment and segment.kind == "regular" else frozenset()
    return Conditions(
        amount_off=draw(st.integers(1, 900)),
        min_spend=draw(st.integers(901, 2_000)),
        percent=percent,
        weekdays=draw(st.integers(1, 127)),
        from_minute=first,
        until_minute=draw(st.integers(first + 1, 1440)),
        visit=visit,
        within_days=draw(st.integers(1, 30)) if visit in (Visit.again, Visit.pair) else None,
        sources=frozenset({1}) if visit is Visit.pair else frozenset(),
        segment=segment,
        segment_not_at=not_at,
    )


payments = st.lists(
    st.builds(Past, days, st.integers(0, 1439), st.integers(1, 3), st.sampled_from(SHOPS), st.integers(1, 4_000)), max_size=40
).map(lambda past: sorted(past, key=lambda one: (one.day, one.minute)))


@given(conditions(), st.integers(1, 1_000_000))
def test_a_percentage_is_floored_capped_and_leaves_something_to_pay(what: Conditions, bill: int) -> None:
    """Never above the cap, never the whole bill, never rounded up."""
    off = what.discount(bill)
    assert off <= what.amount_off
    if what.percent is not None:
        assert off * 100 <= bill * what.percent
        assert off < bill
        assert off == what.amount_off or (off + 1) * 100 > bill * what.percent


@given(conditions(), visits, days, st.integers(0, 1439))
def test_a_pair_is_never_used_where_it_began(what: Conditions, mine: dict[int, date], day: date, minute: int) -> None:
    """A payment at the bath house opens the coupon elsewhere, not there."""
    for shop in what.sources:
        assert what.barrier(shop, 4_000, mine, day, minute) == "other_shops"


@given(conditions(), visits, days)
def test_nobody_is_regular_and_absent_at_once(what: Conditions, mine: dict[int, date], day: date) -> None:
    """And whoever has never paid is neither."""
    kinds = [Conditions(1, 2, segment=Segment(kind, 14)).belongs(mine, day) for kind in ("regular", "absent")]
    assert sum(kinds) == bool(mine)


@given(conditions(), payments, st.integers(1, 10), st.integers(1, 3), days)
def test_a_rehearsal_is_what_the_door_would_have_done(
    what: Conditions, past: list[Past], pieces: int, per_person: int, first: date
) -> None:
    """Each payment is laid before the same questions as at the door, with a history that is counted anew for each, slowly."""
    last = first + timedelta(days=10)
    expected: list[tuple[Past, int]] = []
    for place, one in enumerate(past):
        before = [each for each in past[:place] if each.person == one.person]
        mine = {shop: max(each.day for each in before if each.shop == shop) for shop in {each.shop for each in before}}
        may_claim = what.belongs(mine, one.day) and what.has_come(mine, one.day)
        had = sum(1 for used, _off in expected if used.person == one.person)
        runs = first <= one.day <= last and len(expected) < pieces and had < per_person
        if runs and may_claim and what.barrier(one.shop, one.bill, mine, one.day, one.minute) is None:
            expected.append((one, what.discount(one.bill)))
    uses = rehearse(what, pieces, per_person, past, first, last)
    assert [(use.past, use.discount) for use in uses] == expected
    assert sum(use.discount for use in uses) <= pieces * what.amount_off


@given(st.lists(st.integers(0, 30), max_size=12))
def test_what_is_hidden_cannot_be_worked_out(people: list[int]) -> None:
    """No shown row stands for one to nine people, and what is hidden is never one row or fewer than ten people, if others could join."""
    groups = [Group(place, count) for place, count in enumerate(people)]
    veiled = hidden(groups)
    assert all(groups[place].people == 0 or groups[place].people >= FEWEST for place in range(len(groups)) if place not in veiled)
    together = sum(groups[place].people for place in veiled)
    shown = [group for place, group in enumerate(groups) if place not in veiled and group.people]
    assert not veiled or not shown or (len(veiled) > 1 and together >= FEWEST)


@given(st.integers(0, 100_000))
def test_people_are_told_in_tens(people: int) -> None:
    """Two questions that differ by a person give the same answer, or differ by ten."""
    assert in_tens(people) == (None if people < 10 else people - people % 10)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=4), st.data())
def test_funders_get_back_what_they_bear_and_no_more(shares: list[int], data: st.DataObject) -> None:
    """The parts are the whole, and none is above its share or below nothing."""
    amount = data.draw(st.integers(0, sum(shares)))
    parts = in_proportion(amount, shares)
    assert sum(parts) == amount
    assert all(0 <= part <= share for part, share in zip(parts, shares, strict=True))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 40), st.integers(1, 500)), min_size=1, max_size=120))
def test_the_line_of_the_budget_rises_by_ten_people_at_least(found: list[tuple[int, int, int]]) -> None:
    """Never falling, to the whole cost; each step within has ten people or more behind it, what is left comes in on the last day."""
    first = date(2026, 6, 1)
    uses = [Use(Past(first + timedelta(days=day), 600, person, 1, 1_000), off) for day, person, off in sorted(found)]
    line = burn(uses, first, first + timedelta(days=20))
    assert len(line) == 21 and line[-1][1] == sum(one.discount for one in uses)
    before = reached = 0
    for place, (day, amount) in enumerate(line[:-1]):
        assert amount >= reached
        if amount > reached:
            behind = {one.past.person for one in uses if before <= (one.past.day - first).days <= place}
            assert len(behind) >= FEWEST, day
            before, reached = place + 1, amount
