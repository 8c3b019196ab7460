"""クーポン: made in five steps with a kept draft, watched with its costs from the book, ended, and paid for by its funders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Response, g, redirect, request, url_for
from marshmallow import Schema, ValidationError
from werkzeug.wrappers import Response as Answer

import ledger.queries
import merchant.queries
from analytics.queries import effects
from analytics.views.frame import card, file_of
from association import commands, queries, titles
from association.commands import FunderPays, NewCoupon
from association.errors import CouponUnknown
from association.queries import ListedCoupon
from association.rules import split_discount
from association.schemas import (
    CouponConditionsSchema,
    CouponDaysSchema,
    CouponOffSchema,
    CouponSchema,
    CouponSharesSchema,
    FunderPaysSchema,
    ProposeCouponSchema,
    ReasonSchema,
)
from association.views.coupon_figures import chart_of
from association.views.frame import desk_page, pages
from association.views.shop_picks import pasted_shops
from base.clock import tokyo_day
from identity.commands import authorise
from web import forms, tables
from web.i18n import _, day, language, translate
from web.tables import count, moment, text, yen

STEPS: tuple[type[Schema], ...] = (CouponOffSchema, CouponConditionsSchema, CouponDaysSchema, CouponSharesSchema)
LAST = len(STEPS) + 1
WHERE = 2
"""The step that asks for the shops."""


@pages.get("/desk/coupons")
def coupons() -> str:
    """Drafts, then every coupon with what became of its pieces and what it has cost whom."""
    return desk_page(
        "association/coupons.html",
        listed=queries.listed_coupons(g.session, g.who, now=g.clock()),
        drafts=queries.coupon_drafts(g.session, g.who),
        states=titles.COUPON_STATES,
    )


@pages.get("/desk/coupons.<any(xlsx, csv):file>")
def coupons_table(file: str) -> Response:
    """Every coupon with its terms, its pieces and what it has cost, the newest first."""
    columns = [
        text(_("番号"), 10),
        text(_("クーポン"), 28),
        text(_("英語の名前"), 28),
        text(_("状態"), 12),
        yen(_("割引額（円）")),
        count(_("割引の割合（%）")),
        yen(_("最低利用額（円）")),
        tables.day(_("最初の日")),
        tables.day(_("最終日")),
        count(_("受け取ってから使える日数")),
        count(_("全部の枚数")),
        count(_("1人が受け取れる枚数")),
        count(_("配った枚数")),
        count(_("使われた枚数")),
        count(_("残りの枚数")),
        yen(_("費用（円）")),
        text(_("申請した人"), 24),
        moment(_("申請した日時")),
    ]
    listed = queries.listed_coupons(g.session, g.who, now=g.clock())
    return tables.download(file, f"coupons-{tokyo_day(g.clock())}", columns, map(_row, listed))


@pages.get("/desk/coupons/costs.<any(xlsx, csv):file>")
def costs_table(file: str) -> Response:
    """費用 of all coupons: a row a coupon and payer."""
    return _costs(file, f"coupon-costs-{tokyo_day(g.clock())}", queries.listed_coupons(g.session, g.who, now=g.clock()))


@pages.get("/desk/coupons/<int:coupon_id>.<any(xlsx, csv):file>")
def coupon_costs_table(coupon_id: int, file: str) -> Response:
    """費用 of one coupon: a row a payer."""
    return _costs(file, f"coupon-{coupon_id}-costs", [queries.listed_coupon(g.session, g.who, coupon_id, now=g.clock())])


@pages.get("/desk/coupons/new")
def new_coupon() -> str:
    """The first step, with nothing kept yet."""
    return _step(1, None, {})


@pages.post("/desk/coupons/new")
def begin_coupon() -> Answer:
    """次へ: the draft is kept from now on."""
    return _keep(1, None)


@pages.get("/desk/coupons/drafts/<int:draft_id>/<int:step>")
def coupon_step(draft_id: int, step: int) -> Answer | str:
    """One step, with what was typed; one whose forerunners are not whole leads to the first of them, a proposed draft to its page."""
    draft = queries.coupon_draft(g.session, g.who, draft_id)
    if draft.became is not None:
        return redirect(url_for(".coupon", coupon_id=draft.became), 303)
    first = next((place for place, schema in enumerate(STEPS, start=1) if schema().validate(draft.fields)), LAST)
    if not 1 <= step <= first:
        return redirect(url_for(".coupon_step", draft_id=draft_id, step=min(first, max(step, 1))), 303)
    return _step(step, draft_id, draft.fields)


@pages.post("/desk/coupons/drafts/<int:draft_id>/<int:step>")
def keep_coupon_step(draft_id: int, step: int) -> Answer:
    """次へ, and at the last step 申請する. Pressed again, or in another tab, after it was proposed: its page."""
    draft = queries.coupon_draft(g.session, g.who, draft_id)
    if draft.became is not None:
        return redirect(url_for(".coupon", coupon_id=draft.became), 303)
    if step != LAST:
        return _keep(step, draft_id)
    form = forms.load(ProposeCouponSchema)
    try:
        new: NewCoupon = CouponSchema().load(draft.fields)
    except ValidationError:
        return redirect(url_for(".coupon_step", draft_id=draft_id, step=1), 303)
    coupon_id = commands.propose_coupon(g.session, g.who, new, key=form["key"], note=form["note"], draft_id=draft_id, now=g.clock())
    return redirect(url_for(".coupon", coupon_id=coupon_id), 303)


@pages.post("/desk/coupons/drafts/<int:draft_id>/drop")
def drop_coupon_draft(draft_id: int) -> Answer:
    """下書きを消す."""
    commands.drop_draft(g.session, g.who, draft_id)
    return redirect(url_for(".coupons"), 303)


@pages.get("/desk/coupons/<int:coupon_id>")
def coupon(coupon_id: int) -> str:
    """One coupon: its terms, its pieces, and who owes what."""
    listed = queries.listed_coupon(g.session, g.who, coupon_id, now=g.clock())
    terms, live = listed.terms, queries.coupon_live(g.session, g.who, coupon_id, now=g.clock())
    shops = {shop.id: shop for shop in merchant.queries.shops(g.session, g.who.district_id)}
    return desk_page(
        "association/coupon.html",
        listed=listed,
        states=titles.COUPON_STATES,
        shops=None if terms.shop_ids is None else [shops[one] for one in sorted(terms.shop_ids)],
        sources=[shops[one] for one in sorted(terms.conditions.sources)],
        lands_in=ledger.queries.one_series(g.session, g.who.district_id, terms.lands_in),
        live=live,
        chart=chart_of([(row.day, row.cost) for row in live.days]),
        effect=card(effects.coupon_effect(g.session, g.who, coupon_id, now=g.clock())),
    )


@pages.get("/desk/coupons/<int:coupon_id>/effect.<any(xlsx, csv):file>")
def coupon_effect_table(coupon_id: int, file: str) -> Response:
    """What it brought, week by week. Raises CouponUnknown."""
    queries.listed_coupon(g.session, g.who, coupon_id, now=g.clock())
    return file_of(effects.coupon_effect(g.session, g.who, coupon_id, now=g.clock()), file)


@pages.post("/desk/coupons/<int:coupon_id>/end")
def end_coupon(coupon_id: int) -> Answer:
    """終了する: for good, and for everybody who holds one."""
    commands.end_coupon(g.session, g.who, coupon_id, reason=forms.load(ReasonSchema)["reason"], now=g.clock())
    return redirect(url_for(".coupon", coupon_id=coupon_id), 303)


@pages.get("/desk/coupons/<int:coupon_id>/funders/<int:place>")
def funder(coupon_id: int, place: int) -> str:
    """入金を記帳する: what this funder owes, and the form for what has arrived."""
    authorise(g.session, g.who, "association.funder_pays", subject="page")
    listed = queries.listed_coupon(g.session, g.who, coupon_id, now=g.clock())
    cost = next((each for each in listed.costs if each.part.place == place and each.part.payer == "funder"), None)
    if cost is None:
        raise CouponUnknown
    return desk_page("association/funder.html", listed=listed, cost=cost)


@pages.post("/desk/coupons/<int:coupon_id>/funders/<int:place>")
def funder_pays(coupon_id: int, place: int) -> Answer:
    """記帳する: pressed twice, it is booked once."""
    form = forms.load(FunderPaysSchema)
    commands.funder_pays(g.session, g.who, FunderPays(coupon_id, place, **form), now=g.clock())
    return redirect(url_for(".coupon", coupon_id=coupon_id), 303)


def _keep(step: int, draft_id: int | None) -> Answer:
    """Keep one step of a draft and go on to the next."""
    read: dict[str, Any] = forms.load(STEPS[step - 1] if 1 <= step < LAST else STEPS[0], **(pasted_shops() if step == WHERE else {}))
    kept = {name: value.isoformat() if isinstance(value, date) else value for name, value in read.items()}
    kept_id = commands.save_draft(g.session, g.who, kept, draft_id=draft_id, now=g.clock())
    return redirect(url_for(".coupon_step", draft_id=kept_id, step=step + 1), 303)


def _step(step: int, draft_id: int | None, kept: dict[str, Any]) -> str:
    authorise(g.session, g.who, "association.draft_coupon")
    coins = ledger.queries.running_coins(g.session, g.who.district_id, now=g.clock())
    open_shops = merchant.queries.shops(g.session, g.who.district_id, states=["open"])
    new: NewCoupon | None = CouponSchema().load(kept) if step == LAST else None
    return desk_page(
        "association/coupon_step.html",
        step=step,
        draft_id=draft_id,
        saved_at=None if draft_id is None else queries.coupon_draft(g.session, g.who, draft_id).saved_at,
        kept=kept,
        words=titles.COUPON_STEPS,
        today=tokyo_day(g.clock()),
        open_shops=open_shops,
        where=kept.get("where") or ("these" if kept.get("only_some") else "all"),
        trade_names=sorted({shop.trade for shop in open_shops}),
        chosen_trades=set(request.form.getlist("trades") or kept.get("trades") or ()),
        chosen_shops=_picked("shops", kept, ()),
        chosen_sources=_picked("sources", kept, ()),
        chosen_days=_picked("days", kept, range(7)),
        trades=[("", _("どの業種でも")), *((trade, trade) for trade in sorted({shop.trade for shop in open_shops}))],
        time_of=_time_of,
        coins=coins,
        coin_names=[(one.id, one.name_en if language() == "en" else one.name) for one in coins],
        funders=queries.funders(g.session, g.who),
        segments=queries.kept_segments(g.session, g.who),
        new=new,
        people=None if new is None else queries.likely_people(g.session, g.who, new.conditions, now=g.clock()),
        day_of=lambda text: day(date.fromisoformat(text)),
        parts=_parts(kept),
        example=_example(kept),
    )


def _picked(name: str, kept: dict[str, Any], default: Iterable[int]) -> set[int]:
    """Which boxes are ticked: as a refused form sent them, else as the draft has them."""
    sent = {int(one) for one in request.form.getlist(name) if one.isascii() and one.isdigit()}
    return sent or set(kept.get(name) or default)


def _time_of(minutes: int) -> str:
    """90 as 01:30."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _parts(kept: dict[str, Any]) -> list[tuple[str, str, int, int]]:
    """Who pays what of one piece, as far as the draft says so: payer, funder's name, percent, yen."""
    if not kept.get("amount_off") or CouponSharesSchema().validate(kept):
        return []
    others = [("association", "", kept["association_percent"])]
    others += [("funder", kept[name], kept[f"{name}_percent"]) for name in ("funder_1", "funder_2")]
    others = [one for one in others if one[2]]
    split = split_discount(kept["amount_off"], kept["shop_percent"], [percent for _payer, _name, percent in others])
    parts = [(payer, name, percent, part) for (payer, name, percent), part in zip(others, split.others, strict=True)]
    return parts + ([("shop", "", kept["shop_percent"], split.shop)] if kept["shop_percent"] else [])


def _example(kept: dict[str, Any]) -> int:
    """The smallest bill, in yen, of which a piece takes all that it can; 0 as long as the draft does not say."""
    least, off, percent = (kept.get(name) or 0 for name in ("min_spend", "amount_off", "percent"))
    return max(least, -(-100 * off // percent)) if percent else least


def _row(one: ListedCoupon) -> list[object]:
    terms, pieces = one.terms, one.pieces
    return [
        terms.id,
        terms.name,
        terms.name_en,
        translate(titles.COUPON_STATES[one.state][1]),
        terms.amount_off,
        terms.percent,
        terms.min_spend,
        terms.first_day,
        terms.last_day,
        terms.valid_days,
        terms.pieces,
        terms.per_person,
        pieces.claimed,
        pieces.used,
        pieces.stock if pieces.issued else terms.pieces,
        one.cost,
        one.maker_name or _("退会した人"),
        terms.made_at,
    ]


def _costs(file: str, name: str, listed: list[ListedCoupon]) -> Response:
    columns = [
        text(_("クーポン"), 28),
        text(_("状態"), 12),
        text(_("負担者"), 24),
        count(_("負担の割合（%）")),
        yen(_("1枚（円）")),
        count(_("使われた枚数")),
        yen(_("費用（円）")),
        yen(_("入金済み（円）")),
        yen(_("未収（円）")),
    ]
    rows: list[list[object]] = [
        [
            one.terms.name,
            translate(titles.COUPON_STATES[one.state][1]),
            each.part.funder or translate(titles.PAYERS[each.part.payer]),
            each.part.percent,
            each.part.amount,
            one.pieces.used,
            each.cost,
            each.paid,
            each.owed,
        ]
        for one in listed
        for each in one.costs
    ]
    return tables.download(file, name, columns, rows)
