"""The draw of premium vouchers: the same for everybody who makes it again, and nobody loses by another's giving up."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from association.rules import RULES
from association.rules.draw import Entry, draw, list_hash, seed

ENTRIES = st.dictionaries(st.integers(1, 10_000), st.integers(1, 5), max_size=40).map(
    lambda found: [Entry(*pair) for pair in found.items()]
)
ROOTS = st.binary(min_size=32, max_size=32)


@given(ENTRIES, st.integers(0, 100), ROOTS, st.randoms())
def test_the_order_in_which_the_list_is_read_decides_nothing(entries: list[Entry], units: int, root: bytes, shuffler: object) -> None:
    """Every unit goes to somebody while somebody wants it, and to nobody more than was wanted."""
    other = list(entries)
    shuffler.shuffle(other)  # type: ignore[attr-defined]
    places = draw(entries, units, seed("c", entries, 1, root))
    assert places == draw(other, units, seed("c", other, 1, root))
    assert sum(place.given for place in places) == min(units, sum(entry.units for entry in entries))
    assert {(place.number, place.wanted) for place in places} == {(entry.number, entry.units) for entry in entries}
    assert all(0 <= place.given <= place.wanted for place in places)
    served = [place.given == place.wanted for place in places]
    assert served == sorted(served, reverse=True)


@given(ENTRIES, st.integers(0, 100), ROOTS, st.sets(st.integers(1, 10_000)))
def test_what_is_given_up_goes_down_the_same_order(entries: list[Entry], units: int, root: bytes, extra: set[int]) -> None:
    """Whoever stays gets at least what they had; whoever gave up gets nothing; ranks stay."""
    without = {entry.number for entry in entries[::3]} | extra
    by_seed = seed("c", entries, 9, root)
    for before, after in zip(draw(entries, units, by_seed), draw(entries, units, by_seed, without), strict=True):
        assert (before.rank, before.number) == (after.rank, after.number)
        assert after.given == 0 if after.number in without else after.given >= before.given


@pytest.mark.parametrize("wrong", [[Entry(1, 1), Entry(1, 2)], [Entry(0, 1)], [Entry(1, 0)]])
def test_a_list_with_a_number_twice_is_refused(wrong: list[Entry]) -> None:
    with pytest.raises(ValueError, match="each number once"):
        list_hash(wrong)


def test_one_in_ten_gets_one_of_a_hundred_whoever_they_are() -> None:
    """Over many roots an application's number gives it no better place: 1,000 draws of 10 among 100, four standard deviations."""
    entries = [Entry(number, 1) for number in range(1, 101)]
    wins = dict.fromkeys(range(1, 101), 0)
    for turn in range(1_000):
        for place in draw(entries, 10, seed("c", entries, turn, bytes(32)))[:10]:
            wins[place.number] += 1
    assert min(wins.values()) > 100 - 4 * 9.5 and max(wins.values()) < 100 + 4 * 9.5


def test_the_page_that_explains_it_gives_the_right_answer() -> None:
    """The example of docs/reference/draw.md."""
    page = Path("docs/reference/draw.md").read_text(encoding="utf-8")
    question, answer = (json.loads(block) for block in re.findall(r"```\n(\{.*?\})\n```", page, re.DOTALL))
    assert {"id": "a", "answer": RULES["vouchers.draw"](question)} == answer
