"""記録: who did what, to whom, when and from where. Reading it is written down as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, g, request

import identity.queries
from association import titles
from association.schemas import LogSchema
from association.views.frame import asked, desk_page, pages
from base.clock import TOKYO, day_bounds
from identity.commands import authorise
from identity.queries import Access, LogSearch
from web.csvfile import rows_to_csv
from web.i18n import _, translate

PAGE = 50
CSV_PIECE = 1_000


@pages.get("/desk/log")
def log() -> str:
    """The newest first, a page at a time."""
    authorise(g.session, g.who, "identity.read_log", subject="page")
    typed, search = _search()
    rows = identity.queries.access_log(g.session, g.who, search, before=typed["before"], limit=PAGE + 1)
    page = rows[:PAGE]
    return desk_page(
        "association/log.html",
        rows=page,
        names=_names(page),
        typed=typed,
        before=page[-1].id if len(rows) > PAGE else None,
        commands=titles.COMMANDS,
        query={name: value for name, value in request.args.items() if name not in ("before", "lang", "theme", "text")},
    )


@pages.get("/desk/log.csv")
def log_csv() -> Response:
    """Everything that matches."""
    authorise(g.session, g.who, "identity.read_log", subject="csv")
    _typed, search = _search()
    return Response(
        rows_to_csv(_lines(search)), mimetype="text/csv", headers={"Content-Disposition": 'attachment; filename="access-log.csv"'}
    )


def _search() -> tuple[dict[str, Any], LogSearch]:
    typed: dict[str, Any] = asked(LogSchema)
    return typed, LogSearch(
        command=typed["command"],
        about=typed["about"],
        person_id=typed["person"],
        since=day_bounds(typed["first"])[0] if typed["first"] else None,
        until=day_bounds(typed["last"])[1] if typed["last"] else None,
        refused=typed["refused"],
    )


def _lines(search: LogSearch) -> Iterator[list[object]]:
    yield [
        _("日時"),
        _("したこと"),
        _("操作の名前"),
        _("結果"),
        _("対象"),
        _("利用者番号"),
        _("名前"),
        _("スタッフ"),
        _("端末"),
        _("トークン"),
        _("接続元"),
    ]
    before: int | None = None
    while piece := identity.queries.access_log(g.session, g.who, search, before=before, limit=CSV_PIECE):
        names = _names(piece)
        for row in piece:
            yield [
                f"{row.at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}",
                translate(titles.COMMANDS.get(row.command, row.command)),
                row.command,
                _("許可") if row.allowed else _("拒否"),
                row.subject,
                row.person_id,
                names.get(row.person_id or 0, ""),
                row.staff_id,
                row.till_id,
                row.api_token_id,
                row.address,
            ]
        before = piece[-1].id


def _names(rows: list[Access]) -> dict[int, str]:
    people = {row.person_id for row in rows if row.person_id is not None}
    return identity.queries.nicknames(g.session, g.who.district_id, people) if people else {}
