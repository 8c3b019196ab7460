"""Why the association's doors say no. What the book or the shop refuses stands with them."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Invalid, NotFound, Refused


class LimitsUnlawful(Invalid):
    """A limit of the series is above what the law leaves to a district, or the limits contradict each other."""

    code = "limits_unlawful"
    number = "E-6010"
    text = N_("上限を見直してください。残高の上限は %(balance_max)s円まで、1回の支払いは残高の上限までにします。")


class ValidityWrong(Invalid):
    """The series would end before it begins."""

    code = "validity_wrong"
    number = "E-6011"
    text = N_("使える期間を見直してください。最終日は、使い始める日以降の日にします。")


class NoticeMissing(Refused):
    """What users must be told has not been published, so nothing may be sold (payment-law 21–23)."""

    code = "notice_missing"
    number = "E-6012"
    text = N_("「資金決済法に基づく表示」がまだありません。先に表示を公開してください。")


class RegistrationMissing(Refused):
    """A third-party instrument that is not exempt needs the issuer's registration first (payment-law 3)."""

    code = "registration_missing"
    number = "E-6013"
    text = N_(
        "この種別は第三者型の前払式支払手段に当たり、発行の前に財務局の登録が要ります。登録番号と登録日を表示に入れて公開してください。"
    )


class CashTooLittle(Invalid):
    """The cash handed over is less than the top-up. `missing`: yen."""

    code = "cash_too_little"
    number = "E-6020"
    text = N_("お預かりが %(missing)s円足りません。まだチャージは行われていません。")


class OwnWallet(Refused):
    """A clerk does not top up the wallet of the same person."""

    code = "own_wallet"
    number = "E-6021"
    text = N_("自分の残高には、自分ではチャージできません。ほかの担当者に頼んでください。")


class SelectionStale(Refused):
    """The customer at the counter was chosen too long ago, or the form was tampered with."""

    code = "selection_stale"
    number = "E-6022"
    text = N_("コードを読み取ってから時間がたちました。もう一度お客様のコードを読み取ってください。まだチャージは行われていません。")


class UndoOfAnother(Refused):
    """The cash lies in the drawer of whoever took it: only they can hand it back."""

    code = "undo_of_another"
    number = "E-6023"
    text = N_("このチャージは、受け付けた担当者だけが取り消せます。現金はその人の手元にあります。")


class UndoTooLate(Refused):
    """A mistake is undone on the day on which it was made; later it would be a refund in cash (payment-law 25, 26)."""

    code = "undo_too_late"
    number = "E-6024"
    text = N_("取り消せるのは、チャージした日のうちだけです。承認者に相談してください。")


class DrawerUnknown(NotFound):
    """This clerk has never taken cash."""

    code = "drawer_unknown"
    number = "E-6030"
    text = N_("この担当者の手元現金はありません。")


class DrawerEmpty(Refused):
    """There is nothing to carry to the safe."""

    code = "drawer_empty"
    number = "E-6032"
    text = N_("金庫へ移す現金がありません。")


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


class SettlementTermsMissing(Refused):
    """When books are closed and shops are paid has not been decided."""

    code = "settlement_terms_missing"
    number = "E-6300"
    text = N_("締め日・振込日・手数料がまだ決まっていません。先に換金の設定をしてください。まだ何も記帳していません。")


class ClosingDayWrong(Refused):
    """The day is no closing day, has not ended yet, or lies before one that is settled."""

    code = "closing_day_wrong"
    number = "E-6301"
    text = N_("この日では締められません。終わった締め日を、一覧から選び直してください。まだ何も記帳していません。")


class NothingToSettle(Refused):
    """No shop has anything above zero to be paid."""

    code = "nothing_to_settle"
    number = "E-6302"
    text = N_("この締め日に支払う店がありません。お店の残高はそのままで、次の締めに繰り越します。")


class RunUnfinished(Refused):
    """An earlier run is neither booked whole nor declined. `closes_on`: its closing day."""

    code = "run_unfinished"
    number = "E-6303"
    text = N_("%(closes_on)sの換金がまだ終わっていません。先にその承認か差し戻しを済ませてください。まだ何も記帳していません。")


class RunUnknown(NotFound):
    """No such run, or no such shop in it."""

    code = "run_unknown"
    number = "E-6304"
    text = N_("この換金は見つかりません。")


class NothingToPayOut(Refused):
    """The run is not booked yet, everything in it was paid already, or a confirmation waits."""

    code = "nothing_to_pay_out"
    number = "E-6305"
    text = N_("いま「振込済み」にできる店がありません。承認が済んでいるか、すでに申請していないかを確かめてください。")


class PaidOnWrong(Invalid):
    """The bank cannot have paid before the run was closed, or in the future."""

    code = "paid_on_wrong"
    number = "E-6306"
    text = N_("振込日を見直してください。締め日より後で、今日までの日を入れます。")


class SuspenseUnknown(NotFound):
    """Nothing waits in suspense under this number."""

    code = "suspense_unknown"
    number = "E-6310"
    text = N_("この仮受金は見つかりません。すでに処理が済んでいるかもしれません。")


class SuspenseProposed(Refused):
    """Somebody has proposed already what becomes of it."""

    code = "suspense_proposed"
    number = "E-6311"
    text = N_("この仮受金は、すでに申請されています。承認か差し戻しを待ってください。")


class NoRunningSeries(Refused):
    """There is no coin to which it could go."""

    code = "no_running_series"
    number = "E-6312"
    text = N_("いま使える種別がないため、残高に戻せません。仮受金はそのままです。")


class DrawerClosedAlready(Refused):
    """Somebody else has closed this drawer since the page was opened, or in another tab. `at`: when."""

    code = "drawer_closed_already"
    number = "E-6100"
    text = N_("この手元現金は、%(at)sに締めてあります。もう一度締める必要はありません。")


class DrawerMoved(Refused):
    """Cash came in or went out while it was being counted. `expected`: what must lie there now, in yen."""

    code = "drawer_moved"
    number = "E-6101"
    text = N_("数えている間に手元現金が動きました。帳簿の額は %(expected)s円です。担当者の手を止めて、もう一度数えてください。")


class FloatTooMuch(Invalid):
    """More would stay in the drawer than was counted. `counted`: yen."""

    field: ClassVar[str] = "stays"
    code = "float_too_much"
    number = "E-6102"
    text = N_("引き出しに残す額は、数えた %(counted)s円までにしてください。")


class DifferenceUnexplained(Invalid):
    """Too much or too little was counted, and nobody wrote why. `difference`: yen, + too much."""

    field: ClassVar[str] = "reason"
    code = "difference_unexplained"
    number = "E-6103"
    text = N_("数えた額と帳簿の額が %(difference)s円違います。数え直しても違うときは、理由を書いてください。まだ締めていません。")


class CountUnknown(NotFound):
    """No such count in this district."""

    code = "count_unknown"
    number = "E-6104"
    text = N_("その金種の記録は見つかりません。")


class CashNothing(Invalid):
    """No cash at all would move."""

    field: ClassVar[str] = "amount"
    code = "cash_nothing"
    number = "E-6105"
    text = N_("1円以上の現金を入れてください。")


class SafeTooLow(Refused):
    """The safe does not hold so much. `cash`: what lies in it, in yen."""

    field: ClassVar[str] = "amount"
    code = "safe_too_low"
    number = "E-6106"
    text = N_("金庫の現金は %(cash)s円です。それより多くは出せません。")


class NotAnAgent(Refused):
    """This shop does not sell coin, or not any more."""

    code = "not_an_agent"
    number = "E-6110"
    text = N_("このお店は代理店ではないため、コインを売れません。現金を受け取らず、組合に連絡してください。")


class AgentDayFull(Refused):
    """More than the agent may sell on one day. `left`: yen that it still may today."""

    field: ClassVar[str] = "amount"
    code = "agent_day_full"
    number = "E-6111"
    text = N_("今日売れるのは、あと %(left)s円までです。まだ売っていません。現金を受け取らないでください。")


class AgentOwesLess(Refused):
    """An agent brings more cash than it owes. `debt`: yen."""

    field: ClassVar[str] = "amount"
    code = "agent_owes_less"
    number = "E-6112"
    text = N_("この代理店から受け取れるのは %(debt)s円までです。まだ記帳していません。")


class AgentWaiting(Refused):
    """Other terms for this shop wait for a decision."""

    code = "agent_waiting"
    number = "E-6113"
    text = N_("このお店の代理店の申請が、まだ承認を待っています。承認か差し戻しの後で、もう一度申請してください。")


class SaleCashGone(Refused):
    """The cash of this sale has been paid in already: there is nothing in the shop to hand back."""

    code = "sale_cash_gone"
    number = "E-6114"
    text = N_("この販売の現金は、もう組合に納めてあります。お客様を組合の窓口へ案内してください。")


class CodesEndWrong(Invalid):
    """The last day lies in the past, or beyond the end of the series. `last`: the latest possible, or nothing."""

    field: ClassVar[str] = "last_day"
    code = "codes_end_wrong"
    number = "E-6120"
    text = N_("最終日は、今日から、種別の最終日までの日にしてください。")


class CodesTooLarge(Invalid):
    """Nobody could hold what one code is worth. `limit`: yen."""

    field: ClassVar[str] = "face_value"
    code = "codes_too_large"
    number = "E-6121"
    text = N_("1枚の額は、残高の上限の %(limit)s円までにしてください。")


class BatchUnknown(NotFound):
    """No such batch of codes, or nothing of it in the book yet."""

    code = "batch_unknown"
    number = "E-6122"
    text = N_("その束は見つかりません。")


class BatchNotIssued(Refused):
    """The batch waits for its approval or was declined: there is no code of it."""

    code = "batch_not_issued"
    number = "E-6123"
    text = N_("この束は、まだ発行されていません。承認を待つか、申請し直してください。")


class NothingToCancel(Refused):
    """The code is used or cancelled, or no code of the batch is left."""

    code = "nothing_to_cancel"
    number = "E-6124"
    text = N_("取り消せるチャージ券がありません。使われたか、取り消したか、取消の承認を待っています。")


class NothingToPrint(NotFound):
    """No code of the batch is left, or not so many."""

    code = "nothing_to_print"
    number = "E-6125"
    text = N_("印刷するチャージ券がありません。使われたか、取り消されています。")


class TopUpCodeUnreadable(Invalid):
    """What was typed is no code of ours: a sign too many, or a wrong one."""

    field: ClassVar[str] = "code"
    code = "top_up_code_unreadable"
    number = "E-6130"
    text = N_("文字が違うようです。券の16文字を、もう一度確かめてください。券はそのまま使えます。")


class TopUpCodeUnknown(NotFound):
    """It has the form of a code, and there is none like it."""

    field: ClassVar[str] = "code"
    code = "top_up_code_unknown"
    number = "E-6131"
    text = N_("このチャージ券は見つかりません。文字が合っていれば、券を持って窓口へお越しください。")


class TopUpCodeUsed(Refused):
    """Redeemed before, by whomever. `at`: when."""

    field: ClassVar[str] = "code"
    code = "top_up_code_used"
    number = "E-6132"
    text = N_("このチャージ券は、%(at)sに使われています。残高は増えていません。覚えがなければ、券を持って窓口へお越しください。")


class TopUpCodeCancelled(Refused):
    """Taken back by the association, or about to be."""

    field: ClassVar[str] = "code"
    code = "top_up_code_cancelled"
    number = "E-6133"
    text = N_("このチャージ券は取り消されています。残高は増えていません。券を持って窓口へお越しください。")


class TopUpCodeExpired(Refused):
    """Its last day is over. `day`: which one."""

    field: ClassVar[str] = "code"
    code = "top_up_code_expired"
    number = "E-6134"
    text = N_("このチャージ券は %(day)sで期限が切れました。残高は増えていません。")


class TopUpCodeForeign(Refused):
    """A code of another district of this installation. `district`: its name."""

    field: ClassVar[str] = "code"
    code = "top_up_code_foreign"
    number = "E-6135"
    text = N_("これは %(district)sのチャージ券です。ここでは使えません。券はそのまま、その地域で使えます。")


class NoticeIncomplete(Refused):
    """Something that users must be told is still empty (payment-law 21–23). `items`: what, by name."""

    code = "notice_incomplete"
    number = "E-3111"
    text = N_(
        "「資金決済法に基づく表示」に足りないものがあります（%(items)s）。書いて公開してから、もう一度行ってください。何も変わっていません。"
    )


class NoticeVersionUnknown(NotFound):
    """The statement was never published in this version."""

    code = "notice_version_unknown"
    number = "E-3112"
    text = N_("この版の表示はありません。")


class CoinLeft(Refused):
    """Somebody who leaves still has coin that can be spent. `amount`: yen."""

    field = "gives_up"
    code = "coin_left"
    number = "E-3110"
    text = N_("残高が %(amount)s円あります。先に使うか、手放すことを確かめてください。現金には戻せません。何も変わっていません。")
