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
    links,
    members,
    papers,
    projects,
    quotes,
    result,
    review,
    rules,
    what_if,
)
from subsidy.views.frame import outside, pages

__all__ = [
    "calendar",
    "changes",
    "compare",
    "costs",
    "effect",
    "effect_papers",
    "facts",
    "filing",
    "links",
    "members",
    "outside",
    "pages",
    "papers",
    "projects",
    "quotes",
    "result",
    "review",
    "rules",
    "what_if",
]
