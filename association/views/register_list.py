"""記録簿に貼り付けて書く: rows from a spreadsheet are looked at first, and then all of them are written or none."""

from __future__ import annotations

import csv
import io
from uuid import UUID

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries
from association.errors import RegisterListHeadMissing, RegisterListMissing, RegisterListTooLarge, RegisterListUnreadable
from association.rules.registers import Register
from association.schemas import RegisterListSchema, RegisterPlan, plan_lines
from association.views.frame import desk_page, pages
from association.views.sheet import full_day
from base.errors import N_, MeguriError
from base.row_file import FileWrong, named_rows
from base.yen import grouped
from identity.commands import authorise
from web import forms
from web.i18n import in_language, translate
from web.workbook import sheet_rows

LINES_MAX, BYTES_MAX = 500, 1_000_000
NUMBER, YES, NO = N_("番号"), N_("はい"), N_("いいえ")


@pages.get("/desk/registers/<name>/list")
def register_list(name: str) -> str:
    """The box to paste into. Nothing is written by pasting. Raises EntryUnknown."""
    return _page(queries.register_named(name), None, "")


@pages.post("/desk/registers/<name>/list")
@forms.takes_files(BYTES_MAX + 100_000)
def keep_register_list(name: str) -> str | Answer:
    """First what would be written; then, once that has been looked at, all of it. A wrong line keeps the whole out."""
    register = queries.register_named(name)
    authorise(g.session, g.who, "association.keep_registers", subject=f"register:{name}:list")
    _name, content = forms.sent_rows(BYTES_MAX)
    plan, rows = _planned(register, content)
    if request.form.get("looked_at") is None or plan.wrong or not plan.new:
        return _page(register, plan, rows)
    key: UUID = forms.load(RegisterListSchema)["key"]
    commands.open_entries(g.session, g.who, name, [(new.opened_on, new.facts) for new in plan.new], key=key, now=g.clock())
    return redirect(url_for(".one_register", name=name), 303)


def _page(register: Register, plan: RegisterPlan | None, rows: str) -> str:
    authorise(g.session, g.who, "association.keep_registers", subject=f"register:{register.name}:list")
    return desk_page(
        "association/register_list.html",
        register=register,
        plan=plan,
        rows=rows,
        labels={"opened_on": register.opened} | {each.name: each.label for each in register.fields},
        most=LINES_MAX,
        full_day=full_day,
    )


def _planned(register: Register, content: bytes) -> tuple[RegisterPlan, str]:
    """What would be written, and the rows as the press sends them once more."""
    try:
        rows = sheet_rows(content, bytes_max=BYTES_MAX, lines_max=LINES_MAX)
        plan = plan_lines(named_rows(rows, _heads(register), wanted="opened_on"), register, _words(register))
    except FileWrong as wrong:
        raise _refusal(wrong, register) from wrong
    text = io.StringIO()
    csv.writer(text, delimiter="\t").writerows([*cells, ""] for _line, cells in rows)
    return plan, text.getvalue()


def _heads(register: Register) -> dict[str, list[str]]:
    """The register's own words in every language: its table goes out in the reader's."""
    words = {"number": NUMBER, "opened_on": register.opened} | {each.name: each.label for each in register.fields}
    found: dict[str, list[str]] = {name: [] for name in words}
    for tag in ("ja", "en"):
        with in_language(tag):
            for name, word in words.items():
                found[name].append(translate(word))
    return found


def _words(register: Register) -> dict[str, dict[str, str]]:
    """Of fields with choices or a tick: what people write in either language → what the form sends."""
    found: dict[str, dict[str, str]] = {}
    for tag in ("ja", "en"):
        with in_language(tag):
            for each in register.fields:
                if each.choices:
                    found.setdefault(each.name, {}).update({translate(word): key for key, word in each.choices.items()})
                elif each.kind == "yes":
                    found.setdefault(each.name, {}).update({translate(YES): "on", translate(NO): ""})
    return found


def _refusal(wrong: FileWrong, register: Register) -> MeguriError:
    match wrong.reason:
        case "missing":
            return RegisterListMissing()
        case "large":
            return RegisterListTooLarge(lines=grouped(LINES_MAX))
        case "column":
            return RegisterListHeadMissing(head=translate(register.opened))
    return RegisterListUnreadable(line=wrong.line)
