"""What a coin needs before it is sold: lawful limits, and the statement that users must be shown."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class LimitsUnlawful(Invalid):
    """A limit of the series is above what the law leaves to a district, or the limits contradict each other."""

    code = "limits_unlawful"
    number = "E-6010"
    text = N_("上限を見直してください。残高の上限は %(balance_max)s円まで、1回の支払いは残高の上限までにします。")


class ValidityWrong(Invalid):
    """The series would end before it begins."""

    code = "validity_wrong"
    number = "E-6011"
    text = N_("使える期間を見直してください。最終日は、使い始める日以降の日にします。")


class NoticeMissing(Refused):
    """What users must be told has not been published, so nothing may be sold (payment-law 21–23)."""

    code = "notice_missing"
    number = "E-6012"
    text = N_("「資金決済法に基づく表示」がまだありません。先に表示を公開してください。")


class RegistrationMissing(Refused):
    """A third-party instrument that is not exempt needs the issuer's registration first (payment-law 3)."""

    code = "registration_missing"
    number = "E-6013"
    text = N_(
        "この種別は第三者型の前払式支払手段に当たり、発行の前に財務局の登録が要ります。登録番号と登録日を表示に入れて公開してください。"
    )


class NoticeIncomplete(Refused):
    """Something that users must be told is still empty (payment-law 21–23). `items`: what, by name."""

    code = "notice_incomplete"
    number = "E-3111"
    text = N_(
        "「資金決済法に基づく表示」に足りないものがあります（%(items)s）。書いて公開してから、もう一度行ってください。何も変わっていません。"
    )


class NoticeVersionUnknown(NotFound):
    """The statement was never published in this version."""

    code = "notice_version_unknown"
    number = "E-3112"
    text = N_("この版の表示はありません。")
