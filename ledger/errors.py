"""What the book refuses, and why. Each class is one reason of ledger.post, in the order of its SQLSTATE."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Forbidden, Invalid, NotFound, Refused


class FloorPassed(Refused):
    """`shortage`: how much is missing, in the unit of the account. `role`: whose account. Where the door knows it,
    `available`: what can be paid now, in yen."""

    code = "insufficient_balance"
    number = "E-2101"
    text = N_("残高が %(shortage)s円足りません。チャージするか、足りない分を現金で払えます。まだ支払いは行われていません。")
    shop_text = N_("お客様の残高が %(shortage)s円足りません。まだ受け取っていません。不足分を現金で受け取りますか。")


class PayableFloorPassed(Refused):
    """A shop's takings do not cover this. `shortage`: how much is missing."""

    code = "payable_too_low"
    number = "E-2102"
    text = N_("お店の売上残高が %(shortage)s円足りないため、返せません。組合へご相談ください。")


class KeyReused(Refused):
    """The idempotency key was used before for something else."""

    code = "idempotency_key_reused"
    number = "E-2103"
    text = N_("同じ操作番号が別の内容で使われています。最初からやり直してください。")


class KeyClosed(Refused):
    """Its outcome was unknown, and the key was closed for good: nothing was or will be paid with it."""

    code = "key_closed"
    number = "E-2104"
    text = N_("この支払いは取りやめになりました。支払いは行われていません。もう一度、最初から操作してください。")


class AccountUnknown(NotFound):
    """No such account in this district."""

    code = "account_unknown"
    number = "E-2105"
    text = N_("この勘定口座は見つかりません。")


class AccountFrozen(Refused):
    """The person's account is stopped for now."""

    code = "account_frozen"
    number = "E-2106"
    text = N_(
        "この残高は一時停止中のため、いま使えません。残高はそのままです。止めた覚えがないときや、また使うときは、案内所へご相談ください。"
    )
    shop_text = N_("このお客様の残高は一時停止中です。コインは動いていません。お客様に、案内所へ連絡するようお伝えください。")


class CouponStopped(Refused):
    """The association has ended this coupon before its time."""

    code = "coupon_stopped"
    number = "E-6201"
    text = N_("このクーポンは組合が終了しました。まだ支払いは行われていません。クーポンなしで支払えます。")
    shop_text = N_("お客様のクーポンは組合が終了しました。まだ受け取っていません。もう一度読み取ってください。")


class PayableFrozen(Refused):
    """The shop takes no payments now."""

    code = "shop_suspended"
    number = "E-2107"
    text = N_("このお店ではいま使えません。まだ支払いは行われていません。")
    shop_text = N_("ただいま受け取りを停止しています。組合へご連絡ください。")


class SeriesNotYet(Refused):
    """The series opens later."""

    code = "series_not_yet"
    number = "E-2108"
    text = N_("この種別はまだ使えません。")


class SeriesEnded(Refused):
    """The series' last day is over. Nothing revives it."""

    code = "series_ended"
    number = "E-2109"
    text = N_("有効期限が過ぎたため使えません。まだ支払いは行われていません。")


class PaymentTooLarge(Refused):
    """`limit`: the most that one payment may be, in yen."""

    code = "payment_too_large"
    number = "E-2110"
    text = N_("1回の上限は %(limit)s円です。")


class CeilingPassed(Refused):
    """`room`: how much the person's balance can still take."""

    code = "balance_limit"
    number = "E-2111"
    text = N_("残高の上限を超えます。あと %(room)s円まで入れられます。")


class DrawerFull(Refused):
    """`room`: how much this drawer may still take before it is counted by a second person."""

    field: ClassVar[str] = "amount"
    code = "drawer_full"
    number = "E-2112"
    text = N_("手元の現金が上限に近づいています。あと %(room)s円まで受け取れます。先に窓口締めをしてください。")


class KindForbidden(Forbidden):
    """This database role may not post this kind of transaction."""

    code = "kind_forbidden"
    number = "E-2113"
    text = N_("この画面からは記帳できない取引です。")


class MovementForbidden(Refused):
    """This kind never moves value that way."""

    code = "movement_forbidden"
    number = "E-2114"
    text = N_("この取引では、この勘定を動かせません。")


class Unbalanced(Invalid):
    """Debit and credit differ, or the lines are not in order."""

    code = "unbalanced"
    number = "E-2115"
    text = N_("借方と貸方が合いません。")


class ReferenceWrong(Refused):
    """There is nothing there that this could give back or undo."""

    code = "reference_wrong"
    number = "E-2116"
    text = N_("元の取引が見つからないか、取り消せない取引です。")


class AlreadyReversed(Refused):
    """Undone before; once is all."""

    code = "already_reversed"
    number = "E-2117"
    text = N_("この取引はすでに取り消されています。")


class RefundTooLarge(Refused):
    """`left`: how much of the payment has not been given back yet."""

    code = "refund_too_large"
    number = "E-2118"
    text = N_("返せるのは、あと %(left)s円までです。")


class TimeNotYours(Forbidden):
    """Only the demo and the tests may set the time of a posting."""

    code = "time_not_yours"
    number = "E-2119"
    text = N_("記帳の時刻は指定できません。")


class BatchWrong(Invalid):
    """More than 1,000 transactions in one call, or lines that do not add up."""

    code = "batch_wrong"
    number = "E-2120"
    text = N_("一度に記帳できる件数を超えています。")


class HoldUnknown(NotFound):
    """No such hold on these accounts."""

    code = "hold_unknown"
    number = "E-2121"
    text = N_("一時確保が見つかりません。")


class HoldEnded(Refused):
    """Past its time, given back or used."""

    code = "hold_ended"
    number = "E-2122"
    text = N_("確認の時間が過ぎました。まだ支払いは行われていません。もう一度コードを見せてください。")


class HoldTooSmall(Refused):
    """`held`: what was set aside."""

    code = "hold_too_small"
    number = "E-2123"
    text = N_("確保した %(held)s円を超えています。")


class RoleUnknown(Invalid):
    """No such role of account."""

    code = "account_role_unknown"
    number = "E-2124"
    text = N_("この勘定の種類はありません。")


class SeriesUnknown(NotFound):
    """No such series in this district."""

    code = "series_unknown"
    number = "E-2125"
    text = N_("この種別は見つかりません。")


class SeriesExists(Refused):
    """Its code is taken in this district."""

    code = "series_exists"
    number = "E-2126"
    text = N_("同じ記号の種別がすでにあります。")


class SeriesWrong(Invalid):
    """A limit or a date of the series is out of bounds."""

    code = "series_wrong"
    number = "E-2127"
    text = N_("種別の期間か上限が、決められた範囲にありません。")


class TransactionUnknown(NotFound):
    """No such transaction in this district."""

    code = "transaction_unknown"
    number = "E-2128"
    text = N_("この取引は見つかりません。")


class BookEdited(Forbidden):
    """Somebody tried to change what is written."""

    code = "book_never_edited"
    number = "E-2129"
    text = N_("帳簿の記録は変えられません。")


class BookWrong(Refused):
    """The check of the books found something. `findings`: how many."""

    code = "book_wrong"
    number = "E-2130"
    text = N_("帳簿の検査で %(findings)s件の食い違いが見つかりました。")


class NotApproved(Forbidden):
    """What this kind posts must have been laid before a second person, line by line, and been approved."""

    code = "not_approved"
    number = "E-2131"
    text = N_("この取引には、ほかの人の承認が要ります。まだ記帳されていません。")


class SeriesRunning(Refused):
    """This kind moves only what has ended."""

    code = "series_running"
    number = "E-2132"
    text = N_("有効期限がまだ残っているため、この取引はできません。")


class ProposalUnknown(NotFound):
    """No such proposal in this district."""

    code = "proposal_unknown"
    number = "E-2133"
    text = N_("この申請は見つかりません。")


class AlreadyDecided(Refused):
    """Somebody else was quicker; the first decision stands."""

    code = "already_decided"
    number = "E-2134"
    text = N_("この申請は、すでに判断されています。")


class ProposalExpired(Refused):
    """Nobody decided in time; what was right to book then may be wrong now."""

    code = "proposal_expired"
    number = "E-2136"
    text = N_("この申請は14日を過ぎたので、もう承認できません。何も記帳されていません。必要なら、申請し直してください。")


class CheckpointUnknown(NotFound):
    """The sealed log was never signed at this size, or not yet at all. `size`: what was asked for, None for the newest."""

    code = "checkpoint_unknown"
    number = "E-2140"
    text = N_("その大きさの記録には、まだ署名がありません。お金の動きに問題はありません。少し待ってから、もう一度お試しください。")


class SameHands(Refused):
    """Two-person rule: whoever asked, or whose cash it is, cannot decide."""

    code = "two_person_rule"
    number = "E-6001"
    text = N_("自分の申請は自分では承認できません。ほかの承認者に依頼してください。")


class MonthClosed(Refused):
    """The month is closed: nothing can be booked in it any more, and it is not closed twice."""

    code = "month_closed"
    number = "E-2150"
    text = N_("この月は、すでに締めてあります。帳簿はそのままです。誤りは、今日の日付で訂正してください。")


class MonthsInOrder(Refused):
    """Months are closed one after the other, and opened again from the newest."""

    code = "months_in_order"
    number = "E-2151"
    text = N_("月は古い順に1か月ずつ締め、新しい順に締め直します。一覧から選び直してください。帳簿はそのままです。")


class MonthNotOver(Refused):
    """The month has not ended."""

    code = "month_not_over"
    number = "E-2152"
    text = N_("この月はまだ終わっていません。月が替わって1分たってから締めてください。帳簿はそのままです。")


class BookBusy(Refused):
    """Something that was under way when the month was to be closed has not ended yet."""

    code = "book_busy"
    number = "E-2153"
    text = N_("記帳の途中の取引があるため、まだ締められません。帳簿はそのままです。少し待って、もう一度押してください。")


class BookedMeanwhile(Refused):
    """The lost payment has come in again under its own key since it was proposed to book it again."""

    code = "booked_meanwhile"
    number = "E-2154"
    text = N_("この支払いは、本人のスマホからもう一度届いて記帳されています。二重には記帳していません。申請を却下してください。")


class EpochWrong(Refused):
    """The sealed log cannot go on from there: no such checkpoint, or another epoch began since this one was prepared."""

    code = "epoch_wrong"
    number = "E-2160"
    text = N_("この準備からは台帳を再開できません。帳簿とお金はそのままです。運用担当に、準備のやり直しを依頼してください。")


class PayingStopped(Refused):
    """The association has stopped paying for now, in the district or with one `series`."""

    code = "paying_stopped"
    number = "E-6900"
    text = N_("いまは、組合が支払いを止めています。まだ支払いは行われていません。残高はそのままです。現金などで払ってください。")
    shop_text = N_("いまは、組合が支払いを止めています。まだ受け取っていません。現金などで受け取ってください。返金はできます。")


class IssuingStopped(Refused):
    """The association has stopped issuing for now: top-ups, codes, vouchers, coupons, benefits."""

    code = "issuing_stopped"
    number = "E-6901"
    text = N_("いまは、組合がチャージや発行を止めています。お金もコインも動いていません。再開まで、しばらくお待ちください。")
    shop_text = N_("いまは、組合がチャージを止めています。コインは動いていません。お客様に、預かった現金を返してください。")


class TransfersStopped(Refused):
    """The association has stopped passing coin on from one person to another for now."""

    code = "transfers_stopped"
    number = "E-6902"
    text = N_("いまは、組合がコインを送ることを止めています。コインは動いていません。残高はそのままです。")


class TransfersOff(Refused):
    """This coin is not passed on from person to person."""

    code = "transfers_off"
    number = "E-6870"
    text = N_("このコインは、いま人に送れません。残高はそのままです。")


class TransferTooLarge(Refused):
    """`limit`: the most that may be passed on at once, in yen."""

    field: ClassVar[str] = "amount"
    code = "transfer_too_large"
    number = "E-6871"
    text = N_("1回に送れるのは %(limit)s円までです。まだ送っていません。金額を減らしてください。")


class TransferMonthFull(Refused):
    """`left`: what the person may still pass on in this month in Tokyo, out of `limit`; in yen."""

    field: ClassVar[str] = "amount"
    code = "transfers_a_month"
    number = "E-6872"
    text = N_("1か月に送れるのは %(limit)s円までで、今月はあと %(left)s円です。まだ送っていません。来月になると、また送れます。")


class BudgetUsedUp(Refused):
    """What two people have approved of points is given already. `left`: what is left of it, in yen."""

    code = "budget_used_up"
    number = "E-6940"
    text = N_("承認された枠をすべて使ったため、記帳していません。残高はそのままです。枠を増やすには、組合で申請と承認が要ります。")


class CashBudgetUsedUp(Refused):
    """What two people have approved to be topped up against cash in a day. `left`: what is left of it today, out of `limit`; in yen."""

    field: ClassVar[str] = "amount"
    code = "cash_budget_used_up"
    number = "E-6942"
    text = N_(
        "現金でチャージできるのは、町全体で1日 %(limit)s円までです。今日はあと %(left)s円です。まだチャージしていません。"
        "枠を増やすには、組合で申請と承認が要ります。"
    )


BY_SQLSTATE: dict[str, type[Refused | Invalid | NotFound | Forbidden]] = {
    "MG000": BookEdited,
    "MG001": FloorPassed,
    "MG002": KeyReused,
    "MG003": KeyClosed,
    "MG004": AccountUnknown,
    "MG005": AccountFrozen,
    "MG006": SeriesNotYet,
    "MG007": SeriesEnded,
    "MG008": PaymentTooLarge,
    "MG009": CeilingPassed,
    "MG010": KindForbidden,
    "MG011": MovementForbidden,
    "MG012": Unbalanced,
    "MG013": Unbalanced,
    "MG014": ReferenceWrong,
    "MG015": AlreadyReversed,
    "MG016": RefundTooLarge,
    "MG017": TimeNotYours,
    "MG018": BatchWrong,
    "MG019": NotApproved,
    "MG020": HoldUnknown,
    "MG021": HoldEnded,
    "MG022": HoldTooSmall,
    "MG023": SeriesRunning,
    "MG024": SameHands,
    "MG025": ProposalUnknown,
    "MG026": AlreadyDecided,
    "MG027": ProposalExpired,
    "MG030": RoleUnknown,
    "MG031": SeriesUnknown,
    "MG032": SeriesExists,
    "MG033": SeriesWrong,
    "MG037": EpochWrong,
    "MG040": MonthClosed,
    "MG041": MonthsInOrder,
    "MG042": MonthNotOver,
    "MG043": BookBusy,
    "MG044": BookedMeanwhile,
    "MG050": PayingStopped,
    "MG051": IssuingStopped,
    "MG052": TransfersStopped,
    "MG053": TransfersOff,
    "MG054": TransferTooLarge,
    "MG055": TransferMonthFull,
    "MG056": BudgetUsedUp,
    "MG057": CashBudgetUsedUp,
}

BY_SQLSTATE_AND_ROLE: dict[tuple[str, str], type[Refused]] = {
    ("MG001", "payable"): PayableFloorPassed,
    ("MG005", "coupon_stock"): CouponStopped,
    ("MG005", "coupon_used"): CouponStopped,
    ("MG005", "payable"): PayableFrozen,
    ("MG009", "drawer"): DrawerFull,
}
"""Where the same reason reads differently for a shop or a clerk than for a consumer."""
