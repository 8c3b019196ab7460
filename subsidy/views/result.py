"""実績報告: what is claimed and what is missing, the report, the evidence book, and the package for filing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response, g, request

import identity.queries
from identity.commands import authorise
from subsidy import queries, titles
from subsidy.errors import PackIncomplete, ProjectUnknown
from subsidy.packing import Piece, entry_name, pack
from subsidy.queries import Lack, Result
from subsidy.rulebook import CERTAINTIES, RULEBOOK
from subsidy.rules.costs import net_of
from subsidy.rules.files import SUFFIX
from subsidy.rules.shares import ByCategory
from subsidy.views.effect_papers import ZIP, as_file
from subsidy.views.evidence_book import Laid, bound, laid
from subsidy.views.frame import doubt_words, group_page, pages, standing
from web import papers, pdf, tables
from web.i18n import _, date_parts, named, translate
from web.papers import BookPiece, PackSection
from web.tables import Column, count, day, text, yen

WHERE = "/group/<int:project_id>/result"
NOTHING = ByCategory(0, 0, 0)


@pages.get(WHERE)
def result(project_id: int) -> str:
    """What is missing first, then the sums, then what is filed. Once it was filed: what was, and whether something has changed since."""
    project = standing(project_id)
    found, now = queries.result_of(project), Result(queries.Costs(project))
    return group_page("subsidy/result.html", project, result=found, now=now, columns=_sums(found), lack_words=lack_words)


@pages.get(f"{WHERE}/report.pdf")
def result_pdf(project_id: int) -> Response:
    """実績報告書, as far as it goes."""
    return as_file(_report(_result(project_id)), "application/pdf", "result.pdf")


@pages.get(f"{WHERE}/evidence.pdf")
def evidence_pdf(project_id: int) -> Response:
    """証憑の綴り. Every piece that is opened for it is on record."""
    found = _result(project_id)
    return as_file(_book(found, _opened(found)), "application/pdf", "evidence.pdf")


@pages.get(f"{WHERE}/lines.xlsx")
def result_workbook(project_id: int) -> Response:
    """経費明細: every line, claimed or not, and why not."""
    return as_file(_workbook(_result(project_id)), tables.TYPES["xlsx"], "result.xlsx")


@pages.get(f"{WHERE}/package.zip")
def result_package(project_id: int) -> Response:
    """提出用にまとめる. While a line lacks something, only for whoever says that it is to be left out. Raises PackIncomplete."""
    found = _result(project_id)
    if not found.claimed or (found.lacks and not found.filed and request.args.get("without_missing") != "on"):
        raise PackIncomplete(missing=len({lack.row.number for lack in found.lacks}) or 1)
    opened = _opened(found)
    pieces = [
        Piece(_("01_実績報告書.pdf"), _report(found)),
        Piece(_("02_経費明細.xlsx"), _workbook(found)),
        Piece(_("03_証憑.pdf"), _book(found, opened)),
    ]
    for each, (content, media) in zip(found.exhibits, opened, strict=True):
        words = entry_name(f"{found.costs.project.name_of(each.row.party_id)}_{translate(titles.EVIDENCE[each.paper.kind])}")
        pieces.append(Piece(_("証憑/%(number)s_%(name)s", number=f"{each.number:03}", name=f"{words}.{SUFFIX[media]}"), content))
    return as_file(pack(pieces, made_at=g.clock()), ZIP, "result.zip")


def lack_words(lack: Lack) -> str:
    """What a line lacks, in plain words."""
    kinds = _("、").join(translate(titles.EVIDENCE[kind]) for kind in lack.kinds)
    if lack.kinds:
        return _("%(kinds)s: %(state)s", kinds=kinds, state=translate(titles.PAPER_STATES[lack.why][1]))
    return translate(titles.LACKS.get(lack.why) or titles.FAULTS[lack.why])


def _result(project_id: int) -> Result:
    """For the lead alone; making its papers is on record. Raises ProjectUnknown."""
    authorise(g.session, g.who, "subsidy.make_papers", subject=f"subsidy_project:{project_id} result")
    project = standing(project_id)
    if not project.seat.is_lead:
        raise ProjectUnknown
    return queries.result_of(project)


def _sums(found: Result) -> list[tuple[str, ByCategory | None]]:
    """計画, 決定, 支払済み, 証憑あり, 確定見込み: the subsidy by category."""
    costs = found.costs
    return [
        (_("計画"), costs.planned.parts),
        (_("決定"), costs.decided),
        (_("支払済み"), costs.spent.parts if found.is_open else None),
        (_("証憑あり"), found.sum.parts if found.is_open else None),
        (_("確定見込み"), found.final),
    ]


def _opened(found: Result) -> list[tuple[bytes, str]]:
    project = found.costs.project
    opened = queries.open_papers(g.session, g.who, project.id, [each.paper.id for each in found.exhibits], today=project.today)
    return [(each.content, each.media) for each in opened]


def _book(found: Result, opened: Sequence[tuple[bytes, str]]) -> bytes:
    sheets: list[Laid] = [laid(content, media) for content, media in opened]
    data = papers.evidence_book(
        name=_("証憑の綴り"),
        about=found.costs.project.name,
        pieces=[
            BookPiece(
                each.number, translate(titles.EVIDENCE[each.paper.kind]), _about(found, each), each.paper.sha256.hex(), len(piece.pages)
            )
            for each, piece in zip(found.exhibits, sheets, strict=True)
        ],
        **_maker(),
    )
    return bound(pdf.render("evidence_book", data, is_tagged=False), sheets)


def _about(found: Result, each: queries.Exhibit) -> str:
    return _("%(line)s番 %(who)s %(words)s", line=each.row.number, who=found.costs.project.name_of(each.row.party_id), words=each.row.words)


def _report(found: Result) -> bytes:
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
        made_by=identity.queries.person_profile(g.session, g.who).nickname,
        **_maker(),
    )
    return pdf.render("dossier", data)


def _sum_section(found: Result) -> PackSection:
    columns = [text(_("区分"), 20), *(yen(_("%(what)s（円）", what=name)) for name, _parts in _sums(found))]
    parts = [each for _name, each in _sums(found)]
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


def _workbook(found: Result) -> bytes:
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
    tables.write_xlsx(out, columns, rows)
    return out.getvalue()


def _maker() -> dict[str, Any]:
    return {"district": named(g.district), "association": g.district.association, "contact": g.district.contact, "made_at": g.clock()}


def _day(when: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日", **date_parts(when))
