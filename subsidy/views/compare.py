"""公募を比べる: which frame fits which member, with what is known of each and what is not."""

from __future__ import annotations

from subsidy.rulebook import CERTAINTIES
from subsidy.rules.others import fits, frames_of
from subsidy.views.costs import costs_of
from subsidy.views.frame import group_page, pages, standing


@pages.get("/group/<int:project_id>/calls")
def calls(project_id: int) -> str:
    """A row for each member that has a line, a column for each frame."""
    project, costs = standing(project_id), costs_of(project_id)
    grant = costs.planned.grant
    lines = [row.line for row in costs.rows]
    members = [row for row in project.group if any(line.member == str(row.id) for line in lines)]
    found = {row.id: fits(str(row.id), lines, grant, project.call) for row in members} if grant else {}
    table = frames_of()
    return group_page("subsidy/calls.html", project, costs=costs, table=table, frames=table.all, fits=found, certainties=CERTAINTIES)
