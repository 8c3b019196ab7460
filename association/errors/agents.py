"""Shops that sell coin."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Refused


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
