"""測るもの: where counts and weather come from, how well they come, and the file that brings more of them."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
import merchant.queries
from analytics import commands, queries
from analytics.commands import Parcel
from analytics.errors import (
    MeasureFileHead,
    MeasureFileLarge,
    MeasureFileMissing,
    MeasureFileNothing,
    MeasureFilePersonal,
    MeasureFileStale,
    MeasureFileUnreadable,
)
from analytics.queries import SourceRow
from analytics.queries.measurements import Series
from analytics.reports.survey import OTHERS, tellable
from analytics.rules.jma import is_jma, read_jma
from analytics.rules.kinds import DAY_S, HALF_S, HOUR_S, KINDS, QUARTER_S, Item
from analytics.rules.quality import STATES
from analytics.rules.readings import REASONS, Found, Frame, LooksPersonal, read_table
from analytics.schemas import KeySchema, SensorSchema, SourceSchema, new_source
from analytics.views.frame import pages
from base.clock import TOKYO, day_bounds, tokyo_day
from base.errors import N_, MeguriError
from base.row_file import FileWrong
from base.yen import grouped
from identity.commands import authorise
from identity.permissions import may
from web import forms, tables
from web.i18n import _, translate
from web.tables import count, moment, text
from web.workbook import sheet_rows

LINES_MAX, BYTES_MAX = 40_000, 5_000_000
OLDEST = timedelta(days=3_660)
SHOWN = timedelta(days=400)
"""How far back the readings are taken along as a file."""
INTERVALS = {QUARTER_S: N_("15分ごと"), HALF_S: N_("30分ごと"), HOUR_S: N_("1時間ごと"), DAY_S: N_("1日ごと")}
SOURCE = "<int(max=9223372036854775807):source_id>"


def _page(template: str, **values: object) -> str:
    name = identity.queries.person_profile(g.session, g.who).nickname
    may_keep = may(g.who.roles, None, "analytics.keep_measurements")
    may_make = may(g.who.roles, None, "identity.create_api_token")
    return render_template(
        template, own_name=name, may_keep=may_keep, may_make=may_make, intervals=INTERVALS, states=STATES, kinds=KINDS, **values
    )


@pages.get("/desk/measures")
def measures() -> str:
    """All that is measured with its state, and the form for one more."""
    found = queries.sources(g.session, g.who, now=g.clock())
    shops = [shop for shop in merchant.queries.shops(g.session, g.who.district_id) if shop.state == "open"]
    return _page("analytics/measures.html", found=found, shops=shops)


@pages.get("/desk/measures.<any(xlsx, csv):file>")
def sources_table(file: str) -> Response:
    """All that is measured, and until when it has come."""
    columns = [
        text(_("測るもの"), 28),
        text(_("場所"), 28),
        text(_("種類"), 20),
        text(_("間隔"), 12),
        text(_("ようす"), 28),
        moment(_("最後に届いた日時")),
    ]
    rows = [
        [
            each.source.name,
            each.source.place,
            translate(each.source.kind.title),
            translate(INTERVALS[each.source.interval_s]),
            _("終わり") if each.source.ended_at else translate(STATES[each.state][1], each.facts),
            each.standing.last_end,
        ]
        for each in queries.sources(g.session, g.who, now=g.clock())
    ]
    return tables.download(file, "measures", columns, rows)


@pages.post("/desk/measures")
def add_measure() -> Answer:
    """One more. Pressed twice, it is there once."""
    authorise(g.session, g.who, "analytics.keep_measurements", subject="new")
    data = forms.load(SourceSchema)
    shop = merchant.queries.shop_by_number(g.session, g.who.district_id, data["shop"]).id if data["shop"] else None
    made = commands.add_source(g.session, g.who, new_source(data, shop), key=data["key"], now=g.clock())
    return redirect(url_for(".measure", source_id=made), 303)


@pages.get(f"/desk/measures/{SOURCE}")
def measure(source_id: int) -> str:
    """How one source stands, where each value came from, and its sensors."""
    return _measure_page(source_id, None)


def _measure_page(source_id: int, made: str | None, *, label: str = "") -> str:
    found = queries.source(g.session, g.who, source_id, now=g.clock())
    rows = queries.deliveries(g.session, g.who, source_id)
    people = {row.person_id for row in rows if row.person_id is not None}
    return _page(
        "analytics/measure.html",
        found=found,
        deliveries=rows,
        names=identity.queries.nicknames(g.session, g.who.district_id, people) if people else {},
        tokens={token.id: token for token in found.tokens},
        reasons=REASONS,
        made=made,
        made_label=label,
    )


@pages.post(f"/desk/measures/{SOURCE}/end")
def end_measure(source_id: int) -> Answer:
    """終わりにする: nothing new is taken."""
    commands.end_source(g.session, g.who, source_id, now=g.clock())
    return redirect(url_for(".measure", source_id=source_id), 303)


@pages.post(f"/desk/measures/{SOURCE}/token")
def make_sensor(source_id: int) -> str:
    """The token is shown once, on this very answer."""
    label = forms.load(SensorSchema)["label"]
    token = commands.make_sensor_token(g.session, g.who, source_id, label, now=g.clock())
    return _measure_page(source_id, token, label=label)


@pages.get(f"/desk/measures/{SOURCE}/file")
def measure_file(source_id: int) -> str:
    """The box for a file or for cells. Nothing is kept by sending them."""
    authorise(g.session, g.who, "analytics.keep_measurements", subject=f"source:{source_id}")
    source = queries.source_row(g.session, g.who.district_id, source_id)
    return _page("analytics/measure_file.html", source=source, found=None, **_limits())


@pages.post(f"/desk/measures/{SOURCE}/file")
@forms.takes_files(BYTES_MAX * 2)
def keep_measure_file(source_id: int) -> str | Answer:
    """First what would be kept, line by line; then, once that was looked at, all that is right. What is sent again adds what is new."""
    authorise(g.session, g.who, "analytics.keep_measurements", subject=f"source:{source_id}")
    source = queries.source_row(g.session, g.who.district_id, source_id)
    name, content = forms.sent_rows(BYTES_MAX)
    rows, found = _read(source, content, g.clock())
    digest = sha256(repr((found.readings, found.wrong)).encode()).hexdigest()
    if "plan" not in request.form:
        return _page(
            "analytics/measure_file.html",
            source=source,
            found=found,
            rows=rows,
            plan=digest,
            name=name,
            reasons=REASONS,
            preview=_preview(source, found),
            **_limits(),
        )
    if request.form["plan"] != digest:
        raise MeasureFileStale
    if not found.readings:
        raise MeasureFileNothing
    key: UUID = forms.load(KeySchema)["key"]
    commands.take_file(g.session, g.who, source_id, Parcel(found, key, request.form.get("name", "")), now=g.clock())
    return redirect(url_for(".measure", source_id=source_id), 303)


@pages.get(f"/desk/measures/{SOURCE}/readings.<any(xlsx, csv):file>")
def readings_table(source_id: int, file: str) -> Response:
    """The values that count, of the last 400 days, each with whether views leave it out. Of a survey the report's own lines instead: closed
    months, in full tens.
    """
    found = queries.source(g.session, g.who, source_id, now=g.clock()).source
    now = g.clock()
    series = queries.series_of(g.session, g.who.district_id, found, now - SHOWN, now + timedelta(days=found.kind.ahead_days + 1))
    columns = [moment(_("日時")), text(_("項目"), 24), text(_("値"), 12), text(_("単位"), 8), count(_("集計から外す"))]

    def rows() -> Iterator[list[object]]:
        if found.kind.name == "survey":
            yield from _answers(found, series, tokyo_day(now).replace(day=1))
            return
        for item, each in series.items():
            declared = _declared(found, item)
            for start, value, doubtful in zip(each.starts.tolist(), each.values.tolist(), each.doubtful.tolist(), strict=True):
                title = item if found.kind.free else translate(declared.title)
                yield [datetime.fromtimestamp(start, UTC), title, shown(value, declared), translate(declared.unit), int(doubtful)]

    return tables.download(file, f"readings-{source_id}", columns, rows())


def _answers(found: SourceRow, series: Mapping[str, Series], until: date) -> Iterator[list[object]]:
    """Of each month from the first whole one to before `until`: what ten people or more answered."""
    by_month: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for item, each in series.items():
        for start, value in zip(each.starts[~each.doubtful].tolist(), each.values[~each.doubtful].tolist(), strict=True):
            by_month[datetime.fromtimestamp(start, TOKYO).date().replace(day=1)][item] += value
    unit = translate(found.kind.items[0].unit)
    for month in sorted(month for month in by_month if tokyo_day(day_bounds(until)[0] - SHOWN) < month < until):
        told = tellable(by_month[month])
        yield from ([day_bounds(month)[0], answer, grouped(many), unit, 0] for answer, many in told)
        if len(told) < len(by_month[month]):
            yield [day_bounds(month)[0], translate(OTHERS), "", "", 0]


def shown(value: int, item: Item) -> str:
    """Steps as the number that was measured: 25 tenths are 2.5."""
    return grouped(value) if not item.digits else f"{'-' if value < 0 else ''}{abs(value) // 10}.{abs(value) % 10}"


def _declared(source: SourceRow, name: str) -> Item:
    return next((item for item in source.kind.items if item.name == name), source.kind.items[0])


def _preview(source: SourceRow, found: Found) -> list[tuple[datetime, str, str, str]]:
    """The first readings as they would be kept."""
    rows = []
    for each in found.readings[:12]:
        item = _declared(source, each.item)
        rows.append((each.start, each.item if source.kind.free else translate(item.title), shown(each.value, item), translate(item.unit)))
    return rows


def _limits() -> dict[str, str]:
    return {"lines_max": grouped(LINES_MAX)}


def _read(source: SourceRow, content: bytes, now: datetime) -> tuple[str, Found]:
    """The rows as text with tabs, to be sent again with the press, and what they say."""
    frame = Frame(source.kind, source.interval_s, now, now - OLDEST)
    try:
        rows = sheet_rows(content, bytes_max=BYTES_MAX, lines_max=LINES_MAX)
        is_weather = source.kind.name == "weather" and is_jma(rows)
        found = read_jma(rows, frame) if is_weather else read_table(rows, frame)
    except FileWrong as wrong:
        raise _refusal(wrong) from wrong
    except LooksPersonal as wrong:
        raise MeasureFilePersonal(line=wrong.line) from None
    out = io.StringIO()
    csv.writer(out, delimiter="\t").writerows([*cells, ""] for _line, cells in rows)
    return out.getvalue(), found


def _refusal(wrong: FileWrong) -> MeguriError:
    match wrong.reason:
        case "missing":
            return MeasureFileMissing()
        case "large":
            return MeasureFileLarge(lines=grouped(LINES_MAX))
        case "column":
            return MeasureFileHead()
    return MeasureFileUnreadable(line=wrong.line)
