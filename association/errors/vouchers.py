"""Vouchers: their campaign, their sale, and what funders owe for the premium."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class NotACoin(Refused):
    """A voucher is sold at its price with its premium: coin's ways in would give it away at its face value, or without premium."""

    code = "not_a_coin"
    number = "E-6620"
    text = N_("商品券は、チャージやチャージ券では渡せません。商品券の販売のページから売ってください。まだ何も動いていません。")


class VoucherUnknown(NotFound):
    """No such campaign here, or it was never approved."""

    code = "voucher_unknown"
    number = "E-6621"
    text = N_("この商品券は見つかりません。")


class VoucherWrong(Invalid):
    """The terms of a campaign contradict each other."""

    code = "voucher_wrong"
    number = "E-6622"
    text = N_(
        "商品券の内容を確かめてください。額面は販売額より大きく、プレミアムの合計は予算まで、負担の割合は合わせて100パーセント、"
        "日付は販売のはじめ、販売のおわり、使える最終日の順にします。まだ何も決まっていません。"
    )


class VoucherDraftUnknown(NotFound):
    """No such draft, or it was proposed or thrown away meanwhile."""

    code = "voucher_draft_unknown"
    number = "E-6623"
    text = N_("この下書きは見つかりません。申請したか、取り消されています。")


class VoucherNotYet(Refused):
    """`day`: the first day of its sale."""

    code = "voucher_not_yet"
    number = "E-6624"
    text = N_("この商品券は %(day)sから販売します。現金をお返しください。まだ記帳していません。")


class VoucherSaleOver(Refused):
    """`day`: the last day of its sale."""

    code = "voucher_sale_over"
    number = "E-6625"
    text = N_("この商品券の販売は %(day)sで終わりました。現金をお返しください。まだ記帳していません。")


class VoucherSoldOut(Refused):
    """`left`: units that can still be sold."""

    code = "voucher_sold_out"
    number = "E-6626"
    text = N_("商品券の残りは %(left)s口です。それより多くは売れません。まだ記帳していません。")


class VoucherLimit(Refused):
    """`limit`: units that one person may buy, `left`: what this person still may."""

    code = "voucher_limit"
    number = "E-6627"
    text = N_("この商品券は1人 %(limit)s口までです。この人が買えるのは、あと %(left)s口です。まだ記帳していません。")


class VoucherUsed(Refused):
    """Something of what this person bought has been spent: the sale stands."""

    code = "voucher_used"
    number = "E-6628"
    text = N_("この人の商品券は、もう使われています。販売は取り消せません。何も変わっていません。")


class VoucherSaleTooLate(Refused):
    """A campaign whose sale is over before a second person has looked at it."""

    code = "voucher_sale_too_late"
    number = "E-6629"
    text = N_("この商品券の販売期間は %(day)sで終わっています。差し戻して、日付を決め直してください。何も記帳していません。")


class VoucherNothingToReturn(Refused):
    """The funder owes something, or nothing is open; or what goes back to it waits for a second person already."""

    code = "voucher_nothing_to_return"
    number = "E-6631"
    text = N_("この負担者に返すお金はありません。すでに申請したものは、承認を待っています。何も申請していません。")


class VoucherStaysVoucher(Refused):
    """What was left of a voucher never becomes coin: that would lengthen its life (payment-law 4)."""

    code = "voucher_stays_voucher"
    number = "E-6630"
    text = N_("商品券の期限後の返金は、コインに移せません。失効として処理してください。まだ申請していません。")
