"""Refusals of the code that a phone shows, and of what the customer is asked then."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused, TooMany


class CodeOfConsumerUnreadable(Invalid):
    """Neither the text of a one-time code or a card, nor twelve digits, nor a card's sixteen."""

    code = "consumer_code_unreadable"
    number = "E-2310"
    text = N_(
        "お客様のコードとして読み取れませんでした。もう一度読み取るか、12桁（カードは16桁）の数字を確かめてください。まだ受け取っていません。"
    )


class CodeOfConsumerExpired(Refused):
    """Older than its life, or ended by a newer one."""

    code = "consumer_code_expired"
    number = "E-2311"
    text = N_("このコードは時間切れです。お客様に新しいコードを出してもらってください。まだ受け取っていません。")


class CodeOfConsumerUsed(Refused):
    """Read a second time. A picture of a used code is worth nothing."""

    code = "code_used"
    number = "E-2312"
    text = N_(
        "このコードは使用済みです。受け取りが済んでいないか「売上・返金」で確かめてから、お客様に新しいコードを出してもらってください。"
    )


class CodeOfConsumerUnknown(NotFound):
    """No live code reads like this."""

    code = "consumer_code_unknown"
    number = "E-2313"
    text = N_("このコードは見つかりません。お客様の画面の数字を確かめてください。まだ受け取っていません。")


class NumberEntryLocked(TooMany):
    """Too many wrong numbers at this terminal. `seconds`: until it may try again."""

    code = "number_entry_locked"
    number = "E-2314"
    text = N_("違う番号が続いたため、番号の入力を%(seconds)s秒ほど止めています。カメラでの読み取りはできます。")


class ConsentUnknown(NotFound):
    """No such question to this consumer, or from this terminal."""

    code = "consent_unknown"
    number = "E-2320"
    text = N_("この確認は見つかりません。")


class ConsentOver(Refused):
    """Nobody answered within its minute."""

    code = "consent_expired"
    number = "E-2321"
    text = N_("確認の時間が過ぎました。お店の人にもう一度読み取ってもらってください。まだ支払いは行われていません。")
    shop_text = N_("お客様の確認がないまま時間が過ぎました。もう一度読み取ってください。まだ受け取っていません。")


class ConsentDeclined(Refused):
    """The consumer said no."""

    code = "consent_declined"
    number = "E-2322"
    text = N_("この支払いは取りやめました。支払いは行われていません。")
    shop_text = N_("お客様が支払いを取りやめました。受け取っていません。")


class ConsentWithdrawn(Refused):
    """The shop took its question back."""

    code = "consent_withdrawn"
    number = "E-2323"
    text = N_("お店がこのお会計を取り下げました。支払いは行われていません。")
    shop_text = N_("このお会計は取り下げました。受け取っていません。")
