"""The cost list as a workbook whose formulas are the rules: whoever changes an amount sees the subsidy change, without us.

Sheets: 経費 (a line a row), 構成員 (A of each), 合計 (the call's values, B, C and the total). Rounding is done where the calculator does
it and nowhere else. The cached results are the calculator's own, for programs that do not reckon. Categories, sorts and kinds of cost
stand there in words, and the formulas look for the same words.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell as at

from base.errors import N_
from subsidy import titles
from subsidy.queries import Costs, LineRow
from subsidy.rules.calls import FUNCTIONS, Values
from web.i18n import _, translate
from web.tables import across, date_book

FIRST = 1
"""The first row below the head."""
SHEETS = {"lines": N_("経費"), "members": N_("構成員"), "total": N_("合計")}
SPARE = 20
"""Empty rows that reckon as well, for lines that somebody adds."""


def workbook(costs: Costs) -> bytes:
    """As bytes. Foreign text goes in as text and never as a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    date_book(book, costs.project.now)
    looks = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "yen": book.add_format({"num_format": "#,##0"}),
        "text": book.add_format({"num_format": "@"}),
        "sum": book.add_format({"num_format": "#,##0", "bold": True, "top": 1}),
    }
    lines, members, total = (book.add_worksheet(translate(word)) for word in SHEETS.values())
    values = _Values(total, looks, costs)
    rows = len(costs.rows) + SPARE
    for sheet in (lines, members, total):
        across(sheet)
    people = [str(row.id) for row in costs.project.group]
    _write_lines(lines, looks, costs, values, rows)
    _write_members(members, looks, costs, values, people, rows)
    _write_total(total, looks, costs, values, len(people), rows)
    total.activate()
    book.close()
    return out.getvalue()


class _Values:
    """The call's numbers in cells of the sheet `total`, each by its name: a formula names a cell, never a number."""

    def __init__(self, sheet: Any, looks: dict[str, Any], costs: Costs) -> None:
        self._places: dict[str, str] = {}
        values: Values = costs.project.call.values
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 2, 16)
        self.row = 0
        for name in ("a_low_rate", "a_high_rate", "a_pc_rate", "a_register_rate", "b_rate", "c_rate", "c_share"):
            rate: Fraction = getattr(values, name)
            self._put(sheet, looks, _said(name), rate.numerator, f"{name}.n")
            sheet.write_number(self.row - 1, 2, rate.denominator, looks["yen"])
            self._places[f"{name}.d"] = f"{_sheet('total')}{at(self.row - 1, 2, True, True)}"
        for name in ("a_low_subsidy_max", "a_cap_one_function", "a_cap_two_functions", "a_pc_cap", "a_register_cap", "b_cap_per_member"):
            self._put(sheet, looks, _said(name), getattr(values, name), name)
        for name in ("ab_cap", "c_cap", "a_cloud_months", "b_cloud_months"):
            self._put(sheet, looks, _said(name), getattr(values, name), name)
        size = len(costs.project.group) - (not values.representative_counts_in_b_cap)
        self._put(sheet, looks, _("構成員の数"), size, "size")
        lead = next((row.id for row in costs.project.group if row.role == "representative"), 0)
        self._put(sheet, looks, _("代表事業者の番号"), lead, "lead")

    def _put(self, sheet: Any, looks: dict[str, Any], title: str, value: int, name: str) -> None:
        sheet.write_string(self.row, 0, title, looks["text"])
        sheet.write_number(self.row, 1, value, looks["yen"])
        self._places[name] = f"{_sheet('total')}{at(self.row, 1, True, True)}"
        self.row += 1

    def __getitem__(self, name: str) -> str:
        return self._places[name]

    def at_rate(self, cost: str, name: str) -> str:
        """Cost at a rate, cut to whole yen."""
        return f"INT({cost}*{self[f'{name}.n']}/{self[f'{name}.d']})"


(NUMBER, MEMBER, NAME, WORDS, ITEM, CATEGORY, SORT, KIND, AMOUNT, RATE, MONTHS, TOOL, *FUNCS, NET, COUNTED, STANDS, ELIGIBLE) = range(20)


def _write_lines(sheet: Any, looks: dict[str, Any], costs: Costs, values: _Values, rows: int) -> None:
    heads = [
        _("番号"),
        _("構成員の番号"),
        _("構成員"),
        _("内容"),
        _("品目"),
        _("区分"),
        _("種類"),
        _("費目"),
        _("金額"),
        _("税率（税込みのとき）"),
    ]
    heads += [
        _("月数"),
        _("ツール"),
        *(translate(titles.FUNCTIONS[name]) for name in FUNCTIONS),
        _("税抜き"),
        _("数える月数"),
        _("入る"),
        _("対象経費"),
    ]
    for column, title in enumerate(heads):
        sheet.write_string(0, column, title, looks["head"])
    sheet.freeze_panes(1, 0)
    sheet.set_column(NAME, WORDS, 24)
    sheet.set_column(AMOUNT, AMOUNT, 14)
    counted = {cost.line.id: cost for cost in costs.planned.grant.costs} if costs.planned.grant else {}
    for place in range(rows):
        row = costs.rows[place] if place < len(costs.rows) else None
        if row is not None:
            _write_line(sheet, looks, costs, row, FIRST + place)
        cost = counted.get(str(row.number)) if row else None
        _write_reckoning(sheet, looks, values, FIRST + place, rows, cost.eligible.yen if cost else 0)


def _write_line(sheet: Any, looks: dict[str, Any], costs: Costs, row: LineRow, place: int) -> None:
    line, item = row.line, costs.project.call.items[row.line.item]
    is_left_out = str(row.number) in costs.planned.left_out
    sheet.write_number(place, NUMBER, row.number)
    sheet.write_number(place, MEMBER, row.party_id)
    words = {
        NAME: costs.project.name_of(row.party_id),
        WORDS: row.words,
        ITEM: translate(item.name),
        SORT: _sort(item.sort),
        KIND: _kind(line.cost_kind),
    }
    words |= {CATEGORY: "" if is_left_out else item.category.upper(), TOOL: line.tool or ""}
    for column, text in words.items():
        sheet.write_string(place, column, text, looks["text"])
    sheet.write_number(place, AMOUNT, line.amount, looks["yen"])
    if line.tax_included:
        sheet.write_number(place, RATE, line.tax_rate)
    if line.months:
        sheet.write_number(place, MONTHS, line.months)
    has = line.functions or (item.function,)
    for column, name in zip(FUNCS, FUNCTIONS, strict=True):
        sheet.write_number(place, column, int(item.category == "a" and item.sort == "software" and name in has and not is_left_out))


def _write_reckoning(sheet: Any, looks: dict[str, Any], values: _Values, place: int, rows: int, eligible: int) -> None:
    """S-20, S-21, S-23 of one row. The months that rows above have used of the same subscription are not there any more."""
    cell = {name: at(place, column) for name, column in (("amount", AMOUNT), ("rate", RATE), ("months", MONTHS), ("tool", TOOL))}
    cell |= {
        "cat": at(place, CATEGORY),
        "sort": at(place, SORT),
        "kind": at(place, KIND),
        "member": at(place, MEMBER),
        "net": at(place, NET),
    }
    cell |= {"counted": at(place, COUNTED), "stands": at(place, STANDS)}
    sheet.write_formula(place, NET, f'=IF({cell["rate"]}="",{cell["amount"]},INT({cell["amount"]}*100/(100+{cell["rate"]})))', looks["yen"])
    allowance = f'IF({cell["cat"]}="A",{values["a_cloud_months"]},{values["b_cloud_months"]})'
    above = _above(place)
    used = f"SUMIFS({above(COUNTED)},{above(MEMBER)},{cell['member']},{above(CATEGORY)},{cell['cat']},{above(TOOL)},{cell['tool']})"
    left = f'IF({cell["tool"]}="",{allowance},{allowance}-{used})' if place > FIRST else allowance
    sheet.write_formula(place, COUNTED, f'=IF(AND({cell["kind"]}="{_kind("cloud")}",{cell["stands"]}=1),MIN({cell["months"]},{left}),0)')
    column = _column(rows)
    own = f'COUNTIFS({column(MEMBER)},{cell["member"]},{column(SORT)},"{_sort("software")}",{column(CATEGORY)},"<>")'
    shared = f'COUNTIFS({column(MEMBER)},{values["lead"]},{column(SORT)},"{_sort("software")}",{column(CATEGORY)},"B")'
    alone = f'AND(OR({cell["sort"]}="{_sort("pc")}",{cell["sort"]}="{_sort("register")}"),{own}+{shared}=0)'
    sheet.write_formula(place, STANDS, f'=IF(OR({cell["cat"]}="",{alone}),0,1)')
    cut = f'IF({cell["kind"]}="{_kind("cloud")}",INT({cell["net"]}*{cell["counted"]}/{cell["months"]}),{cell["net"]})'
    sheet.write_formula(place, ELIGIBLE, f"=IF({cell['stands']}=1,{cut},0)", looks["yen"], eligible)


def _said(name: str) -> str:
    return translate(titles.SHEET_VALUES[name])


def _sort(code: str) -> str:
    return translate(titles.SORTS[code])


def _kind(code: str) -> str:
    return translate(titles.COST_KINDS[code])


def _sheet(name: str) -> str:
    """What stands before a cell of another sheet."""
    return f"'{translate(SHEETS[name])}'!"


def _above(place: int) -> Any:
    return lambda column: f"{at(FIRST, column, True, True)}:{at(place - 1, column, False, True)}"


def _column(rows: int, sheet: str = "") -> Any:
    return lambda column: f"{sheet}{at(FIRST, column, True, True)}:{at(FIRST + rows - 1, column, True, True)}"


def _write_members(sheet: Any, looks: dict[str, Any], costs: Costs, values: _Values, people: Sequence[str], rows: int) -> None:
    """S-30, S-31: A of each member; each rate is cut once."""
    heads: tuple[str, ...] = (
        _("構成員の番号"),
        _("構成員"),
        _("ITツールの経費"),
        _("機能の数"),
        _("ITツールの補助"),
        _("PC・タブレットの経費"),
    )
    heads += (_("PC・タブレットの補助"), _("レジの経費"), _("レジの補助"), _("A の補助"))
    for column, title in enumerate(heads):
        sheet.write_string(0, column, title, looks["head"])
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 9, 14)
    span = _column(rows, _sheet("lines"))
    for place, person in enumerate(people, FIRST):
        sheet.write_number(place, 0, int(person))
        sheet.write_string(place, 1, costs.project.name_of(int(person)), looks["text"])
        who = at(place, 0)
        for column, sort in ((2, "software"), (5, "pc"), (7, "register")):
            of = f'{span(MEMBER)},{who},{span(CATEGORY)},"A",{span(SORT)},"{_sort(sort)}"'
            sheet.write_formula(place, column, f"=SUMIFS({span(ELIGIBLE)},{of})", looks["yen"])
        sheet.write_formula(place, 3, f"={_functions(span, who, costs)}")
        cost, count = at(place, 2), at(place, 3)
        sheet.write_formula(place, 4, f"=IF({count}=0,0,MIN({_tiers(cost, values, costs)},{_cap(count, values)}))", looks["yen"])
        for column, name in ((6, "a_pc"), (8, "a_register")):
            at_rate = values.at_rate(at(place, column - 1), f"{name}_rate")
            sheet.write_formula(place, column, f"=MIN({at_rate},{values[f'{name}_cap']})", looks["yen"])
        own = costs.planned.grant.members.get(person) if costs.planned.grant else None
        sheet.write_formula(place, 9, f"={at(place, 4)}+{at(place, 6)}+{at(place, 8)}", looks["sum"], own.subsidy.yen if own else 0)


def _functions(span: Any, who: str, costs: Costs) -> str:
    """How many functions count: those of all tools together, or of the richest where the call counts by product."""
    if costs.project.call.values.functions_across_tools:
        return "+".join(f"MIN(1,SUMIFS({span(column)},{span(MEMBER)},{who},{span(STANDS)},1))" for column in FUNCS)
    of_line = "+".join(span(column) for column in FUNCS)
    return f"SUMPRODUCT(MAX(({span(MEMBER)}={who})*({span(STANDS)}=1)*({of_line})))"


def _tiers(cost: str, values: _Values, costs: Costs) -> str:
    """The subsidy up to a_low_subsidy_max at the low rate, what is above at the high one, over one common denominator and cut once.

    Or, where the call says so, the whole at the high rate once it passes.
    """
    low_n, low_d, high_n, high_d = (values[name] for name in ("a_low_rate.n", "a_low_rate.d", "a_high_rate.n", "a_high_rate.d"))
    most = values["a_low_subsidy_max"]
    low = values.at_rate(cost, "a_low_rate")
    high = f"INT(({most}*{low_n}*{high_d}+({cost}*{low_n}-{most}*{low_d})*{high_n})/({low_n}*{high_d}))"
    if costs.project.call.values.a_high_rate_on_whole:
        high = values.at_rate(cost, "a_high_rate")
    return f"IF({cost}*{low_n}<={most}*{low_d},{low},{high})"


def _cap(count: str, values: _Values) -> str:
    return f"IF({count}=1,{values['a_cap_one_function']},{values['a_cap_two_functions']})"


def _write_total(sheet: Any, looks: dict[str, Any], costs: Costs, values: _Values, people: int, rows: int) -> None:
    """S-33 to S-35: B, the common cap, C, and the whole."""
    row, done, span = values.row + 1, costs.planned.grant, _column(rows, _sheet("lines"))
    cells: dict[str, str] = {}

    def put(name: str, title: str, formula: str, told: int) -> None:
        nonlocal row
        sheet.write_string(row, 0, title, looks["text"])
        sheet.write_formula(row, 1, f"={formula}", looks["sum"], told)
        cells[name] = at(row, 1)
        row += 1

    put("a", _("A の補助（上限の前）"), f"SUM({_sheet('members')}{at(FIRST, 9)}:{at(FIRST + people - 1, 9)})", done.a.yen if done else 0)
    put("b_cost", _("B の経費"), f'SUMIFS({span(ELIGIBLE)},{span(CATEGORY)},"B")', done.b_cost.yen if done else 0)
    cap = f"{values['b_cap_per_member']}*{values['size']}"
    put("b", _("B の補助（上限の前）"), f"MIN({values.at_rate(cells['b_cost'], 'b_rate')},{cap})", done.b.yen if done else 0)
    first, second = ("a", "b") if costs.project.call.values.ab_kept_first == "a" else ("b", "a")
    kept = {"a": done.a_kept.yen if done else 0, "b": done.b_kept.yen if done else 0}
    words = {"a": _("A の補助"), "b": _("B の補助")}
    put(f"{first}_kept", words[first], f"MIN({cells[first]},{values['ab_cap']})", kept[first])
    put(f"{second}_kept", words[second], f"MIN({cells[second]},{values['ab_cap']}-{cells[f'{first}_kept']})", kept[second])
    put("c_cost", _("C の経費"), f'SUMIFS({span(ELIGIBLE)},{span(CATEGORY)},"C")', done.c.cost.yen if done else 0)
    both = f"({cells['a_kept']}+{cells['b_kept']})"
    parts = [values[name] for name in ("c_share.n", "c_rate.n", "c_share.d", "c_rate.d")]
    share = f"INT({both}*{parts[0]}*{parts[1]}/({parts[2]}*{parts[3]}))"
    put(
        "c", _("C の補助"), f"MIN({values.at_rate(cells['c_cost'], 'c_rate')},{share},{values['c_cap']})", done.c.subsidy.yen if done else 0
    )
    put("sum", _("補助額の合計"), f"{cells['a_kept']}+{cells['b_kept']}+{cells['c']}", done.subsidy.yen if done else 0)
    put("cost", _("対象経費の合計"), f"SUM({span(ELIGIBLE)})", done.eligible.yen if done else 0)
    put("own", _("自己負担"), f"{cells['cost']}-{cells['sum']}", done.own_burden.yen if done else 0)
