"""The one thing to do about a finding, by who reads it: whoever may not do it themselves takes it to those who can."""

from __future__ import annotations

from dataclasses import replace

from analytics.reports.answers import Action, Answer
from base.errors import N_
from identity.permissions import may
from identity.queries import Principal

NEEDS = {
    "association.new_coupon": "association.draft_coupon",
    "association.new_campaign": "association.propose_points",
    "association.announcements": "association.announce",
    "merchant.shop_sales": "analytics.shop_reports",
    "merchant.articles": "analytics.shop_reports",
    "analytics.measures": "analytics.keep_measurements",
}
"""Page → what one must be able to do for it to be of use."""
TO_THE_MEETING = Action(N_("1枚に印刷して、組合と話し合う"), "analytics.meeting_sheet")
"""Of an approver, an auditor, a group's lead: the paper with three findings, for whoever makes coupons and announcements."""


def for_reader(answer: Answer, who: Principal) -> Answer:
    """With a thing to do that this reader may do; without one where there was none."""
    if answer.action is None or may(who.roles, None, NEEDS[answer.action.endpoint]):
        return answer
    return replace(answer, action=TO_THE_MEETING)
