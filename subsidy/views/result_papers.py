"""The papers of a result report, for a page and for the worker alike; the evidence book beside them is `result_book`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from identity.queries import District
from subsidy import titles
from subsidy.errors import PackIncomplete
from subsidy.queries import Lack, Result
from subsidy.rulebook import CERTAINTIES, RULEBOOK
from subsidy.rules.costs import net_of
from subsidy.rules.shares import ByCategory
from subsidy.views.frame import doubt_words
from web import papers, pdf, tables
from web.i18n import _, date_parts, named, translate
from web.papers import PackSection
from web.tables import Column, count, day, text, yen

NOTHING = ByCategory(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Made:
    """Where, when and by whom papers are made."""

    district: District
    now: datetime
    by: str

    def when(self, found: Result) -> datetime:
        """The moment on the papers: of what was filed, when it was, so that it is the same paper whenever it is made again."""
        return found.filed.made_at if found.filed else self.now

    def who(self, found: Result) -> str:
        """Whose paper it is: of what was filed, whoever noted that it was."""
        if found.filed is None:
            return self.by
        return found.costs.project.names.get(found.filed.made_by) or _("退会した人")

    def frame(self, found: Result) -> dict[str, Any]:
        """What stands on every sheet."""
        return {
            "district": named(self.district),
            "association": self.district.association,
            "contact": self.district.contact,
            "made_at": self.when(found),
        }


def must_be_whole(found: Result, *, without_missing: bool) -> None:
    """A package leaves nothing out in silence. Raises PackIncomplete."""
    if not found.claimed or (found.lacks and not found.filed and not without_missing):
        raise PackIncomplete(missing=len({lack.row.number for lack in found.lacks}) or 1)


def lack_words(lack: Lack) -> str:
    """What a line lacks, in plain words."""
    kinds = _("、").join(translate(titles.EVIDENCE[kind]) for kind in lack.kinds)
    if lack.kinds:
        return _("%(kinds)s: %(state)s", kinds=kinds, state=translate(titles.PAPER_STATES[lack.why][1]))
    return translate(titles.LACKS.get(lack.why) or titles.FAULTS[lack.why])


def sums(found: Result) -> list[tuple[str, ByCategory | None]]:
    """計画, 決定, 支払済み, 証憑あり, 確定見込み: the subsidy by category."""
    costs = found.costs
    return [
        (_("計画"), costs.planned.parts),
        (_("決定"), costs.decided),
        (_("支払済み"), costs.spent.parts if found.is_open else None),
        (_("証憑あり"), found.sum.parts if found.is_open else None),
        (_("確定見込み"), found.final),
    ]


def report(found: Result, made: Made) -> bytes:
    """実績報告書, as far as it goes."""
    project, fixed = found.costs.project, found.final or NOTHING
    facts = project.facts
    end = facts["period_end"].day if "period_end" in facts else None
    data = papers.dossier(
        name=_("実績報告書"),
        about=project.name,
        sentence=_(
            "支払と証憑のそろった %(count)s行で、補助額は %(sum)s円になる見込みです。", count=len(found.claimed), sum=f"{fixed.total:,}"
        ),
        facts=[
            (_("公募"), project.call.title),
            (_("交付決定"), _day(facts["decided"].day) if "decided" in facts else "—"),
            (_("事業実施期間の終わり"), _day(end) if end else "—"),
            (_("内容の指紋"), found.fingerprint[:16]),
            (_("証憑"), _("%(count)s点（綴りの番号は明細に）", count=len(found.exhibits))),
            (_("入っていない行"), _("%(count)s行", count=len({lack.row.number for lack in found.lacks}))),
            (_("合わないところ"), _("%(count)s件", count=len(found.doubtful))),
        ],
        sections=[_sum_section(found), _line_section(found), _asset_section(found), _lack_section(found), _doubt_section(found)],
        made_by=made.who(found),
        **made.frame(found),
    )
    return pdf.render("dossier", data)


def _sum_section(found: Result) -> PackSection:
    columns = [text(_("区分"), 20), *(yen(_("%(what)s（円）", what=name)) for name, _parts in sums(found))]
    parts = [each for _name, each in sums(found)]
    rows: list[tuple[str, Sequence[object]]] = [
        ("", [f"{letter.upper()} {translate(titles.CATEGORIES[letter])}", *(getattr(each, letter) if each else None for each in parts)])
        for letter in "abc"
    ]
    rows.append(("sum", [_("合計"), *(each.total if each else None for each in parts)]))
    return PackSection(_("補助額"), _("確定額は、区分ごとに決定額と計算し直した額の低いほうです（S-39）"), columns, rows, 0, breaks=False)


def _line_section(found: Result) -> PackSection:
    """Every amount without tax, whatever was typed, so that what stands below each other adds up."""
    columns = [count(_("番号")), text(_("構成員"), 16), text(_("内容"), 24), yen(_("経費（円）")), yen(_("対象（円）"))]
    columns += [day(_("発注")), day(_("納品")), day(_("支払")), text(_("証憑"), 10)]
    counted = _counted(found)
    rows: list[tuple[str, Sequence[object]]] = []
    for row in found.claimed:
        numbers = [each.number for each in found.exhibits_of(row.number)]
        book = f"{numbers[0]}–{numbers[-1]}" if numbers else "—"
        yens = [net_of(row.line).yen, counted.get(str(row.number), 0)]
        who = found.costs.project.name_of(row.party_id)
        rows.append(("", [row.number, who, row.words, *yens, row.line.ordered, row.line.delivered, row.line.paid, book]))
    if rows:
        whole = sum(net_of(row.line).yen for row in found.claimed)
        rows.append(("sum", [None, _("合計"), "", whole, sum(counted.values()), None, None, None, ""]))
    about = _("額はすべて税抜です。税込みで入れた額は、税を除いて円より下を切り捨てています（S-20）")
    return PackSection(_("経費明細"), about, columns, rows, 2)


def _counted(found: Result) -> dict[str, int]:
    """Eligible yen by line."""
    return {cost.line.id: cost.eligible.yen for cost in found.sum.grant.costs} if found.sum.grant else {}


def _asset_section(found: Result) -> PackSection:
    """取得財産 (S-93)."""
    call = found.costs.project.call
    columns = [
        count(_("番号")),
        text(_("置く所・使う人"), 24),
        text(_("品目"), 20),
        text(_("内容"), 24),
        yen(_("金額（税抜・円）")),
        day(_("納品")),
    ]
    rows: list[tuple[str, Sequence[object]]] = [
        (
            "",
            [
                row.number,
                found.costs.project.name_of(row.party_id),
                translate(call.items[row.line.item].name),
                row.words,
                net_of(row.line).yen,
                row.line.delivered,
            ],
        )
        for row in found.claimed
        if row.line.cost_kind == "hardware"
    ]
    return PackSection(
        _("取得財産の一覧"),
        _("許しなく売ったり移したりできません（S-93。%(certainty)s）", certainty=translate(CERTAINTIES[RULEBOOK["S-93"].certainty][1])),
        columns,
        rows,
        3,
        breaks=False,
    )


def _lack_section(found: Result) -> PackSection:
    columns = [count(_("番号")), text(_("構成員"), 20), text(_("内容"), 24), text(_("足りないもの"), 40)]
    rows: list[tuple[str, Sequence[object]]] = [
        ("danger", [lack.row.number, found.costs.project.name_of(lack.row.party_id), lack.row.words, lack_words(lack)])
        for lack in found.lacks
    ]
    return PackSection(_("入っていない行"), "", columns, rows, 3, breaks=False)


def _doubt_section(found: Result) -> PackSection:
    columns = [count(_("番号")), text(_("構成員"), 20), text(_("内容"), 24), text(_("合わないところ"), 40)]
    rows: list[tuple[str, Sequence[object]]] = [
        ("danger", [row.number, found.costs.project.name_of(row.party_id), row.words, doubt_words(doubt)]) for row, doubt in found.doubtful
    ]
    rows += [
        ("", [row.number, found.costs.project.name_of(row.party_id), row.words, _("登録番号のない請求書。わけ: %(why)s", why=why)])
        for row, why in found.explained
    ]
    return PackSection(_("合わないところ"), _("入っている行の、合わない証憑（S-96）"), columns, rows, 3, breaks=False)


def workbook(found: Result, made: Made) -> bytes:
    """経費明細: every line, claimed or not, and why not."""
    project = found.costs.project
    columns: list[Column] = [count(_("番号")), text(_("構成員"), 28), text(_("区分"), 6), text(_("品目"), 20), text(_("内容"), 28)]
    columns += [
        yen(_("経費（税抜・円）")),
        yen(_("対象経費（税抜・円）")),
        day(_("発注")),
        day(_("納品")),
        day(_("支払")),
        text(_("証憑"), 10),
        text(_("足りないもの"), 40),
    ]
    counted = _counted(found)
    rows: list[Sequence[object]] = []
    for row in found.costs.rows:
        item, numbers = project.call.items[row.line.item], [each.number for each in found.exhibits_of(row.number)]
        lacks = _("、").join(lack_words(lack) for lack in found.lacks if lack.row.number == row.number)
        who = [row.number, project.name_of(row.party_id), item.category.upper(), translate(item.name), row.words, net_of(row.line).yen]
        days = [row.line.ordered, row.line.delivered, row.line.paid]
        rows.append([*who, counted.get(str(row.number), 0), *days, f"{numbers[0]}–{numbers[-1]}" if numbers else "", lacks])
    out = io.BytesIO()
    tables.write_xlsx(out, columns, rows, made_at=made.when(found))
    return out.getvalue()


def _day(when: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日", **date_parts(when))
