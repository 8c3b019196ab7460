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


class PresentedUnknown(NotFound):
    """Nobody presented such a slip."""

    code = "presented_unknown"
    number = "E-6454"
    text = N_("その明細は見つかりません。お金は動いていません。一覧から選び直してください。")


class LostInBook(Refused):
    """What the slip is of stands in the book, perhaps under another number: booked again it would stand there twice."""

    code = "lost_in_book"
    number = "E-6455"
    text = N_("この明細の支払いは、いまの帳簿にあります。二重には記帳していません。一覧で「いまの帳簿」を確かめてください。")


class LostByHand(Refused):
    """No plain payment and no top-up at the counter, or one of its accounts is not in the book any more."""

    code = "lost_by_hand"
    number = "E-6456"
    text = N_(
        "この明細は、ここからは記帳し直せません。ふつうの支払いでも窓口のチャージでもないか、口座がいまの帳簿にありません。お金は動いていません。"
        "運用担当と二人で決めてください。"
    )
