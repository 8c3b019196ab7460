"""全銀の振込データ: the sending account, bank holidays, the file of a run, and transfers that come back."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.schemas import BankDaySchema, ReturnSchema, TransferDateSchema, TransferTermsSchema
from association.views.frame import desk_page, pages
from web import forms

RUN = "/desk/settlement/<int(max=9223372036854775807):run_id>"


@pages.get("/desk/settlement/transfers")
def transfer_terms() -> str:
    """From where shops are paid, who bears what the bank takes, and days on which banks are closed."""
    return desk_page(
        "association/transfer_terms.html",
        terms=queries.transfer_terms(g.session, g.who.district_id),
        waiting=queries.waiting_transfer_terms(g.session, g.who.district_id),
        days=queries.corrections(g.session, g.who.district_id),
        account_kinds=titles.ACCOUNT_KINDS_AT_BANKS,
        may_set=g.who.has("administrator"),
    )


@pages.post("/desk/settlement/transfers")
def propose_transfer_terms() -> Answer:
    """承認を申請する: approved, it holds for runs that are put forward from then on."""
    number = commands.propose_transfer_terms(g.session, g.who, forms.load(TransferTermsSchema), now=g.clock())
    return redirect(url_for(".approval", proposal_id=number), 303)


@pages.post("/desk/settlement/bank-days")
def correct_bank_day() -> Answer:
    """A holiday that the calendar does not know, or one that is none."""
    commands.correct_bank_day(g.session, g.who, **forms.load(BankDaySchema), now=g.clock())
    return redirect(url_for(".transfer_terms"), 303)


@pages.post(f"{RUN}/file")
def write_transfer_file(run_id: int) -> Answer:
    """振込データを作る: once; again leads to the same one."""
    commands.write_transfer_file(g.session, g.who, run_id, **forms.load(TransferDateSchema), now=g.clock())
    return redirect(url_for(".settlement_run", run_id=run_id) + "#file", 303)


@pages.post(f"{RUN}/file/take")
def take_transfer_file(run_id: int) -> Response:
    """取り出す: the same bytes each time; a post, since it is written down who took them."""
    taken = commands.take_transfer_file(g.session, g.who, run_id, now=g.clock())
    answer = Response(taken.content, mimetype="text/plain; charset=Shift_JIS")
    answer.headers["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post(f"{RUN}/returns")
def submit_return(run_id: int) -> Answer:
    """振込が戻った: another person approves."""
    proposal_id = commands.submit_return(g.session, g.who, run_id, forms.load(ReturnSchema), now=g.clock())
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)
