"""勘定科目を貼り付けで直す: the chart as it went out to a spreadsheet comes back, is looked at, and then holds as a whole or not at all."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.schemas import ChartPlan, plan_chart
from association.views.frame import desk_page, pages
from base.errors import N_
from identity.commands import authorise
from web.errors import RowsStale
from web.pasted import Pasted, meanings, pasted

LINES_MAX, BYTES_MAX = 200, 100_000
HEADS = {
    "number": (N_("番号"),),
    "name": (N_("勘定科目"), N_("名前")),
    "name_en": (N_("英語の名前"),),
    "kind": (N_("区分"),),
    "role": (N_("帳簿での役割"),),
}
"""As the table of 勘定科目 is headed when it goes out, and as the page calls the same."""


@pages.get("/desk/accounts/chart/list")
def chart_list() -> str:
    """The box to paste into. Nothing is changed by pasting."""
    return _page(None, None)


@pages.post("/desk/accounts/chart/list")
def keep_chart_list() -> str | Answer:
    """First what would change; then, once that has been looked at, all of it. A wrong line keeps the whole out."""
    authorise(g.session, g.who, "association.set_chart", subject="list")
    sent = pasted(HEADS, wanted="role", lines_max=LINES_MAX, bytes_max=BYTES_MAX)
    chart = queries.chart(g.session, g.who.district_id)
    roles = {each.role: titles.ACCOUNTS[each.role] for each in chart}
    plan = plan_chart(sent.rows, chart, meanings(roles), meanings(titles.ACCOUNT_KINDS))
    seen = request.form.get("plan")
    if seen is None or plan.wrong:
        return _page(plan, sent)
    if seen != plan.digest:
        raise RowsStale
    commands.set_accounts(g.session, g.who, [edit.after for edit in plan.edits], now=g.clock())
    return redirect(url_for(".chart_page"), 303)


def _page(plan: ChartPlan | None, sent: Pasted | None) -> str:
    authorise(g.session, g.who, "association.set_chart", subject="list")
    labels = {name: words[0] for name, words in HEADS.items()}
    return desk_page("association/chart_list.html", plan=plan, rows=sent and sent.again, labels=labels, account_kinds=titles.ACCOUNT_KINDS)
