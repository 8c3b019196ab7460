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
from association.commands.points.events import (
    EventFunderPays,
    NewEvent,
    end_event,
    event_funder_pays,
    has_taken_part,
    propose_event,
    take_part,
)
from association.commands.points.programme import NewPoints, PointFunderPays, end_points, point_funder_pays, propose_points
from association.commands.points.worker import work_points
