"""Top-ups at the counter, taking them back, and seeing somebody off."""

from __future__ import annotations

from base.errors import N_, Invalid, Refused


class CashTooLittle(Invalid):
    """The cash handed over is less than the top-up. `missing`: yen."""

    code = "cash_too_little"
    number = "E-6020"
    text = N_("お預かりが %(missing)s円足りません。まだチャージは行われていません。")


class OwnWallet(Refused):
    """A clerk does not top up the wallet of the same person."""

    code = "own_wallet"
    number = "E-6021"
    text = N_("自分の残高には、自分ではチャージできません。ほかの担当者に頼んでください。")


class SelectionStale(Refused):
    """The customer at the counter was chosen too long ago, or the form was tampered with."""

    code = "selection_stale"
    number = "E-6022"
    text = N_("コードを読み取ってから時間がたちました。もう一度お客様のコードを読み取ってください。まだチャージは行われていません。")


class UndoOfAnother(Refused):
    """The cash lies in the drawer of whoever took it: only they can hand it back."""

    code = "undo_of_another"
    number = "E-6023"
    text = N_("このチャージは、受け付けた担当者だけが取り消せます。現金はその人の手元にあります。")


class UndoTooLate(Refused):
    """A mistake is undone on the day on which it was made; later it would be a refund in cash (payment-law 25, 26)."""

    code = "undo_too_late"
    number = "E-6024"
    text = N_("取り消せるのは、チャージした日のうちだけです。承認者に相談してください。")


class CoinLeft(Refused):
    """Somebody who leaves still has coin that can be spent. `amount`: yen."""

    field = "gives_up"
    code = "coin_left"
    number = "E-3110"
    text = N_("残高が %(amount)s円あります。先に使うか、手放すことを確かめてください。現金には戻せません。何も変わっていません。")
