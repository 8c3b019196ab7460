"""申し立て."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class DisputeUnknown(NotFound):
    """No such case."""

    code = "dispute_unknown"
    number = "E-6884"
    text = N_("この申し立ては見つかりません。")


class NotDisputable(Refused):
    """It is no payment, or all of it has been given back."""

    code = "not_disputable"
    number = "E-6885"
    text = N_("申し立てを開けるのは、まだ全額は返されていない支払いだけです。番号を確かめてください。お金は動いていません。")


class DisputeOpen(Refused):
    """There is an open case about this payment already: `dispute`."""

    code = "dispute_open"
    number = "E-6886"
    text = N_("この支払いには、もう申し立て%(dispute)sがあります。そのページに書き足してください。お金は動いていません。")


class DisputeClosed(Refused):
    """It has its outcome."""

    code = "dispute_closed"
    number = "E-6887"
    text = N_("この申し立ては、もう結果が出ています。続きがあれば、新しく開いてください。お金は動いていません。")


class DisputeWaits(Refused):
    """Something of this case waits for a second person."""

    code = "dispute_waits"
    number = "E-6888"
    text = N_("この申し立てには、承認を待つ申請があります。先にそれを承認するか差し戻してください。お金は動いていません。")


class NothingToHold(Refused):
    """The shop's share is held already, or nothing of the payment is left with it."""

    code = "nothing_to_hold"
    number = "E-6889"
    text = N_("留め置く額がありません。もう留め置いているか、お店にこの支払いの分が残っていません。お金は動いていません。")


class DisputeMoved(Refused):
    """A till has given something of the payment back since this was proposed."""

    code = "dispute_moved"
    number = "E-6893"
    text = N_(
        "申請のあとで、お店がこの支払いの一部を返しました。この申請を差し戻し、残りの額を見て、出し直してください。お金は動いていません。"
    )


class PartWrong(Invalid):
    """A part is more than nothing and less than all that is `left`, in yen."""

    code = "dispute_part_wrong"
    number = "E-6890"
    text = N_("一部を返すときは、1円から、残り%(left)s円より少ない額を入れてください。お金は動いていません。")
    field = "amount"


class ComplaintUnknown(Invalid):
    """There is no such line in the register of complaints."""

    code = "complaint_unknown"
    number = "E-6891"
    text = N_("その番号の苦情・相談は、記録簿にありません。空けておいても構いません。まだ何も開いていません。")
    field = "complaint_id"


class DueOver(Invalid):
    """A deadline lies ahead."""

    code = "dispute_due_over"
    number = "E-6892"
    text = N_("期限は、今日より後の日にしてください。何も変わっていません。")
    field = "due_on"
