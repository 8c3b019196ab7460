"""Refusals of cards, their PINs, their lots and their page."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Invalid, NotFound, Refused, TooMany


class CardUnknown(NotFound):
    """No card of this district reads like this: a forgery, a sheet that was printed again, or a number never given."""

    code = "card_unknown"
    number = "E-5101"
    text = N_("このカードは見つかりません。番号を確かめるか、案内所へ持っていってもらってください。まだ受け取っていません。")


class CardOfAnotherDistrict(Refused):
    """A card, but another district has printed it."""

    code = "card_of_another_district"
    number = "E-5102"
    text = N_("このカードは、ほかの地域のものです。ここでは使えません。まだ受け取っていません。")


class CardBlank(Refused):
    """Printed and nobody's: the counter has not given it to anybody."""

    code = "card_blank"
    number = "E-5103"
    text = N_("このカードは、まだ誰のものでもありません。案内所で受け取りの手続きをしてください。まだ受け取っていません。")


class CardBlocked(Refused):
    """Its holder has lost it and said so."""

    code = "card_blocked"
    number = "E-5104"
    text = N_(
        "このカードは、なくした届け出があって止めてあります。持ち主の残高はそのままです。案内所へ知らせてください。まだ受け取っていません。"
    )


class CardReplaced(Refused):
    """Its holder has a newer card."""

    code = "card_replaced"
    number = "E-5105"
    text = N_("このカードは、新しいカードに替わっています。残高は新しいカードで使えます。まだ受け取っていません。")


class CardPinNeeded(Refused):
    """Above what goes without the PIN: `limit` yen a payment, `left` yen of today's sum; a typed number always wants it."""

    field: ClassVar[str] = "pin"
    code = "card_pin_needed"
    number = "E-5110"
    text = N_("カードの暗証番号が要ります。持ち主に入れてもらってください。まだ受け取っていません。")


class CardPinLocked(TooMany):
    """Five wrong PINs in a row, on whichever tablets. `minutes`: how long it stays locked, `seconds` the same."""

    code = "card_pin_locked"
    number = "E-5111"
    text = N_(
        "暗証番号を続けて間違えたため、このカードの暗証番号は%(minutes)s分間使えません。"
        "残高はそのままです。お急ぎのときは案内所へお越しください。まだ受け取っていません。"
    )


class CardPinMissing(Refused):
    """The card has no PIN, so it pays small amounts only."""

    code = "card_pin_missing"
    number = "E-5112"
    text = N_("このカードには暗証番号がありません。案内所で決めると、この金額も支払えます。まだ受け取っていません。")


class CardHeld(Refused):
    """This person has a card already: one card a person."""

    code = "card_held"
    number = "E-5120"
    text = N_(
        "この人は、すでにカードを持っています。なくしたときは、そのカードのページで新しいカードに移してください。何も変わっていません。"
    )


class CardTaken(Refused):
    """The card in the clerk's hand is not blank any more, or was printed again meanwhile."""

    field: ClassVar[str] = "code"
    code = "card_not_blank"
    number = "E-5121"
    text = N_("このカードは、もう渡せません。別の新しいカードを使ってください。何も変わっていません。")


class NotACard(Invalid):
    """A card was asked for, and something else was read."""

    field: ClassVar[str] = "code"
    code = "not_a_card"
    number = "E-5122"
    text = N_("カードとして読み取れませんでした。新しいカードのQRを読み取るか、16桁の番号を入れてください。何も変わっていません。")


class CardEnded(Refused):
    """Blocked or replaced already: nothing more can be done with it."""

    code = "card_ended"
    number = "E-5123"
    text = N_("このカードは、すでに終わっています。残高は持ち主のものとして残っています。何も変わっていません。")


class NoCard(NotFound):
    """This person has no card in use."""

    code = "no_card"
    number = "E-5124"
    text = N_("使っているカードはありません。")


class LotUnknown(NotFound):
    """No such printing of cards."""

    code = "card_lot_unknown"
    number = "E-5130"
    text = N_("このカードの束は見つかりません。")


class LotUsedUp(Refused):
    """Every card of it is somebody's: there is nothing to print again."""

    code = "card_lot_used_up"
    number = "E-5131"
    text = N_("この束に、まだ渡していないカードはありません。新しい束を作ってください。")


class CardNotShown(Invalid):
    """Number and PIN do not belong together; which of the two is wrong, or whether there is such a card, is not told."""

    field: ClassVar[str] = "_schema"
    code = "card_not_shown"
    number = "E-5140"
    text = N_("カードの番号か暗証番号が違います。確かめて、もう一度入れてください。残高はそのままです。")


class CardPageLocked(TooMany):
    """Too many tries with this number on the public page; at tills and counters the card works on. `minutes`, `seconds`."""

    code = "card_page_locked"
    number = "E-5141"
    text = N_("続けて間違えたため、このページではあと%(minutes)s分見られません。お店や案内所では、いつもどおり使えます。")


class OwnCard(Refused):
    """Nobody of the association handles a card of their own."""

    code = "own_card"
    number = "E-5125"
    text = N_("自分のカードの手続きは、ほかの担当者に頼んでください。何も変わっていません。")


class NotThisCard(Refused):
    """The card in the clerk's hand is another one than that of the page, or only its number was typed."""

    field: ClassVar[str] = "code"
    code = "not_this_card"
    number = "E-5126"
    text = N_("このページのカードではありません。お持ちのカードのQRを読み取ってください。番号では手続きできません。何も変わっていません。")


class CardNotBlocked(Refused):
    """It pays already: there is nothing to undo."""

    code = "card_not_blocked"
    number = "E-5127"
    text = N_("このカードは止められていません。そのまま使えます。何も変わっていません。")


class CardPinNotApproved(Refused):
    """No second person has agreed to a new PIN for this card, or too long ago, or it has been set already."""

    code = "card_pin_not_approved"
    number = "E-5128"
    text = N_(
        "暗証番号を決め直すには、もう1人の承認が要ります。承認から30分を過ぎたときは、もう一度申請してください。"
        "暗証番号は変わっていません。残高はそのままです。"
    )
