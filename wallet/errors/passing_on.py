"""Refusals of sending coin to somebody, and of gifts."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, NotFound, Refused


class ReceiverUnknown(NotFound):
    """The receiver's QR is older than a day, or not one of ours, or whoever it names has left."""

    field: ClassVar[str] = "_schema"
    code = "receiver_unknown"
    number = "E-6873"
    text = N_("受け取りQRが古いか、この地域のものではありません。相手に、新しい受け取りQRを出してもらってください。まだ送っていません。")


class ReceiverIsYou(Refused):
    """Nobody sends to themselves."""

    field: ClassVar[str] = "_schema"
    code = "receiver_is_you"
    number = "E-6874"
    text = N_("これはあなたの受け取りQRです。相手のQRを読み取ってください。まだ送っていません。")


class ReceiverCannot(Refused):
    """The receiver is stopped, or has left. Which of the two is nobody else's business."""

    field: ClassVar[str] = "_schema"
    code = "receiver_cannot"
    number = "E-6875"
    text = N_("この人は、いま受け取れません。まだ送っていません。残高はそのままです。")


class ReceiverFull(Refused):
    """It would pass the receiver's ceiling. By how much is nobody else's business."""

    field: ClassVar[str] = "amount"
    code = "receiver_full"
    number = "E-6876"
    text = N_("相手の残高の上限を超えるため、この額は送れません。まだ送っていません。金額を減らすか、相手に聞いてください。")


class GiftUnknown(NotFound):
    """No such gift in this district."""

    code = "gift_unknown"
    number = "E-6877"
    text = N_("この贈りものは見つかりません。リンクが途中で切れていないか、送ってくれた人に確かめてください。")


class GiftTaken(Refused):
    """Somebody else has taken it."""

    code = "gift_taken"
    number = "E-6878"
    text = N_("この贈りものは、ほかの人がもう受け取りました。送ってくれた人に確かめてください。")


class GiftOver(Refused):
    """Its time is over, or the giver has taken it back."""

    code = "gift_over"
    number = "E-6879"
    text = N_("この贈りものは、期限が過ぎたか、取り消されたため、送った人に戻りました。あなたの残高は変わっていません。")


class GiftIsYours(Refused):
    """Nobody takes their own gift; they take it back."""

    code = "gift_is_yours"
    number = "E-6880"
    text = N_("これはあなたが贈ったものです。自分に戻すときは、「送る・贈る」で取り消してください。")


class GiftHeld(Refused):
    """The giver is stopped for now, or has left; or the coin is not passed on any more."""

    code = "gift_held"
    number = "E-6881"
    text = N_("この贈りものは、いま受け取れません。送ってくれた人か案内所に聞いてください。あなたの残高は変わっていません。")


class TooManyGifts(Refused):
    """`most` gifts wait already."""

    field: ClassVar[str] = "_schema"
    code = "too_many_gifts"
    number = "E-6882"
    text = N_("受け取りを待っている贈りものが%(most)s件あります。受け取られるか、取り消すと、また贈れます。まだ贈っていません。")
