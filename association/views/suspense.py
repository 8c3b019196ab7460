"""仮受金: refunds to a coin that has ended, and what one person proposes to do with them."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
import merchant.queries
from association import commands, queries
from association.commands import ReleaseSuspense
from association.schemas import ReleaseSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from web import forms, tables
from web.i18n import _, named
from web.tables import moment, text, yen

LATEST = 20
"""Movements that are shown of one who waits, the newest first."""


@pages.get("/desk/suspense")
def suspense() -> str:
    """Everything that waits, oldest first."""
    return desk_page("association/suspense.html", waiting=queries.suspended(g.session, g.who), now=g.clock())


@pages.get("/desk/suspense.<any(xlsx, csv):file>")
def suspense_table(file: str) -> Response:
    """Everything that waits, oldest first; with the proposal about it, where there is one."""
    columns = [text(_("利用者番号"), 12), text(_("名前"), 24), text(_("種別"), 24), moment(_("終わった日時")), yen(_("金額（円）"))]
    columns += [text(_("状態"), 12), text(_("申請の番号"), 12)]
    rows = [
        [
            each.person_id,
            each.person_name or _("退会した人"),
            named(each.series),
            None if each.series.valid_until is None or each.series.valid_until > g.clock() else each.series.valid_until,
            each.amount,
            _("承認待ち") if each.proposal_id else _("これから"),
            each.proposal_id,
        ]
        for each in queries.suspended(g.session, g.who)
    ]
    return tables.download(file, f"suspense-{tokyo_day(g.clock())}", columns, rows)


@pages.get("/desk/suspense/<int(max=9223372036854775807):account_id>")
def release(account_id: int) -> str:
    """One of them: to the person's running coin, or to income. Raises SuspenseUnknown."""
    waits = queries.one_suspended(g.session, g.who, account_id)
    running = ledger.queries.running_coins(g.session, g.who.district_id, now=g.clock())
    moved = ledger.queries.entries(g.session, g.who.district_id, [account_id], limit=LATEST)
    shops = [each.counter_owner_id for each in moved if each.counter_role == "payable" and each.counter_owner_id is not None]
    return desk_page(
        "association/release.html",
        waits=waits,
        moved=moved,
        shops={shop.id: shop for shop in merchant.queries.shops(g.session, g.who.district_id, ids=sorted(set(shops)))},
        running=running[0] if running else None,
        now=g.clock(),
    )


@pages.post("/desk/suspense/<int(max=9223372036854775807):account_id>")
def propose_release(account_id: int) -> Answer:
    """申請する: a second person decides."""
    form = forms.load(ReleaseSchema)
    order = ReleaseSuspense(account_id, form["to"] == "person", form["reason"], form["key"])
    proposal_id = commands.propose_release(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)
