"""Refusals of paying: plan, coupons, limits, and an outcome that nobody knows."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Invalid, Later, Refused


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


class LeaveNotConfirmed(Refused):
    """Nobody leaves for good without the PIN, or a passkey just used."""

    field: ClassVar[str] = "pin"
    code = "leave_not_confirmed"
    number = "E-3120"
    text = N_("退会するには、暗証番号かパスキーでの確認が要ります。何も変わっていません。")


class PlanChanged(Refused):
    """The balance or a series changed after the plan was shown. The new plan must be seen before it is paid."""

    field: ClassVar[str] = "_schema"
    code = "plan_changed"
    number = "E-2302"
    text = N_("残高が変わったため、内訳を作り直しました。確かめて、もう一度押してください。まだ支払いは行われていません。")


class CouponUnusable(Refused):
    """The coupon that the plan used cannot be used any more: used in another tab, over, or ended by the association."""

    field: ClassVar[str] = "_schema"
    code = "coupon_unusable"
    number = "E-6221"
    text = N_(
        "選んだクーポンは、もう使えません（使用済み、期限切れ、または終了）。内訳を作り直しました。確かめて、もう一度押してください。"
        "まだ支払いは行われていません。"
    )


class CouponNotNow(CouponUnusable):
    """Not on this weekday, or not at this hour."""

    code = "coupon_not_now"
    number = "E-6745"
    text = N_(
        "選んだクーポンは、いまの曜日や時間には使えません。まだ支払いは行われていません。クーポンを外して支払うか、使える時間に支払ってください。"
    )


class CouponVisited(CouponUnusable):
    """It is for a first visit, and this shop was paid before."""

    code = "coupon_visited"
    number = "E-6746"
    text = N_("選んだクーポンは、このお店で初めて支払うときだけ使えます。まだ支払いは行われていません。クーポンを外して支払ってください。")


class CouponNoVisit(CouponUnusable):
    """It follows a payment at certain shops within so many days, and there was none, or it was given back."""

    code = "coupon_no_visit"
    number = "E-6747"
    text = N_(
        "選んだクーポンを使える日数が過ぎたか、もとの支払いが返金されました。まだ支払いは行われていません。クーポンを外して支払ってください。"
    )


class CouponsApart(CouponUnusable):
    """Coupons that do not go together on one bill."""

    code = "coupons_apart"
    number = "E-6748"
    text = N_("選んだクーポンは、一緒に使えません。まだ支払いは行われていません。どちらか1枚にして、もう一度押してください。")


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


class NothingToOffer(Refused):
    """There is enough to pay the whole, or nothing at all: no part of it can be offered."""

    field: ClassVar[str] = "_schema"
    code = "nothing_to_offer"
    number = "E-4107"
    text = N_("この支払いは、コインと現金に分けられません。もう一度読み取って、確かめてください。まだ支払いは行われていません。")
