"""What a shop's side refuses. Codes and numbers never change and are never reused."""

from __future__ import annotations

from base.errors import N_, Forbidden, Invalid, NotFound, Refused
from ledger.errors import PayableFrozen

ShopSuspended = PayableFrozen
"""One refusal, one code: a shop that may not take money now, and its account that the book has frozen, are the same thing."""


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


class RequestUnknown(NotFound):
    """No such request at this shop."""

    code = "request_unknown"
    number = "E-2211"
    text = N_("そのお会計は見つかりません。")


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


class WebhookAddressWrong(Invalid):
    """Not an https address, or one with a user name or a fragment."""

    field = "address"
    code = "webhook_address_wrong"
    number = "E-7101"
    text = N_("宛先は https:// で始まるURLで入れてください。")


class WebhookHostForbidden(Refused):
    """The operator has not allowed this host and port (MEGURI_WEBHOOK_HOSTS)."""

    field = "address"
    code = "webhook_host_forbidden"
    number = "E-7102"
    text = N_("この宛先へはまだ送れません。システムの運用者に、宛先のサーバー名を許可してもらってください。")


class WebhookUnknown(NotFound):
    """No such address or event here, or it belongs to somebody else."""

    code = "webhook_unknown"
    number = "E-7103"
    text = N_("その通知の宛先、または通知が見つかりません。")


class WebhooksTooMany(Refused):
    """`most`: how many addresses there may be."""

    field = "address"
    code = "webhooks_too_many"
    number = "E-7104"
    text = N_("通知の宛先は%(most)s件までです。使わないものを外してから、追加してください。")


class ReplayTooFar(Invalid):
    """`days`: how far one can go back."""

    field = "since"
    code = "replay_too_far"
    number = "E-7105"
    text = N_("送り直せるのは%(days)s日前までです。")


class SecretsTooMany(Refused):
    """`most`: how many old secrets may still sign beside the new one."""

    field = "_schema"
    code = "webhook_secrets_too_many"
    number = "E-7107"
    text = N_(
        "鍵の更新は、24時間に%(most)s回までです。いまの鍵はそのまま使えます。知られてしまったときは、宛先を外して登録し直してください。"
    )


class RefundStopped(Refused):
    """The shop is suspended or closed: until the association decides, its account neither takes nor gives."""

    code = "refund_stopped"
    number = "E-7106"
    text = N_("お店の利用が停止されているため、返金できません。まだ返金していません。組合へご連絡ください。")
