"""振込先: where a shop is paid."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class AccountChangeWaits(Refused):
    """Another change of this shop's account waits for a decision."""

    code = "account_change_waits"
    number = "E-6660"
    text = N_("このお店の振込先の変更は、すでに承認を待っています。先にその承認か差し戻しを済ませてください。いまの振込先はそのままです。")


class AccountUnknown(NotFound):
    """No such account of this shop."""

    code = "shop_account_unknown"
    number = "E-6661"
    text = N_("この振込先は見つかりません。")


class AccountNotStoppable(Refused):
    """The change was declined or stopped before, or it has been in force already."""

    code = "account_not_stoppable"
    number = "E-6662"
    text = N_("この変更はもう止められません。いまの振込先が違うときは、新しい振込先を申請し、組合に電話してください。")


class AccountStopped(Refused):
    """Somebody has objected to this change."""

    code = "account_stopped"
    number = "E-6663"
    text = N_("この変更は、お店か組合の人が止めました。承認せずに差し戻してください。いまの振込先はそのままです。")


class TransferTermsMissing(Refused):
    """The account that shops are paid from is not set, or was not when this run was put forward."""

    code = "transfer_terms_missing"
    number = "E-6670"
    text = N_(
        "この換金は、振込データの設定がないときに申請されたため、データを作れません。銀行で1件ずつ振り込んでください。お金は動いていません。"
    )


class TransferTermsWait(Refused):
    """Another change of the account that shops are paid from waits for its second person."""

    code = "transfer_terms_wait"
    number = "E-7500"
    text = N_("振込データの設定の、別の変更が承認を待っています。それが承認されるか差し戻されてから、申請してください。")


class TransfersNotReady(Refused):
    """The run is not booked whole, or nothing of it is left to transfer."""

    code = "transfers_not_ready"
    number = "E-6671"
    text = N_(
        "この換金は、いま振込データにできません。承認と記帳が終わっているか、すでに振込済みでないかを確かめてください。お金は動いていません。"
    )


class TransferDateWrong(Invalid):
    """No bank day, in the past, or more than eleven months ahead: the file has no year."""

    code = "transfer_date_wrong"
    number = "E-6672"
    text = N_("振込指定日を見直してください。今日から11か月以内の、銀行の営業日を入れます。まだ何も作っていません。")


class TransfersWrong(Refused):
    """Shops whose account cannot stand in the file, all of them at once. `shops`: each with what is wrong."""

    code = "transfers_wrong"
    number = "E-6673"
    text = N_("振込データにできない店があります: %(shops)s。口座を直して承認されるまで、データは作れません。お金は動いていません。")


class TransfersUneven(Refused):
    """What was written is not what the book says. `file`, `book`: totals in yen."""

    code = "transfers_uneven"
    number = "E-6674"
    text = N_("書いた振込データの合計 %(file)s円が、帳簿の %(book)s円と合いません。お金は動いていません。運用担当に知らせてください。")


class TransferFileUnknown(NotFound):
    """The run has no file."""

    code = "transfer_file_unknown"
    number = "E-6675"
    text = N_("この換金の振込データは、まだありません。")


class ReturnWrong(Refused):
    """The shop is not in the run, nothing was transferred for it, it came back already, or the fee is more than came back."""

    code = "return_wrong"
    number = "E-6676"
    text = N_("この店の振込は、戻ったことにできません。換金の一覧で、振込額と状態を確かめてください。何も記帳していません。")


class ReturnDuringPayout(Refused):
    """Somebody's word that the bank has paid waits, or is half posted."""

    code = "return_during_payout"
    number = "E-6677"
    text = N_("この換金の「振込済み」が確認を待っています。先にその確認か差し戻しを済ませてください。何も記帳していません。")


class ApplicationUnknown(NotFound):
    """No such application."""

    code = "application_unknown"
    number = "E-6680"
    text = N_("この申し込みは見つかりません。")


class ApplicationHandled(Refused):
    """Somebody has registered or declined it."""

    code = "application_handled"
    number = "E-6681"
    text = N_("この申し込みは、すでに登録されたか、断られています。一覧で確かめてください。")
