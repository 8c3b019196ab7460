"""Cash that is counted: drawers, floats and the safe."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Invalid, NotFound, Refused


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


class CashBudgetWrong(Invalid):
    """No amount, or the one that holds already."""

    field: ClassVar[str] = "most"
    code = "cash_budget_wrong"
    number = "E-6943"
    text = N_("1円から1,000,000,000円までの、いまと違う額にしてください。まだ何も申請していません。")


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


class SafeMoved(Refused):
    """Cash came in or went out while it was being counted. `expected`: what must lie there now, in yen."""

    code = "safe_moved"
    number = "E-6527"
    text = N_("数えている間に金庫の現金が動きました。帳簿の額は %(expected)s円です。まだ何も記帳していません。もう一度数えてください。")


class SafeUnexplained(Invalid):
    """Too much or too little lies in the safe, and nobody wrote why. `difference`: yen, + too much."""

    field: ClassVar[str] = "reason"
    code = "safe_unexplained"
    number = "E-6528"
    text = N_("数えた額と帳簿の額が %(difference)s円違います。数え直しても違うときは、理由を書いてください。まだ何も記帳していません。")
