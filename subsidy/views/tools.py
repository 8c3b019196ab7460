"""登録ツールの名簿: taken in from a file of the programme's site or the vendor, with its source and day."""

from __future__ import annotations

from functools import cache

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from base.errors import N_
from base.row_file import FileWrong, named_rows
from identity.commands import authorise
from subsidy import commands, queries, titles
from subsidy.commands import NewTools
from subsidy.errors import CostListWrong, TableUnopened, ToolListUnreadable
from subsidy.queries import ToolRow
from subsidy.schemas.costs import Wrong, plain
from subsidy.schemas.tools import ToolListSchema, tool_rows
from subsidy.views.costs import in_all_languages, item_words
from subsidy.views.frame import group_page, pages, standing
from web import forms
from web.workbook import sheet_rows

LINES_MAX, BYTES_MAX = 1_000, 2_000_000
HEADS = {
    "name": (N_("ツール"), N_("ツール名")),
    "tool_number": (N_("ツールの番号"), N_("ツール番号")),
    "item": (N_("品目"),),
    "functions": (N_("機能"),),
    "provider": (N_("IT提供事業者"), N_("事業者")),
    "provider_number": (N_("事業者の番号"), N_("事業者番号")),
}


@pages.get("/group/<int:project_id>/tools")
def tools(project_id: int) -> str:
    """The newest list, and the lines that name a tool which is not on it."""
    project = standing(project_id)
    found = queries.tools_of(g.session, g.who.district_id, project_id)
    named = [row for row in project.plan_lines if project.call.items[row.line.item].sort == "software" and row.typed.tool]
    missing = [row for row in named if found and found.named(row.typed.tool or "") is None]
    return group_page("subsidy/tools.html", project, tools=found, missing=missing, wrong=g.get("wrong_lines", []))


@pages.post("/group/<int:project_id>/tools")
def take_tools(project_id: int) -> Answer:
    """名簿を取り込む: all of it, or none and every line that is wrong. Raises CostListWrong, ToolListUnreadable."""
    authorise(g.session, g.who, "subsidy.keep_costs", subject=f"subsidy_project:{project_id} tools")
    form = forms.load(ToolListSchema)
    rows, g.wrong_lines = _read(project_id)
    if g.wrong_lines:
        raise CostListWrong
    commands.keep_tools(g.session, g.who, project_id, NewTools(form["source"], form["day"], tuple(rows), form["key"]), now=g.clock())
    return redirect(url_for(".tools", project_id=project_id), 303)


def _read(project_id: int) -> tuple[list[ToolRow], list[Wrong]]:
    """Raises ToolListUnreadable, TableUnopened."""
    call = standing(project_id).call
    _name, content = forms.sent_rows(BYTES_MAX)
    try:
        rows = list(named_rows(sheet_rows(content, bytes_max=BYTES_MAX, lines_max=LINES_MAX), _heads(), wanted="tool_number"))
    except FileWrong as wrong:
        if not wrong.line:
            raise TableUnopened from wrong
        raise ToolListUnreadable(reason=wrong.reason, line=wrong.line) from wrong
    software = {code: item for code, item in call.items.items() if item.sort == "software"}
    items = item_words(software)
    words = in_all_languages({code: (word,) for code, word in titles.FUNCTIONS.items()})
    functions = {plain(word): code for code, said in words.items() for word in (*said, code)}
    return tool_rows(rows, items, functions)


@cache
def _heads() -> dict[str, tuple[str, ...]]:
    return in_all_languages(HEADS)
