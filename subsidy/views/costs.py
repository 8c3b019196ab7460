"""経費: the three sums, the lines and their evidence, what a change would do, and tables that come in and go out."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import partial
from uuid import uuid4

from flask import Response, g, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from base.errors import N_, MeguriError
from base.row_file import FileWrong, named_rows
from identity.commands import authorise
from subsidy import commands, queries, titles
from subsidy.commands import NewLine, NewPaper
from subsidy.errors import CostListUnreadable, CostListWrong, LineDayWrong, LineUnknown, OrderTooEarly, TableUnopened
from subsidy.queries import Costs, LineRow, Standing
from subsidy.rules.calls import Call, Item
from subsidy.schemas.costs import EvidenceSchema, KeySchema, LineSchema, Wrong, plain, plan_lines
from subsidy.views.frame import BODY_MAX_BYTES, group_page, options, pages, proposal, sent_file, standing
from web import forms
from web.forms import takes_files
from web.i18n import in_language, translate
from web.tables import TYPES
from web.workbook import sheet_rows

LINES_MAX, BYTES_MAX = 1_000, 2_000_000
HEADS = {
    "member": (N_("構成員"), N_("事業者")),
    "item": (N_("品目"),),
    "cost_kind": (N_("費目"),),
    "words": (N_("内容"),),
    "amount": (N_("金額"), N_("金額（円）")),
    "tax": (N_("税"), N_("税率")),
    "months": (N_("月数"),),
    "tool": (N_("ツール"),),
    "quoted": (N_("見積日"),),
    "ordered": (N_("発注日"),),
    "delivered": (N_("納品日"),),
    "paid": (N_("支払日"),),
    "plan_ordered": (N_("発注の予定"), N_("発注予定日")),
    "plan_delivered": (N_("納品の予定"), N_("納品予定日")),
    "plan_paid": (N_("支払の予定"), N_("支払予定日")),
}
"""As a cost list is headed."""


@pages.get("/group/<int:project_id>/costs")
def costs(project_id: int) -> str:
    """The sums, and every line."""
    return group_page(
        "subsidy/costs.html", standing(project_id), costs=costs_of(project_id), wrong=g.get("wrong_lines", []), **choices(project_id)
    )


@pages.post("/group/<int:project_id>/costs")
def add_line(project_id: int) -> Answer:
    """行を足す. Pressed twice, it is there once."""
    form = forms.load(LineSchema(standing(project_id).call))
    (number,) = commands.add_lines(g.session, g.who, project_id, [form["line"]], key=form["key"] or uuid4(), now=g.clock())
    return redirect(url_for(".line", project_id=project_id, number=number), 303)


@pages.get("/group/<int:project_id>/costs/<int:number>")
def line(project_id: int, number: int) -> str:
    """One line: what it is, how far it is, what proves it, what it brings. Raises LineUnknown."""
    found = _line(project_id, number)
    history = queries.revisions(g.session, g.who.district_id, project_id, number)
    return group_page(
        "subsidy/line.html", standing(project_id), costs=costs_of(project_id), row=found, history=history, **choices(project_id)
    )


@pages.post("/group/<int:project_id>/costs/<int:number>")
def keep_line(project_id: int, number: int) -> Answer:
    """保存する."""
    form = forms.load(LineSchema(standing(project_id).call))
    commands.keep_line(g.session, g.who, project_id, number, form["line"], form["revision"], now=g.clock())
    return redirect(url_for(".line", project_id=project_id, number=number), 303)


@pages.post("/group/<int:project_id>/costs/<int:number>/evidence")
@takes_files(BODY_MAX_BYTES)
def hand_in_evidence(project_id: int, number: int) -> Answer:
    """証憑を入れる."""
    form = forms.load(EvidenceSchema)
    found = _line(project_id, number)
    name, content = sent_file(request.files.get("file"))
    facts = {key: form[key] for key in ("is_scan", "day", "amount", "number", "issuer")}
    commands.hand_in(
        g.session, g.who, project_id, found.party_id, NewPaper(form["kind"], name, content, line=number, **facts), now=g.clock()
    )
    return redirect(url_for(".line", project_id=project_id, number=number), 303)


@pages.post("/group/<int:project_id>/costs/<int:number>/evidence/read")
@takes_files(BODY_MAX_BYTES)
def read_evidence(project_id: int, number: int) -> Response:
    """What the chosen invoice seems to say, for the fields beside it. Nothing is kept. Raises LineUnknown."""
    _line(project_id, number)
    _name, content = sent_file(request.files.get("file"))
    return proposal(commands.read_paper(g.session, g.who, project_id, content))


@pages.post("/group/<int:project_id>/costs/list")
def take_list(project_id: int) -> Answer:
    """表を取り込む: all of it, or none and every line that is wrong. Raises CostListWrong, CostListUnreadable."""
    authorise(g.session, g.who, "subsidy.keep_costs", subject=f"subsidy_project:{project_id} list")
    key = forms.load(KeySchema)["key"]
    found, g.wrong_lines = _read(project_id)
    if g.wrong_lines:
        raise CostListWrong
    commands.add_lines(g.session, g.who, project_id, found, key=key, now=g.clock())
    return redirect(url_for(".costs", project_id=project_id), 303)


@pages.get("/group/<int:project_id>/costs.xlsx")
def costs_workbook(project_id: int) -> Response:
    """A workbook that reckons by itself, by the formulas of the rules."""
    from subsidy.views.workbook import workbook  # slow to load, and only whoever takes one needs it

    file = io.BytesIO(workbook(costs_of(project_id)))
    answer = send_file(file, mimetype=TYPES["xlsx"], as_attachment=True, download_name=f"group-{project_id}-costs.xlsx")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def costs_of(project_id: int) -> Costs:
    project = standing(project_id)
    if "costs" not in g or g.costs.project is not project:
        g.costs = Costs(project)
    found: Costs = g.costs
    return found


def _line(project_id: int, number: int) -> LineRow:
    found = next((row for row in standing(project_id).lines if row.number == number), None)
    if found is None:
        raise LineUnknown
    return found


def choices(project_id: int) -> dict[str, object]:
    """What the fields of a line offer."""
    project, listed = standing(project_id), queries.tools_of(g.session, g.who.district_id, project_id)
    return {
        "items": item_options(project.call),
        "members": [(row.id, row.name) for row in project.group],
        "providers": [("", "—")] + [(row.id, row.name) for row in project.parties if row.role == "provider" and not row.known.left_on],
        "kinds": options(titles.COST_KINDS),
        "tools": [row.name for row in listed.rows] if listed else [],
    }


def item_options(call: Call) -> list[tuple[str, str]]:
    """The catalogue, by category."""
    return [(code, f"{item.category.upper()} {translate(item.name)}") for code, item in call.items.items()]


def item_words(items: Mapping[str, Item]) -> dict[str, str]:
    """What a table may call an item, in every language or by its code."""
    names = in_all_languages({code: (item.name,) for code, item in items.items()})
    return {plain(word): code for code, words in names.items() for word in (*words, code)}


def _read(project_id: int) -> tuple[list[NewLine], list[Wrong]]:
    """Raises CostListUnreadable, TableUnopened."""
    project = standing(project_id)
    _name, content = forms.sent_rows(BYTES_MAX)
    try:
        rows = list(named_rows(sheet_rows(content, bytes_max=BYTES_MAX, lines_max=LINES_MAX), in_all_languages(HEADS), wanted="amount"))
    except FileWrong as wrong:
        if not wrong.line:
            raise TableUnopened from wrong
        raise CostListUnreadable(reason=wrong.reason, line=wrong.line) from wrong
    items = item_words(project.call.items)
    kinds = {
        plain(word): code for code, words in in_all_languages({c: (w,) for c, w in titles.COST_KINDS.items()}).items() for word in words
    }
    parties = {plain(row.name): row.id for row in project.group}
    words = {"item": items, "cost_kind": kinds | {plain(code): code for code in titles.COST_KINDS}}
    return plan_lines(project.call, rows, parties, words, partial(_refusal_of_days, project))


def _refusal_of_days(project: Standing, line: NewLine) -> MeguriError | None:
    """What the door would say of the days of this line alone: a list of a thousand must name the line that stops it."""
    try:
        commands.check_line_days(line, project.facts, g.clock())
    except (OrderTooEarly, LineDayWrong) as refusal:
        return refusal
    return None


def in_all_languages(heads: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """A table that went out in English comes back in English."""
    found: dict[str, tuple[str, ...]] = {}
    for tag in ("ja", "en"):
        with in_language(tag):
            for name, words in heads.items():
                found[name] = found.get(name, ()) + tuple(map(translate, words))
    return found
