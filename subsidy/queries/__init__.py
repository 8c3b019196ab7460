"""Door 2 of the subsidy: what a group has, and what follows from it."""

from subsidy.queries.changes import ChangeRow, Changes, changes
from subsidy.queries.costs import Change, Costs, beside, replace_standing
from subsidy.queries.effect import Report, local_sales
from subsidy.queries.figures import FigureRow, figure_history
from subsidy.queries.filings import PROJECT, FilingRow, SavingRow, savings_of
from subsidy.queries.lines import LineRow, revisions
from subsidy.queries.links import LinkPage, link_page, may_sit_for
from subsidy.queries.packages import PackageRow, digest_of, is_large, newest_package, package_bytes, steps_of
from subsidy.queries.papers import OpenedPaper, PaperRow, open_paper, open_papers, opened_paper
from subsidy.queries.projects import ProjectRow, may_sit, projects
from subsidy.queries.quotes import LinePlan, QuoteRow
from subsidy.queries.reminders import ReminderRow, letters, reminders_of
from subsidy.queries.result import Exhibit, Lack, Result, result_of, result_to_make
from subsidy.queries.review import AnswerRow, answer_history
from subsidy.queries.rows import Contact, FactRow, LinkRow, PartyRow, duties_done
from subsidy.queries.search import Sought, counterparty, search
from subsidy.queries.seats import Seated, invitation_of, lead_of, seat_of
from subsidy.queries.standing import Standing
from subsidy.queries.tools import ToolRow, Tools, tools_of
from subsidy.queries.whole import contact_of, contacts_of, own_side, standing

__all__ = [
    "PROJECT",
    "AnswerRow",
    "Change",
    "ChangeRow",
    "Changes",
    "Contact",
    "Costs",
    "Exhibit",
    "FactRow",
    "FigureRow",
    "FilingRow",
    "Lack",
    "LinePlan",
    "LineRow",
    "LinkPage",
    "LinkRow",
    "OpenedPaper",
    "PackageRow",
    "PaperRow",
    "PartyRow",
    "ProjectRow",
    "QuoteRow",
    "ReminderRow",
    "Report",
    "Result",
    "SavingRow",
    "Seated",
    "Sought",
    "Standing",
    "ToolRow",
    "Tools",
    "answer_history",
    "beside",
    "changes",
    "contact_of",
    "contacts_of",
    "counterparty",
    "digest_of",
    "duties_done",
    "figure_history",
    "invitation_of",
    "is_large",
    "lead_of",
    "letters",
    "link_page",
    "local_sales",
    "may_sit",
    "may_sit_for",
    "newest_package",
    "open_paper",
    "open_papers",
    "opened_paper",
    "own_side",
    "package_bytes",
    "projects",
    "reminders_of",
    "replace_standing",
    "result_of",
    "result_to_make",
    "revisions",
    "savings_of",
    "search",
    "seat_of",
    "standing",
    "steps_of",
    "tools_of",
]
