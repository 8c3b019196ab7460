"""The picture of four weeks: whole numbers, on the canvas, and true to the figures."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from association.charts import BOTTOM, LEFT, RIGHT, TOP, line, scale

FIRST = date(2026, 10, 29)


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=40))
def test_every_day_lies_on_the_canvas(amounts: list[int]) -> None:
    """From left to right, and a higher day is never drawn lower."""
    chart = line([(FIRST + timedelta(days=place), amount) for place, amount in enumerate(amounts)])
    assert (chart.points[0].x, chart.points[-1].x) == (LEFT, RIGHT)
    assert all(TOP <= point.y <= BOTTOM for point in chart.points)
    for one in chart.points:
        for other in chart.points:
            assert one.amount <= other.amount or one.y <= other.y
    assert (chart.highest is None) == (max(amounts) == 0)
    assert chart.marks[-1] == chart.points[-1]


@given(st.integers(0, 10**12))
def test_the_scale_ends_at_a_round_number(amount: int) -> None:
    """At least 1,000, two digits and noughts, level lines at round numbers, and a third of the height empty at most."""
    top, lines = scale(amount)
    assert top >= max(amount, 1_000)
    assert len(str(top).rstrip("0")) <= 2 and top % lines == 0
    assert len(str(top // lines).rstrip("0")) == 1
    assert top == 1_000 or amount * 3 >= top * 2
