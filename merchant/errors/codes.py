"""Refusals of codes, and of what a code was made for."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class CodeUnreadable(Invalid):
    """The text is no code of ours: other alphabet or length."""

    code = "code_unreadable"
    number = "E-2201"
    text = N_("このコードは読み取れませんでした。お店のQRを読み取ってください。まだ支払いは行われていません。")
    shop_text = N_("このコードは読み取れませんでした。もう一度お願いします。")


class CodeTampered(Refused):
    """It has our form but not our signature."""

    code = "code_tampered"
    number = "E-2202"
    text = N_("このコードは使えません。お店の人に知らせてください。まだ支払いは行われていません。")
    shop_text = N_("このコードは使えません。")


class RequestExpired(Refused):
    """The request's five minutes are over."""

    code = "request_expired"
    number = "E-2203"
    text = N_("このQRは期限切れです。お店の人に新しいQRを出してもらってください。まだ支払いは行われていません。")
    shop_text = N_("このお会計は時間切れです。新しいQRを出してください。まだ受け取っていません。")


class CodeUnknown(NotFound):
    """Signed by us, but nothing stands behind it."""

    code = "code_unknown"
    number = "E-2204"
    text = N_("このコードのお店が見つかりません。お店の人に確かめてください。まだ支払いは行われていません。")
    shop_text = N_("このコードは見つかりませんでした。")


class CodeOfAnotherDistrict(Refused):
    """`district`: the name of the district where it can be used."""

    code = "code_foreign_district"
    number = "E-2205"
    text = N_("これは別の地域のコードです。%(district)sのお店で使えます。まだ支払いは行われていません。")
    shop_text = N_("別の地域のコードです。")


class RequestPaid(Refused):
    """Somebody has paid this request already."""

    code = "request_paid"
    number = "E-2206"
    text = N_("このお会計は済んでいます。二重払いにはなっていません。")
    shop_text = N_("すでに受け取り済みです。お客様の支払いは一度だけです。")


class RequestCancelled(Refused):
    """The shop withdrew the request."""

    code = "request_cancelled"
    number = "E-2207"
    text = N_("お店がこのお会計を取り下げました。まだ支払いは行われていません。")
    shop_text = N_("このお会計はやめました。まだ受け取っていません。")


class CodeReplaced(Refused):
    """A printed code that the shop has renewed since."""

    code = "code_replaced"
    number = "E-2208"
    text = N_("このQRは古いものです。お店の新しいQRを読み取ってください。まだ支払いは行われていません。")
    shop_text = N_("このQRは古いものです。新しいQRに貼り替えてください。")


class EmvDamaged(Invalid):
    """It begins like an EMV code, but its parts or its checksum are wrong. `reason`: the first that applies (rules, qr.md 16)."""

    code = "emv_damaged"
    number = "E-7111"
    text = N_("このQRは正しく読み取れませんでした。もう一度写してください。まだ支払いは行われていません。")


class EmvOfAnotherNetwork(Refused):
    """An EMV code without our template: of another payment service."""

    code = "emv_other_network"
    number = "E-7112"
    text = N_("これは別の支払いサービスのQRです。お店の人に、このお財布で使えるQRを出してもらってください。まだ支払いは行われていません。")


class EmvNotYen(Refused):
    """Our template, but another currency or country."""

    code = "emv_not_yen"
    number = "E-7113"
    text = N_("このQRは日本円のものではないため、使えません。お店の人に知らせてください。まだ支払いは行われていません。")


class EmvAmountWrong(Refused):
    """Yen with decimals, or a fee that is added to the amount: what would be paid could not be said."""

    code = "emv_amount_wrong"
    number = "E-7114"
    text = N_("このQRに書かれた金額は扱えません。お店の人に金額を聞いて、お店の番号から支払ってください。まだ支払いは行われていません。")


class RequestUnknown(NotFound):
    """No such request at this shop."""

    code = "request_unknown"
    number = "E-2211"
    text = N_("そのお会計は見つかりません。")
