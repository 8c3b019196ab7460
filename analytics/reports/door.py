"""入口と支払い: of those who come in at the shop, how many pay with the town's money."""

from __future__ import annotations

from collections import defaultdict

from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words
from analytics.reports.days import gather_days, told_days
from analytics.reports.footfall import LEAST_DAYS, LEAST_PASSERS, SATURDAY, WHEN
from analytics.reports.frame import SHOP, Report
from analytics.reports.source import BANDS, Asked
from base.errors import N_

HEADS = (
    Head(N_("時間帯"), "text"),
    Head(N_("日数"), "count"),
    Head(N_("入った人"), "count"),
    Head(N_("支払った人"), "count"),
    Head(N_("100人のうち支払った人"), "percent"),
)
NOTES = (
    N_("まちのお金で支払った人だけです。現金やカードのお客様、連れの人は、入った人にだけ数えられます。"),
    N_("支払った人は10人単位の切り下げを時間帯ごとに足したもので、本当はもう少し多くなります。10人に満たない時間は比べていません。"),
)


def tell(asked: Asked, told: Told) -> Answer:
    _, people = told_days(asked, told)
    slots: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for door in asked.measured.doors:
        for (day, band), entered in door.cells.items():
            if (day, band) in people:
                for at, part in enumerate((1, entered, people[day, band])):
                    slots[int(day.weekday() >= SATURDAY), band][at] += part
    found = [(key, slot) for key, slot in sorted(slots.items()) if slot[0] >= LEAST_DAYS and slot[1] >= LEAST_PASSERS]
    names = [Words(WHEN[part], {"band": Words(BANDS[band])}) for (part, band), _ in found]
    shares = [round(100 * paid / entered) for _, (_, entered, paid) in found]
    rows: tuple[tuple[Cell, ...], ...] = tuple((name, *slot, share) for name, (_, slot), share in zip(names, found, shares, strict=True))
    notes = tuple(Words(note) for note in NOTES)
    if not found:
        text = N_("まだ言えません。入った人と支払った人の両方がそろった時間帯が足りません。")
        return Answer(Words(text), HEADS, (), None, None, can_tell=False, notes=notes)
    action = Action(N_("売上を見る"), "merchant.shop_sales")
    if max(shares) > 100:
        text = N_("まだ言えません。入った人より支払った人が多い時間帯があります。入口の測り方を確かめてください。")
        return Answer(Words(text), HEADS, rows, None, None, can_tell=False, notes=notes)
    whole = round(100 * sum(paid for _, (_, _, paid) in found) / sum(entered for _, (_, entered, _) in found))
    most, least = shares.index(max(shares)), shares.index(min(shares))
    facts: dict[str, int | str | Words] = {
        "whole": whole,
        "best": names[most],
        "most": shares[most],
        "worst": names[least],
        "least": shares[least],
    }
    text = N_("入口を通った100人のうち、%(whole)s人以上がまちのお金で支払いました。")
    if shares[most] > shares[least]:
        text = N_(
            "入口を通った100人のうち、%(whole)s人以上がまちのお金で支払いました。多いのは%(best)s（%(most)s人）、少ないのは%(worst)s（%(least)s人）です。"
        )
    chart = Chart("bars", "people", tuple(names), (Series(Words(HEADS[-1].title), tuple(shares)),))
    return Answer(Words(text, facts), HEADS, rows, chart, action, notes=notes)


REPORT = Report("door", N_("入口と支払い"), N_("入った人は、支払っていますか"), SHOP, 1, gather_days, tell)
