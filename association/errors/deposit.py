"""基準日: reports, what secures them, and evidence."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class BaseDateWrong(NotFound):
    """No base date, or one that is not over yet."""

    code = "base_date_wrong"
    number = "E-6700"
    text = N_("この日は、終わった基準日ではありません。基準日の一覧から選び直してください。帳簿は変わりません。")


class UnspentDiffers(Refused):
    """The journal and the balances say different things. `difference` in yen."""

    code = "unspent_differs"
    number = "E-6701"
    text = N_("仕訳から計算した未使用残高と、残高の合計が %(difference)s円違います。報告は確定していません。運用担当に知らせてください。")


class LogBehind(Refused):
    """Not everything up to the base date is under a signed checkpoint yet."""

    code = "log_behind"
    number = "E-6702"
    text = N_("基準日までの記帳が、まだすべては台帳に刻まれていません。報告は確定していません。1分待って、もう一度押してください。")


class EvidenceWrong(Invalid):
    """Neither a PDF nor a picture."""

    code = "evidence_wrong"
    number = "E-6703"
    text = N_("証書は PDF、JPEG、PNG のどれかで選んでください。まだ何も登録していません。")
    field = "file"


class EvidenceTooLarge(Invalid):
    """More than three million bytes."""

    code = "evidence_too_large"
    number = "E-6704"
    text = N_("ファイルは 3MB までです。小さくして、もう一度選んでください。まだ何も登録していません。")
    field = "file"


class SecurityUnknown(NotFound):
    """No such deposit or contract, or no file with it."""

    code = "security_unknown"
    number = "E-6705"
    text = N_("この供託・契約は見つかりません。")


class SecurityEnded(Refused):
    """It has an end already."""

    code = "security_ended"
    number = "E-6706"
    text = N_("この供託・契約は、もう終わりの日が登録されています。登録は変わっていません。")


class RefundOverCaps(Refused):
    """More than the law lets an issuer pay back in this base period. `left` in yen."""

    code = "refund_over_caps"
    number = "E-6710"
    text = N_(
        "この期間に払い戻せるのは、あと%(left)s円です（資金決済法20条5項）。まだ何も記帳していません。"
        "額を減らすか、次の基準日まで待ってください。"
    )
    field = "amount"


class DiscontinuanceWrong(Invalid):
    """Fewer than sixty days to claim, a notice in the past, or an end that does not fit."""

    code = "discontinuance_wrong"
    number = "E-6711"
    text = N_(
        "請求を受け付ける期間は、公告の翌日から数えて60日以上にしてください。公告は今日以後、使える最後の日はその翌日以後です。"
        "コインは変わっていません。"
    )
    field = "claims_until"


class DiscontinuanceUnknown(NotFound):
    """This coin is not being ended, or has been ended already."""

    code = "discontinuance_unknown"
    number = "E-6712"
    text = N_("このコインの廃止の手続きは、いまこの段階にありません。一覧から選び直してください。まだ何も記帳していません。")


class ClaimsRunning(Refused):
    """It cannot be closed while people may claim, or while a claim waits for approval."""

    code = "claims_running"
    number = "E-6713"
    text = N_("請求の期間が終わり、承認を待つ請求がなくなってから閉じられます。まだ何も記帳していません。")


class SpecialDatesWrong(Invalid):
    """Filed after they hold, or the same as before."""

    code = "special_dates_wrong"
    number = "E-6707"
    text = N_("届け出た日は、始まる日より後にはできません。いまの設定と同じものや、前の設定より前に始まるものも登録できません。")
    field = "holds_from"


class TransferLimitsWrong(Invalid):
    """Beyond the law, or more at once than in a month. `once`, `monthly`: the most there may be, in yen."""

    code = "transfer_limits_wrong"
    number = "E-6883"
    text = N_("1回に送れる額は %(once)s円まで、1か月は1回の額以上で %(monthly)s円までにしてください。まだ何も申請していません。")
    field = "once"
