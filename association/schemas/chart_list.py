"""勘定科目 that come back from a spreadsheet: what differs, and what is wrong, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from association.rules.accounts import Account, clashes, may_become
from association.schemas.accounts import AccountSchema
from base.row_file import NamedRow
from web.pasted import WrongLine, wrong_lines

KEPT = ("number", "name", "name_en", "kind")


@dataclass(frozen=True, slots=True)
class ChartEdit:
    """An account as it is called and as it would be, by the line that says so."""

    line: int
    before: Account
    after: Account

    @property
    def changes(self) -> list[tuple[str, int | str, int | str]]:
        """What differs: column, as it is, as it would be."""
        pairs = [(name, getattr(self.before, name), getattr(self.after, name)) for name in KEPT]
        return [each for each in pairs if each[1] != each[2]]


@dataclass(slots=True)
class ChartPlan:
    """Nothing is changed yet, and nothing while a line is wrong: numbers make sense as a whole. `same`: lines that change nothing."""

    edits: list[ChartEdit] = field(default_factory=list)
    same: int = 0
    wrong: list[WrongLine] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Of all that would be done: the press counts only for what was looked at."""
        return sha256(repr(self.edits).encode()).hexdigest()


def plan_chart(rows: Iterable[NamedRow], chart: Sequence[Account], roles: Mapping[str, str], kinds: Mapping[str, str]) -> ChartPlan:
    """Each row against the chart as it is. `roles`, `kinds`: what the table writes in either language → what is kept.

    A row is known by its role, which is the book's and never changes; a column that was not sent changes nothing.
    """
    plan, known, seen = ChartPlan(), {each.role: each for each in chart}, set[str]()
    for row in rows:
        try:
            role = _role(row.cells["role"], roles, seen)
            edit = ChartEdit(row.line, known[role], _after(row.cells, known[role], kinds))
        except ValidationError as error:
            plan.wrong += wrong_lines(row.line, row.cells.get("name") or row.cells["role"], error)
            continue
        if edit.before == edit.after:
            plan.same += 1
        else:
            plan.edits.append(edit)
    _must_fit_together(plan, chart)
    return plan


def _role(word: str, roles: Mapping[str, str], seen: set[str]) -> str:
    role = roles.get(word)
    if role is None:
        raise ValidationError(_l("この役割の科目はありません。表の「帳簿での役割」を、そのまま残してください。"), "role")
    if role in seen:
        raise ValidationError(_l("同じ役割が、前の行にもあります。"), "role")
    seen.add(role)
    return role


def _after(cells: Mapping[str, str], before: Account, kinds: Mapping[str, str]) -> Account:
    typed = {name: str(getattr(before, name)) for name in KEPT} | {name: cells[name] for name in KEPT if name in cells}
    typed["kind"] = kinds.get(typed["kind"], typed["kind"])
    after = replace(before, **AccountSchema().load(typed))
    if not may_become(before.kind, after.kind):
        raise ValidationError(_l("貸借対照表の科目と、損益計算書の科目は、入れ替えられません。"), "kind")
    return after


def _must_fit_together(plan: ChartPlan, chart: Sequence[Account]) -> None:
    after = {each.role: each for each in chart} | {edit.after.role: edit.after for edit in plan.edits}
    taken = clashes(after.values())
    for edit in plan.edits:
        if edit.after.role in taken:
            words = str(_l("この番号は、名前か区分の違う別の科目と重なります。"))
            plan.wrong.append(WrongLine(edit.line, edit.after.name, "number", words))
