"""記録: who did what, to whom, when and from where. Reading it is written down as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, g, request

import identity.queries
from association import subjects, titles
from association.schemas import LogSchema
from association.views.frame import asked, desk_page, pages
from base.clock import day_bounds, tokyo_day
from identity.commands import authorise
from identity.queries import Access, LogSearch
from web import tables
from web.i18n import _, translate
from web.tables import moment, text

PAGE = 50
PIECE = 1_000


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
        in_words=subjects.in_words,
        query={name: value for name, value in request.args.items() if name in LogSchema().fields and name != "before"},
    )


@pages.get("/desk/log.<any(xlsx, csv):file>")
def log_table(file: str) -> Response:
    """Everything that matches."""
    authorise(g.session, g.who, "identity.read_log", subject=file)
    columns = [
        moment(_("日時")),
        text(_("したこと"), 28),
        text(_("操作の名前"), 28),
        text(_("結果"), 10),
        text(_("対象"), 28),
        text(_("対象の記号")),
        text(_("利用者番号"), 12),
        text(_("名前"), 24),
        text(_("担当の番号"), 12),
        text(_("端末"), 12),
        text(_("トークン"), 12),
        text(_("接続元")),
    ]
    return tables.download(file, f"access-log-{tokyo_day(g.clock())}", columns, _rows(_search()[1]))


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


def _rows(search: LogSearch) -> Iterator[list[object]]:
    before: int | None = None
    while piece := identity.queries.access_log(g.session, g.who, search, before=before, limit=PIECE):
        names = _names(piece)
        for row in piece:
            yield [
                row.at,
                translate(titles.COMMANDS.get(row.command, row.command)),
                row.command,
                _("許可") if row.allowed else _("拒否"),
                subjects.in_words(row.subject),
                row.subject,
                row.person_id,
                names.get(row.person_id or 0),
                row.staff_id,
                row.till_id,
                row.api_token_id,
                row.address,
            ]
        before = piece[-1].id


def _names(rows: list[Access]) -> dict[int, str]:
    people = {row.person_id for row in rows if row.person_id is not None}
    return identity.queries.nicknames(g.session, g.who.district_id, people) if people else {}
