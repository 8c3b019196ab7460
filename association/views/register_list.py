"""記録簿に貼り付けて書く: rows from a spreadsheet are looked at first, and then all of them are written or none."""

from __future__ import annotations

from uuid import UUID

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries
from association.rules.registers import Register
from association.schemas import RegisterListSchema, RegisterPlan, plan_lines
from association.views.frame import desk_page, pages
from association.views.sheet import full_day
from base.errors import N_
from identity.commands import authorise
from web import forms
from web.pasted import meanings, pasted

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
    sent = pasted(_heads(register), wanted="opened_on", lines_max=LINES_MAX, bytes_max=BYTES_MAX)
    plan = plan_lines(sent.rows, register, _words(register))
    if request.form.get("looked_at") is None or plan.wrong or not plan.new:
        return _page(register, plan, sent.again)
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


def _heads(register: Register) -> dict[str, tuple[str]]:
    """The register's own words, as its table is headed."""
    return {"number": (NUMBER,), "opened_on": (register.opened,)} | {each.name: (each.label,) for each in register.fields}


def _words(register: Register) -> dict[str, dict[str, str]]:
    """Of fields with choices or a tick: what people write → what the form sends."""
    chosen = {each.name: meanings(each.choices) for each in register.fields if each.choices}
    return chosen | {each.name: meanings({"on": YES, "": NO}) for each in register.fields if each.kind == "yes"}
