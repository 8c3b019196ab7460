"""Why the association's doors say no. What the book or the shop refuses stands with them."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class LimitsUnlawful(Invalid):
    """A limit of the series is above what the law leaves to a district, or the limits contradict each other."""

    code = "limits_unlawful"
    number = "E-6010"
    text = N_(
        "上限を見直してください。残高の上限は %(balance_max)s円まで、一度の送金は %(transfer_max)s円まで、"
        "1回の支払いは残高の上限までにします。"
    )


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


class DrawerOver(Refused):
    """More cash was counted than the book knows of. `surplus`: yen. Something was taken and not booked."""

    code = "drawer_over"
    number = "E-6031"
    text = N_("数えた現金が帳簿より %(surplus)s円多くあります。数え直すか、記帳していないチャージがないか確かめてください。")


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
