"""The group lead's desk, and the page behind a link."""

from subsidy.views import (
    calendar,
    changes,
    compare,
    costs,
    effect,
    effect_papers,
    facts,
    filing,
    invitations,
    links,
    members,
    packages,
    papers,
    passing,
    projects,
    quotes,
    reminders,
    result,
    review,
    rules,
    tools,
    what_if,
)
from subsidy.views.frame import outside, pages
