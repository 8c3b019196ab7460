"""紙の申し込みを貼り付けて入力する: papers that stand in a spreadsheet are looked at line by line, then all are taken or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import g, request
from werkzeug.wrappers import Response as Answer

from association import commands
from association.commands import Apply, TypedPaper
from association.schemas import PaperListSchema, PaperPlan, plan_papers
from association.views.frame import pages
from association.views.voucher_calls import call_page, called
from base.errors import N_
from identity.commands import authorise
from web import forms
from web.i18n import translate
from web.pasted import Pasted, WrongLine, pasted

LINES_MAX, BYTES_MAX = 200, 200_000
HEADS = {
    "name": (N_("氏名"), N_("名前")),
    "kana": (N_("ふりがな"), N_("よみ")),
    "postal": (N_("郵便番号"),),
    "address": (N_("住所"),),
    "phone": (N_("電話番号"),),
    "units": (N_("口数"),),
    "code": (N_("引換券の文字"), N_("引換券")),
}


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper with what becomes of it. `like_lines`: earlier lines that may be the same person; `like_numbers`: such applications."""

    line: int
    order: Apply
    typed: TypedPaper
    like_lines: tuple[int, ...]
    like_numbers: tuple[int, ...]


@pages.get("/desk/vouchers/<int:voucher_id>/applications/list")
def paper_list(voucher_id: int) -> str:
    """The box to paste into. Nothing is taken by pasting. Raises VoucherUnknown, CallUnknown."""
    return _page(voucher_id, None, [], None)


@pages.post("/desk/vouchers/<int:voucher_id>/applications/list")
def keep_paper_list(voucher_id: int) -> str | Answer:
    """First what would become of each; then, once that has been looked at, all of it. A wrong line keeps the whole out."""
    called(voucher_id)
    key: UUID = forms.load(PaperListSchema)["key"]
    sent = pasted(HEADS, wanted="name", lines_max=LINES_MAX, bytes_max=BYTES_MAX)
    plan = plan_papers(sent.rows, voucher_id, key)
    take = commands.rehearse_papers if request.form.get("looked_at") is None or plan.wrong else commands.type_papers
    typed = take(g.session, g.who, voucher_id, [order for _line, order in plan.papers], now=g.clock())
    lines = _beside(plan, typed)
    if take is commands.type_papers and not plan.wrong:
        return call_page("association/voucher_papers_typed.html", voucher_id, lines=lines)
    return _page(voucher_id, plan, lines, sent)


def _beside(plan: PaperPlan, typed: Sequence[TypedPaper]) -> list[PaperLine]:
    """The papers that can be taken, each with what it may be the same as. Those that are refused become wrong lines of the plan."""
    line_of = {each.number: line for (line, _order), each in zip(plan.papers, typed, strict=True) if each.number}
    found = []
    for (line, order), each in zip(plan.papers, typed, strict=True):
        if each.refusal is not None:
            name = order.says.name if order.says else ""
            plan.wrong.append(WrongLine(line, name, "_schema", translate(each.refusal.text, each.refusal.facts)))
            continue
        lines = tuple(line_of[number] for number in each.like if number in line_of)
        found.append(PaperLine(line, order, each, lines, tuple(number for number in each.like if number not in line_of)))
    plan.wrong.sort(key=lambda wrong: wrong.line)
    return found


def _page(voucher_id: int, plan: PaperPlan | None, lines: list[PaperLine], sent: Pasted | None) -> str:
    authorise(g.session, g.who, "association.keep_applications", subject=f"voucher:{voucher_id} page")
    labels = {name: words[0] for name, words in HEADS.items()}
    return call_page(
        "association/voucher_paper_list.html",
        voucher_id,
        plan=plan,
        lines=lines,
        rows=sent and sent.again,
        labels=labels,
        most=LINES_MAX,
    )
