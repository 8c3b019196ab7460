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


class CouponNeedsLink(Refused):
    """It is given to whoever scans its poster, and the link was not that of the poster."""

    code = "coupon_needs_link"
    number = "E-6740"
    text = N_("このクーポンは、ポスターのQRを読み取った人だけが受け取れます。もう一度ポスターを読み取ってください。")


class CouponNeedsPayment(Refused):
    """It is given with a payment at certain shops, once for each, on the same day."""

    code = "coupon_needs_payment"
    number = "E-6741"
    text = N_("このクーポンは、対象のお店で支払ったあとの画面で、1日のうちに受け取れます。支払いは変わっていません。")


class CouponNeedsVisit(Refused):
    """A payment within so many days comes first. `days`: how many."""

    code = "coupon_needs_visit"
    number = "E-6742"
    text = N_("このクーポンは、対象のお店で支払ってから %(days)s日以内に受け取れます。先にお店でお支払いください。")


class CouponNotForYou(Refused):
    """Whoever asks does not belong to the segment."""

    code = "coupon_not_for_you"
    number = "E-6743"
    text = N_("このクーポンは、お店の利用のしかたで受け取れる人が決まっています。今回は対象になりません。")


class SegmentSmall(Invalid):
    """A coupon for so few people would tell who they are. `fewest`: how many there must be."""

    code = "segment_small"
    number = "E-6744"
    text = N_("受け取れる人が %(fewest)s人より少ないため、申請できません。対象をひろげてください。下書きは残っています。")
