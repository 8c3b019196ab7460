"""Whoever owns a shop takes what was paid there off all that everybody is told: what is left may be told as well, or stays open."""

from __future__ import annotations

from datetime import date, datetime
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from scipy.optimize import linprog

from analytics.guard import Published
from analytics.open_data.tables import tables
from analytics.reports import EVERY
from analytics.reports.daily import days_told, worth_of_days
from analytics.reports.source import SLOTS, Asked, Source, following
from tests.analytics.test_guard import is_small
from tests.analytics.test_reports import NAMES, NOW, TRADES, Diary

MARCH = date(2026, 3, 1)
SHOPS, DAYS, BANDS, KINDS = 5, 2, 2, 2
HOUR = (12, 19)
"""The town is open at noon and in the evening of two days."""
OWNED = ([0], [0, 1], [0, 1, 2])


def town(seed: int) -> tuple[Diary, list[tuple[int, int]]]:
    """One shop that many go to, and others of a crowd, a handful or nobody; some people came the month before. With each payment its cell
    (shop, day, band, known) and who paid, as the attack counts them."""
    random = np.random.default_rng(seed)
    diary, cells = Diary(), []
    known = set(range(0, 300, 2))
    for shop, person in product(range(SHOPS), known):
        diary.pays("2026-02-05 12:00", person, shop, 500)
    for shop, day, band in product(range(SHOPS), range(DAYS), range(BANDS)):
        crowd = 30 if shop == 0 else int(random.choice([0, 1, 3, 6, 25], p=[0.3, 0.2, 0.2, 0.15, 0.15]))
        for person in random.choice(300, crowd, replace=False).tolist():
            yen = int(random.integers(5, 40)) * 100 * (30 if random.random() < 0.05 else 1)
            diary.pays(f"{MARCH.replace(day=5 + day)} {HOUR[band]}:00", person, shop, yen)
            cells.append((int(np.ravel_multi_index((shop, day, band, person in known), (SHOPS, DAYS, BANDS, KINDS))), person))
    return diary, cells


def told(diary: Diary, held_with: dict[int, int]) -> list[tuple[np.ndarray, int]]:
    """What everybody has as open data, and a group's lead on 地域の分析: sums in yen, each with the cells that it is of."""
    source = Source(diary, 1)  # type: ignore[arg-type]
    asked = Asked(MARCH, following(MARCH), NOW, None, NAMES, TRADES, is_outside=True, held_with=held_with)
    cell = np.arange(SHOPS * DAYS * BANDS * KINDS).reshape(SHOPS, DAYS, BANDS, KINDS)
    found: list[tuple[np.ndarray, int]] = []

    def learn(yen: object, cells: np.ndarray) -> None:
        if isinstance(yen, int):
            found.append((cells.ravel(), yen))

    everybody = {each.name: each.rows for each in tables(source, asked)}
    learn(everybody["month"][0][2], cell)
    if source.is_of_few_owners(asked):
        return found
    of_lead: dict[str, Published] = {name: EVERY[name].gather(source, asked).line(part) for name, part in PARTS.items()}
    for day, band in product(range(DAYS), range(BANDS)):
        slot = MARCH.replace(day=5 + day).weekday(), (1, 3)[band]
        learn(everybody["weekday"][SLOTS.index(slot)][3], cell[:, day, band])
        figure = of_lead["profile"][slot]
        learn(figure and figure.yen, cell[:, day, band])
        figure = of_lead["footfall"][MARCH.replace(day=5 + day), slot[1]]
        learn(figure and figure.yen, cell[:, day, band])
    for kind in range(KINDS):
        figure = of_lead["customers"][kind]
        learn(figure and figure.yen, cell[..., kind])
    return found


PARTS = {"profile": "slots", "customers": "kinds", "footfall": "202603"}


@pytest.mark.parametrize("owned", OWNED, ids=["one shop", "two shops", "three shops"])
def test_an_owner_who_takes_the_own_sales_off_is_left_with_nobody(owned: list[int]) -> None:
    """Of the other shops together, whole or by weekday, part of the day and kind of customer: where nine people or fewer paid, or one made
    most of it, what the owner can reckon stays open by two fifths."""
    asked = 0
    for seed in range(12):
        diary, paid = town(seed)
        march = int(datetime(2026, 3, 1, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp())
        yen = np.array([row[3] for row in diary.paid if row[0] >= march])
        cells, person = (np.array(column) for column in zip(*paid, strict=True))
        shape = (SHOPS, DAYS, BANDS, KINDS)
        others = np.arange(int(np.prod(shape))).reshape(shape)[[shop for shop in range(SHOPS) if shop not in owned]]
        own = np.isin(np.unravel_index(cells, shape)[0], owned)
        facts = told(diary, dict.fromkeys(owned, owned[0]))
        equations = [(known, sum_yen - int(yen[own & np.isin(cells, known)].sum())) for known, sum_yen in facts]
        for secret in [others, *(others[:, day, band] for day, band in product(range(DAYS), range(BANDS))), others[..., 0], others[..., 1]]:
            here = np.isin(cells, secret)
            if is_small(here, person, yen):
                truth = int(yen[here].sum())
                least, most = bounds(secret.ravel(), others.ravel(), equations)
                assert least - 1 <= truth <= most + 1, "the equations are wrong"
                assert most - least >= 0.4 * truth - 2, (seed, truth, least, most)
                asked += 1
    assert asked


def bounds(secret: np.ndarray, unknown: np.ndarray, equations: list[tuple[np.ndarray, int]]) -> tuple[float, float]:
    """The least and the most that these cells can hold together."""
    wanted = np.isin(unknown, secret).astype(float)
    left = np.array([np.isin(unknown, known) for known, _ in equations], float) if equations else None
    right = [rest for _, rest in equations] or None
    ends = [linprog(sign * wanted, A_eq=left, b_eq=right, bounds=(0, None), method="highs") for sign in (1, -1)]
    assert all(end.status in (0, 3) for end in ends), "the equations are wrong"
    return 0.0 if ends[0].status == 3 else ends[0].fun, np.inf if ends[1].status == 3 else -ends[1].fun


def test_what_the_forecast_learns_of_a_days_yen_is_reckoned_from_what_everybody_is_told() -> None:
    """Five guests of an inn dine dearly on the one night or the other: the days' people and the month's sum are the same, and so are the
    yen that the district's forecast is made of."""
    found = []
    for night in (5, 6):
        diary = Diary()
        for month, day, person in product((2, 3), (2, 3, 5, 6), range(100)):
            diary.pays(f"2026-{month:02}-{day:02} 12:00", person, person % SHOPS, 1_000)
        for guest in range(5):
            diary.pays(f"2026-03-{night:02} 19:00", guest, 0, 8_000)
        source, since = Source(diary, 1), date(2026, 2, 1)  # type: ignore[arg-type]
        asked = Asked(since, following(MARCH), NOW, None, {}, {}, is_outside=True)
        days = days_told(source.rows(since, following(MARCH)), since, 59)
        found.append(worth_of_days(source, days, asked).tolist())
    assert found[0] == found[1] and [yen for yen in found[0] if yen] == [100_000] * 4 + [110_000] * 4
