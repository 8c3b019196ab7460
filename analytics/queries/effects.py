"""What coupons and campaigns of points brought, as the last night estimated it: one at its page, all coupons of the district, those of one
shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

import association.queries
from analytics.models import InsightUplift
from analytics.queries import Asked, Listed
from analytics.queries.actions import for_reader
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Words
from analytics.rules.hints import rounded, tens
from analytics.rules.keeping import kept_uplift
from analytics.rules.uplift import FEWEST_PEOPLE, SAYS, SAYS_OF_CAMPAIGN, Uplift
from base.clock import tokyo_day
from base.errors import N_, Forbidden
from identity.commands import authorise
from identity.queries import Principal

NAME = "effects"
OF_COUPON = Listed(NAME, N_("クーポンの効果"), N_("このクーポンで、支払いは増えましたか"), 0)
OF_DISTRICT = Listed(NAME, N_("クーポンの効果"), N_("クーポンで、まちの支払いは増えましたか"), 0)
OF_SHOP = Listed(NAME, N_("クーポンの効果"), N_("お店のクーポンで、支払いは増えましたか"), 0)
OF_CAMPAIGN = Listed(NAME, N_("キャンペーンの効果"), N_("このキャンペーンで、支払いは増えましたか"), 0)
CAMPAIGN_NOT_MADE = N_("まだ計算していません。キャンペーンが始まった次の夜から、毎晩計算します。")
HOW_OF_CAMPAIGN = N_(
    "始まる前の支払いの半分以上が対象のお店と曜日だった人と、そうでなかった似た買い方の人を比べています。始まってから何を買ったかでは分けていません。"
)
EVERYWHERE = N_(
    "このキャンペーンで支払いが増えたかどうかは、言えません。すべてのお店で毎日なので、対象でなかった人がおらず、比べる相手がないためです。"
)
TO_TELL = N_(
    "始まる前と後をくらべるだけでは、季節や天気、祭りの違いと分けられないので、数字にしていません。効果を知りたいときは、お店か曜日を決めたキャンペーンにすると、対象でない人と比べられます。"
)
NOT_MADE = N_("まだ計算していません。クーポンが始まった次の夜から、毎晩計算します。")
NONE_YET = N_("まだ言えるクーポンがありません。お店を決めたクーポンが始まった次の夜から、毎晩計算します。")
HOW = N_("受け取った人と、その前に似た買い方をしていて受け取らなかった人を比べています。受け取っただけで使わなかった人も入ります。")
PICTURE = N_("図は、比べた2人組の支払いの差（1人1週、円）。縦の線の左が始まる前で、ここが0のまわりに平らなら、比べてよい2人組です。")
LINES = N_("図は、1人1週あたりで増えた額（円）。点が見込み、線が95%%の幅で、線が0をまたぐものは、増えたとも減ったとも言えません。")
WEEK_HEADS = (
    Head(N_("週"), "text"),
    Head(N_("差（1人1週、円）"), "yen"),
    Head(N_("少なくて（円）"), "yen"),
    Head(N_("多くて（円）"), "yen"),
)
HEADS = (
    Head(N_("クーポン"), "text"),
    Head(N_("受け取った人"), "count"),
    Head(N_("比べられた人"), "count"),
    Head(N_("分かったこと"), "text"),
)
NEXT_COUPON = Action(N_("次のクーポンを作る"), "association.new_coupon")
NEXT_CAMPAIGN = Action(N_("次のキャンペーンを始める"), "association.new_campaign")
OWN_SALES = Action(N_("売上を見る"), "merchant.shop_sales")
NEWEST = 20


def coupon_effect(session: Session, who: Principal, coupon_id: int, *, now: datetime) -> Asked:
    """One coupon in the whole district. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "analytics.coupon_effects")
    rows = _rows(session, who.district_id, None, InsightUplift.coupon_id == coupon_id)
    return _one(who, OF_COUPON, rows, (NOT_MADE, HOW, SAYS), NEXT_COUPON, now)


def campaign_effect(session: Session, who: Principal, campaign_id: int, *, now: datetime) -> Asked:
    """One campaign of points in the whole district. Raises NotSignedIn, Forbidden, PointsUnknown."""
    authorise(session, who, "analytics.coupon_effects")
    if association.queries.one_campaign(session, who.district_id, campaign_id).is_everywhere:
        today = tokyo_day(now)
        return Asked(
            OF_CAMPAIGN, today, today, Answer(Words(EVERYWHERE), WEEK_HEADS, (), None, None, can_tell=False, notes=(Words(TO_TELL),))
        )
    rows = _rows(session, who.district_id, None, InsightUplift.campaign_id == campaign_id)
    return _one(who, OF_CAMPAIGN, rows, (CAMPAIGN_NOT_MADE, HOW_OF_CAMPAIGN, SAYS_OF_CAMPAIGN), NEXT_CAMPAIGN, now)


def _one(
    who: Principal,
    listed: Listed,
    rows: Sequence[InsightUplift],
    said: tuple[str, str, Mapping[str, str]],
    next_step: Action,
    now: datetime,
) -> Asked:
    """The newest estimate of one thing. `said`: what its page says before the first, how it is reckoned, and the words of its verdicts."""
    none, how, words = said
    if not rows:
        today = tokyo_day(now)
        return Asked(listed, today, today, Answer(Words(none), WEEK_HEADS, (), None, None, can_tell=False))
    (row,) = rows
    found = kept_uplift(row.found)
    notes = [Words(how), _people(found, words)]
    weeks = _weeks(found)
    if any(row[1] is not None for row in weeks):
        notes.append(Words(PICTURE))
    chart = _chart(found, weeks) if any(row[1] is not None for row in weeks) else None
    action = next_step if found.can_tell else None
    answer = Answer(_says(found, words), WEEK_HEADS, weeks, chart, action, can_tell=found.can_tell, notes=tuple(notes))
    return Asked(listed, row.first_day, row.last_day, for_reader(answer, who), row.made_at)


def district_effects(session: Session, who: Principal, *, now: datetime) -> Asked:
    """The newest coupons of the district. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "analytics.district_reports")
    found = effects_of(session, who.district_id, None, now=now)
    return replace(found, answer=for_reader(found.answer, who))


def shop_effects(session: Session, who: Principal, *, now: datetime) -> Asked:
    """At the own shop, those coupons that name it among few. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "analytics.shop_reports")
    if who.merchant_id is None:
        raise Forbidden
    return effects_of(session, who.district_id, who.merchant_id, now=now)


def effects_of(session: Session, district_id: int, merchant_id: int | None, *, now: datetime) -> Asked:
    """What doors and the terminal show; `merchant_id` None: of the district. Who may ask is theirs to check."""
    listed, none = (OF_DISTRICT, NOT_MADE) if merchant_id is None else (OF_SHOP, NONE_YET)
    return _list(session, district_id, listed, _rows(session, district_id, merchant_id), none, now)


OF_COUPONS = InsightUplift.coupon_id.is_not(None)


def _rows(session: Session, district_id: int, merchant_id: int | None, which: ColumnElement[bool] = OF_COUPONS) -> Sequence[InsightUplift]:
    its = InsightUplift.merchant_id.is_(None) if merchant_id is None else InsightUplift.merchant_id == merchant_id
    query = select(InsightUplift).where(InsightUplift.district_id == district_id, its, which)
    return session.scalars(query.order_by(InsightUplift.coupon_id.desc()).limit(NEWEST)).all()


def _list(session: Session, district_id: int, listed: Listed, rows: Sequence[InsightUplift], none: str, now: datetime) -> Asked:
    if not rows:
        today = tokyo_day(now)
        return Asked(listed, today, today, Answer(Words(none), HEADS, (), None, None, can_tell=False))
    coupons = [row.coupon_id for row in rows if row.coupon_id is not None]
    names = {each.id: each.name for each in association.queries.coupon_terms(session, district_id, coupons)}
    told = [(names[coupon], kept_uplift(row.found), SAYS) for coupon, row in zip(coupons, rows, strict=True)]
    answer = listed_effects(told, NEXT_COUPON if listed is OF_DISTRICT else OWN_SALES)
    return Asked(listed, min(row.first_day for row in rows), max(row.last_day for row in rows), answer, max(row.made_at for row in rows))


Told = tuple[str, Uplift, Mapping[str, str]]
"""A coupon's or a campaign's name, its estimate, and the words of its verdicts."""


def listed_effects(told: Sequence[Told], next_step: Action) -> Answer:
    """Several beside each other; the sentence is about the first that tells an effect."""
    table: tuple[tuple[Cell, ...], ...] = tuple(
        (name, _tens(found.takers), _tens(found.pairs), _says(found, words)) for name, found, words in told
    )
    clear = [(name, _says(found, words)) for name, found, words in told if found.can_tell]
    sentence = Words(N_("まだ言えません。どれも、増えたとも減ったとも、はっきりしません。"))
    if clear:
        name, says = clear[0]
        sentence = Words(N_("%(name)s: %(sentence)s"), {"name": name, "sentence": says})
    notes = (Words(LINES), Words(HOW))
    return Answer(sentence, HEADS, table, _intervals(told), next_step if clear else None, can_tell=bool(clear), notes=notes)


def _intervals(told: Sequence[Told]) -> Chart | None:
    """Of those of which something is estimated, be it that it may be nothing."""
    estimated = [(name, found) for name, found, _ in told if found.is_estimated]
    if not estimated:
        return None
    series = (
        Series(Words(name), tuple(rounded(round(getattr(found, part))) for _, found in estimated))
        for name, part in ((N_("1人1週あたりの増えた額"), "effect"), (N_("少なくて"), "low"), (N_("多くて"), "high"))
    )
    return Chart("intervals", "yen", tuple(name for name, _ in estimated), tuple(series))


def _says(found: Uplift, words: Mapping[str, str] = SAYS) -> Words:
    text, facts = found.says(words)
    return Words(text, dict(facts))


def _people(found: Uplift, words: Mapping[str, str]) -> Words:
    if min(found.takers, found.pairs) < FEWEST_PEOPLE:
        return Words(N_("比べられた人は10人未満です。"))
    facts = {"takers": tens(found.takers), "pairs": tens(found.pairs)}
    if words is SAYS_OF_CAMPAIGN:
        return Words(N_("対象だった人%(takers)s人以上のうち、%(pairs)s人以上を比べました。"), facts)
    return Words(N_("受け取った人%(takers)s人以上のうち、%(pairs)s人以上を比べました。"), facts)


def _tens(people: int) -> int | Words:
    return tens(people) if people >= FEWEST_PEOPLE else Words(N_("10人未満"))


def _weeks(found: Uplift) -> tuple[tuple[Cell, ...], ...]:
    """Each week of proof and since: the difference and its room, to two digits."""
    rows: list[tuple[Cell, ...]] = []
    for place, (middle, room) in enumerate(zip(found.by_week.tolist(), found.by_week_room.tolist(), strict=True)):
        since = place - found.before
        name = Words(N_("始まる%(weeks)s週前"), {"weeks": -since}) if since < 0 else Words(N_("%(weeks)s週目"), {"weeks": since + 1})
        is_told = np.isfinite(middle)
        rows.append((name, *(rounded(round(each)) if is_told else None for each in (middle, middle - room, middle + room))))
    return tuple(rows)


def _chart(found: Uplift, weeks: tuple[tuple[Cell, ...], ...]) -> Chart:
    marks = tuple(f"{place - found.before + (place >= found.before):+d}" for place in range(len(weeks)))
    columns: list[Any] = list(zip(*weeks, strict=True))
    names = (N_("差"), N_("少なくて"), N_("多くて"))
    series = tuple(Series(Words(name), tuple(values)) for name, values in zip(names, columns[1:], strict=True))
    return Chart("band", "yen", marks, series, cut=found.before)
