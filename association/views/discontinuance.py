"""廃止・払戻し: coins that are being ended, step by step, with their days, their claims and what is to be filed."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
from association import commands, queries, titles
from association.commands import EndSeries
from association.queries import RefundClaim
from association.rules.deposit import CLAIM_DAYS
from association.schemas import EndSeriesSchema
from association.views.frame import desk_page, pages
from association.views.sheet import full_day
from base.clock import tokyo_day
from ledger.queries import Series
from web import forms, tables
from web.i18n import _, named, translate
from web.tables import moment, text, yen


@pages.get("/desk/discontinuance")
def discontinuance() -> str:
    """Every coin that is being ended, and the form that announces another one."""
    now = g.clock()
    today, found = tokyo_day(now), queries.endings(g.session, g.who, now=now)
    ended = {each.series.id for each in found}
    return desk_page(
        "association/discontinuance.html",
        endings=found,
        running=[one for one in ledger.queries.running_coins(g.session, g.who.district_id, now=now) if one.id not in ended],
        states=titles.ENDINGS,
        claim_states=titles.CLAIMS,
        proposed={"announced_on": today, "stops_on": today + timedelta(days=30), "claims_until": today + timedelta(days=CLAIM_DAYS + 30)},
        full_day=full_day,
    )


@pages.post("/desk/discontinuance")
def propose_end() -> Answer:
    """廃止を申請する: a second person decides."""
    form = forms.load(EndSeriesSchema)
    order = EndSeries(form["series"], form["announced_on"], form["stops_on"], form["claims_until"], form["notice"])
    proposal_id = commands.propose_end(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)


@pages.post("/desk/discontinuance/<int(max=9223372036854775807):series_id>/close")
def propose_close(series_id: int) -> Answer:
    """閉じる申請: what nobody claimed is excluded once a second person agrees."""
    proposal_id = commands.propose_close(g.session, g.who, series_id, now=g.clock())
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)


@pages.get("/desk/discontinuance.<any(xlsx, csv):file>")
def claims_table(file: str) -> Response:
    """Every claim there ever was, by number."""
    columns = [text(_("種別"), 24), text(_("申請の番号"), 12), text(_("利用者番号"), 12), yen(_("金額（円）"))]
    columns += [moment(_("請求の日時")), text(_("状態"), 16)]
    found = queries.endings(g.session, g.who, now=g.clock())
    rows = [_claim_row(each.series, claim) for each in found for claim in each.claims]
    return tables.download(file, "claims", columns, rows)


def _claim_row(series: Series, claim: RefundClaim) -> list[object]:
    state = translate(titles.CLAIMS[claim.state][1])
    return [named(series), str(claim.proposal_id), str(claim.person_id), claim.amount, claim.proposed_at, state]
