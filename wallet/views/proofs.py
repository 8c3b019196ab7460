"""改ざん検知, for everybody: what the seal on a slip means, and a place where any slip can be checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import g, render_template, request

import ledger.queries
from ledger.queries import ReceiptWrong
from wallet.queries.history import PLAIN
from wallet.views.frame import pages
from wallet.views.statements import kind_word

KINDS = (
    *("payment", "coupon_payment", "payment_again", "refund", "coupon_refund", "refund_late", "suspense_release"),
    *("top_up", "top_up_again", "top_up_large", "agent_top_up", "code_redeem", "reversal", "expiry", "benefit", "benefit_return"),
    "voucher_sale",
)
"""What a slip can be of, as the book names it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a check. `wrong`: the first thing that does not hold, None for a good proof; the rest is of a good one."""

    wrong: str | None = None
    kind: str = ""
    amount: int = 0
    posted_at: datetime | None = None
    number: str = ""
    log: str = ""
    size: int = 0


@pages.get("/seal")
def seal() -> str:
    """Four sentences, and by script what this phone has seen of the log."""
    return render_template("wallet/seal.html", close="/wallet/")


@pages.get("/verify")
def verify() -> str:
    """The form. With scripts the file never leaves the browser."""
    return _page(None)


@pages.post("/verify")
def verified() -> tuple[str, int] | str:
    """Without scripts: the same check on the server. The file is read, and kept nowhere."""
    sent = request.files.get("file")
    try:
        proved = ledger.queries.check_file(g.session, g.district.id, sent.read() if sent else b"")
    except ReceiptWrong as wrong:
        return _page(Verdict(wrong.reason)), 422
    sealed, checkpoint = proved.transaction, proved.checkpoint
    number = ledger.queries.payment_number(sealed.transaction_id)
    return _page(Verdict(None, _kind(sealed.kind), proved.amount, sealed.posted_at, number, checkpoint.origin, checkpoint.size))


def _page(verdict: Verdict | None) -> str:
    keys = ledger.queries.log_keys(g.session, g.district.id)
    kinds = {kind: _kind(kind) for kind in KINDS}
    return render_template("wallet/verify.html", verdict=verdict, keys=[str(key) for key in ledger.queries.first_keys(keys)], kinds=kinds)


def _kind(kind: str) -> str:
    return kind_word(PLAIN.get(kind, kind))
