"""What the payments say, printed: 今月の報告書 on four pages for an assembly, and one A4 for the shops' meeting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from web.i18n import _
from web.papers.letter import frame
from web.papers.report import written_rows
from web.tables import TO_THE_RIGHT, Column


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding in words that may be shown. `about`: its period and unit; `picture`: as `analytics.views.printing` makes it, None where
    there is nothing to draw, which `is_drawn` says is for want of people; `todo`: the one thing to do, empty where there is none.
    """

    title: str
    sentence: str
    about: str = ""
    notes: Sequence[str] = ()
    picture: Mapping[str, Any] | None = None
    is_drawn: bool = True
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """The month on the first page. `figures`: (name, figure); `trend`: months until this one; `found`: what the other pages say."""

    sentence: str
    figures: Sequence[tuple[str, str]]
    trend: Finding
    found: Sequence[str] = field(default_factory=tuple)


def insight_report(
    *,
    month: str,
    whole: Whole,
    pages: Sequence[Sequence[Finding]],
    changes: Sequence[Sequence[str]],
    district: str,
    association: str,
    contact: str,
    made_at: datetime,
) -> dict[str, Any]:
    """The data of `insight_report`. `pages`: of the first, second, third and fourth page its findings. `changes`: a table
    of what changed by weekday and part of the day, its head first.

    Keys besides those of `web.papers.letter.frame`: name, month, whole, pages (name, findings), changes, method (name, words).
    """
    name = _("今月の報告書")
    data = frame(title=f"{name} {month}", district=district, association=association, contact=contact, made_at=made_at)
    data["labels"] |= {
        "found": _("この月に分かったこと"),
        "nothing": _("図にできる人数（10人以上）がいません。"),
        "todo": _("次にすること"),
        "changes": _("前の月との差（円）、曜日と時間帯ごと"),
        "method": _("数え方"),
    }
    names = (
        _("この月のまち"),
        _("いつ来て、次にどこへ行くか"),
        _("だれがまた来るか、何が効いたか"),
        _("何が変わったか、これから、どう数えたか"),
    )
    return data | {
        "name": name,
        "month": month,
        "whole": asdict(whole),
        "pages": [{"name": name, "findings": [asdict(each) for each in found]} for name, found in zip(names, pages, strict=True)],
        "changes": [list(row) for row in changes],
        "method": _method(),
    }


def insight_sheet(
    *, month: str, findings: Sequence[Finding], district: str, association: str, contact: str, made_at: datetime
) -> dict[str, Any]:
    """The data of `insight_sheet`: three findings in large letters, each with its picture and one thing to do.

    Keys besides those of `web.papers.letter.frame`: name, month, findings.
    """
    name = _("商店会の1枚")
    data = frame(title=f"{name} {month}", district=district, association=association, contact=contact, made_at=made_at)
    data["labels"] |= {
        "nothing": _("図にできる人数（10人以上）がいません。"),
        "todo": _("次にすること"),
        "wait": _("まだ決めずに、次の月も見ます。"),
        "foot": _("10人未満の集まりは出しません。人数は10人単位の切り下げです。"),
    }
    return data | {"name": name, "month": month, "findings": [asdict(each) for each in findings]}


def insight_answer(
    *,
    finding: Finding,
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    district: str,
    association: str,
    contact: str,
    made_at: datetime,
) -> dict[str, Any]:
    """The data of `insight_answer`: one finding and its whole table, over as many pages as it takes. Columns and cells as for `web.tables`.

    Keys besides those of `web.papers.letter.frame`: name, finding, columns (title, is_number), rows (style, cells as text).
    """
    data = frame(title=finding.title, district=district, association=association, contact=contact, made_at=made_at)
    data["labels"] |= {
        "nothing": _("図にできる人数（10人以上）がいません。"),
        "todo": _("次にすること"),
        "empty": _("言えるものがありません。"),
        "foot": _("10人未満の集まりは出しません。人数は10人単位の切り下げです。"),
    }
    return data | {
        "name": finding.title,
        "finding": asdict(finding),
        "columns": [[column.title, column.holds in TO_THE_RIGHT] for column in columns],
        "rows": written_rows(columns, (("", row) for row in rows)),
    }


def _method() -> list[tuple[str, str]]:
    return [
        (_("数えたもの"), _("まちのお金でのお支払いです。同じ月のうちの返金は引いています。1人が何回払っても、1人と数えます。")),
        (
            _("出さないもの"),
            _(
                "10人未満の集まり、1人でほとんどを占める金額、引き算でそれが分かってしまう数字は出しません。少ない人数だと、だれのことか分かってしまうためです。図の斜線と「10人未満のため非表示」がそれで、0という意味ではありません。"
            ),
        ),
        (_("人数"), _("10人単位の切り下げです。「30人以上」は30人から39人です。")),
        (_("期間"), _("終わった月だけを数えます。あとの月の返金は、その月から引きます。")),
        (_("見込みと効果"), _("月の終わりに計算したものを、そのまま残しています。あとから分かったことで直しません。")),
        (_("お店のこと"), _("お店ごとの金額は、この報告書には出しません。")),
    ]
