"""Refusals of what takes two people, and of mandates."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Forbidden, NotFound, Refused


class NotApproved(Forbidden):
    """What this kind posts must have been laid before a second person, line by line, and been approved."""

    code = "not_approved"
    number = "E-2131"
    text = N_("この取引には、ほかの人の承認が要ります。まだ記帳されていません。")


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


class SameHands(Refused):
    """Two-person rule: whoever asked, or whose cash it is, cannot decide."""

    code = "two_person_rule"
    number = "E-6001"
    text = N_("自分の申請は自分では承認できません。ほかの承認者に依頼してください。")


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
