"""Payments as the kernels see them, small enough that plain Python can count them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from analytics.kernels.columns import kept
from base.clock import TOKYO

QUICK = settings(deadline=None, max_examples=50)
"""The first example may wait for the compiler."""

CONSUMERS, SHOPS = 6, 5
DAY = 86_400


class Payment(NamedTuple):
    at: int
    consumer: int
    shop: int
    yen: int

    @property
    def moment(self) -> datetime:
        """By the time-zone table of the standard library, not by our arithmetic."""
        return datetime.fromtimestamp(self.at, UTC).astimezone(TOKYO)

    @property
    def day(self) -> int:
        return self.moment.date().toordinal() - 719_163

    @property
    def month(self) -> int:
        return (self.moment.year - 1970) * 12 + self.moment.month - 1


def tokyo(text: str) -> int:
    """Seconds of a moment in Tokyo: `2024-02-29 23:59:59`."""
    return int(datetime.fromisoformat(text).replace(tzinfo=TOKYO).timestamp())


START = tokyo("2023-12-31 00:00:00")

BORDERS = st.sampled_from(
    [
        tokyo(text)
        for text in ("2024-01-01 00:00:00", "2024-02-29 23:59:59", "2024-03-01 00:00:00", "2024-12-31 23:59:59", "2025-06-01 08:59:59")
    ]
)
MOMENTS = st.one_of(BORDERS, st.integers(START, START + 60 * DAY), st.integers(START, START + 600 * DAY), st.integers(START, START + 3))
PAYMENTS = st.lists(
    st.builds(Payment, MOMENTS, st.integers(0, CONSUMERS - 1), st.integers(0, SHOPS - 1), st.integers(1, 9_000)), max_size=40
).map(lambda rows: sorted(rows, key=lambda row: row.at))


@st.composite
def cut_payments(draw: st.DrawFn) -> list[list[Payment]]:
    """Payments in chunks: any cut, also within a second, also empty chunks."""
    rows = draw(PAYMENTS)
    borders = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=3)))
    return [rows[low:high] for low, high in pairwise([0, *borders, len(rows)])]


def whole(chunks: Sequence[Sequence[Payment]]) -> list[Payment]:
    return [row for chunk in chunks for row in chunk]


def columns(rows: Sequence[Payment], names: str = "at consumer shop yen") -> list[np.ndarray]:
    """As kernels take them: named columns, codes int32, moments and yen int64."""
    kinds = {"at": np.int64, "consumer": np.int32, "shop": np.int32, "yen": np.int64}
    return [np.array([getattr(row, name) for row in rows], kinds[name]) for name in names.split()]


def cells_of(found: Sequence[np.ndarray]) -> dict[tuple[int, ...], tuple[int, ...]]:
    """The cells with somebody in them, by index, of arrays of one shape whose first counts persons."""
    places = zip(*np.nonzero(found[0]), strict=True)
    return {tuple(map(int, place)): tuple(int(field[place]) for field in found) for place in places}


def counted(spent: dict[tuple[int, ...], list[tuple[int, int]]]) -> dict[tuple[int, ...], tuple[int, ...]]:
    """From (consumer, yen) of each payment of a cell: persons, payments, yen, payments and yen of who has most, yen of the second."""
    answer = {}
    for cell, paid in spent.items():
        times, yen = Counter(who for who, _ in paid), Counter[int]()
        for who, amount in paid:
            yen[who] += amount
        most, second, *_ = sorted((*yen.values(), 0), reverse=True)
        answer[cell] = (len(times), len(paid), sum(yen.values()), max(times.values()), most, second)
    return answer


def through_a_file(part: Any) -> Any:
    """As a closed month's part comes back from where it is kept."""
    file = BytesIO()
    np.savez(file, **part._asdict())
    file.seek(0)
    with np.load(file) as arrays:
        return kept(type(part), dict(arrays))


YEAR_APART = [Payment(tokyo("2024-02-29 10:00:00"), 0, 1, 500), Payment(tokyo("2025-03-01 10:00:00"), 0, 2, 700)]
EDGES = {
    "no rows": [],
    "one consumer": [Payment(START + day * DAY, 0, day % SHOPS, 100 + day) for day in range(9)],
    "one shop": [Payment(START + 3_600 * hour, hour % CONSUMERS, 0, 100) for hour in range(9)],
    "all in one second": [Payment(START, row % CONSUMERS, row % SHOPS, 10 * row + 1) for row in range(30)],
    "nobody for a year": YEAR_APART,
    "29 February and the borders of months": [
        Payment(tokyo(text), number % 2, number % 3, 100)
        for number, text in enumerate(
            ("2024-01-31 23:59:59", "2024-02-01 00:00:00", "2024-02-29 00:00:00", "2024-02-29 23:59:59", "2024-03-01 00:00:00")
        )
    ],
}
