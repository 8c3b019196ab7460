"""振込先: where a shop is paid."""

from __future__ import annotations

from base.errors import N_, NotFound, Refused


class AccountChangeWaits(Refused):
    """Another change of this shop's account waits for a decision."""

    code = "account_change_waits"
    number = "E-6660"
    text = N_("このお店の振込先の変更は、すでに承認を待っています。先にその承認か差し戻しを済ませてください。いまの振込先はそのままです。")


class AccountUnknown(NotFound):
    """No such account of this shop."""

    code = "account_unknown"
    number = "E-6661"
    text = N_("この振込先は見つかりません。")


class AccountNotStoppable(Refused):
    """The change was declined or stopped before, or it has been in force already."""

    code = "account_not_stoppable"
    number = "E-6662"
    text = N_("この変更はもう止められません。いまの振込先が違うときは、新しい振込先を申請し、組合に電話してください。")
