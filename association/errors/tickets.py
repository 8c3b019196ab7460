"""Vouchers on paper: what is wrong with a ticket, a booklet or a lot."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class TicketUnreadable(Invalid):
    """What was read is no ticket."""

    code = "ticket_unreadable"
    number = "E-6830"
    field = "codes"
    text = N_("商品券の券ではありません。券のQRを読み取ってください。まだ何も受け取っていません。")


class TicketUnknown(NotFound):
    """It names a lot that is not here, or its signs are not those that were printed."""

    code = "ticket_unknown"
    number = "E-6831"
    field = "codes"
    text = N_("この券は、この地域で印刷したものではありません。受け取らずに、組合に知らせてください。まだ何も受け取っていません。")


class TicketUsed(Refused):
    """`serial`: its short number; `at`: when it was used."""

    code = "ticket_used"
    number = "E-6832"
    field = "codes"
    text = N_("券 %(serial)s は、%(at)s に使われています。この券を除いてください。まだ何も受け取っていません。")


class BookletUnsold(Refused):
    """`serial`: a ticket of a booklet that nobody has bought: it is worth nothing."""

    code = "booklet_unsold"
    number = "E-6833"
    field = "codes"
    text = N_("券 %(serial)s は、まだ販売していない冊の券です。受け取らずに、組合に知らせてください。まだ何も受け取っていません。")


class BookletStopped(Refused):
    """`serial`: of a booklet that was lost or spoiled."""

    code = "booklet_stopped"
    number = "E-6834"
    field = "codes"
    text = N_("券 %(serial)s の冊は、組合が使えないように止めています。受け取らずに、組合に知らせてください。まだ何も受け取っていません。")


class TicketOtherShops(Refused):
    """`serial`: a ticket that this shop may not take."""

    code = "ticket_other_shops"
    number = "E-6835"
    field = "codes"
    text = N_("券 %(serial)s は、このお店では使えない券です。お客様にお返しください。まだ何も受け取っていません。")


class TicketsOverBill(Refused):
    """`over`: yen beyond the bill, on which no change is given: the customer has to agree."""

    code = "tickets_over_bill"
    number = "E-6836"
    field = "agreed"
    text = N_(
        "券がお会計より %(over)s円多く、お釣りは出ません。お客様に確かめて「お釣りなしで受け取る」に印を付けるか、券を減らして"
        "ください。まだ何も受け取っていません。"
    )


class TicketsNone(Invalid):
    """No ticket was read."""

    code = "tickets_none"
    number = "E-6837"
    field = "codes"
    text = N_("券を読み取ってください。まだ何も受け取っていません。")


class TicketLotWrong(Invalid):
    """The face of a ticket does not make up the parts of a unit or is more than one payment may take; or more booklets than units."""

    code = "ticket_lot_wrong"
    number = "E-6838"
    field = "booklets"
    text = N_(
        "1口の額面（専用券があればその額も）は1枚の額で割り切れ、1枚の額は1回の支払いで使える額まで、券は1冊99枚まで、冊は売り出す"
        "口数までにしてください。まだ何も作っていません。"
    )


class TicketLotUnknown(NotFound):
    """No such lot, or no such booklet in it."""

    code = "ticket_lot_unknown"
    number = "E-6839"
    field = "booklet"
    text = N_("この券の束か冊は見つかりません。")


class BookletSold(Refused):
    """`serial`: of a booklet that somebody has bought already."""

    code = "booklet_sold"
    number = "E-6840"
    field = "codes"
    text = N_("冊 %(serial)s は、もう販売しています。現金をお返しするか、別の冊を読み取ってください。まだ記帳していません。")


class BookletsMixed(Refused):
    """Booklets of two campaigns in one sale."""

    code = "booklets_mixed"
    number = "E-6841"
    field = "codes"
    text = N_("違う商品券の冊が混ざっています。1種類ずつ売ってください。まだ記帳していません。")


class TicketsNotReleasable(Refused):
    """They are no part of this payment, or are laid before a second person already, or were let go before."""

    code = "tickets_not_releasable"
    number = "E-6842"
    text = N_("この券は、この受け取りのものではないか、すでに申請しています。何も申請していません。")


class BookletAsItWas(Refused):
    """A booklet that is stopped or used is not the one to be stopped or let go."""

    code = "booklet_as_it_was"
    number = "E-6843"
    field = "booklet"
    text = N_("この冊は、もうその状態です。何も変わっていません。")


class TicketReplaced(Refused):
    """`serial`: of a print that was replaced by a newer one."""

    code = "ticket_replaced"
    number = "E-6961"
    field = "codes"
    text = N_("券 %(serial)s は、新しい券に替える前の、使えない券です。受け取らずに、組合に知らせてください。まだ何も受け取っていません。")


class BookletNotReplaceable(Refused):
    """It is not stopped, was never sold, or nothing is left on it."""

    code = "booklet_not_replaceable"
    number = "E-6962"
    field = "booklet"
    text = N_("新しい券に替えられるのは、販売したあとに止めた、使われていない券のある冊だけです。何も変わっていません。")
