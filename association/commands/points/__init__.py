"""ポイント: a programme from its proposal to its end, and what the worker does behind the payments."""

from association.commands.points.again import book_skipped, leave_skipped
from association.commands.points.budget import propose_point_budget
from association.commands.points.campaigns import (
    CampaignFunderPays,
    NewCampaign,
    campaign_funder_pays,
    end_campaign,
    propose_campaign,
)
from association.commands.points.earning import follow_payments
from association.commands.points.events import (
    EventFunderPays,
    NewEvent,
    end_event,
    event_funder_pays,
    has_taken_part,
    propose_event,
    take_part,
)
from association.commands.points.lots import keep_lots, lot_expired_account
from association.commands.points.programme import (
    NewPoints,
    PointFunderPays,
    begin_points,
    end_points,
    point_funder_pays,
    propose_points,
)
from association.commands.points.worker import work_points

__all__ = [
    "CampaignFunderPays",
    "EventFunderPays",
    "NewCampaign",
    "NewEvent",
    "NewPoints",
    "PointFunderPays",
    "begin_points",
    "book_skipped",
    "campaign_funder_pays",
    "end_campaign",
    "end_event",
    "end_points",
    "event_funder_pays",
    "follow_payments",
    "has_taken_part",
    "keep_lots",
    "leave_skipped",
    "lot_expired_account",
    "point_funder_pays",
    "propose_campaign",
    "propose_event",
    "propose_point_budget",
    "propose_points",
    "take_part",
    "work_points",
]
