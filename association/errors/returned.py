"""台帳の再開: a prepared epoch, and slips of what the book no longer has."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class PreparedEpochUnknown(NotFound):
    """No such prepared epoch, or a newer one was prepared, or one began."""

    code = "prepared_epoch_unknown"
    number = "E-6450"
    text = N_("この再開の準備は、もう使えません。台帳はそのままです。運用担当が用意した新しい準備を、画面で確かめてください。")


class ReceiptPresented(Refused):
    """This very slip was presented before; once is all."""

    code = "receipt_presented"
    number = "E-6451"
    text = N_("この明細は、すでに受け付けています。一覧で確かめてください。二重には数えていません。")


class ReceiptOfThisEpoch(Refused):
    """The slip is of the log as it is now: nothing is missing."""

    code = "receipt_of_this_epoch"
    number = "E-6452"
    text = N_("この明細は、いまの台帳の記録です。なくなっていないので、受け付けはいりません。帳簿を受付番号で探してください。")


class ReceiptNotProved(Invalid):
    """`reason`: the first thing that does not hold, as docs/reference/sealed-log.md names it."""

    code = "receipt_not_proved"
    number = "E-6453"
    text = N_("この明細は証明できませんでした（%(reason)s）。受け付けていません。履歴から保存したPDFか、証明ファイルを選び直してください。")
