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


class CodeOfConsumerUnreadable(Invalid):
    """Neither the text of a one-time code or a card, nor twelve digits, nor a card's sixteen."""

    code = "consumer_code_unreadable"
    number = "E-2310"
    text = N_(
        "お客様のコードとして読み取れませんでした。もう一度読み取るか、12桁（カードは16桁）の数字を確かめてください。まだ受け取っていません。"
    )


class CodeOfConsumerExpired(Refused):
    """Older than its life, or ended by a newer one."""

    code = "consumer_code_expired"
    number = "E-2311"
    text = N_("このコードは時間切れです。お客様に新しいコードを出してもらってください。まだ受け取っていません。")


class CodeOfConsumerUsed(Refused):
    """Read a second time. A picture of a used code is worth nothing."""

    code = "code_used"
    number = "E-2312"
    text = N_(
        "このコードは使用済みです。受け取りが済んでいないか「売上・返金」で確かめてから、お客様に新しいコードを出してもらってください。"
    )


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


class NothingToOffer(Refused):
    """There is enough to pay the whole, or nothing at all: no part of it can be offered."""

    field: ClassVar[str] = "_schema"
    code = "nothing_to_offer"
    number = "E-4107"
    text = N_("この支払いは、コインと現金に分けられません。もう一度読み取って、確かめてください。まだ支払いは行われていません。")


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


class PushServiceUnknown(Refused):
    """The browser's service is none that the operator allowed."""

    code = "push_service_unknown"
    number = "E-6990"
    text = N_(
        "このブラウザへの通知は、この地域ではまだ使えません。何も変わっていません。お知らせは「お知らせ」のページで、いつでも読めます。"
    )


class PushKeysWrong(Invalid):
    """What the browser sent are no keys of a browser."""

    code = "push_keys_wrong"
    number = "E-6991"
    text = N_("通知を始められませんでした。何も変わっていません。画面を開き直して、もう一度押してください。")
