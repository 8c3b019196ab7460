"""What a shop's side refuses. Codes and numbers never change and are never reused."""

from __future__ import annotations

from base.errors import N_, Forbidden, Invalid, NotFound, Refused
from ledger.errors import PayableFrozen

ShopSuspended = PayableFrozen
"""One refusal, one code: a shop that may not take money now, and its account that the book has frozen, are the same thing."""


class ShopUnknown(NotFound):
    """No shop with this number in this district."""

    code = "shop_unknown"
    number = "E-2209"
    text = N_("その番号のお店は見つかりません。番号を確かめてください。")


class ShopStateForbidden(Refused):
    """A shop cannot go from `before` to `after`."""

    code = "shop_state_forbidden"
    number = "E-2210"
    text = N_("お店の状態をそのように変えることはできません。")


class AmountTooSmall(Invalid):
    """Nothing is asked for."""

    code = "amount_too_small"
    number = "E-2212"
    text = N_("金額は1円からです。")


class NothingToSpend(Refused):
    """The district has no running series that a shop could take."""

    code = "no_series"
    number = "E-2213"
    text = N_("使えるコインがまだありません。組合に連絡してください。")


class PairCodeWrong(Refused):
    """Unknown, used or older than its ten minutes: which of them, the door does not say."""

    field = "code"
    code = "pair_code_wrong"
    number = "E-2401"
    text = N_("このコードでは端末をつなげません。店主のページで新しいコードを出してください。")


class StaffUnknown(NotFound):
    """No such member of staff at this shop, or they have left."""

    code = "staff_unknown"
    number = "E-2402"
    text = N_("その担当は見つかりません。")


class RefundNeedsOwner(Forbidden):
    """`limit`: how much a cashier may give back of one payment, in yen."""

    field = "staff_id"
    code = "refund_needs_owner"
    number = "E-2403"
    text = N_("%(limit)s円を超える返金は店主だけができます。まだ返金していません。")


class NotRefundable(Refused):
    """Not a payment to this shop: a refund, a top-up, or somebody else's."""

    code = "not_refundable"
    number = "E-2404"
    text = N_("この受け取りは返金できません。")


class TicketsStay(Refused):
    """Tickets on paper have no wallet to go back to, and cash for them would be a refund in cash."""

    code = "tickets_stay"
    number = "E-6845"
    text = N_(
        "紙の券での受け取りは、ここからは返金できません。現金もお返しできません。品物の交換か、組合の窓口で券をまた使えるようにする"
        "手続きをしてください。何も変わっていません。"
    )


class LastOwner(Refused):
    """A shop keeps one owner who can refund and pair tablets."""

    code = "last_owner"
    number = "E-2405"
    text = N_("店主が一人もいなくなるため、外せません。")


class TillUnknown(NotFound):
    """No such tablet at this shop."""

    code = "till_unknown"
    number = "E-2406"
    text = N_("その端末は見つかりません。")


class TillNameTaken(Refused):
    """Another tablet of this shop that is paired has this name: its receipts and its day would be taken for the other's."""

    field = "name"
    code = "till_name_taken"
    number = "E-8250"
    text = N_("その名前の端末が、もうあります。レシートや日計表で見分けられるように、別の名前にしてください。")


class NoTill(Forbidden):
    """Only a paired tablet may do this."""

    code = "no_till"
    number = "E-2407"
    text = N_("この端末はお店につながっていません。店主のページのコードでつないでください。")


class SightUnknown(Refused):
    """A tablet says that it verified a checkpoint which is not in the book; nothing is kept of that. An alarm is the way to say so."""

    code = "sight_unknown"
    number = "E-4201"
    text = N_("この端末が確かめた台帳は、いまの帳簿にありません。支払いには影響ありません。")


class CosignatureWrong(Refused):
    """Not a signature of this key over this checkpoint, or the key is another tablet's. Nothing is kept of it."""

    code = "cosignature_wrong"
    number = "E-4204"
    text = N_("端末の署名を確かめられませんでした。支払いには影響ありません。")


class LogAlarmUnknown(NotFound):
    """No tablet of this district raised such an alarm."""

    code = "log_alarm_unknown"
    number = "E-4202"
    text = N_("その知らせは見つかりません。")


class LogAlarmAnswered(Refused):
    """Somebody has written down what came of it: that stays."""

    code = "log_alarm_answered"
    number = "E-4203"
    text = N_("この知らせには、すでに対応が書かれています。画面を確かめてください。")


class OfferGone(Refused):
    """The offer that the cashier answers is not there any more: taken back, changed, or answered."""

    code = "offer_gone"
    number = "E-4101"
    text = N_("お客様の申し出は変わりました。まだ受け取っていません。画面を確かめて、もう一度お願いします。")


class OfferOfAnother(Refused):
    """The shop is settling this request with another customer, whose balance is nobody else's business."""

    code = "request_of_another"
    number = "E-4102"
    text = N_("このお会計は、別のお客様と進めています。お店の人に新しいQRを出してもらってください。まだ支払いは行われていません。")


class OfferDeclined(Refused):
    """The shop takes no cash beside the coin for this request."""

    code = "offer_declined"
    number = "E-4103"
    text = N_(
        "お店は、足りない分を現金では受け取れません。チャージするか、ほかの払い方をお店の人に聞いてください。まだ支払いは行われていません。"
    )


class CashBackTooLarge(Refused):
    """`left`: how much of the cash part of a payment can still be noted as given back, in yen."""

    field = "cash"
    code = "cash_back_too_large"
    number = "E-4104"
    text = N_("返せる現金は %(left)s円までです。まだ返金していません。")


class PracticeIsOn(Refused):
    """The till is practising: nothing may reach the book from it."""

    code = "practice_is_on"
    number = "E-4105"
    text = N_("いま練習モードです。練習を終えてから、もう一度お願いします。何も受け取っていません。")


class NotAlone(Refused):
    """Without a PIN only an owner stands at the tills who works there alone."""

    code = "not_alone"
    number = "E-4106"
    text = N_("担当が店主一人のときだけ、暗証番号なしにできます。いまの決め方のままです。")


class RefundStopped(Refused):
    """The shop is suspended or closed: until the association decides, its account neither takes nor gives."""

    code = "refund_stopped"
    number = "E-7106"
    text = N_("お店の利用が停止されているため、返金できません。まだ返金していません。組合へご連絡ください。")
