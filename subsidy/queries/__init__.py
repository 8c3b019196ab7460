"""Door 2 of the subsidy: what a group has, and what follows from it."""

from subsidy.queries.links import LinkPage, link_page
from subsidy.queries.papers import OpenedPaper, open_paper
from subsidy.queries.projects import ProjectRow, may_sit, projects
from subsidy.queries.seats import Seated, lead_of, seat_of
from subsidy.queries.standing import Contact, FactRow, LinkRow, PaperRow, PartyRow, Standing, contact_of, own_side, standing

__all__ = [
    "Contact",
    "FactRow",
    "LinkPage",
    "LinkRow",
    "OpenedPaper",
    "PaperRow",
    "PartyRow",
    "ProjectRow",
    "Seated",
    "Standing",
    "contact_of",
    "lead_of",
    "link_page",
    "may_sit",
    "open_paper",
    "own_side",
    "projects",
    "seat_of",
    "standing",
]
