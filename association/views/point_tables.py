"""ポイント as files: the list, the months and payers of a programme, the payers of a campaign, the payers and answers of an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Response, g

from association import queries, titles
from association.queries import CampaignTerms, EventTerms, PointPart, PointTerms
from association.views.frame import pages
from base.clock import tokyo_day
from web import tables
from web.i18n import _, month, named, translate
from web.tables import Column, count, day, text, yen


@pages.get("/desk/points.<any(xlsx, csv):file>")
def points_table(file: str) -> Response:
    """Every programme, campaign and event in one list, as the page has them. Points on top and for taking part, with what there is."""
    now = g.clock()
    columns = [
        text(_("種類")),
        text(_("番号")),
        text(_("名前"), 28),
        day(_("最初の日")),
        day(_("最後の日")),
        count(_("渡したポイント")),
        count(_("予算（ポイント）")),
        text(_("状態")),
    ]
    rows: list[list[object]] = []
    for one in queries.listed_programmes(g.session, g.who, now=now):
        rows.append(_listed(_("ポイント"), one.terms, None, None, titles.POINT_STATES[one.state]))
    for campaign in queries.listed_campaigns(g.session, g.who, now=now):
        state = titles.CAMPAIGN_STATES[campaign.state]
        rows.append(_listed(_("キャンペーン"), campaign.terms, campaign.given, campaign.terms.budget, state))
    for event in queries.listed_events(g.session, g.who, now=now):
        terms, state = event.terms, titles.POINT_EVENT_STATES[event.state]
        rows.append(_listed(_("参加ポイント"), terms, terms.taken * terms.points, terms.most * terms.points, state))
    return tables.download(file, f"points-{tokyo_day(now)}", columns, rows)


def _listed(
    kind: str, terms: PointTerms | CampaignTerms | EventTerms, given: int | None, most: int | None, state: tuple[str, str]
) -> list[object]:
    return [kind, str(terms.id), named(terms), terms.first_day, terms.last_day, given, most, translate(state[1])]


@pages.get("/desk/points/<int:programme_id>/months.<any(xlsx, csv):file>")
def point_months_table(programme_id: int, file: str) -> Response:
    """What became of each month's points, the newest month first."""
    columns = [
        text(_("付いた月")),
        count(_("付けた")),
        count(_("取り戻した")),
        count(_("使われた")),
        count(_("失効")),
        count(_("確定前")),
        count(_("使える")),
        count(_("期限後の返金")),
        day(_("使える最終日")),
    ]
    rows = [
        [
            month(each.lot.month.year, each.lot.month.month),
            each.given,
            each.taken_back,
            each.spent,
            each.expired,
            each.pending,
            each.usable,
            each.waiting,
            each.last_day,
        ]
        for each in reversed(queries.programme_page(g.session, g.who, programme_id, now=g.clock()).months)
    ]
    return tables.download(file, f"points-{programme_id}-months", columns, rows)


@pages.get("/desk/points/<int:programme_id>/payers.<any(xlsx, csv):file>")
def point_payers_table(programme_id: int, file: str) -> Response:
    """Who bears how much of a programme, shops together in one row."""
    page = queries.programme_page(g.session, g.who, programme_id, now=g.clock())
    columns = _payers_head()
    rows: list[list[object]] = [[_payer(each.part), each.part.percent, each.borne, _owed(each.part, each.owed)] for each in page.payers]
    if page.terms.shop_percent:
        rows.append([translate(titles.PAYERS["shop"]), page.terms.shop_percent, page.shop_bears, None])
    return tables.download(file, f"points-{programme_id}-payers", columns, rows)


@pages.get("/desk/points/campaigns/<int:campaign_id>.<any(xlsx, csv):file>")
def campaign_payers_table(campaign_id: int, file: str) -> Response:
    """Who owes what for the points on top."""
    listed = queries.listed_campaign(g.session, g.who, campaign_id, now=g.clock())
    return tables.download(file, f"points-campaign-{campaign_id}", _payers_head(), _payers(listed.terms.parts, listed.borne, listed.owed))


@pages.get("/desk/points/events/<int:event_id>.<any(xlsx, csv):file>")
def event_payers_table(event_id: int, file: str) -> Response:
    """Who owes what for the points of an event."""
    listed = queries.listed_event(g.session, g.who, event_id, now=g.clock())
    return tables.download(file, f"points-event-{event_id}", _payers_head(), _payers(listed.terms.parts, listed.borne, listed.owed))


@pages.get("/desk/points/events/<int:event_id>/answers.<any(xlsx, csv):file>")
def event_answers_table(event_id: int, file: str) -> Response:
    """How many gave each answer; empty until ten people have answered."""
    terms = queries.listed_event(g.session, g.who, event_id, now=g.clock()).terms
    told = terms.told_answers or (None,) * len(terms.choices)
    return tables.download(
        file, f"points-event-{event_id}-answers", [text(_("答え"), 28), count(_("人数"))], zip(terms.choices, told, strict=True)
    )


def _payers_head() -> list[Column]:
    return [text(_("負担者"), 28), count(_("負担の割合（%）")), yen(_("負担した額（円）")), yen(_("未収（円）"))]


def _payers(parts: Iterable[PointPart], borne: Mapping[int, int], owed: Mapping[int, int]) -> list[list[object]]:
    """Shops have no account of their own here, and no figure."""
    at = [(part, part.account_id) for part in parts]
    return [[_payer(part), part.percent, account and borne.get(account, 0), _owed(part, owed.get(account or 0, 0))] for part, account in at]


def _payer(part: PointPart) -> str:
    return part.funder or translate(titles.PAYERS[part.payer])


def _owed(part: PointPart, amount: int) -> int | None:
    """Only a funder owes anything: the association and the shops pay at once."""
    return amount if part.payer == "funder" else None
