"""What is measured in the town: its weather, who walks through two streets and in at one door, its festivals, visits of its site,
answers at the information desk. And which shop stands where.

Made of the same days of which the town lives, so that what insight lays beside the payments is there to be found. Each start adds the
days that went by; again on one day is harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from math import cos, pi
from random import Random
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

import merchant.queries
from analytics.commands import Found, NewSource, Parcel, Reading, add_source, keep_plan, place_shop, take_file
from analytics.queries.streets import plan
from base.clock import day_bounds, tokyo_day
from demo.almanac import Day, days
from demo.cast import ADMINISTRATOR
from demo.opening import Town
from demo.plan import drawn, stands
from demo.shops import MINATOYA, SHOPS
from demo.town import SEED
from identity.queries import Principal

NAMESPACE = UUID("6f0b7c59-0a43-4b0c-9a0e-3b8c4c4a7d52")
HOUR_S, DAY_S = 3_600, 86_400
LATELY = 190
"""days: the six months that 天気と通り and 祭りの日 look at"""
STREETS = {"駅前通り": (34, 26), "湯元通り": (46, 12)}
"""Passers-by of an ordinary hour: guests, residents."""
WALKING = (0, 0, 0, 0, 0, 0.1, 0.3, 0.6, 0.8, 1.0, 1.2, 1.4, 1.5, 1.4, 1.3, 1.3, 1.2, 1.1, 0.9, 0.7, 0.5, 0.3, 0.1, 0)
"""By hour, against an ordinary one."""

ANSWERS = {"また来たい": 9, "ふつう": 4, "もう来ない": 1}
"""Cards of an ordinary day at most."""


def measure(session: Session, town: Town, *, now: datetime) -> None:
    """Sources, their readings until yesterday, and the streets of shops that nobody has placed."""
    keeper = Principal(town.district_id, town.people[ADMINISTRATOR.mailbox], None, ADMINISTRATOR.roles, address="demo")
    shops = {shop.name: shop.id for shop in merchant.queries.shops(session, town.district_id)}
    if plan(session, keeper, on=tokyo_day(now)) is None:
        keep_plan(session, keeper, drawn(), now=now)
        for shop in SHOPS:
            place_shop(session, keeper, shops[shop.name], street=shop.address.split()[0], at=stands(shop.address), now=now)
    today = tokyo_day(now)
    past = [day for day in days(town.first_day, today - timedelta(days=1), SEED) if day.date >= today - timedelta(days=LATELY)]
    found: list[tuple[NewSource, Iterator[Reading]]] = [
        (NewSource("weather", "灯ノ沢の天気", "", DAY_S, "見本の値"), _weather(past)),
        (NewSource("event", "町の催し", "", DAY_S, "実行委員会の見込み"), _feasts(past)),
        (NewSource("door", "みなと屋の入口", "", HOUR_S, "赤外線", shops[MINATOYA]), _hours(past, "door", 7, 3, range(9, 18))),
        (NewSource("web", "町のホームページ", "", DAY_S, "アクセスの記録（回数だけ）"), _visits(past)),
        (NewSource("survey", "案内所のアンケート", "", DAY_S, "紙のカード"), _answers(past)),
    ]
    for street, (guests, locals_) in STREETS.items():
        found.append(
            (NewSource("footfall", street, street, HOUR_S, "カメラ（人数だけ）"), _hours(past, street, guests, locals_, range(24)))
        )
    for new, readings in found:
        source = add_source(session, keeper, new, key=uuid5(NAMESPACE, f"{town.district_id} {new.name}"), now=now)
        key = uuid5(NAMESPACE, f"{town.district_id} {new.name} {today}")
        take_file(session, keeper, source, Parcel(Found(list(readings)), key, "見本.csv"), now=now)


def _weather(past: Iterable[Day]) -> Iterator[Reading]:
    """Rain in tenths of a millimetre, the highest temperature in tenths of a degree, snow in centimetres."""
    for day in past:
        rng, start = Random(f"{SEED} sky {day.date}"), day_bounds(day.date)[0]
        warmth = 15 - 13 * cos(2 * pi * (day.date.timetuple().tm_yday - 30) / 365)
        yield Reading(start, "rain", rng.randint(20, 280) if day.weather == "雨" else 0)
        yield Reading(start, "high", round(10 * (warmth + rng.uniform(-3, 3))))
        yield Reading(start, "snow", rng.randint(3, 25) if day.weather == "雪" else 0)


def _feasts(past: Iterable[Day]) -> Iterator[Reading]:
    return (Reading(day_bounds(day.date)[0], day.festival, round(3_000 * day.guests)) for day in past if day.festival)


def _hours(past: Iterable[Day], place: str, guests: int, locals_: int, hours: range) -> Iterator[Reading]:
    """Every hour of each day is counted; nobody passes outside `hours`."""
    for day in past:
        rng, start = Random(f"{SEED} {place} {day.date}"), day_bounds(day.date)[0]
        for hour in range(24):
            people = (hour in hours) * WALKING[hour] * (guests * day.guests + locals_ * day.locals) * rng.uniform(0.85, 1.15)
            yield Reading(start + timedelta(hours=hour), "count", round(people))


def _visits(past: list[Day]) -> Iterator[Reading]:
    """Of the town's site: who comes at the week's end looks two days before."""
    for day, later in zip(past, past[2:] + past[-2:], strict=True):
        rng = Random(f"{SEED} site {day.date}")
        yield Reading(day_bounds(day.date)[0], "count", round((40 + 160 * later.guests) * rng.uniform(0.8, 1.2)))


def _answers(past: Iterable[Day]) -> Iterator[Reading]:
    """How guests liked their stay, as they say it on a card."""
    for day in past:
        rng, start = Random(f"{SEED} cards {day.date}"), day_bounds(day.date)[0]
        for answer, most in ANSWERS.items():
            if cards := round(most * day.guests * rng.random()):
                yield Reading(start, answer, cards)
