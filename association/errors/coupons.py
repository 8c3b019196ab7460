"""Coupons: their terms, their stock, and what funders owe for them."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class CouponUnknown(NotFound):
    """No such coupon here, or it was never approved."""

    code = "coupon_unknown"
    number = "E-6202"
    text = N_("このクーポンは見つかりません。")


class CouponNotYet(Refused):
    """`day`: its first day."""

    code = "coupon_not_yet"
    number = "E-6203"
    text = N_("このクーポンは %(day)sから受け取れます。")


class CouponOver(Refused):
    """Its last day is past."""

    code = "coupon_over"
    number = "E-6204"
    text = N_("このクーポンの期限は過ぎました。")


class CouponSoldOut(Refused):
    """Every shard of its stock was read as empty."""

    code = "coupon_sold_out"
    number = "E-6205"
    text = N_("このクーポンの配布は終わりました。先に受け取った人で、すべてなくなりました。")


class CouponLimit(Refused):
    """This person has claimed as many as one person may, used ones counted. `limit`: pieces."""

    code = "coupon_limit"
    number = "E-6206"
    text = N_("このクーポンを受け取れるのは、1人 %(limit)s枚までです。もう受け取りました。")


class CouponWrong(Invalid):
    """The terms of a coupon contradict each other."""

    code = "coupon_wrong"
    number = "E-6207"
    text = N_(
        "クーポンの内容を確かめてください。負担の割合は合わせて100パーセント、最低利用額は割引額より大きく、終わりの日は今日以降にします。"
    )


class CouponDraftUnknown(NotFound):
    """No such draft, or it was proposed or thrown away meanwhile."""

    code = "coupon_draft_unknown"
    number = "E-6208"
    text = N_("この下書きは見つかりません。申請したか、取り消されています。")


class CouponNotRunning(Refused):
    """Only a coupon that was approved and has not ended can be ended."""

    code = "coupon_not_running"
    number = "E-6209"
    text = N_("終了できるのは、承認済みで、まだ終わっていないクーポンです。")


class FunderOverpaid(Refused):
    """`owed`: what this payer still owes for the coupon, in yen."""

    code = "funder_overpaid"
    number = "E-6210"
    text = N_("この負担者の未収金は %(owed)s円です。それより多くは記帳できません。まだ記帳していません。")


class CouponEnded(Refused):
    """The association has ended it before its time: nobody gets one any more."""

    code = "coupon_ended"
    number = "E-6211"
    text = N_("このクーポンは組合が終了しました。新しく受け取ることはできません。")
