"""What stood when a month was over: the forecast and the effects that its paper prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from analytics.models import InsightForecast, InsightMonthEnd
from analytics.queries import Asked, Listed, effects, foresight
from analytics.reports import following
from analytics.reports.answers import Answer, Words
from analytics.rules.keeping import kept_uplift
from analytics.rules.uplift import SAYS, SAYS_OF_CAMPAIGN
from base.errors import N_
from identity.commands import authorise
from identity.queries import Principal

FORECAST, EFFECTS = foresight.NAME, effects.NAME
OF_MONTH = Listed(EFFECTS, N_("クーポンとキャンペーンの効果"), N_("クーポンやキャンペーンで、まちの支払いは増えましたか"), 1)
NOT_KEPT = N_("まだ言えません。月が終わった次の日に作り、そのまま残します。")
NOT_COUNTED = N_("まだ言えません。まだ計算していないか、すべてのお店で毎日なので比べる相手がいないか、です。")
UNCOUNTED = N_("このほかの%(count)s件は、まだ計算していないか、すべてのお店で毎日なので比べる相手がいないかで、数字がありません。")
MORE = N_("このほかに%(count)s件を計算しました。それぞれのクーポンとキャンペーンのページにあります。")
NONE_HELD = N_("この月に使えたクーポンや、続いていたキャンペーンはありません。")
WORDS = {"coupon": SAYS, "campaign": SAYS_OF_CAMPAIGN}
SHOWN = 3
"""Estimates that a page of paper has room for."""


def district_month_end(session: Session, who: Principal, month: date) -> dict[str, Asked]:
    """Of the month that begins on that day, by name. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "analytics.district_reports")
    return month_end(session, who.district_id, month)


def month_end(session: Session, district_id: int, month: date) -> dict[str, Asked]:
    """FORECAST and EFFECTS as they were kept; where nothing was, they say so. Who may ask is the door's to check."""
    until = following(month)
    row = session.get(InsightMonthEnd, (district_id, month))
    if row is None:
        answer = Answer(Words(NOT_KEPT), (), (), None, None, can_tell=False)
        return {name: Asked(listed, month, until - timedelta(days=1), answer) for name, listed in LISTED.items()}
    said = row.forecast | {"hints": row.forecast["hints"][:1]}  # the others tell a shop what to prepare
    night = InsightForecast(**said, district_id=district_id, made_on=until, made_at=row.made_at, past=[], unusual=[])
    return {
        FORECAST: foresight.said(night, [], row.made_at),
        EFFECTS: Asked(OF_MONTH, month, until - timedelta(days=1), _effects(row), row.made_at),
    }


LISTED = {FORECAST: foresight.OF_DISTRICT, EFFECTS: OF_MONTH}


def _effects(row: InsightMonthEnd) -> Answer:
    """Those that tell something first, so that they are in the picture. How each kind is compared stands on its page: paper has no room."""
    told = [(each["name"], kept_uplift(each["found"]), WORDS[each["of"]]) for each in row.effects if each["found"]]
    if not told:
        why = NOT_COUNTED if row.effects else NONE_HELD
        return Answer(Words(why), (), (), None, None, can_tell=False)
    told.sort(key=lambda each: (not each[1].can_tell, not each[1].is_estimated))
    next_step = effects.NEXT_CAMPAIGN if told[0][2] is SAYS_OF_CAMPAIGN else effects.NEXT_COUPON
    answer = effects.listed_effects(told[:SHOWN], next_step)
    left = ((MORE, len(told) - SHOWN), (UNCOUNTED, len(row.effects) - len(told)))
    said = tuple(Words(text, {"count": count}) for text, count in left if count > 0)
    return replace(answer, notes=(Words(effects.LINES), *said))
