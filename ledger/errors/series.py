"""Refusals by a series: its days, what it lets people hold and pass on, what is stopped in it."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Invalid, NotFound, Refused


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


class SeriesRunning(Refused):
    """This kind moves only what has ended."""

    code = "series_running"
    number = "E-2132"
    text = N_("有効期限がまだ残っているため、この取引はできません。")


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
