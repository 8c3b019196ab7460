"""Why the book refuses a transaction."""

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


class RoleUnknown(Invalid):
    """No such role of account."""

    code = "account_role_unknown"
    number = "E-2124"
    text = N_("この勘定の種類はありません。")


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
