"""Door 2 of the subsidy: what a group has, and what follows from it."""

from subsidy.queries.changes import Changes, changes
from subsidy.queries.costs import Change, Costs, beside, replace_standing
from subsidy.queries.effect import Report, local_sales
from subsidy.queries.figures import FigureRow, figure_history
from subsidy.queries.filings import PROJECT, savings_of
from subsidy.queries.kept import BOOK, Kept, digest_printed, kept_bytes, kept_filing
from subsidy.queries.lines import LineRow, revisions
from subsidy.queries.links import LinkPage, link_page, may_sit_for
from subsidy.queries.packages import PackageRow, digest_of, digest_of_application, is_large, newest_package, package_bytes, steps_of
from subsidy.queries.papers import OpenedPaper, PaperRow, open_paper, open_papers, opened_paper
from subsidy.queries.projects import may_sit, projects
from subsidy.queries.quotes import LinePlan
from subsidy.queries.reminders import letters, reminders_of
from subsidy.queries.result import Exhibit, Lack, Result, result_of, result_to_make
from subsidy.queries.review import answer_history
from subsidy.queries.rows import Contact, PartyRow, duties_done
from subsidy.queries.search import Sought, counterparty, search
from subsidy.queries.seats import invitation_of, lead_of, seat_of
from subsidy.queries.standing import Standing
from subsidy.queries.tools import ToolRow, tools_of
from subsidy.queries.whole import application_to_make, contact_of, contacts_of, own_side, standing
