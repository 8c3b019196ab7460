"""Questions and guarded answers: the numbers are those of the book, and where few people came nothing is said."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from click.testing import CliRunner

import association.commands
import merchant.commands
import merchant.queries
from analytics import cli, queries, reports, snapshot
from analytics.errors import PeriodNotOver, PeriodNotWhole, PeriodWrong, ReportUnknown, ReportWrongScope
from analytics.guard import Figure, Published
from analytics.reports import EVERY, REPORTS, Period, catchment
from analytics.reports.answers import THIN, Answer, Told, Words, said
from analytics.reports.measured import NOTHING_MEASURED, Measured
from analytics.reports.source import Asked, Source, following, visits
from analytics.schemas import as_table
from analytics.snapshot import Columns, Month, Payments, Refunds, ShopRow, State
from analytics.snapshot.schema import CLASSES, Accounts, Flows, SeriesTable, empty
from base.clock import TOKYO, day_bounds, tokyo_day
from base.errors import Forbidden, NotSignedIn
from identity.letters import words
from tests.town import Town
from web.tables import write_csv, write_xlsx

NAMES = {0: "みなと屋", 1: "そば処 灯", 2: "花屋", 3: "湯の華", 4: "菓子司", 5: "酒店"}
TRADES = {0: "飲食", 1: "飲食", 2: "花", 3: "飲食", 4: "飲食", 5: "飲食"}
NOW = datetime(2026, 4, 10, 3, 0, tzinfo=UTC)
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


def table(kind: Any, rows: list[tuple[int, ...]]) -> Any:
    """Columns of rows, in the order of time."""
    nothing = empty(kind)
    ordered = zip(*sorted(rows, key=lambda row: row[1]), strict=True) if rows else nothing
    return kind(*(np.array(column, part.dtype) for column, part in zip(ordered, nothing, strict=True)))


class Diary:
    """What happened in a town, written down by hand; read like columns."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: months are closed, and what is made of them is kept there."""
        self.folder, self.number = folder, uuid4().hex
        self.paid: list[tuple[int, int, int, int]] = []
        self.back: list[tuple[int, int, int]] = []  # at, which payment, yen
        self.bought: list[tuple[date, str, list[str]]] = []
        self.moved: list[tuple[int, int, int, int, int, int]] = []  # at, from (class, code), to (class, code), yen

    def pays(self, when: str, consumer: int, shop: int, yen: int) -> int:
        self.paid.append((int(datetime.fromisoformat(when).replace(tzinfo=TOKYO).timestamp()), consumer, shop, yen))
        return len(self.paid) - 1

    def gives_back(self, when: str, payment: int, yen: int) -> None:
        self.back.append((int(datetime.fromisoformat(when).replace(tzinfo=TOKYO).timestamp()), payment, yen))

    def moves(self, when: str, source: tuple[str, int], target: tuple[str, int], yen: int) -> None:
        """Money that is no payment, between a class and a code of it and another."""
        at = int(datetime.fromisoformat(when).replace(tzinfo=TOKYO).timestamp())
        self.moved.append((at, CLASSES.index(source[0]), source[1], CLASSES.index(target[0]), target[1], yen))

    def sold(self, first: date, last: date) -> list[tuple[str, list[str]]]:
        """Of receipts: who bought what together on which day."""
        return [(who, articles) for day, who, articles in self.bought if first <= day <= last]

    def read(self, _district_id: int, since: date, until: date) -> Columns:
        start, end = (int(day_bounds(day)[0].timestamp()) for day in (since, until))
        by_month: dict[date, tuple[list[Any], list[Any], list[Any]]] = defaultdict(lambda: ([], [], []))
        for seq, (at, consumer, shop, yen) in enumerate(self.paid):
            if start <= at < end:
                by_month[tokyo_day(datetime.fromtimestamp(at, UTC)).replace(day=1)][0].append((seq, at, consumer, shop, yen, 0, 0))
        for at, which, yen in self.back:
            if start <= at < end:
                row = (1_000_000 + len(self.paid), at, *self.paid[which][1:3], yen, 0, 0, which)
                by_month[tokyo_day(datetime.fromtimestamp(at, UTC)).replace(day=1)][1].append(row)
        for seq, (at, *sides, yen) in enumerate(self.moved, start=2_000_000):
            if start <= at < end:
                by_month[tokyo_day(datetime.fromtimestamp(at, UTC)).replace(day=1)][2].append((seq, at, *sides, yen, 0, 0))
        months = tuple(self._month(first, *rows) for first, rows in sorted(by_month.items()))
        consumers, shops = (max((row[at] for row in self.paid), default=-1) + 1 for at in (1, 2))
        rows = tuple(ShopRow(code, 100 + code, f"{code:06}", TRADES.get(code, ""), "small", None) for code in range(shops))
        return Columns(1, since, until, months, consumers, shops, 0, NOW, empty(Accounts), empty(SeriesTable), rows)

    @property
    def digest(self) -> str:
        return f"{self.number}-{len(self.paid)}-{len(self.back)}"

    def state(self, _district_id: int, _until: date) -> State:
        return State(self.digest, self.folder is not None, self.folder or Path())

    def _month(self, first: date, paid: list[Any], back: list[Any], moved: list[Any]) -> Month:
        payments, refunds = table(Payments, paid), table(Refunds, back)
        ends = [int(part.max(initial=-1)) + 1 for part in (payments.consumer, payments.shop)]
        return Month(
            first, payments, refunds, table(Flows, moved), *ends, self.folder is not None, True, self.digest, self.folder or Path()
        )

    def answers(
        self,
        name: str,
        period: Period = MARCH,
        shop: int | None = None,
        now: datetime = NOW,
        *,
        is_outside: bool = False,
        held_with: dict[int, int] | None = None,
        measured: Measured = NOTHING_MEASURED,
    ) -> Answer:
        """As `reports.run` asks, less the session."""
        report = EVERY[name]
        if report.months and period is MARCH:
            period = Period(reports.before(MARCH.until, report.months), MARCH.until)
        source = Source(self, 1, sold=self.sold)  # type: ignore[arg-type]
        homes = self._homes(source, period.since, shop) if name == "catchment" else None
        also = {"measured": measured, "homes": homes, "is_outside": is_outside, "held_with": held_with or {}}
        asked = Asked(period.since, period.until, now, shop, NAMES, TRADES, **also)
        return reports.answered(source, report, asked)

    @staticmethod
    def _homes(source: Source, month: date, shop: int | None) -> Published:
        """As it was kept of the month: the first sixty people told one of two areas."""
        grid = catchment.count(source, month, {person: "922" if person % 3 else "530" for person in range(60)}, {})
        return grid.by_col if shop is None else catchment.of_shop(grid, shop)


@pytest.fixture(scope="module")
def year() -> Diary:
    """Fourteen months of a town with sixty regulars and, each month, some who come for the first time."""
    diary, random = Diary(), np.random.default_rng(7)
    month, newcomer = date(2025, 2, 1), 60
    while month < date(2026, 4, 11):
        days = (following(month) - month).days if month < date(2026, 4, 1) else 10
        new = range(newcomer, newcomer + 25)
        newcomer += 25
        for person in [*range(60), *new, *range(newcomer - 50, newcomer - 38)]:
            for _ in range(4 if person < 60 else 1):
                day, hour = month + timedelta(days=int(random.integers(days))), int(random.choice([10, 12, 12, 15, 18]))
                shop = int(random.choice(6, p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.1]))
                diary.pays(f"{day} {hour:02}:{int(random.integers(60)):02}", person, shop, int(random.integers(4, 30)) * 100)
                if random.random() < 0.5:
                    diary.pays(f"{day} {hour + 1:02}:30", person, (shop + 1) % 6, 500)
        month = following(month)
    for person in range(120):
        diary.bought += [(date(2026, 2, 1), f"客 {person}", ["饅頭", "茶"] if person < 40 else ["飴"])]
    for day, people in (("2026-03-13", 12), ("2026-03-20", 12), ("2026-03-27", 12), ("2026-04-03", 12), ("2026-04-10", 50)):
        for person in range(people):
            diary.pays(f"{day} 12:00", person, 0, 900)
    return diary


def in_month(diary: Diary, month: date) -> list[tuple[int, int, int, int]]:
    start, end = (int(day_bounds(day)[0].timestamp()) for day in (month, following(month)))
    return [row for row in diary.paid if start <= row[0] < end]


@pytest.mark.parametrize("name", [name for name in REPORTS if name != "expected"])
def test_each_report_says_something_of_a_lively_town_and_in_both_languages(year: Diary, name: str) -> None:
    """A sentence of which nothing is left open, a picture, a table whose rows fit its head, and one thing to do. (`expected` needs a town
    whose people differ: tests/analytics/test_quarters.py.)"""
    for shop in [code for code, scope in ((None, "district"), (0, "shop")) if scope in REPORTS[name].scopes]:
        period = Period(date(2026, 4, 10), date(2026, 4, 10)) if name == "pulse" else MARCH
        answer = year.answers(name, period, shop, now=datetime(2026, 4, 10, 11, 10, tzinfo=UTC))
        assert answer.can_tell and answer.rows and answer.chart is not None and answer.action is not None
        english = [each.said(words("en").ugettext) for each in everything_said(answer)]
        named = re.compile("|".join([*NAMES.values(), *TRADES.values()]))  # a shop is called as its sign says
        assert not [each for each in english if re.search("[ぁ-んァ-ヶ]", named.sub("", each))], name
        assert all(len(row) == len(answer.heads) for row in answer.rows)
        assert "%(" not in answer.sentence.said(str) and "None" not in answer.sentence.said(str)
        assert all(len(each.values) == len(answer.chart.marks) for each in answer.chart.series) or name == "cohorts"
        for cell in (cell for row in answer.rows for cell in row):
            assert said(cell, str)


def everything_said(answer: Answer) -> list[Words]:
    """Each word of ours on a card: sentence, heads, cells, picture, notes, and what to do."""
    assert answer.chart is not None and answer.action is not None
    cells = [cell for row in answer.rows for cell in row if isinstance(cell, Words)]
    picture = [mark for mark in answer.chart.marks if isinstance(mark, Words)] + [each.name for each in answer.chart.series]
    return [answer.sentence, *(Words(head.title) for head in answer.heads), *cells, *picture, *answer.notes, Words(answer.action.label)]


def given_back(diary: Diary, people: int, when: str) -> None:
    """Each pays, and has all of it back at that moment."""
    for person in range(people):
        diary.gives_back(when, diary.pays("2026-03-05 12:00", person, 0, 500), 500)


def come(diary: Diary, when: str, *people: int) -> None:
    for person in people:
        diary.pays(when, person, 0, 500)


def test_a_shop_reads_tonight_how_the_day_went_in_people_and_never_in_yen(year: Diary) -> None:
    """Fifty came for lunch, on other Fridays a dozen: more than usual. Yen of the district less the other shops' would be its own."""
    evening, today = datetime(2026, 4, 10, 11, 10, tzinfo=UTC), Period(date(2026, 4, 10), date(2026, 4, 10))
    answer = year.answers("pulse", today, 0, now=evening)
    assert "いつもの金曜" in answer.sentence.said(str) and answer.sentence.said(str).endswith("より多めです。")
    assert [head.holds for head in answer.heads] == ["text", "count"] and answer.rows[-1] == ("20:00", 50)
    assert answer.rows[11][1] is None, "until noon nobody may be told of"
    sooner = year.answers("pulse", today, 0, now=evening - timedelta(minutes=10))
    assert sooner.rows == answer.rows[:-1], "an hour is told five minutes after its end"


NOBODY: dict[str, Callable[[Diary], None]] = {
    "nobody": lambda diary: None,
    "one consumer in one shop in one second": lambda diary: come(diary, "2026-03-05 12:00:00", *[0] * 30),
    "nine people": lambda diary: come(diary, "2026-03-05 12:00", *range(9)),
    "nobody in the month that is asked for": lambda diary: come(diary, "2024-02-29 23:59:59", *range(30)),
    "all of it given back": lambda diary: given_back(diary, 30, "2026-03-06 09:00"),
    "given back before it was paid, by a wrong clock": lambda diary: given_back(diary, 30, "2026-03-01 09:00"),
}


@pytest.mark.parametrize("town", NOBODY)
def test_few_people_and_nobody_get_the_same_answer(town: str) -> None:
    """No traceback, no number, no action; and what is withheld is never zero."""
    diary = Diary()
    NOBODY[town](diary)
    for name, report in REPORTS.items():
        for shop in [code for code, scope in ((None, "district"), (0, "shop")) if scope in report.scopes]:
            answer = (
                diary.answers(name, shop=shop) if report.months else diary.answers(name, Period(date(2026, 3, 5), date(2026, 3, 5)), shop)
            )
            assert (answer.can_tell, answer.action, answer.sentence.text) == (False, None, THIN), (name, shop)
            told = [cell for row in answer.rows for cell in row if isinstance(cell, int)]
            assert not told or (name, told) == ("customers", [0]), (name, told)


def every_answer(diary: Diary, shop: int | None = 0) -> dict[tuple[str, int | None], Answer]:
    """Of the district and of one shop."""
    found = {}
    for name, report in REPORTS.items():
        for code in [code for code, scope in ((None, "district"), (shop, "shop")) if scope in report.scopes]:
            day = Period(date(2026, 3, 5), date(2026, 3, 5))
            found[name, code] = diary.answers(name, shop=code) if report.months else diary.answers(name, day, code)
    return found


def are_whole(answers: dict[tuple[str, int | None], Answer]) -> None:
    """Each says a whole sentence, with a thing to do exactly where it tells something."""
    for key, answer in answers.items():
        assert answer.can_tell == (answer.action is not None), key
        assert "%(" not in answer.sentence.said(str) and "None" not in answer.sentence.said(str), key
        assert all(len(row) == len(answer.heads) for row in answer.rows), key


def test_a_lively_town_of_one_shop_is_told_what_one_shop_can_be_told() -> None:
    """Its hours and its customers; nothing about walking on, about a trade, about what others take."""
    diary, random = Diary(), np.random.default_rng(3)
    for month, person in ((month, person) for month in range(1, 4) for person in range(80)):
        for _ in range(2):
            diary.pays(
                f"2026-{month:02}-{int(random.integers(1, 28)):02} 12:{person % 60:02}", person, 0, int(random.integers(4, 30)) * 100
            )
    answers = every_answer(diary)
    are_whole(answers)
    assert answers["profile", 0].can_tell and answers["movers", None].can_tell and answers["profile", None].can_tell
    alone = ("circulation", None), ("routes", None), ("covisits", None), ("trade", 0), ("wallet", 0)
    assert not any(answers[key].can_tell for key in alone)


def test_a_year_without_a_payment_in_the_middle_is_no_zero_and_nobody_is_new_again() -> None:
    """Sixty people of 2024 come back in 2026 after a year of silence: they are not new, and what lies between is not told."""
    diary = Diary()
    for year_, month in ((2024, 11), (2024, 12), (2026, 1), (2026, 2), (2026, 3)):
        for person, day in ((person, day) for person in range(60) for day in (5, 12)):
            diary.pays(f"{year_}-{month:02}-{day:02} 12:{person % 60:02}", person, person % 6, 900 + person)
    are_whole(every_answer(diary))
    assert [row[1] for row in diary.answers("customers").rows] == [None, 60, None], "none new, all returning, nobody lapsed"
    silent = Period(date(2025, 6, 1), date(2025, 7, 1))
    for name in ("profile", "customers"):
        answer = diary.answers(name, silent)
        assert not answer.can_tell and not [cell for row in answer.rows for cell in row if isinstance(cell, int) and cell]


def test_a_shop_at_which_nobody_ever_paid_reads_that_nothing_can_be_told(year: Diary) -> None:
    """In a lively town: no other shop's figure, and no traceback."""
    answers = {key: answer for key, answer in every_answer(year, reports.UNPAID).items() if key[1] == reports.UNPAID}
    are_whole(answers)
    for (name, _), answer in answers.items():
        if name != "baskets":  # receipts are the shop's own, whoever paid with what
            assert not answer.can_tell, name


def test_an_owner_sees_where_the_own_customers_come_from_and_go_on_to_as_the_district_tells_it(year: Diary) -> None:
    """The own pairs of the district's table, and no other shop's: two views of one table cannot be set off."""
    district = {(row[0], row[1]): row[2] for row in year.answers("circulation").rows}
    own = year.answers("circulation", shop=0)
    assert own.can_tell and own.rows and "みなと屋" in own.sentence.said(str)
    for other, before, after in own.rows:
        assert (before, after) == (district.get((other, "みなと屋")), district.get(("みなと屋", other)))
    assert (
        len(own.rows)
        == len({pair for pair in district if "みなと屋" in pair} | {pair[::-1] for pair in district if "みなと屋" in pair}) // 2
    )


def test_the_hours_and_shops_of_a_month_add_up_to_the_book(year: Diary) -> None:
    """What is told is what was paid, to the yen; nothing with fewer than ten people is; a shop sees its row of the same table."""
    grid, rows = Source(year, 1).master(MARCH.since), in_month(year, MARCH.since)  # type: ignore[arg-type]
    assert grid.total == Figure(len({row[1] for row in rows}) // 10 * 10, sum(row[3] for row in rows))
    cells: dict[Any, Counter[int]] = defaultdict(Counter)
    for at, person, shop, yen in rows:
        moment = datetime.fromtimestamp(at, UTC).astimezone(TOKYO)
        band = sum(moment.hour >= hour for hour in (11, 14, 17))
        cells[shop, (moment.weekday(), band)][person] += yen
    told = grid.told()
    assert told and all((figure.persons, figure.yen) == (len(cells[a, b]) // 10 * 10, cells[a, b].total()) for a, b, figure in told)
    assert all(len(cells[shop, slot]) >= 10 for shop, slot, _ in told)
    own = year.answers("profile", shop=0).rows
    assert [row[2:] for row in own] == [(None, None) if each is None else (each.persons, each.yen) for _, each in grid.row(0)]
    district = year.answers("profile").rows
    assert [row[3] for row in district[:28]] == [None if each is None else each.yen for _, each in grid.by_col]


def test_parts_of_a_month_add_up_to_what_was_told_of_it(year: Diary) -> None:
    """New and returning, segments, shops: each sum is the one of the month's table, so that no two reports can be set off."""
    rows = in_month(year, MARCH.since)
    earlier = {row[1] for row in year.paid if row[0] < min(row[0] for row in rows)}
    new, returning, _ = year.answers("customers").rows
    assert new[2] == sum(row[3] for row in rows if row[1] not in earlier) and new[1] == 20
    assert returning[2] == sum(row[3] for row in rows if row[1] in earlier)
    segments = year.answers("rfm").rows
    start = int(day_bounds(date(2026, 1, 1))[0].timestamp())
    whole = sum(row[3] for row in year.paid if row[0] >= start and row[0] < int(day_bounds(MARCH.until)[0].timestamp()))
    told = [row[2] for row in segments if row[2] is not None]
    assert sum(told) <= whole and segments[0][2] and (sum(told) == whole or len(segments) - len(told) >= 1)
    movers = year.answers("movers").rows
    assert [row[2] for row in movers[:6]] == [sum(row[3] for row in rows if row[2] == shop) for shop in range(6)]


def test_a_month_of_few_people_is_left_out_of_the_quarter(year: Diary) -> None:
    """Else the quarter less the other months would be what three people paid."""
    diary = Diary()
    quiet = {id(row) for row in in_month(year, date(2026, 2, 1))[5:]}
    diary.paid = [row for row in year.paid if id(row) not in quiet]
    source = Source(diary, 1)  # type: ignore[arg-type]
    assert source.master(date(2026, 2, 1)).total is None
    answer = diary.answers("rfm")
    months = (date(2026, 1, 1), date(2026, 3, 1))
    told = sum(row[2] for row in answer.rows if isinstance(row[2], int))
    assert answer.can_tell and told <= sum(row[3] for month in months for row in in_month(diary, month))


def test_the_visits_of_one_shop_are_those_of_all_shops_that_were_paid_there(year: Diary) -> None:
    """Also where a payment was given back whole, or in part, or a later month gave it back; and where nobody ever paid."""
    diary = Diary()
    diary.paid = list(year.paid)
    mine = [diary.paid.index(row) for shop in (0, 1, 2) for row in in_month(diary, MARCH.since) if row[2] == shop]
    for which in mine[::5]:
        diary.gives_back("2026-03-30 10:00", which, diary.paid[which][3] // (1 + which % 3))
    diary.gives_back("2026-03-31 10:00", mine[1], 1)
    diary.gives_back("2026-04-02 10:00", mine[2], 1)
    for month in diary.read(1, date(2026, 1, 1), date(2026, 5, 1)).months:
        everybody = visits(month)
        for shop in range(month.shops + 1):
            for ours, theirs in zip(visits(month, shop), everybody.where(everybody.shop == shop), strict=True):
                assert ours.dtype == theirs.dtype and ours.tolist() == theirs.tolist()


def test_a_refund_of_the_next_month_changes_nothing_that_was_published(year: Diary) -> None:
    """In its own month it shortens the payment; later it does not, since yesterday's page less today's would be that person's refund."""
    diary = Diary()
    diary.paid = list(year.paid)
    before = diary.answers("movers").rows
    which = diary.paid.index(next(row for row in in_month(diary, MARCH.since) if row[2] == 0))
    diary.gives_back("2026-04-03 10:00", which, 100)
    assert diary.answers("movers").rows == before
    diary.gives_back("2026-03-31 23:00", which, 100)
    after = diary.answers("movers").rows
    assert before[0][2] - after[0][2] == 100


def test_a_shop_that_changed_its_trade_changes_nothing_that_was_told_before(district: Town, tmp_path: Path) -> None:
    """The quarter goes by the trade that held when it ended; the next one by the new one. Columns that are written anew say the same."""
    bath, tea = district.shop("外湯"), district.shop("喫茶")
    for _ in range(12):
        person = district.consumer(coins=3_000)
        person.pays(bath, 500)
        person.pays(tea, 800)
    edits(district, tea, "喫茶")
    district.seals()
    while district.month_passes().month % 3:
        pass
    district.clock.advance(days=3)
    session = district.session
    session.info["columns_folder"] = tmp_path / "columns"
    end = district.today.replace(day=1)

    def told(until: date, *, rebuild: bool = False) -> tuple[Any, dict[int, str]]:
        snapshot.of(session).follow(session, district.district_id, rebuild=rebuild)
        rows = snapshot.of(session).read(district.district_id, reports.before(until, 3), until).shop_rows
        period = Period(reports.before(end, 3), end)
        answer = reports.run(session, district.district_id, REPORTS["wallet"], period, now=district.now)
        return answer.rows, {row.code: row.trade_before(until) for row in rows}

    before = told(end)
    assert {row[0] for row in before[0]} == {"食堂", "喫茶"} and before[1] == {0: "食堂", 1: "喫茶"}
    edits(district, tea, "土産")
    assert told(end) == told(end, rebuild=True) == before
    assert told(following(end))[1] == {0: "食堂", 1: "土産"}


def edits(district: Town, shop: Any, trade: str) -> None:
    """The desk writes down another trade."""
    known = merchant.queries.merchant(district.session, district.district_id, shop.id)
    before = merchant.commands.shops.facts_of(known)
    edit = association.commands.ShopEdit(shop.id, known.public_number, before, replace(before, trade=trade))
    association.commands.edit_shop(district.session, district.clerk().who, edit, now=district.now)


def test_a_shop_sees_the_median_of_its_trade_only_among_five(year: Diary) -> None:
    """The middle of five shops in two digits; a trade with one shop says so."""
    rows = in_month(year, MARCH.since)
    sums = sorted(sum(row[3] for row in rows if row[2] == shop) for shop in (0, 1, 3, 4, 5))
    answer = year.answers("trade", shop=0)
    assert str(answer.rows[1][2])[:2] == str(round(sums[2], 1 - len(str(sums[2])) + 1))[:2]
    alone = year.answers("trade", shop=2)
    assert not alone.can_tell and alone.rows[1][2] is None and alone.action is None


def test_what_is_kept_of_a_closed_month_changes_no_answer(year: Diary, tmp_path: Path) -> None:
    """The second time a report is asked, it reads what it made of each month."""
    diary = Diary(tmp_path)
    diary.paid = year.paid
    for name in ("rfm", "cohorts", "circulation", "routes", "customers"):
        for _ in range(2):
            assert diary.answers(name) == year.answers(name)
    assert len(list(tmp_path.glob("partials/report-rfm-*"))) == 3


def test_a_raw_number_gets_no_further_than_the_guard() -> None:
    """A report that hands on anything but what the guard published is stopped."""
    with pytest.raises(TypeError):
        Told(shops=[3, 4])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        ("2026-03-02", "2026-03-31", PeriodNotWhole),
        ("2026-03-01", "2026-03-30", PeriodNotWhole),
        ("2026-04-01", "2026-04-30", PeriodNotOver),
        ("2026-02-01", "2026-03-31", PeriodWrong),
        ("2026-03-01", "2026-02-28", PeriodWrong),
        ("0001-01-01", "0001-01-31", PeriodWrong),
        (None, "9999-12-31", PeriodWrong),
    ],
)
def test_only_whole_months_that_are_over_can_be_asked_for(first: str | None, last: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        reports.period(REPORTS["profile"], first and date.fromisoformat(first), date.fromisoformat(last), NOW)


def test_whoever_names_no_month_gets_the_newest_that_is_over() -> None:
    """On the first two days of a month that is the one before the last; 29 February is the last day of its month."""
    assert reports.period(REPORTS["profile"], None, None, NOW) == MARCH
    assert reports.period(REPORTS["profile"], None, None, datetime(2026, 4, 1, 3, tzinfo=UTC)).until == date(2026, 3, 1)
    assert reports.period(REPORTS["profile"], None, date(2024, 2, 29), NOW) == Period(date(2024, 2, 1), date(2024, 3, 1))
    with pytest.raises(ReportUnknown):
        reports.report("salaries")


def test_the_doors_let_in_whom_the_table_names_and_an_owner_sees_the_own_shop_alone(district: Town, tmp_path: Path) -> None:
    """From the book through the columns to the door and the terminal: one customer came, so nothing may be told."""
    shop, hanako = district.shop(), district.consumer(5_000)
    hanako.pays(shop, 500)
    district.seals()
    session = district.session
    session.info["columns_folder"] = tmp_path / "columns"
    snapshot.of(session).follow(session, district.district_id)
    later = district.now + timedelta(days=70)
    auditor = district.signs_in(district.person("監査", "auditor"))
    for each in queries.district_reports(session, auditor):
        asked = queries.district_report(session, auditor, each.name, now=later)
        assert not asked.answer.can_tell and asked.report == each
    with pytest.raises(ReportWrongScope):
        queries.district_report(session, auditor, "trade", now=later)
    for each in queries.shop_reports(session, shop.owner):
        assert not queries.shop_report(session, shop.owner, each.name, now=later).answer.can_tell
    for door in (queries.district_reports, queries.shop_reports):
        with pytest.raises(Forbidden):
            door(session, hanako.who)
        with pytest.raises(NotSignedIn):
            door(session, district.principal(""))
    with pytest.raises(Forbidden):
        queries.district_report(session, shop.owner, "movers", now=later)
    slug = district.host.split(".")[0]
    asks = ["run", "movers", "--district", slug, "--to", "2024-03-31"]
    done = CliRunner().invoke(cli.commands, asks, obj=session)
    found = json.loads(done.stdout)
    assert (found["can_tell"], found["first"], found["last"], found["sentence"]) == (False, "2024-02-01", "2024-03-31", THIN)
    for form, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        out = tmp_path / f"movers.{form}"
        done = CliRunner().invoke(cli.commands, [*asks, "--format", form, "--out", str(out)], obj=session)
        assert done.exit_code == 0 and out.read_bytes().startswith(begins)
    for name in ("forecast", "foretold", "effects"):
        of_night = ["run", name, "--district", slug]
        assert not json.loads(CliRunner().invoke(cli.commands, of_night, obj=session).stdout)["can_tell"]
        assert isinstance(CliRunner().invoke(cli.commands, [*of_night, "--to", "2024-03-31"], obj=session).exception, PeriodWrong)


def test_what_is_withheld_is_an_empty_cell_of_a_file_with_the_words_beside_it(year: Diary) -> None:
    """Codes and hours are text, sums are numbers; the last column says why a row is empty."""
    file = io.BytesIO()
    write_csv(file, *as_table(year.answers("profile"), str))
    head, *rows = csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig")))
    assert head == ["曜日", "時間帯", "人数", "お支払い（円）", "注"] and len(rows) == 28 + 168
    assert {tuple(row[2:]) for row in rows if not row[3]} == {("", "", "10人未満のため非表示")}
    assert all(row[3].isdigit() and not row[4] for row in rows if row[3])
    write_xlsx(io.BytesIO(), *as_table(year.answers("profile"), str))
