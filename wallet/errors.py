"""What the consumer's side refuses. Codes and numbers never change and are never reused.

Most are read by the consumer; those of a one-time code are read by the shop as well (`shop_text`).
Each sentence says what happened, whether money moved, and what to do now.
"""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Invalid, Later, NotFound, Refused, TooMany


class ConfirmationNeeded(Refused):
    """`limit`: yen above which this consumer wants a PIN or a passkey."""

    field: ClassVar[str] = "pin"
    code = "confirmation_needed"
    number = "E-2301"
    text = N_("%(limit)s円を超える支払いには、暗証番号かパスキーでの確認が要ります。まだ支払いは行われていません。")


class RaiseNotConfirmed(Refused):
    """A limit goes up only with the PIN, or with a passkey just used."""

    field: ClassVar[str] = "pin"
    code = "raise_not_confirmed"
    number = "E-2341"
    text = N_(
        "いまより上げるには、暗証番号が要ります。まだ決めていなければ、先に「設定」の「暗証番号」で決めてください。上限は変わっていません。"
    )


class PlanChanged(Refused):
    """The balance or a series changed after the plan was shown. The new plan must be seen before it is paid."""

    field: ClassVar[str] = "_schema"
    code = "plan_changed"
    number = "E-2302"
    text = N_("残高が変わったため、内訳をつくり直しました。確かめて、もう一度押してください。まだ支払いは行われていません。")


class CouponUnusable(Refused):
    """The coupon that the plan used cannot be used any more: used in another tab, over, or ended by the association."""

    field: ClassVar[str] = "_schema"
    code = "coupon_unusable"
    number = "E-6221"
    text = N_(
        "選んだクーポンは、もう使えません（使用済み、期限切れ、または終了）。内訳をつくり直しました。確かめて、もう一度押してください。"
        "まだ支払いは行われていません。"
    )


class NewDeviceLimit(Refused):
    """`limit`: the most that one payment may be from a device that is new here, `until` then."""

    code = "new_device_limit"
    number = "E-2303"
    text = N_("新しい端末のため、%(until)sまでは1回 %(limit)s円まで支払えます。まだ支払いは行われていません。")


class AmountDiffers(Refused):
    """The shop asks for `amount`, not for what the phone said."""

    code = "amount_differs"
    number = "E-2304"
    text = N_("お店のお会計は %(amount)s円です。もう一度読み取って、金額を確かめてください。まだ支払いは行われていません。")


class AlreadyPaid(Refused):
    """This very consumer has paid the request. `at`, `amount` in yen, `transaction`: the payment's number in the book."""

    code = "already_paid"
    number = "E-2305"
    text = N_("この支払いは済んでいます（%(at)s、%(amount)s円）。二重払いにはなっていません。")


class CodeOfConsumerUnreadable(Invalid):
    """Neither the text of a one-time code nor twelve digits."""

    code = "consumer_code_unreadable"
    number = "E-2310"
    text = N_("お客様のコードとして読み取れませんでした。もう一度読み取るか、12桁の数字を入れてください。まだ受け取っていません。")


class CodeOfConsumerExpired(Refused):
    """Older than its life, or ended by a newer one."""

    code = "consumer_code_expired"
    number = "E-2311"
    text = N_("このコードは時間切れです。お客様に新しいコードを出してもらってください。まだ受け取っていません。")


class CodeOfConsumerUsed(Refused):
    """Read a second time. A picture of a used code is worth nothing."""

    code = "code_used"
    number = "E-2312"
    text = N_("このコードは使用済みです。お客様に新しいコードを出してもらってください。")


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


class LimitTooHigh(Invalid):
    """`limit`: the highest that the association allows for this setting, in yen."""

    field: ClassVar[str] = "_schema"
    code = "limit_too_high"
    number = "E-2330"
    text = N_("決められるのは %(limit)s円までです。")


class OutcomeUnknown(Later):
    """The answer was lost. A state of its own: neither paid nor refused until the book is asked by the key."""

    code = "outcome_unknown"
    number = "E-2340"
    text = N_("確認しています。もう一度支払わないでください。")
