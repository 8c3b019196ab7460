"""お店のレシート: what the shop's till wrote of a payment is in the payer's history by itself, as the same invoice by the same number."""

from __future__ import annotations

from datetime import date

from flask import Response, g, render_template

import ledger.queries
import merchant.queries
from merchant.errors import ReceiptUnknown
from merchant.queries import ReceiptRow
from wallet import queries
from wallet.views.frame import consumers_only, me, now, pages
from web import pdf
from web.i18n import _
from web.papers import till_receipt


@pages.get("/wallet/history/<int:transaction_id>/receipt")
@consumers_only
def shop_receipt(transaction_id: int) -> str:
    """The shop's receipt of this payment, or its return slip of this refund."""
    row, earned = _of(transaction_id)
    said = till_receipt(row.content, made_at=now(), on_paper=False, earned=earned)
    return render_template("wallet/shop_receipt.html", said=said, transaction_id=transaction_id, back=f"/wallet/history/{transaction_id}")


@pages.get("/wallet/history/<int:transaction_id>/receipt.pdf")
@consumers_only
def shop_receipt_pdf(transaction_id: int) -> Response:
    """The same as PDF; once the payment is sealed, with its proof. Data is never stamped."""
    row, earned = _of(transaction_id)
    proof = queries.proof(g.session, me(), transaction_id)
    said = till_receipt(row.content, made_at=now(), on_paper=False, earned=earned)
    said["proved"] = _("支払いの証明が、このファイルに付いています。")
    attached = ledger.queries.write_receipt(proof.receipt) if proof else None
    answer = Response(pdf.render("till_receipt", said, proof=attached), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="receipt-{row.number}.pdf"'
    return answer


def _of(transaction_id: int) -> tuple[ReceiptRow, tuple[int, date] | None]:
    """The receipt, and the points of its payment with the day from which they can be spent.

    Raises TransactionUnknown for somebody else's payment, ReceiptUnknown where the shop's till wrote none."""
    earned = queries.earned_by(g.session, me(), queries.payment(g.session, me(), transaction_id, now=now()))
    row = merchant.queries.receipt_of_payment(g.session, me().district_id, transaction_id)
    if row is None:
        raise ReceiptUnknown
    return row, None if earned is None else (earned.points, earned.day)
