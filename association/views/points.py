"""ポイント: a programme with its consequences in words, its figures from the book, and what its funders owe."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
from association import commands, queries, titles
from association.commands import NewPoints, PointFunderPays
from association.errors import PointsUnknown
from association.rules import budget_months, lot_last_day, shares_of_points, spendable_from
from association.schemas import FunderPaysSchema, LeaveSkippedSchema, PointBudgetSchema, PointsSchema, ProposePointsSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from identity.commands import authorise
from web import forms
from web.i18n import month

EXAMPLE = 1_250
"""Yen of the payment that the page of consequences reckons with."""


@pages.get("/desk/points")
def points() -> str:
    """Every programme, then every campaign, the newest first."""
    listed = queries.listed_programmes(g.session, g.who, now=g.clock())
    return desk_page(
        "association/points.html",
        listed=listed,
        campaigns=queries.listed_campaigns(g.session, g.who, now=g.clock()),
        events=queries.listed_events(g.session, g.who, now=g.clock()),
        event_states=titles.POINT_EVENT_STATES,
        states=titles.POINT_STATES,
        campaign_states=titles.CAMPAIGN_STATES,
        roundings=titles.ROUNDINGS,
    )


@pages.get("/desk/points/new")
def new_points() -> str:
    """The form."""
    authorise(g.session, g.who, "association.propose_points", subject="page")
    return desk_page(
        "association/new_points.html",
        today=tokyo_day(g.clock()),
        funders=queries.funders(g.session, g.who),
        roundings=titles.ROUNDINGS,
    )


@pages.post("/desk/points/confirm")
def confirm_points() -> str:
    """The same once more, with what follows from it and what each event will book. Nothing is made yet; reloading is harmless."""
    authorise(g.session, g.who, "association.propose_points", subject="page")
    new: NewPoints = forms.load(PointsSchema)
    example = new.rate.earned(EXAMPLE) or 1
    others = [share for share in new.shares if share.payer != "shop"]
    parts, of_shop = shares_of_points(
        example, sum(share.percent for share in new.shares if share.payer == "shop"), [share.percent for share in others]
    )
    months = budget_months(new.first_day, new.last_day)
    return desk_page(
        "association/confirm_points.html",
        new=new,
        worst=new.monthly * months,
        budget_months=months,
        sent={name: request.form.get(name, "") for name in PointsSchema().fields},
        paid=EXAMPLE,
        example=example,
        bearers=[*zip(others, parts, strict=True), *((share, of_shop) for share in new.shares if share.payer == "shop")],
        spendable=spendable_from(new.first_day, new.pending_days),
        ends=lot_last_day(new.first_day, new.months),
        roundings=titles.ROUNDINGS,
    )


@pages.post("/desk/points/new")
def propose_points() -> Answer:
    """承認を申請する."""
    new: NewPoints = forms.load(PointsSchema)
    form = forms.load(ProposePointsSchema)
    programme_id = commands.propose_points(g.session, g.who, new, key=form["key"], note=form["note"], now=g.clock())
    return redirect(url_for(".programme", programme_id=programme_id), 303)


@pages.get("/desk/points/<int:programme_id>")
def programme(programme_id: int) -> str:
    """One programme: its months, its payers, and what it could not take back."""
    page = queries.programme_page(g.session, g.who, programme_id, now=g.clock())
    return desk_page(
        "association/programme.html",
        page=page,
        terms=page.terms,
        month_name=month,
        states=titles.POINT_STATES,
        roundings=titles.ROUNDINGS,
        reasons=titles.SKIPPED,
    )


@pages.post("/desk/points/<int:programme_id>/end")
def end_points(programme_id: int) -> Answer:
    """終わらせる: from now on payments earn nothing; what was given stays."""
    commands.end_points(g.session, g.who, programme_id, now=g.clock())
    return redirect(url_for(".programme", programme_id=programme_id), 303)


@pages.post("/desk/points/<int:programme_id>/budget")
def propose_point_budget(programme_id: int) -> Answer:
    """1か月の枠を変える: a second person decides."""
    form = forms.load(PointBudgetSchema)
    number = commands.propose_point_budget(g.session, g.who, programme_id, form["monthly"], note=form["note"], now=g.clock())
    return redirect(url_for(".approval", proposal_id=number), 303)


@pages.post("/desk/points/<int:programme_id>/again")
def book_skipped(programme_id: int) -> Answer:
    """いま記帳する: everything that the book has refused, once more."""
    commands.book_skipped(g.session, g.who, now=g.clock())
    return redirect(url_for(".programme", programme_id=programme_id, _anchor="skipped"), 303)


@pages.post("/desk/points/<int:programme_id>/again/<int(max=9223372036854775807):transaction_id>")
def leave_skipped(programme_id: int, transaction_id: int) -> Answer:
    """記帳しない, and why."""
    form = forms.load(LeaveSkippedSchema)
    commands.leave_skipped(g.session, g.who, transaction_id, note=form["note"], now=g.clock())
    return redirect(url_for(".programme", programme_id=programme_id, _anchor="skipped"), 303)


@pages.get("/desk/points/<int:programme_id>/funders/<int:place>")
def point_funder(programme_id: int, place: int) -> str:
    """入金を記帳する: what this funder owes by now, and the form for what has arrived."""
    authorise(g.session, g.who, "association.funder_pays", subject="page")
    terms = queries.one_programme(g.session, g.who.district_id, programme_id)
    part = next((each for each in terms.others if each.place == place and each.payer == "funder"), None)
    if part is None or part.account_id is None:
        raise PointsUnknown
    owed = ledger.queries.balance(g.session, g.who.district_id, part.account_id)
    back, here = url_for(".programme", programme_id=terms.id), url_for(".point_funder_pays", programme_id=terms.id, place=place)
    return desk_page("association/point_funder.html", terms=terms, part=part, owed=owed, back=back, here=here)


@pages.post("/desk/points/<int:programme_id>/funders/<int:place>")
def point_funder_pays(programme_id: int, place: int) -> Answer:
    """記帳する: pressed twice, it is booked once."""
    order = PointFunderPays(programme_id, place, **forms.load(FunderPaysSchema))
    commands.point_funder_pays(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".programme", programme_id=programme_id), 303)
