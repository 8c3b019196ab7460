"""The sheets of an application as tables: the same for paper and workbook, in the order of the programme's forms (S-55)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from subsidy import titles
from subsidy.queries import Costs, LineRow, PaperRow, Standing
from subsidy.rules.costs import net_of
from subsidy.rules.evidence import QUOTE
from subsidy.rules.review import CRITERIA
from subsidy.rules.wanted import GOOD
from subsidy.views.frame import step_words
from web.i18n import _, day, translate
from web.papers import PackSection
from web.tables import Column, count, text, yen
from web.tables import day as day_column

Row = tuple[str, Sequence[object]]
STAY = ("file", "plan_filing", "note_running", "answer_extra")
"""Steps of a plan that are no gap in the application: an extra point may be left out."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along. `number`: 1, 2, 3 … in the order of the list."""

    number: int
    paper: PaperRow
    whose: str
    what: str


def missing(project: Standing) -> list[str]:
    """What is to be done before the application is whole, as sentences. Empty: nothing, or it was filed already."""
    if project.state not in ("planning", "returned"):
        return []
    open_ones = (step for step in project.steps if step.code not in STAY and not step.code.startswith(("await_", "note_")))
    return [step_words(project, step) for step in open_ones]


def attachments(project: Standing) -> list[Attachment]:
    """Papers that were found good, party by party, then the quotes of lines."""
    papers = [(paper, translate(titles.PAPERS[each.kind])) for each, how, paper in project.wanted if paper is not None and how == GOOD]
    quotes = [
        (paper, _("%(number)s番の%(what)s", number=row.number, what=translate(titles.EVIDENCE[QUOTE])))
        for row in project.plan_lines
        if (paper := row.newest(QUOTE)) is not None and paper.is_good is not False
    ]
    return [Attachment(number, paper, project.name_of(paper.party_id), what) for number, (paper, what) in enumerate([*papers, *quotes], 1)]


def sections(costs: Costs) -> list[PackSection]:
    """Every sheet. The lead reads the same in PDF and in Excel."""
    project = costs.project
    return [
        _members(costs),
        _tools(project),
        *(_lines(costs, letter) for letter in titles.CATEGORIES),
        _answers(project),
        _dates(project),
        _attached(project),
        _missing(project),
    ]


def _members(costs: Costs) -> PackSection:
    project, said = costs.project, {None: "", True: _("はい"), False: _("いいえ")}
    columns = [count(_("番号")), text(_("名前"), 28), text(_("役割")), text(_("法人番号")), text(_("組合員"), 8)]
    columns += [yen(_("A の補助")), yen(_("B の補助")), yen(_("C の補助"))]
    rows: list[Row] = []
    for number, party in enumerate(project.group, 1):
        share = costs.shares.get(str(party.id))
        sums = (share.a, share.b, share.c) if share else (0, 0, 0)
        numbers = party.known.corporate_number or (_("個人") if party.known.is_sole else "")
        member = said[party.known.is_association_member] if party.role == "participant" else ""
        rows.append(("", [number, party.name, translate(titles.ROLES[party.role]), numbers, member, *sums]))
    if costs.planned.grant:
        parts = costs.planned.parts
        rows.append(("sum", [None, _("合計"), "", "", "", parts.a, parts.b, parts.c]))
    return PackSection(_("様式1 参画事業者"), _("補助額は上限の見込み。B・C は対象経費の割合で分けた額"), columns, rows)


def _tools(project: Standing) -> PackSection:
    columns = [count(_("番号")), text(_("ツール"), 26), text(_("品目")), text(_("機能")), text(_("IT提供事業者"), 22), text(_("事前登録"))]
    found = [row for row in project.plan_lines if project.call.items[row.line.item].sort == "software"]
    rows: list[Row] = [("", [row.number, row.line.tool or row.words, *_tool(project, row)]) for row in found]
    return PackSection(_("様式2 ITツール"), "", columns, rows)


def _tool(project: Standing, row: LineRow) -> list[object]:
    item = project.call.items[row.line.item]
    functions = row.line.functions or ((item.function,) if item.function else ())
    registered = {None: _("まだ分からない"), True: _("はい"), False: _("いいえ")}[row.is_registered]
    provider = project.name_of(row.provider_id) if row.provider_id else ""
    return [translate(item.name), _("・").join(translate(titles.FUNCTIONS[each]) for each in functions), provider, registered]


def _lines(costs: Costs, letter: str) -> PackSection:
    project = costs.project
    names: dict[str, Callable[[], str]] = {
        "a": lambda: _("様式3 A 基盤導入経費"),
        "b": lambda: _("様式4 B 消費動向等分析経費"),
        "c": lambda: _("C 事務費・専門家費"),
    }
    columns = [count(_("番号")), text(_("内容"), 26), text(_("だれの経費か"), 22), text(_("品目")), text(_("費目"))]
    columns += [yen(_("経費（税抜・円）")), yen(_("対象経費（税抜・円）"))]
    rows: list[Row] = []
    whole = eligible = 0
    for row in project.plan_lines:
        item = project.call.items[row.line.item]
        if item.category != letter:
            continue
        found, net = costs.eligible_of(row.number), net_of(row.line).yen
        whole, eligible = whole + net, eligible + (found.eligible.yen if found else 0)
        kind = translate(titles.COST_KINDS[row.line.cost_kind])
        told = [row.number, row.words, project.name_of(row.party_id), translate(item.name), kind, net, found.eligible.yen if found else 0]
        rows.append(("" if found else "danger", told))
    if rows:
        rows.append(("sum", [None, _("合計"), "", "", "", whole, eligible]))
    return PackSection(names[letter](), "", columns, rows)


def _answers(project: Standing) -> PackSection:
    rows: list[Row] = []
    for item in CRITERIA:
        answer = project.answers_by_item.get(item)
        words = _("まだ答えはありません") if answer is None else answer.words or _("しないことにした")
        told = "\n".join([words, *(answer.figures if answer else ())])
        rows.append(("danger" if answer is None else "", [item, translate(titles.CRITERIA[item][0]), told]))
    columns = [count(_("番号")), text(_("項目"), 22), text(_("答え"), 80)]
    return PackSection(_("審査項目への答え"), "", columns, rows, wide=2)


def _dates(project: Standing) -> PackSection:
    rows: list[Row] = [("", [each.day, translate(titles.DATES[each.code]), each.about, each.rule]) for each in project.calendar]
    columns: list[Column] = [day_column(_("日")), text(_("できごと"), 30), text(_("だれ"), 22), text(_("規則"))]
    return PackSection(_("日程"), "", columns, rows, wide=2)  # whom it is about may be the whole group


def _attached(project: Standing) -> PackSection:
    columns = [count(_("添付")), text(_("だれ"), 26), text(_("書類"), 26), text(_("指紋（SHA-256 のはじめ）"), 22)]
    rows: list[Row] = [("", [each.number, each.whose, each.what, each.paper.sha256.hex()[:16]]) for each in attachments(project)]
    return PackSection(_("添付書類"), _("番号はまとめたファイルの「添付」の番号と同じです"), columns, rows)


def _missing(project: Standing) -> PackSection:
    rows: list[Row] = [("danger", [number, sentence]) for number, sentence in enumerate(missing(project), 1)]
    about = _("%(day)sに見たものです", day=day(project.today))
    return PackSection(_("まだ足りないもの"), about, [count(_("番号")), text(_("すること"), 80)], rows)
