"""What last night said of the 28 days that follow: a shop's for its owner, the district's for whoever may ask for the district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

import merchant.queries
from analytics.models import InsightForecast
from analytics.queries import Asked, Listed
from analytics.queries.actions import for_reader
from analytics.queries.notes import Note, known_days
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Words
from analytics.reports.source import WEEKDAYS
from analytics.rules.forecast import CALENDAR, HORIZON, NAIVE
from analytics.rules.hints import FEWEST_PEOPLE, rounded, tens
from analytics.rules.keeping import Outlook, kept
from base.clock import tokyo_day
from base.errors import N_, Forbidden
from identity.commands import authorise
from identity.queries import Principal

NAME = "forecast"
OF_SHOP = Listed(NAME, N_("これから4週間"), N_("これから忙しくなるのは、いつですか"), 0)
OF_DISTRICT = Listed(NAME, N_("これから4週間のまち"), N_("まちがにぎわうのは、いつですか"), 0)
OLD = timedelta(days=2)
"""After so long without a new one, somebody should know that the nights' work stands still."""
NOT_MADE = N_("まだ計算していません。このお店の4週間以内のお支払いから、毎晩0時すぎに計算します。")
TOO_FEW = N_("まだ言えません。お店10軒以上と、1日10人以上のお客様が4週間以上、それに終わった月が1つ必要です。")
TOO_SHORT = N_("まだ言えません。初めてのお支払いから28日たつと、見込みを出します。")
HEADS = (
    Head(N_("日"), "text"),
    Head(N_("売上の見込み（円）"), "yen"),
    Head(N_("少なくて（円）"), "yen"),
    Head(N_("多くて（円）"), "yen"),
    Head(N_("お客様の見込み（人）"), "count"),
    Head(N_("少なくて（人）"), "count"),
    Head(N_("多くて（人）"), "count"),
    Head(N_("メモ"), "text"),
)
SHUT = N_("休み")


def shop_forecast(session: Session, who: Principal, *, now: datetime) -> Asked:
    """Of the shop that the one who asks owns. Its `answer` says why if nothing can be told. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "analytics.shop_reports")
    if who.merchant_id is None:
        raise Forbidden
    return forecast_of(session, who.district_id, who.merchant_id, now=now)


def district_forecast(session: Session, who: Principal, *, now: datetime) -> Asked:
    """Of the whole district, made of what the guard tells of its days. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "analytics.district_reports")
    found = forecast_of(session, who.district_id, None, now=now)
    return replace(found, answer=for_reader(found.answer, who))


@dataclass(frozen=True, slots=True)
class StrangeDay:
    """A day of a shop that is far from what is usual there; `shop`: its name."""

    shop: str
    sentence: Words


def strange_days(session: Session, who: Principal, *, now: datetime) -> list[StrangeDay]:
    """Of the last week, for whoever may see 見てください: ten people came on each. Raises NotSignedIn, Forbidden."""
    authorise(session, who, "association.read_risks", subject="unusual days")
    last = select(func.max(InsightForecast.made_on)).where(InsightForecast.district_id == who.district_id).scalar_subquery()
    query = select(InsightForecast).where(InsightForecast.district_id == who.district_id, InsightForecast.made_on == last)
    rows = [row for row in session.scalars(query.order_by(InsightForecast.merchant_id)) if row.unusual and now - row.made_at <= OLD]
    ids = [row.merchant_id for row in rows if row.merchant_id is not None]
    names = {shop.id: shop.name for shop in merchant.queries.shops(session, who.district_id, ids=ids)} if ids else {}
    return [StrangeDay(names.get(row.merchant_id or 0, ""), _sentence(each, {"day": each["day"]})) for row in rows for each in row.unusual]


def newest(session: Session, district_id: int, merchant_id: int | None) -> InsightForecast | None:
    """What the last night said; `merchant_id` None: of the district."""
    query = said_of(district_id, merchant_id).order_by(InsightForecast.made_on.desc()).limit(1)
    return session.scalar(query)


def said_of(district_id: int, merchant_id: int | None) -> Select[InsightForecast]:
    """All that nights said of a shop, or of the district."""
    is_its = InsightForecast.merchant_id.is_(None) if merchant_id is None else InsightForecast.merchant_id == merchant_id
    return select(InsightForecast).where(InsightForecast.district_id == district_id, is_its)


def forecast_of(session: Session, district_id: int, merchant_id: int | None, *, now: datetime) -> Asked:
    """What doors and the terminal show; `merchant_id` None: of the district. Who may ask is theirs to check."""
    listed = OF_DISTRICT if merchant_id is None else OF_SHOP
    row = newest(session, district_id, merchant_id)
    if row is None:
        today = tokyo_day(now)
        return Asked(listed, today, today, _silent(NOT_MADE if merchant_id is not None else TOO_FEW))
    known = known_days(session, district_id, row.made_on - timedelta(days=HORIZON), row.made_on + timedelta(days=HORIZON - 1))
    return said(row, [note for note in known if note.merchant_id in (None, merchant_id)], now)


def said(row: InsightForecast, notes: Sequence[Note], now: datetime) -> Asked:
    """What a night said, as it is shown on `now`. `notes`: of these days and the four weeks before."""
    listed, why = (OF_DISTRICT, TOO_FEW) if row.merchant_id is None else (OF_SHOP, TOO_SHORT)
    yen, people = kept(row.yen), kept(row.people)
    answer = _answer(row, yen, people, notes, now) if yen.can_tell and people.can_tell else _silent(why)
    return Asked(listed, row.made_on, row.made_on + timedelta(days=HORIZON - 1), answer, row.made_at)


def _answer(row: InsightForecast, yen: Outlook, people: Outlook, notes: Sequence[Note], now: datetime) -> Answer:
    first, *others = [_sentence(hint) for hint in row.hints]
    remarks = [*others, *(_sentence(each, {"day": each["day"]}) for each in row.unusual), _trial(yen), *_trial_of_people(people)]
    if now - row.made_at > OLD:
        remarks.append(Words(N_("2日以上前の計算です。夜の計算が止まっています。システムの管理者に伝えてください。")))
    remarks.append(Words(N_("見込みは上2桁まで、人数は10人単位です。10回に8回は「少なくて」と「多くて」の間に入る見込みです。")))
    action = Action(N_("静かな日のクーポンを作る"), "association.new_coupon")
    if row.merchant_id is not None:
        action = Action(N_("売上を見る"), "merchant.shop_sales")
    return Answer(first, HEADS, _rows(row.made_on, yen, people, notes), _chart(row, yen, notes), action, notes=tuple(remarks))


def _rows(first: date, yen: Outlook, people: Outlook, notes: Sequence[Note]) -> tuple[tuple[Cell, ...], ...]:
    found: list[tuple[Cell, ...]] = []
    for place in range(HORIZON):
        day = first + timedelta(days=place)
        noted = "、".join(note.words for note in notes if note.first <= day <= note.last)
        if yen.shut[place]:
            words: Cell = Words(N_("休み（%(words)s）"), {"words": noted}) if noted else Words(SHUT)
            found.append((day_words(day), *(0,) * 6, words))
            continue
        money = (rounded(part[place]) for part in (yen.expected, yen.low, yen.high))
        persons = (_persons(part[place]) for part in (people.expected, people.low, people.high))
        found.append((day_words(day), *money, *persons, noted))
    return tuple(found)


def _persons(many: int) -> Cell:
    return tens(many) if many >= FEWEST_PEOPLE else Words(N_("10人未満"))


def _chart(row: InsightForecast, yen: Outlook, notes: Sequence[Note]) -> Chart:
    """Yen of the past, where it may be shown, and then what is expected; days of rest are gaps."""
    past = row.past[-HORIZON:]
    gap: tuple[int | None, ...] = (None,) * len(past)
    first = row.made_on - timedelta(days=len(past))
    days = [first + timedelta(days=place) for place in range(len(past) + HORIZON)]

    def series(name: str, values: Sequence[int]) -> Series:
        shown = (None if is_shut else rounded(value) for value, is_shut in zip(values, yen.shut, strict=True))
        return Series(Words(name), (*gap, *shown))

    bands = [series(N_("見込み"), yen.expected), series(N_("少なくて"), yen.low), series(N_("多くて"), yen.high)]
    if past:
        bands.append(Series(Words(N_("これまで")), (*past, *(None,) * HORIZON)))
    flags = tuple((place, note.words) for place, day in enumerate(days) for note in notes if note.first <= day <= note.last)
    return Chart("band", "yen", tuple(f"{day.month}/{day.day}" for day in days), tuple(bands), flags, len(past))


def _trial(yen: Outlook) -> Words:
    """How the way that was taken did on the own past, beside last week's days again."""
    if not yen.mase:
        return Words(N_("日数がまだ短いので、「先週の同じ曜日と同じ」を見込みにしています。"))
    own, naive = yen.mase[CALENDAR], yen.mase[NAIVE]
    facts: dict[str, int | str | Words] = {"tried": yen.tried, "own": f"{own:.2f}", "naive": f"{naive:.2f}"}
    if not yen.is_own:
        text = N_(
            "過去%(tried)s回ためすと、「先週の同じ曜日と同じ」がいちばん当たったので、それを見込みにしています"
            "（はずれの大きさMASE: %(naive)s、曜日や祝日からの計算は%(own)s。小さいほど当たり）。"
        )
        return Words(text, facts)
    facts["percent"] = round(100 * (1 - own / naive)) if naive else 0
    text = N_(
        "過去%(tried)s回ためすと、「先週の同じ曜日と同じ」より、はずれが%(percent)s%%小さくなりました"
        "（はずれの大きさMASE: %(own)s、先週と同じなら%(naive)s。小さいほど当たり）。"
    )
    return Words(text, facts)


def _trial_of_people(people: Outlook) -> list[Words]:
    """The same of visitors, in short."""
    if not people.mase:
        return []
    text = N_(
        "お客様の数では、はずれの大きさMASEは、曜日や祝日からの計算が%(own)s、「先週の同じ曜日と同じ」が%(naive)s。小さいほうを使っています。"
    )
    return [Words(text, {"own": f"{people.mase[CALENDAR]:.2f}", "naive": f"{people.mase[NAIVE]:.2f}"})]


def _sentence(stored: dict[str, Any], more: dict[str, Any] | None = None) -> Words:
    """A sentence as the night kept it. Its words are ours and marked where the rule has them; a day is said as people say it."""
    facts: dict[str, int | str | Words] = {}
    for name, fact in stored["facts"].items():
        facts[name] = day_words(date.fromisoformat(fact)) if name == "day" else fact
    said = Words(stored["text"], facts)
    if stored.get("reason"):
        said = Words(N_("%(sentence)sわけ: %(reason)s。"), {"sentence": said, "reason": Words(stored["reason"])})
    if more:
        said = Words(N_("%(day)s: %(sentence)s"), {"day": day_words(date.fromisoformat(more["day"])), "sentence": said})
    return said


def day_words(day: date) -> Words:
    """「12月3日（木曜）」."""
    text = N_("%(month)s月%(day)s日（%(weekday)s）")
    return Words(text, {"month": str(day.month), "day": str(day.day), "weekday": Words(WEEKDAYS[day.weekday()])})


def _silent(why: str) -> Answer:
    return Answer(Words(why), HEADS, (), None, None, can_tell=False)
