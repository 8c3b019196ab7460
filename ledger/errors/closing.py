"""Refusals of holds, closed months and the sealed log."""

from __future__ import annotations

from base.errors import N_, NotFound, Refused


class HoldUnknown(NotFound):
    """No such hold on these accounts."""

    code = "hold_unknown"
    number = "E-2121"
    text = N_("一時確保が見つかりません。")


class HoldEnded(Refused):
    """Past its time, given back or used."""

    code = "hold_ended"
    number = "E-2122"
    text = N_("確認の時間が過ぎました。まだ支払いは行われていません。もう一度コードを見せてください。")


class HoldTooSmall(Refused):
    """`held`: what was set aside."""

    code = "hold_too_small"
    number = "E-2123"
    text = N_("確保した %(held)s円を超えています。")


class CheckpointUnknown(NotFound):
    """The sealed log was never signed at this size, or not yet at all. `size`: what was asked for, None for the newest."""

    code = "checkpoint_unknown"
    number = "E-2140"
    text = N_("その大きさの記録には、まだ署名がありません。お金の動きに問題はありません。少し待ってから、もう一度お試しください。")


class MonthClosed(Refused):
    """The month is closed: nothing can be booked in it any more, and it is not closed twice."""

    code = "month_closed"
    number = "E-2150"
    text = N_("この月は、すでに締めてあります。帳簿はそのままです。誤りは、今日の日付で訂正してください。")


class MonthsInOrder(Refused):
    """Months are closed one after the other, and opened again from the newest."""

    code = "months_in_order"
    number = "E-2151"
    text = N_("月は古い順に1か月ずつ締め、新しい順に締め直します。一覧から選び直してください。帳簿はそのままです。")


class MonthNotOver(Refused):
    """The month has not ended."""

    code = "month_not_over"
    number = "E-2152"
    text = N_("この月はまだ終わっていません。月が替わって1分たってから締めてください。帳簿はそのままです。")


class BookBusy(Refused):
    """Something that was under way when the month was to be closed has not ended yet."""

    code = "book_busy"
    number = "E-2153"
    text = N_("記帳の途中の取引があるため、まだ締められません。帳簿はそのままです。少し待って、もう一度押してください。")


class BookedMeanwhile(Refused):
    """The lost payment has come in again under its own key since it was proposed to book it again."""

    code = "booked_meanwhile"
    number = "E-2154"
    text = N_("この支払いは、本人のスマホからもう一度届いて記帳されています。二重には記帳していません。申請を却下してください。")


class EpochWrong(Refused):
    """The sealed log cannot go on from there: no such checkpoint, or another epoch began since this one was prepared."""

    code = "epoch_wrong"
    number = "E-2160"
    text = N_("この準備からは台帳を再開できません。帳簿とお金はそのままです。運用担当に、準備のやり直しを依頼してください。")
